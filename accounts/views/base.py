"""What the pages of signed-in people share."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.auth.middleware import principal_of
from accounts.auth.principal import Principal


@method_decorator(never_cache, name="dispatch")
class SignedInPage(View):
    """`principal` is who looks; a visitor is sent to sign in first, and then back here."""

    principal: Principal

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        principal = principal_of(request)
        if principal is None:
            # After a form sent by who is signed out by now: back to the page, not to its target.
            back = request.get_full_path() if request.method == "GET" else request.path
            return redirect(f"{reverse('login')}?{urlencode({'next': back})}")
        self.principal = principal
        return super().dispatch(request, *args, **kwargs)

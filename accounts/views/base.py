"""Pages for signed-in people: one decorator, and a base class that uses it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.auth.middleware import principal_of
from accounts.auth.principal import Principal

Page = Callable[..., HttpResponseBase]


def signed_in(*, back: str = "", same_arguments: bool = False) -> Callable[[Page], Page]:
    """Pass the principal as the second argument; send a visitor to sign in first, then back.

    A GET leads back to its full address. A form leads back to the page it is on, which is the
    form's own address, or the URL named `back` (with the same arguments) where that takes no GET.
    """

    def decorate(view: Page) -> Page:
        @never_cache
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            principal = principal_of(request)
            if principal is not None:
                return view(request, principal, *args, **kwargs)
            if back:
                return redirect_to_login(reverse(back, kwargs=kwargs if same_arguments else None))
            is_read = request.method in {"GET", "HEAD"}
            return redirect_to_login(request.get_full_path() if is_read else request.path)

        return page

    return decorate


class SignedInPage(View):
    """A page of a signed-in person, who is `principal`."""

    principal: Principal

    @method_decorator(signed_in())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.principal, *arguments = args
        return super().dispatch(request, *arguments, **kwargs)

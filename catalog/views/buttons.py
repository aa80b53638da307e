"""Buttons on pages, for signed-in viewers, who return to the page of the button."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.auth.middleware import principal_of
from accounts.auth.principal import Principal
from kushfilms.core.api.throttles import PersonThrottle

View = Callable[..., HttpResponse]


def button(*, of: str, has_arguments: bool = True) -> Callable[[View], View]:
    """Return a decorator for a POST of a signed-in viewer, its view's second argument.

    `of` names the page with the button, which takes the same arguments if it `has_arguments`. A
    viewer whose session has ended signs in and returns there.
    """

    def decorate(view: View) -> View:
        @require_POST
        @never_cache
        @wraps(view)
        def pressed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            viewer = principal_of(request)
            if viewer is None:
                back = urlencode({"next": reverse(of, kwargs=kwargs if has_arguments else None)})
                return redirect(f"{reverse('login')}?{back}")
            return view(request, viewer, *args, **kwargs)

        return pressed

    return decorate


def not_too_often(throttle: PersonThrottle, viewer: Principal) -> None:
    """Raise RateLimited when the viewer is over the limit."""
    if not throttle.allow_person(viewer.user_id):
        raise throttle.refusal()

"""`/account`: one's own profile, picture, address, password and devices."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auth.middleware import principal_of
from accounts.auth.principal import Principal
from accounts.forms.account import (
    AvatarForm,
    AvatarRemoveForm,
    BirthForm,
    EmailForm,
    OwnForm,
    PasswordForm,
    ProfileForm,
)
from accounts.models import User
from accounts.selectors import sessions_of, user_get
from accounts.services.sessions import other_sessions_revoke, own_session_revoke
from accounts.services.sign_in import site_remember_device
from kushfilms.core.body_guard.limits import FORM_BYTES, largest_body
from kushfilms.core.errors import NotFound
from kushfilms.core.images import MOST_BYTES
from kushfilms.core.pages import refused_as, safe_next
from kushfilms.core.preferences import preference_keep

View = Callable[..., HttpResponse]
DEVICES_SHOWN = 50
# What a page says after a redirect, by `?done=`.
NOTES = {
    "profile": _("Saved."),
    "picture": _("Your picture is changed."),
    "email": _("We sent a link to your new address. Your account moves once you open it."),
    "stays": _("Your e-mail stays as it is."),
    "password": _("Your new password is saved, and your other devices are signed out."),
    "device": _("That device is signed out."),
    "devices": _("All your other devices are signed out."),
}


def own_account(view: View) -> View:
    """For the signed-in, who come as the second argument; others sign in first."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        me = principal_of(request)
        if me is None:
            target = request.path if request.method in {"GET", "HEAD"} else reverse("account")
            return redirect(f"{reverse('login')}?{urlencode({'next': target})}")
        return view(request, me, *args, **kwargs)

    return page


def _frame(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    note = NOTES.get(request.GET.get("done", ""), "")
    return render(request, f"accounts/{template}.html", {"note": note, **context})


def _done(page: str, what: str) -> HttpResponse:
    """Off to a page that can be reloaded."""
    return redirect(f"{reverse(page)}?done={what}")


def _profile_page(request: HttpRequest, user: User, **bound: OwnForm) -> HttpResponse:
    forms = {"profile": ProfileForm.of(user), "avatar": AvatarForm(), "email": EmailForm()}
    return _frame(request, "profile", person=user, forms={**forms, **bound})


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def profile(request: HttpRequest, me: Principal) -> HttpResponse:
    if request.method != "POST":
        return _profile_page(request, user_get(me))
    form = ProfileForm(request.POST)
    if form.saved(me):
        response = _done("account", "profile")
        preference_keep(response, settings.LANGUAGE_COOKIE_NAME, form.user.locale)
        return response
    return _profile_page(request, user_get(me), profile=form)


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def birth(request: HttpRequest, me: Principal) -> HttpResponse:
    """Ask for the date of birth alone, and lead back to the film that needs it."""
    form = BirthForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.saved(me):
        return redirect(safe_next(request))
    return render(request, "accounts/birth.html", {"form": form, "next": safe_next(request)})


@largest_body(MOST_BYTES + FORM_BYTES)
@require_POST
@own_account
def avatar(request: HttpRequest, me: Principal) -> HttpResponse:
    form = AvatarForm(request.POST, request.FILES)
    if form.saved(me):
        return _done("account", "picture")
    return refused_as(_profile_page(request, user_get(me), avatar=form), form.refusal)


@require_POST
@own_account
def avatar_remove(request: HttpRequest, me: Principal) -> HttpResponse:
    AvatarRemoveForm(request.POST).saved(me)
    return _done("account", "picture")


@require_POST
@sensitive_post_parameters("password")
@own_account
def email(request: HttpRequest, me: Principal) -> HttpResponse:
    form = EmailForm(request.POST)
    if form.saved(me):
        return _done("account", "email" if form.user.pending_email else "stays")
    return refused_as(_profile_page(request, user_get(me), email=form), form.refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("current_password", "new_password")
@own_account
def password(request: HttpRequest, me: Principal) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None, user=user_get(me))
    if request.method == "POST" and form.saved(me):
        response = _done("account-password", "password")
        site_remember_device(request, response, form.user)
        return response
    return refused_as(_frame(request, "password", form=form), form.refusal)


@require_safe
@own_account
def devices(request: HttpRequest, me: Principal) -> HttpResponse:
    sessions = sessions_of(me.user_id)[:DEVICES_SHOWN]
    return _frame(request, "devices", sessions=sessions, current=me.session_id)


@require_POST
@own_account
def device_sign_out(request: HttpRequest, me: Principal, session_id: UUID) -> HttpResponse:
    try:
        own_session_revoke(me, session_id)
    except NotFound:
        return _done("account-devices", "")  # pressed twice, or a stale page: the list tells
    return _done("account-devices", "device")


@require_POST
@own_account
def devices_sign_out(request: HttpRequest, me: Principal) -> HttpResponse:
    other_sessions_revoke(me)
    return _done("account-devices", "devices")

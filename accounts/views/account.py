"""Account pages: profile, picture, e-mail, password and devices."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

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
from accounts.views.base import signed_in
from kushfilms.core.body_guard.limits import FORM_BYTES, largest_body
from kushfilms.core.errors import NotFound
from kushfilms.core.images import MOST_BYTES
from kushfilms.core.pages import refused_as, safe_next
from kushfilms.core.preferences import preference_keep

DEVICES_SHOWN = 50
SAVED = gettext_noop("Saved.")
PICTURE_CHANGED = gettext_noop("Picture updated.")
EMAIL_LINK_SENT = gettext_noop("We sent a link to your new e-mail. Open it to finish the change.")
EMAIL_KEPT = gettext_noop("Your e-mail stays the same.")
DEVICE_OUT = gettext_noop("Device signed out.")
DEVICES_OUT = gettext_noop("All other devices signed out.")
PASSWORD_CHANGED = gettext_noop("Password changed. Your other devices are signed out.")


def _done(request: HttpRequest, page: str, message: str) -> HttpResponse:
    messages.success(request, gettext(message))
    return redirect(page)


def _profile_page(request: HttpRequest, user: User, **bound: OwnForm) -> HttpResponse:
    forms = {"profile": ProfileForm.of(user), "avatar": AvatarForm(), "email": EmailForm()}
    context = {"person": user, "forms": {**forms, **bound}}
    return render(request, "accounts/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def profile(request: HttpRequest, me: Principal) -> HttpResponse:
    if request.method != "POST":
        if request.GET.get("done") == "picture":  # the upload script leads here
            messages.success(request, gettext(PICTURE_CHANGED))
        return _profile_page(request, user_get(me))
    form = ProfileForm(request.POST)
    if form.saved(me):
        with translation.override(form.user.locale or get_language()):
            response = _done(request, "account", SAVED)
        preference_keep(response, settings.LANGUAGE_COOKIE_NAME, form.user.locale)
        return response
    return _profile_page(request, user_get(me), profile=form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def birth(request: HttpRequest, me: Principal) -> HttpResponse:
    """Ask for the date of birth only, and lead back to the film that needs it."""
    form = BirthForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.saved(me):
        return redirect(safe_next(request))
    return render(request, "accounts/birth.html", {"form": form, "next": safe_next(request)})


@largest_body(MOST_BYTES + FORM_BYTES)
@require_POST
@signed_in(back="account")
def avatar(request: HttpRequest, me: Principal) -> HttpResponse:
    form = AvatarForm(request.POST, request.FILES)
    if form.saved(me):
        return _done(request, "account", PICTURE_CHANGED)
    return refused_as(_profile_page(request, user_get(me), avatar=form), form.refusal)


@require_POST
@signed_in(back="account")
def avatar_remove(request: HttpRequest, me: Principal) -> HttpResponse:
    AvatarRemoveForm(request.POST).saved(me)
    return _done(request, "account", PICTURE_CHANGED)


@require_POST
@sensitive_post_parameters("password")
@signed_in(back="account")
def email(request: HttpRequest, me: Principal) -> HttpResponse:
    form = EmailForm(request.POST)
    if form.saved(me):
        return _done(request, "account", EMAIL_LINK_SENT if form.user.pending_email else EMAIL_KEPT)
    return refused_as(_profile_page(request, user_get(me), email=form), form.refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("current_password", "new_password")
@signed_in()
def password(request: HttpRequest, me: Principal) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None, user=user_get(me))
    if request.method == "POST" and form.saved(me):
        response = _done(request, "account-password", PASSWORD_CHANGED)
        site_remember_device(request, response, form.user)
        return response
    return refused_as(render(request, "accounts/password.html", {"form": form}), form.refusal)


@require_safe
@signed_in()
def devices(request: HttpRequest, me: Principal) -> HttpResponse:
    sessions = sessions_of(me.user_id)[:DEVICES_SHOWN]
    context = {"sessions": sessions, "current": me.session_id}
    return render(request, "accounts/devices.html", context)


@require_POST
@signed_in(back="account")
def device_sign_out(request: HttpRequest, me: Principal, session_id: UUID) -> HttpResponse:
    try:
        own_session_revoke(me, session_id)
    except NotFound:
        return redirect("account-devices")  # a second click, or an old page: the list is current
    return _done(request, "account-devices", DEVICE_OUT)


@require_POST
@signed_in(back="account")
def devices_sign_out(request: HttpRequest, me: Principal) -> HttpResponse:
    other_sessions_revoke(me)
    return _done(request, "account-devices", DEVICES_OUT)

"""Privacy page: data export, consents and account deletion, without scripts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.auth.principal import Principal
from accounts.models import User
from accounts.selectors import consents_latest, exports_recent, user_get
from accounts.services.erasure import deletion_request_checked, deletion_withdraw
from accounts.services.exports import export_link, export_request
from accounts.views.base import signed_in
from kushfilms.core.errors import KushError, RateLimited
from kushfilms.core.pages import refused_as
from kushfilms.core.rate_limits import rate_limit

PAGE = "/account/privacy"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def privacy(request: HttpRequest, me: Principal) -> HttpResponse:
    user = user_get(me)
    if request.method != "POST":
        return _page(request, user)
    actions = {"export": _export, "leave": _leave, "keep": _keep}
    act = actions.get(request.POST.get("do", ""))
    return act(request, user) if act else redirect(PAGE)


def _export(request: HttpRequest, user: User) -> HttpResponse:
    try:
        rate_limit("export", by=user.pk)
    except RateLimited as exc:
        return refused_as(_page(request, user, fault=exc.message), exc)
    export_request(user.pk)
    return redirect(PAGE)


def _leave(request: HttpRequest, user: User) -> HttpResponse:
    password = request.POST.get("password", "")
    try:
        deletion_request_checked(user, password=password, now=timezone.now())
    except KushError as exc:
        [fault] = exc.extras.get("fields", {"password": [exc.message]})["password"]
        return refused_as(_page(request, user, password_fault=fault), exc)
    request.session.flush()
    return redirect("/login?left=1")


def _keep(_request: HttpRequest, user: User) -> HttpResponse:
    deletion_withdraw(user)
    return redirect(PAGE)


def _page(request: HttpRequest, user: User, **extra: Any) -> HttpResponse:
    now = timezone.now()
    exports = [(export, export_link(export, now=now)) for export in exports_recent(user.pk)]
    context = {"person": user, "exports": exports, "consents": consents_latest(user.pk), **extra}
    return render(request, "accounts/privacy.html", context)

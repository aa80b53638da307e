"""Second step of the sign-in, and the set-up page of the authenticator app."""

from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.auth.middleware import principal_of
from accounts.auth.pending_sign_in import pending_sign_in_user
from accounts.models import User
from accounts.selectors import user_get
from accounts.services.second_factor import (
    recovery_codes_left,
    second_factor_check,
    second_factor_missing,
    second_factor_on,
    totp_begin,
    totp_confirm,
    totp_enrolment,
    totp_remove,
)
from accounts.services.sign_in import site_remember_device, site_sign_in
from accounts.views.base import SignedInPage
from accounts.views.qr import qr_picture
from kushfilms.core.errors import KushError
from kushfilms.core.pages import refused_as, safe_next


@method_decorator([never_cache, sensitive_post_parameters("code")], name="dispatch")
class LoginCodeView(View):
    """Ask for the code after the password. Without a pending sign-in, start again."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if principal_of(request):
            return redirect(safe_next(request))
        if pending_sign_in_user(request, now=timezone.now()) is None:
            return self._begin_again(request)
        return self._ask(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        if principal_of(request):
            return redirect(safe_next(request))  # the second of two clicks
        now = timezone.now()
        user = pending_sign_in_user(request, now=now)
        if user is None:
            return self._begin_again(request)
        try:
            used = second_factor_check(user, code=request.POST.get("code", ""), now=now)
        except KushError as exc:
            return refused_as(self._ask(request, fault=exc.message), exc)
        site_sign_in(request, user, second_factor=used)
        response = redirect(safe_next(request))
        site_remember_device(request, response, user)
        return response

    def _ask(self, request: HttpRequest, *, fault: str = "") -> HttpResponse:
        context = {"next": safe_next(request), "fault": fault}
        return render(request, "accounts/login_code.html", context)

    def _begin_again(self, request: HttpRequest) -> HttpResponse:
        return redirect_to_login(safe_next(request))


@dataclass(frozen=True)
class Fault:
    """An error, and the form of the page that it belongs to."""

    step: str
    message: str


@method_decorator(sensitive_post_parameters("password", "code"), name="dispatch")
class TwoFactorView(SignedInPage):
    """Show one of three forms, by the current state: begin, confirm, remove."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        step = request.POST.get("step", "")
        try:
            return self._act(step)
        except KushError as exc:
            faults = [fault for some in exc.extras.get("fields", {}).values() for fault in some]
            page = self._show(fault=Fault(step, " ".join(faults) or exc.message))
            return refused_as(page, exc)

    def _act(self, step: str) -> HttpResponse:
        post = self.request.POST
        now = timezone.now()
        password = post.get("password", "")
        code = post.get("code", "")
        if step == "begin":
            totp_begin(self._me(), password=password, now=now)
        elif step == "confirm":
            codes = totp_confirm(
                self._me(), code=code, session_id=self.principal.session_id, now=now
            )
            context = {"codes": codes, "next": safe_next(self.request)}
            return render(self.request, "accounts/recovery_codes.html", context)
        elif step == "remove":
            totp_remove(self._me(), password=password, code=code, now=now)
        return redirect(f"{reverse('two-factor')}?{urlencode({'next': safe_next(self.request)})}")

    def _show(self, *, fault: Fault | None = None) -> HttpResponse:
        on = second_factor_on(self.principal.user_id)
        enrolment = None if on else totp_enrolment(self._me(), now=timezone.now())
        staff = self.principal.role != "USER"
        context = {
            "on": on,
            "codes_left": recovery_codes_left(self.principal.user_id) if on else 0,
            "enrolment": enrolment,
            "required": staff and second_factor_missing(self.principal),
            "fault": fault,
            "next": safe_next(self.request),
        }
        return render(self.request, "accounts/two_factor.html", context)

    def _me(self) -> User:
        return user_get(self.principal)


@require_GET
@never_cache
def two_factor_qr(request: HttpRequest) -> HttpResponse:
    """Serve the QR code of the set-up in progress to its own person."""
    principal = principal_of(request)
    enrolment = principal and totp_enrolment(user_get(principal), now=timezone.now())
    if not enrolment:
        raise Http404
    return qr_picture(enrolment.uri)

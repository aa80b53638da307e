"""Pages behind links in mails. A GET changes nothing, as mail programs fetch links themselves."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import FormView

from accounts.auth.middleware import principal_of
from accounts.forms.recovery import ForgotForm, ResetForm
from accounts.forms.sign_in import AccountForm
from accounts.models import TokenPurpose
from accounts.selectors import user_get
from accounts.services.email_addresses import email_verification_resend, email_verify
from accounts.services.email_changes import email_change_undo
from accounts.services.one_time_tokens import TokenInvalid, token_proved_before, token_user
from accounts.services.sign_in import site_remember_device
from accounts.views.sign_in import refused
from kushfilms.core.client_ids import client_of
from kushfilms.core.errors import WrongState
from kushfilms.core.rate_limits import rate_limit

if TYPE_CHECKING:
    _FormView = FormView[AccountForm]
else:  # generic only in the stubs
    _FormView = FormView


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Confirm an address by a button; without a link, offer to send one."""
    token = (request.POST if request.method == "POST" else request.GET).get("token", "")
    if not token:
        return _ask_for_link(request)
    if request.method != "POST":
        return render(request, "accounts/verify.html", {"state": "button", "token": token})
    rate_limit("link", by=client_of(request))
    try:
        email_verify(token, now=timezone.now())
    except WrongState:  # another account has this address
        return render(request, "accounts/verify.html", {"state": "taken"}, status=409)
    except TokenInvalid:
        if not token_proved_before(token):
            return render(request, "accounts/verify.html", {"state": "dead"}, status=400)
    return redirect("verify-done")


def _ask_for_link(request: HttpRequest) -> HttpResponse:
    viewer = principal_of(request)
    if viewer is None:
        return redirect_to_login(reverse("verify"))
    user = user_get(viewer)
    done = user.email_verified and not user.pending_email
    address = user.pending_email or user.email
    context = {"state": "done" if done else "ask", "email": address}
    return render(request, "accounts/verify.html", context)


@never_cache
@require_safe
def verify_done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/verify.html", {"state": "done"})


@never_cache
@require_POST
def verify_resend(request: HttpRequest) -> HttpResponse:
    viewer = principal_of(request)
    if viewer is None:
        return _ask_for_link(request)
    rate_limit("verify_resend", by=viewer.user_id)
    try:
        email_verification_resend(viewer.user_id)
    except WrongState:
        return redirect("verify-done")
    return redirect("verify-sent")


@never_cache
@require_safe
def verify_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/verify.html", {"state": "sent"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email_undo(request: HttpRequest) -> HttpResponse:
    """Keep or restore the old address of an account by a button."""
    token = (request.POST if request.method == "POST" else request.GET).get("token", "")
    if request.method != "POST":
        return render(request, "accounts/email_undo.html", {"token": token})
    rate_limit("link", by=client_of(request))
    try:
        reset = email_change_undo(token, now=timezone.now())
    except TokenInvalid:
        return render(request, "accounts/email_undo.html", {"dead": True}, status=400)
    return redirect(f"{reverse('reset')}?{urlencode({'token': reset})}")


@method_decorator(never_cache, name="dispatch")
class ForgotView(_FormView):
    form_class = ForgotForm
    template_name = "accounts/forgot.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_invalid(self, form: AccountForm) -> HttpResponse:
        return refused(super().form_invalid(form), form)

    def form_valid(self, form: AccountForm) -> HttpResponse:
        return redirect("forgot-sent")


@never_cache
@require_safe
def forgot_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/forgot_sent.html")


@method_decorator([never_cache, sensitive_post_parameters("password", "token")], name="dispatch")
class ResetView(_FormView):
    form_class = ResetForm
    template_name = "accounts/reset.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or a page for an invalid link, without spending the link."""
        try:
            token_user(self._token(), purpose=TokenPurpose.RESET_PASSWORD, now=timezone.now())
        except TokenInvalid:
            return render(request, "accounts/reset_dead.html", status=400)
        return super().get(request, *args, **kwargs)

    def _token(self) -> str:
        return self.request.GET.get("token", "")

    def get_initial(self) -> dict[str, Any]:
        return {"token": self._token()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.link_is_dead:
            return render(self.request, "accounts/reset_dead.html", status=400)
        return refused(super().form_invalid(form), form)

    def form_valid(self, form: AccountForm) -> HttpResponse:
        response = redirect("reset-done")
        site_remember_device(self.request, response, form.user)
        return response


@never_cache
@require_safe
def reset_done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/reset_done.html")

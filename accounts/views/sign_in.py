"""Pages to sign in, register and sign out, without JavaScript."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts.auth.middleware import principal_of
from accounts.auth.pending_sign_in import pending_sign_in_set
from accounts.forms.sign_in import AccountForm, LoginForm, RegisterForm
from accounts.services.second_factor import second_factor_on
from accounts.services.sign_in import site_remember_device, site_sign_in, site_sign_out
from kushfilms.core.pages import refused_as, safe_next

if TYPE_CHECKING:
    _FormView = FormView[AccountForm]
else:  # generic only in the stubs
    _FormView = FormView


def refused(response: HttpResponse, form: AccountForm) -> HttpResponse:
    """Return the form's page with the status of a refusal, 429 or 503."""
    return refused_as(response, form.refusal)


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class AccountFormView(_FormView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if principal_of(request):
            return redirect(safe_next(request))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        target = safe_next(self.request)
        query = urlencode({"next": target})
        return super().get_context_data(next=target, next_query=query, **kwargs)

    def form_invalid(self, form: AccountForm) -> HttpResponse:
        return refused(super().form_invalid(form), form)

    def form_valid(self, form: AccountForm) -> HttpResponse:
        site_sign_in(self.request, form.user)
        response = redirect(safe_next(self.request))
        site_remember_device(self.request, response, form.user)
        return response


class LoginPage(AccountFormView):
    form_class = LoginForm
    template_name = "accounts/login.html"

    def form_valid(self, form: AccountForm) -> HttpResponse:
        if not second_factor_on(form.user.pk):
            return super().form_valid(form)
        pending_sign_in_set(self.request, form.user, now=timezone.now())
        return redirect(f"{reverse('login-code')}?{urlencode({'next': safe_next(self.request)})}")


class RegisterPage(AccountFormView):
    form_class = RegisterForm
    template_name = "accounts/register.html"


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    site_sign_out(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)

"""Forms for a forgotten password."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.api.serializers import LONGEST_PASSWORD
from accounts.forms.sign_in import AccountForm
from accounts.models import User
from accounts.services.one_time_tokens import TokenInvalid
from accounts.services.passwords import forgot_limit, password_forgotten, password_reset
from kushfilms.core.client_ids import client_of
from kushfilms.core.form_fields import AddressFormField, PasswordFormField
from kushfilms.core.rate_limits import rate_limit
from kushfilms.core.request_client import client_network


class ForgotForm(AccountForm):
    email = AddressFormField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )

    def act(self) -> None:
        email = self.cleaned_data["email"]
        forgot_limit(email, network=client_network(self.request))
        password_forgotten(email, now=timezone.now())


class ResetForm(AccountForm):
    """Form for a new password; `link_is_dead` if only a new link helps."""

    link_is_dead = False

    token = forms.CharField(max_length=200, widget=forms.HiddenInput)
    password = PasswordFormField(
        label=_("New password"),
        max_length=LONGEST_PASSWORD,
        help_text=_("At least 8 characters, and not a common password."),
        autocomplete="new-password",
    )

    def person(self) -> User:
        rate_limit("link", by=client_of(self.request))
        values = self.cleaned_data
        try:
            return password_reset(values["token"], password=values["password"], now=timezone.now())
        except TokenInvalid:
            self.link_is_dead = True
            raise

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        if "token" in self.errors:  # a mail program cut the link short
            self.link_is_dead = True
        return values

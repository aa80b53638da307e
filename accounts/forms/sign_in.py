"""Forms of the sign-in and registration pages. A KushError becomes the form's error."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.api.serializers import LONGEST_PASSWORD
from accounts.models import User
from accounts.services.email_addresses import user_register
from accounts.services.lock_out import Caller, user_sign_in_check
from kushfilms.core.errors import KushError
from kushfilms.core.form_fields import AddressFormField, LineFormField, PasswordFormField
from kushfilms.core.preferences import language_chosen
from kushfilms.core.rate_limits import newcomer_of, rate_limit


def add_refusal(form: forms.Form, exc: KushError) -> None:
    """Add an error to the field it is about; errors name fields as the API does."""
    for name, faults in exc.extras.get("fields", {"": [exc.message]}).items():
        field = re.sub(r"([A-Z])", r"_\1", name).lower()
        form.add_error(field if field in form.fields else None, faults)


class AccountForm(forms.Form):
    """Form that acts while it is validated: `user` if valid, `refusal` after a KushError."""

    user: User
    refusal: KushError | None = None

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        if not self.errors:
            self._try()
        return values

    def _try(self) -> None:
        try:
            self.act()
        except KushError as exc:
            add_refusal(self, exc)
            self.refusal = exc

    def act(self) -> None:
        """Do what the form is for. Raises KushError."""
        self.user = self.person()

    def person(self) -> User:
        """Return the person of the form. Raises KushError."""
        raise NotImplementedError


class LoginForm(AccountForm):
    email = LineFormField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = PasswordFormField(
        label=_("Password"), max_length=LONGEST_PASSWORD, autocomplete="current-password"
    )

    def person(self) -> User:
        return user_sign_in_check(
            email=self.cleaned_data["email"],
            password=self.cleaned_data["password"],
            caller=Caller.of(self.request),
            now=timezone.now(),
        )


class RegisterForm(AccountForm):
    name = LineFormField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = AddressFormField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = PasswordFormField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        help_text=_("At least 8 characters, and not a common password."),
        autocomplete="new-password",
    )

    def person(self) -> User:
        rate_limit("register", by=newcomer_of(self.request))
        values = self.cleaned_data
        return user_register(
            email=values["email"],
            password=values["password"],
            name=values["name"],
            locale=language_chosen(self.request),
        )

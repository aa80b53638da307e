"""Admin forms of people."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.password_validation import validate_password

from accounts.models import User
from accounts.services.people import email_normalise
from kushfilms.core.form_fields import LineFormField, PasswordFormField

if TYPE_CHECKING:
    _UserForm = forms.ModelForm[User]
else:  # generic only in the stubs
    _UserForm = forms.ModelForm


BAN_LENGTHS = [("1", "1 day"), ("7", "7 days"), ("30", "30 days"), ("", "For good")]


class BanActionForm(ActionForm):
    reason = LineFormField(required=False, max_length=500, label="Reason for a ban")
    days = forms.ChoiceField(required=False, choices=BAN_LENGTHS, initial="7", label="Length")


class BanForm(forms.Form):
    """Form of a ban, on a person's page and below a report."""

    reason = LineFormField(max_length=500)
    days = forms.ChoiceField(required=False, choices=BAN_LENGTHS)

    def until(self, now: datetime) -> datetime | None:
        return ban_until(self.cleaned_data["days"], now=now)


def ban_until(days: str, *, now: datetime) -> datetime | None:
    """Return the end of a ban of this choice; None: until staff lift it."""
    is_temporary = days and days in dict(BAN_LENGTHS)
    return now + timedelta(days=int(days)) if is_temporary else None


class UserChangeForm(_UserForm):
    class Meta:
        model = User
        fields = ["email", "name", "role", "email_verified", "locale", "date_of_birth"]

    def clean_email(self) -> str:
        return email_normalise(self.cleaned_data["email"])


class UserCreateForm(_UserForm):
    password = PasswordFormField(max_length=256, autocomplete="off")

    class Meta:
        model = User
        fields = ["email", "name", "role"]

    def clean_email(self) -> str:
        return email_normalise(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        if password := self.cleaned_data.get("password"):
            try:
                validate_password(password, self.instance)
            except forms.ValidationError as exc:
                self.add_error("password", exc)
        return values

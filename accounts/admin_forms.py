"""Forms of the back office for people."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.password_validation import validate_password

from accounts.models import User
from accounts.services.people import email_normalise

if TYPE_CHECKING:
    _UserForm = forms.ModelForm[User]
else:  # generic only in the stubs
    _UserForm = forms.ModelForm


class BanActionForm(ActionForm):
    reason = forms.CharField(required=False, max_length=500, label="Reason for a ban")


class UserChangeForm(_UserForm):
    class Meta:
        model = User
        fields = ["email", "name", "role", "email_verified", "locale", "date_of_birth"]

    def clean_email(self) -> str:
        return email_normalise(self.cleaned_data["email"])


class UserCreateForm(_UserForm):
    password = forms.CharField(
        strip=False, max_length=256, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

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

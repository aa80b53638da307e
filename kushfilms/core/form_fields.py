"""Form fields for text, which clean their input (`kushfilms.core.text`)."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from kushfilms.core.text import email_clean, line_clean, text_clean

# Cleaning shortens a text. One longer than this many times its bound is refused before cleaning.
SHORTENED_AT_MOST = 4


class LineFormField(forms.CharField):
    """One line: a name, a title, a place."""

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not isinstance(typed, str):
            return typed
        _refuse_long(self, typed)
        return self.cleaned(typed) or self.empty_value

    def cleaned(self, typed: str) -> str:
        return line_clean(typed)


class ParagraphsFormField(LineFormField):
    """Text with several lines: a comment, a description."""

    def cleaned(self, typed: str) -> str:
        return text_clean(typed).strip()


class AddressFormField(forms.EmailField):
    """An e-mail address."""

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not isinstance(typed, str):
            return typed
        _refuse_long(self, typed)
        return email_clean(typed)


class PasswordFormField(forms.CharField):
    """A password as typed, spaces included.

    Hashing normalises its characters (`accounts.services.password_hashing`).
    """

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, widget=widget, **options)


def _refuse_long(field: forms.CharField, typed: str) -> None:
    """Raise ValidationError for a text that no cleaning makes short enough."""
    if field.max_length is not None and len(typed) > SHORTENED_AT_MOST * field.max_length:
        MaxLengthValidator(int(field.max_length))(typed)

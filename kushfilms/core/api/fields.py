"""Serializer fields used by several apps. Text fields clean their input (`kushfilms.core.text`)."""

from typing import Any

from rest_framework import serializers

from kushfilms.core.links import absolute_url
from kushfilms.core.text import email_clean, line_clean, text_clean

# Cleaning shortens a text. One longer than this many times its bound is refused before cleaning.
SHORTENED_AT_MOST = 4


class LineField(serializers.CharField):
    """One line: a name, a title, a place."""

    def to_internal_value(self, data: Any) -> str:
        typed = super().to_internal_value(data)
        _refuse_long(self, typed)
        value = self.cleaned(typed)
        if not value and not self.allow_blank:
            self.fail("blank")  # nothing but invisible characters
        return value

    def cleaned(self, typed: str) -> str:
        return line_clean(typed)


class ParagraphsField(LineField):
    """Text with several lines: a comment, a description."""

    def cleaned(self, typed: str) -> str:
        return text_clean(typed).strip()


class AddressField(serializers.EmailField):
    """An e-mail address."""

    def to_internal_value(self, data: Any) -> str:
        typed = super().to_internal_value(data)
        _refuse_long(self, typed)
        return email_clean(typed)


def _refuse_long(field: serializers.CharField, typed: str) -> None:
    """Raise DRF's ValidationError for a text that no cleaning makes short enough."""
    if field.max_length is not None and len(typed) > SHORTENED_AT_MOST * field.max_length:
        field.fail("max_length", max_length=field.max_length)


class PasswordField(serializers.CharField):
    """A password as typed, with its spaces."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)


class PictureURLField(serializers.CharField):
    """The absolute URL of a picture, or an empty string without a picture.

    Absolute even without a CDN: an app has no page to resolve a path against.
    """

    def to_representation(self, value: Any) -> str:
        return absolute_url(str(value))

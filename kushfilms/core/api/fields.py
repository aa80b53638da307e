"""Serializer fields that several apps use."""

from typing import Any

from rest_framework import serializers

from kushfilms.core.links import absolute_url


class PictureURLField(serializers.CharField):
    """A picture's absolute address, or an empty string without a picture.

    Absolute also where no CDN is configured: an app has no page to resolve a path against.
    """

    def to_representation(self, value: Any) -> str:
        return absolute_url(str(value))

"""Absolute URLs for API responses, structured data and mails."""

from django.conf import settings


def absolute_url(url: str) -> str:
    """Return `url` with the site's origin if it is a path; an empty one stays empty."""
    return f"{settings.FRONTEND_URL}{url}" if url.startswith("/") else url

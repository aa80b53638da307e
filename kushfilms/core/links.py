"""Absolute addresses, for what leaves the site: API answers, structured data, mails."""

from django.conf import settings


def absolute_url(url: str) -> str:
    """Return `url` with the site's own origin where it is a path; an empty one stays empty."""
    return f"{settings.FRONTEND_URL}{url}" if url.startswith("/") else url

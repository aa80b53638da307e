"""Errors that a client may see, with one root class.

Services raise these; `kushfilms.core.api.errors` turns them into the API's error shape and the
pages into a sentence. `code` is for machines and never changes; `message` says what to do.
"""

import math
from typing import Any, ClassVar

from django.utils.translation import gettext


class KushError(Exception):
    """Base of every error with a code. `extras` are further fields of the JSON answer."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "Bad Request"
    code: ClassVar[str] = "bad_request"

    def __init__(self, message: str, *, code: str | None = None, **extras: Any) -> None:
        super().__init__(message)
        # Translated here, where the request's language is active, not where the text is defined.
        self.message = gettext(message) if message else ""
        self.error_code = code or self.code
        self.extras = extras


class InvalidInput(KushError):
    """Some values are not valid. `fields` maps a field's name to its faults."""

    title = "Validation Error"
    code = "validation_error"

    def __init__(self, message: str, *, fields: dict[str, list[str]] | None = None) -> None:
        translated = {
            name: [gettext(fault) for fault in faults] for name, faults in (fields or {}).items()
        }
        extras: dict[str, Any] = {"fields": translated} if translated else {}
        super().__init__(message, **extras)


class NotSignedIn(KushError):
    status = 401
    title = "Unauthorized"
    code = "unauthorized"


class Denied(KushError):
    status = 403
    title = "Forbidden"
    code = "forbidden"


class NotFound(KushError):
    status = 404
    title = "Not Found"
    code = "not_found"


class TooSlow(KushError):
    """The request's body did not arrive in time."""

    status = 408
    title = "Request Timeout"
    code = "request_timeout"


class WrongState(KushError):
    status = 409
    title = "Conflict"
    code = "conflict"


class TooLarge(KushError):
    status = 413
    title = "Payload Too Large"
    code = "too_large"


class UnsupportedMedia(KushError):
    status = 415
    title = "Unsupported Media Type"
    code = "unsupported_media_type"


class RateLimited(KushError):
    """Too many requests; `retry_after_seconds` goes into `Retry-After`."""

    status = 429
    title = "Too Many Requests"
    code = "rate_limited"

    def __init__(
        self, message: str, *, code: str | None = None, retry_after_seconds: float = 60
    ) -> None:
        super().__init__(message, code=code)
        self.retry_after_seconds = max(1, math.ceil(retry_after_seconds))


class Unavailable(KushError):
    """A service we depend on is down; `retry_after_seconds` goes into `Retry-After`."""

    status = 503
    title = "Service Unavailable"
    code = "unavailable"

    def __init__(self, message: str, *, retry_after_seconds: int = 10) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds

"""Every error of the API in one shape, never HTML, never a stack trace (SPEC, section 3)."""

import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext_noop
from rest_framework import exceptions
from rest_framework.response import Response

from kushfilms.core.errors import KushError, RateLimited, TooLarge, Unavailable
from kushfilms.core.wait_texts import too_often

logger = logging.getLogger(__name__)

AWAY = gettext_noop("The service is catching its breath. Try again shortly.")

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "request_timeout",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
    500: "server_error",
    503: "unavailable",
}


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. None lets Django answer a 500 (see `server_error` for its shape)."""
    if isinstance(exc, KushError):
        return _kush_response(exc)
    if isinstance(exc, OperationalError | InterfaceError):
        logger.exception("database unavailable")
        return _kush_response(Unavailable(AWAY))
    if isinstance(exc, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024
        return _kush_response(TooLarge(f"At most {limit} KiB at a time."))
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if not isinstance(exc, exceptions.APIException):
        return None
    return _drf_response(exc)


def body(status: int, message: str, *, code: str | None = None, **extras: Any) -> dict[str, Any]:
    """The error body of an HTTP status whose title is the status's own phrase."""
    title = HTTPStatus(status).phrase
    return {
        "error": title,
        "code": code or CODES.get(status, "error"),
        "message": message,
        **extras,
    }


def error_body(exc: KushError) -> dict[str, Any]:
    """The error body of one of our own errors."""
    data = {"error": exc.title, "code": exc.error_code, "message": exc.message, **exc.extras}
    if "fields" in exc.extras:  # services name them as Python does
        data["fields"] = {camel(name): faults for name, faults in exc.extras["fields"].items()}
    return data


def _kush_response(exc: KushError) -> Response:
    response = Response(error_body(exc), status=exc.status)
    if isinstance(exc, Unavailable | RateLimited):
        response["Retry-After"] = str(exc.retry_after_seconds)
    if exc.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def camel(name: str) -> str:
    """`licence_ends_at` reads `licenceEndsAt`, as in the JSON that was sent."""
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


def _drf_response(exc: exceptions.APIException) -> Response:
    status = exc.status_code
    if isinstance(exc, exceptions.ValidationError):
        data = {
            "error": "Validation Error",
            "code": "validation_error",
            "message": "Some of what was sent cannot be used; see fields.",
            "fields": field_errors(exc.detail),
        }
    elif isinstance(exc, exceptions.Throttled):
        return _kush_response(too_often(getattr(exc, "wait", None) or 1))
    else:
        data = body(status, str(exc.detail))
    response = Response(data, status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def field_errors(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Flatten DRF's nested detail to `{"parts.0.etag": ["…"]}`."""
    if isinstance(detail, dict):
        return {
            path: faults
            for key, value in detail.items()
            for path, faults in field_errors(
                value, f"{prefix}.{key}" if prefix else str(key)
            ).items()
        }
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        return field_errors(dict(enumerate(detail)), prefix)
    faults = detail if isinstance(detail, list) else [detail]
    return {prefix or "body": [str(fault) for fault in faults]}


def json_error(request: HttpRequest, status: int, message: str) -> JsonResponse:
    """For what fails before or outside DRF: unknown URLs and crashes below `/api/`."""
    return JsonResponse(body(status, message), status=status)

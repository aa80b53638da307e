"""Errors of the API in one shape, never HTML, never a stack trace (SPEC, section 3)."""

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

AWAY = gettext_noop("The service is busy. Try again in a moment.")

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
    """Turn an exception into a response; None lets Django answer a 500 (`server_error`)."""
    if isinstance(exc, KushError):
        return _kush_response(exc)
    if isinstance(exc, OperationalError | InterfaceError):
        logger.exception("database unavailable")
        return _kush_response(Unavailable(AWAY))
    if isinstance(exc, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024
        return _kush_response(TooLarge(f"Send at most {limit} KiB at a time."))
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if not isinstance(exc, exceptions.APIException):
        return None
    return _drf_response(exc)


def body(status: int, message: str, *, code: str | None = None, **extras: Any) -> dict[str, Any]:
    """Return the error body of an HTTP status, with the status phrase as its title."""
    title = HTTPStatus(status).phrase
    return {
        "error": title,
        "code": code or CODES.get(status, "error"),
        "message": message,
        **extras,
    }


def error_body(exc: KushError) -> dict[str, Any]:
    """Return the error body of a `KushError`."""
    data = {"error": exc.title, "code": exc.error_code, "message": exc.message, **exc.extras}
    if "fields" in exc.extras:  # services use Python names
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
    """Return the JSON name of a Python name: `licence_ends_at` becomes `licenceEndsAt`."""
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


def _drf_response(exc: exceptions.APIException) -> Response:
    status = exc.status_code
    if isinstance(exc, exceptions.ValidationError):
        data = {
            "error": "Validation Error",
            "code": "validation_error",
            "message": "Some values are not valid; see fields.",
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
    """Return DRF's nested detail flattened to `{"parts.0.etag": ["…"]}`."""
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
    """Return the response to a failure before or outside DRF: unknown URLs, crashes in `/api/`."""
    return JsonResponse(body(status, message), status=status)

"""Logging: JSON lines in production, plain lines elsewhere, with the context of the request.

The code logs through the standard library; structlog formats the records. Not django-structlog: its
middleware logs every request with its full URL, and links from mails hold secrets.
"""

from typing import Any

import orjson
import structlog
from structlog.types import EventDict, Processor

# Of every record, also of those that libraries log.
SHARED: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]


def add_request_context(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Add the id and the actor of the current request to a record (structlog processor)."""
    from kushfilms.core.context import current  # uses settings, which use this module

    context = current()
    if context.request_id:
        event["request_id"] = context.request_id
    if context.actor_id:
        event["actor_id"] = str(context.actor_id)
        event["actor_role"] = context.actor_role
    return event


def json_line(event: EventDict, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()


def logging_settings(*, json_lines: bool) -> dict[str, Any]:
    """Return the value of Django's `LOGGING`."""
    # Tracebacks as text: structlog's dictionaries of them would hold local variables.
    renderers: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(json_line)]
        if json_lines
        else [
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*SHARED, add_request_context],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *renderers,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structlog"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "botocore": {"level": "WARNING"},
            "PIL": {"level": "WARNING"},
        },
    }

"""Log lines: JSON in production with the request's id and actor, plain lines elsewhere."""

import json
import logging
import sys
from typing import Any
from uuid import UUID

import pytest

from kushfilms.core.context import RequestContext, opened
from kushfilms.core.logs import logging_settings

ACTOR = UUID("5b7c1f0e-2d4a-4c55-9a3e-6f1b0f0c9a11")


def line_of(record: logging.LogRecord, *, json_lines: bool) -> str:
    settings = logging_settings(json_lines=json_lines)["formatters"]["structlog"]
    factory = settings.pop("()")
    formatter: Any = factory(**settings)
    return str(formatter.format(record))


@pytest.fixture
def record() -> logging.LogRecord:
    password = "a local variable"
    exc_info: Any = None
    try:
        int(password)
    except ValueError:
        exc_info = sys.exc_info()
    return logging.getLogger("catalog").makeRecord(
        "catalog", logging.ERROR, "films.py", 1, "job %s failed", ("mail",), exc_info
    )


def test_a_json_line_has_the_request_and_the_traceback(record: logging.LogRecord) -> None:
    context = RequestContext(request_id="request-1", actor_id=ACTOR, actor_role="ADMIN")
    with opened(context):
        line = json.loads(line_of(record, json_lines=True))
    assert (line["event"], line["level"], line["logger"]) == ("job mail failed", "error", "catalog")
    assert (line["request_id"], line["actor_id"]) == ("request-1", str(ACTOR))
    assert "ValueError: invalid literal for int()" in line["exception"]
    assert isinstance(line["exception"], str)  # not a dictionary with local variables


def test_outside_of_a_request_a_plain_line_has_no_context(record: logging.LogRecord) -> None:
    line = line_of(record, json_lines=False)
    assert "job mail failed" in line
    assert "request_id" not in line

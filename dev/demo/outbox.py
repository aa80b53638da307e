"""The mails of the run on one machine: files, which nobody delivers."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

SHOWN = 100
# What Django's file backend writes after each message.
END = re.compile(rb"\n-{79}\n")


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    sent_at: datetime | None
    text: str


def letters(*, limit: int = SHOWN) -> list[Letter]:
    """The newest first; empty before anything was sent."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    found: list[Letter] = []
    for file in files:
        found += reversed(_read(file))
        if len(found) >= limit:
            break
    return found[:limit]


def _read(file: Path) -> list[Letter]:
    pieces = END.split(file.read_bytes())
    return [_letter(piece) for piece in pieces if piece.strip()]


def _letter(raw: bytes) -> Letter:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  what this policy makes
    body = message.get_body(("plain",))
    date = message.get("Date")
    return Letter(
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        sent_at=parsedate_to_datetime(str(date)) if date else None,
        text=str(body.get_content()) if body else "",
    )

"""E-mails of a local run, which stay in files and are not delivered."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

SHOWN = 100
# Separator that Django's file backend writes after each message.
END = re.compile(rb"\n-{79}\n")


@dataclass(frozen=True)
class SentMail:
    to: str
    subject: str
    sent_at: datetime | None
    text: str


def sent_mails(*, limit: int = SHOWN) -> list[SentMail]:
    """Return the e-mails sent so far, the newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    mails: list[SentMail] = []
    for file in files:
        mails += reversed(_read(file))
        if len(mails) >= limit:
            break
    return mails[:limit]


def _read(file: Path) -> list[SentMail]:
    pieces = END.split(file.read_bytes())
    return [_parse(piece) for piece in pieces if piece.strip()]


def _parse(raw: bytes) -> SentMail:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  The policy determines the class.
    body = message.get_body(("plain",))
    date = message.get("Date")
    return SentMail(
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        sent_at=parsedate_to_datetime(str(date)) if date else None,
        text=str(body.get_content()) if body else "",
    )

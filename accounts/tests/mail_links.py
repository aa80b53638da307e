"""Readers of the mails that people got in a test."""

import re
from typing import Any
from urllib.parse import unquote


def token_in(mail: Any) -> str:
    """Return the secret of the link in a mail."""
    found = re.search(r"[?&]token=([^\s&]+)", mail.body)
    assert found, mail.body
    return unquote(found.group(1))

"""Reading the mails a test's people got."""

import re
from typing import Any
from urllib.parse import unquote


def token_in(letter: Any) -> str:
    """The secret of the link in a mail."""
    found = re.search(r"[?&]token=([^\s&]+)", letter.body)
    assert found, letter.body
    return unquote(found.group(1))

"""Messages after a redirect, as tests read them."""

from typing import Any

from django.contrib.messages import get_messages


def redirect_of(answer: Any) -> tuple[str, str]:
    """Return the location of a redirect, and its message."""
    added = get_messages(answer.wsgi_request)._queued_messages
    return answer.headers["Location"], " ".join(str(message) for message in added)

"""Messages after a redirect, as tests read them."""

from typing import Any

from django.contrib.messages import get_messages


def redirect_of(answer: Any) -> tuple[str, Any]:
    """Return the location of a redirect, and its message."""
    storage: Any = get_messages(answer.wsgi_request)
    return answer.headers["Location"], " ".join(
        str(message) for message in storage._queued_messages
    )

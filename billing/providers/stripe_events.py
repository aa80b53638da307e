"""Reading a webhook of Stripe's: is it theirs, is it fresh, is it of a shape we know."""

import json
from typing import Any

import stripe
from django.conf import settings
from djstripe.settings import djstripe_settings

from billing.providers.base import BadSignature, Incoming
from kushfilms.core.errors import InvalidInput

# How old a signature may be: what was recorded on the wire is worthless after that.
TOLERANCE_SECONDS = 300
GONE = {"object": "customer", "deleted": True}


def event_read(body: bytes, *, signature: str) -> Incoming:
    """Raises BadSignature, InvalidInput."""
    text = _verified(body, signature=signature)
    try:
        event = json.loads(text.replace("\\u0000", ""))  # which PostgreSQL cannot keep
        data = event["data"]["object"]
        if event["type"] == "customer.deleted":  # who is forgotten there is forgotten here
            data = event["data"]["object"] = {"id": data["id"], **GONE}
        return Incoming(
            event_id=_short(event["id"], 150),
            type=_short(event["type"], 80),
            at=_seconds(event["created"]),
            object=data if isinstance(data.get("object"), str) else {**data, "object": ""},
            payload=event,
            usable=_same_version(event.get("api_version")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise InvalidInput("This is no event.") from exc


def _verified(body: bytes, *, signature: str) -> str:
    """Of several secrets any will do: one is on its way in while the other is on its way out."""
    try:
        text = body.decode()
    except UnicodeDecodeError as exc:
        raise BadSignature("The signature does not fit.") from exc
    for secret in settings.STRIPE_WEBHOOK_SECRET:
        try:
            verify: Any = stripe.WebhookSignature.verify_header
            verify(text, signature, secret, TOLERANCE_SECONDS)
        except stripe.SignatureVerificationError:
            continue
        return text
    raise BadSignature("The signature does not fit.")


def _same_version(version: Any) -> bool:
    """In another API version an object has another shape: it is fetched instead."""
    return bool(version == djstripe_settings.STRIPE_API_VERSION)


def _short(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest or "\0" in value:
        raise ValueError(value)
    return value


def _seconds(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**40:
        raise ValueError(value)
    return value

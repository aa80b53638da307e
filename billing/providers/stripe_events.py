"""Parser of Stripe's webhooks: checks signature, age and shape of an event."""

import json
from typing import Any

import stripe
from django.conf import settings

from billing.providers.base import BadSignature, Incoming
from kushfilms.core.errors import InvalidInput

# Maximum age of a signature, so that a recorded request cannot be replayed later.
TOLERANCE_SECONDS = 300
GONE = {"object": "customer", "deleted": True}


def event_read(body: bytes, *, signature: str) -> Incoming:
    """Return the event in a webhook's body.

    Raises:
        BadSignature: not signed by Stripe, or too old.
        InvalidInput: not an event.
    """
    text = _verified(body, signature=signature)
    try:
        event = json.loads(text.replace("\\u0000", ""))  # PostgreSQL cannot store NUL
        data = event["data"]["object"]
        if event["type"] == "customer.deleted":  # drop personal data of a deleted customer
            data = event["data"]["object"] = {"id": data["id"], **GONE}
        return Incoming(
            event_id=_short(event["id"], 150),
            type=_short(event["type"], 80),
            at=_seconds(event["created"]),
            object=data if isinstance(data.get("object"), str) else {**data, "object": ""},
            payload=event,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise InvalidInput("This is not an event.") from exc


def _verified(body: bytes, *, signature: str) -> str:
    """Return the body if one of the secrets fits; during a rotation two are valid."""
    try:
        text = body.decode()
    except UnicodeDecodeError as exc:
        raise BadSignature("The signature is not valid.") from exc
    for secret in settings.STRIPE_WEBHOOK_SECRET:
        try:
            verify: Any = stripe.WebhookSignature.verify_header
            verify(text, signature, secret, TOLERANCE_SECONDS)
        except stripe.SignatureVerificationError:
            continue
        return text
    raise BadSignature("The signature is not valid.")


def _short(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest or "\0" in value:
        raise ValueError(value)
    return value


def _seconds(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**40:
        raise ValueError(value)
    return value

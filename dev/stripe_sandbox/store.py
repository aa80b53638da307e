"""State of the sandbox: localstripe's store, a movable clock, and the delivery of events."""

import asyncio
import hashlib
import hmac
import json
import logging
import os
import pickle
import time
from pathlib import Path
from typing import Any

import aiohttp
from localstripe import resources
from localstripe.resources import StripeObject, random_id, store

logger = logging.getLogger(__name__)

# The sandbox cannot import dj-stripe's version without Django, so a test compares the two.
API_VERSION = "2026-05-27.dahlia"
DAY = 86_400
RETRIES_SECONDS = (0.2, 1, 2, 5, 10, 30)


class Clock:
    """Clock of the provider, which only moves forward."""

    def __init__(self) -> None:
        self.ahead = 0

    def time(self) -> float:
        return time.time() + self.ahead


clock = Clock()
resources.time = clock  # localstripe's source of timestamps
pages_at = ""  # base address of this process, for the addresses in its answers
webhook_url = os.environ.get("SANDBOX_WEBHOOK_URL", "")
sent_events: list[dict[str, Any]] = []  # since the start of this process
_outgoing: "asyncio.Queue[dict[str, Any]] | None" = None


def now() -> int:
    return int(clock.time())


def persist_to(file: Path) -> None:
    """Save the state in a file of this checkout; localstripe has one file name for all."""

    def dump() -> None:
        draft = file.with_suffix(".new")
        draft.write_bytes(pickle.dumps((clock.ahead, dict(store))))
        draft.replace(file)

    store.dump_to_disk = dump
    if file.exists():
        ahead, known = pickle.loads(file.read_bytes())  # noqa: S301  The file is our own.
        clock.ahead = ahead
        dict.update(store, known)


def persist_nothing() -> None:
    store.dump_to_disk = lambda: None


def address(path: str) -> str:
    return f"{pages_at}{path}"


def send_event(kind: str, item: StripeObject) -> None:
    """Queue an event with the present state of an object; later changes are not in it."""
    event = {
        "id": f"evt_{random_id(24)}",
        "object": "event",
        "api_version": API_VERSION,
        "created": now(),
        "livemode": False,
        "type": kind,
        "data": {"object": json.loads(json.dumps(item._export()))},
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
    }
    sent_events.append(event)
    if _outgoing is not None and webhook_url:
        _outgoing.put_nowait(event)


async def deliver_for_ever(_app: Any) -> Any:
    """Deliver events one after the other, with retries, like Stripe."""
    global _outgoing  # noqa: PLW0603  The queue must be created inside its event loop.
    _outgoing = asyncio.Queue()
    task = asyncio.create_task(_deliver(_outgoing))
    yield
    task.cancel()


async def _deliver(queue: "asyncio.Queue[dict[str, Any]]") -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            event = await queue.get()
            task = asyncio.create_task(_send(session, event))
            await asyncio.wait([task], timeout=0.5)  # in order, unless one is slow


async def _send(session: aiohttp.ClientSession, event: dict[str, Any]) -> None:
    url = webhook_url
    secret = os.environ["STRIPE_WEBHOOK_SECRET"]
    body = json.dumps(event).encode()
    for pause in (0, *RETRIES_SECONDS):
        await asyncio.sleep(pause)
        at = now()
        signed = hmac.new(secret.encode(), b"%d.%s" % (at, body), hashlib.sha256).hexdigest()
        headers = {"Stripe-Signature": f"t={at},v1={signed}", "Content-Type": "application/json"}
        try:
            async with session.post(url, data=body, headers=headers) as answer:
                if answer.status < 300:
                    return
                logger.warning("%s: the site answered %s", event["type"], answer.status)
        except aiohttp.ClientError as exc:
            logger.warning("%s: the site does not answer: %s", event["type"], exc)

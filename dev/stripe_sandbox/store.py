"""What our objects stand on: localstripe's store, a clock that can be moved, events at once."""

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

API_VERSION = "2026-05-27.dahlia"  # dev.stripe_sandbox knows no Django: a test compares them
DAY = 86_400
RETRIES_SECONDS = (0.2, 1, 2, 5, 10, 30)


class Clock:
    """The provider's clock. It only goes forward."""

    def __init__(self) -> None:
        self.ahead = 0

    def time(self) -> float:
        return time.time() + self.ahead


clock = Clock()
resources.time = clock  # what localstripe dates by
pages_at = ""  # where this process is found, for the addresses it hands out
webhook_url = os.environ.get("SANDBOX_WEBHOOK_URL", "")
told: list[dict[str, Any]] = []  # since this process began
_outgoing: "asyncio.Queue[dict[str, Any]] | None" = None


def now() -> int:
    return int(clock.time())


def remember_in(file: Path) -> None:
    """Keep what is bought in a file of this checkout; localstripe has one name for all."""

    def dump() -> None:
        draft = file.with_suffix(".new")
        draft.write_bytes(pickle.dumps((clock.ahead, dict(store))))
        draft.replace(file)

    store.dump_to_disk = dump
    if file.exists():
        ahead, known = pickle.loads(file.read_bytes())  # noqa: S301  our own file
        clock.ahead = ahead
        dict.update(store, known)


def remember_nothing() -> None:
    store.dump_to_disk = lambda: None


def address(path: str) -> str:
    return f"{pages_at}{path}"


def tell(kind: str, about: StripeObject) -> None:
    """An event, on its way at once; what changes afterwards is not in it."""
    event = {
        "id": f"evt_{random_id(24)}",
        "object": "event",
        "api_version": API_VERSION,
        "created": now(),
        "livemode": False,
        "type": kind,
        "data": {"object": json.loads(json.dumps(about._export()))},
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
    }
    told.append(event)
    if _outgoing is not None and webhook_url:
        _outgoing.put_nowait(event)


async def deliver_for_ever(_app: Any) -> Any:
    """One after the other; a site that is away is tried again, like at the real service."""
    global _outgoing  # noqa: PLW0603  one queue, made inside the loop it belongs to
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
                logger.warning("%s: the site says %s", event["type"], answer.status)
        except aiohttp.ClientError as exc:
            logger.warning("%s: the site is away: %s", event["type"], exc)

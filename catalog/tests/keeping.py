"""Helpers of tests about viewers' lists and comments."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.services.erasure import deletion_request
from kushfilms.core.models import Job


def at_once(do: Callable[[Any], Any], things: Iterable[Any], *, threads: int = 6) -> list[Any]:
    """Call a function for all items, several at a time, each with its own connection."""

    def one(thing: Any) -> Any:
        try:
            return do(thing)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, things))


@contextmanager
def meeting(monkeypatch: Any, module: Any, name: str, *, many: int = 2) -> Iterator[None]:
    """Make callers of a function wait for one another before any continues."""
    gate, real = Barrier(many, timeout=60), getattr(module, name)

    def late(*args: Any, **kwargs: Any) -> Any:
        gate.wait()
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, late)
        yield


def erase(person: User, run_jobs: Callable[[], int]) -> None:
    """Erase a person whose waiting time is over."""
    deletion_request(person, now=timezone.now())
    User.objects.filter(pk=person.pk).update(deletes_at=timezone.now())
    Job.objects.filter(kind="erase_person").update(not_before=timezone.now())
    run_jobs()


def pages(api: Any, url: str) -> list[Any]:
    """Return the rows of all pages."""
    rows: list[Any] = []
    following: str | None = url
    while following:
        answer = api.get(following)
        assert answer.status_code == 200, answer.content
        rows += answer.json()["results"]
        following = answer.json()["next"]
    return rows

"""Events from a lower app to higher ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from accounts.models import User
from kushfilms.core import events


@dataclass(frozen=True)
class Happened:
    what: str


@dataclass(frozen=True)
class Other:
    what: str


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    events._subscribers.pop(Happened, None)
    events._subscribers.pop(Other, None)


def test_subscribers_get_their_own_events_once() -> None:
    heard: list[object] = []
    for _ in range(2):
        events.subscribe(Happened)(heard.append)
    events.subscribe(Other)(heard.append)
    events.emit(Happened("a"))
    assert heard == [Happened("a")]


def test_an_event_without_subscribers_is_ignored() -> None:
    events.emit(Happened("a"))


@pytest.mark.django_db
def test_a_failing_subscriber_rolls_back_the_change(viewer: User) -> None:
    @events.subscribe(Happened)
    def refuse(_event: Happened) -> None:
        raise LookupError

    @transaction.atomic
    def rename() -> None:
        User.objects.filter(pk=viewer.pk).update(name="Changed")
        events.emit(Happened("a"))

    with pytest.raises(LookupError):
        rename()
    viewer.refresh_from_db()
    assert viewer.name == "Aisha"

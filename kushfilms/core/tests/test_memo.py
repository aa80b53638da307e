"""Memo of shared values, kept until the catalogue changes."""

import time
from collections.abc import Collection
from typing import Any

import pytest

from kushfilms.core.public_cache import ChangeListener, Memo, Memory, listener, memo
from kushfilms.core.public_cache.sizes import size_of


class Changes(ChangeListener):
    """A listener that hears of changes from the test; `is_heard` is its connection."""

    def __init__(self) -> None:
        super().__init__(_no_connection)
        self.is_heard = True

    @property
    def generation(self) -> int | None:
        self._last_beat_at = time.monotonic() if self.is_heard else float("-inf")
        return super().generation


def _no_connection() -> Any:
    raise AssertionError("a test has no thread")


class Films:
    """Loader with `titles` as its database; `asked` records every requested key."""

    def __init__(self) -> None:
        self.titles = {1: "Seven Hills", 2: "Nile Street", 3: "Boda"}
        self.asked: list[int] = []

    def load(self, keys: Collection[int]) -> dict[int, str]:
        self.asked += keys
        return {key: self.titles[key] for key in keys if key in self.titles}


@pytest.fixture
def changes() -> Changes:
    return Changes()


@pytest.fixture
def films() -> Films:
    return Films()


@pytest.fixture
def memory(changes: Changes, films: Films) -> Memo[int, str]:
    kept = Memory(most_bytes=100_000, changes=changes)
    return Memo(films.load, tags=lambda key, _title: (str(key),), memory=lambda: kept)


def test_asked_once_until_a_change(memory: Memo[int, str], changes: Changes, films: Films) -> None:
    assert memory.get([1, 2]) == memory.get([2, 1]) == {1: "Seven Hills", 2: "Nile Street"}
    assert films.asked == [1, 2]
    films.titles[1] = "Eight Hills"
    changes.changed("1")
    assert memory.get([1, 2]) == {1: "Eight Hills", 2: "Nile Street"}
    assert films.asked == [1, 2, 1]
    changes.changed()
    assert memory.get([1, 2]) == {1: "Eight Hills", 2: "Nile Street"}
    assert films.asked == [1, 2, 1, 1, 2]


def test_a_value_without_tags_is_dropped_by_any_change(changes: Changes, films: Films) -> None:
    kept = Memory(most_bytes=100_000, changes=changes)
    memory: Memo[int, str] = Memo(films.load, memory=lambda: kept)
    memory.get([1])
    films.titles[1] = "Eight Hills"
    changes.changed("2")
    assert memory.get([1]) == {1: "Eight Hills"}


def test_more_changes_than_are_remembered_are_changes_of_all(
    memory: Memo[int, str], changes: Changes, films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MOST_IDS", 2)
    memory.get([1, 2])
    changes.changed("1")
    changes.changed("8")
    films.asked.clear()
    memory.get([1, 2])
    assert films.asked == [1]
    changes.changed("9")
    memory.get([2])
    assert films.asked == [1, 2]


def test_without_the_listener_every_call_loads(
    memory: Memo[int, str], changes: Changes, films: Films
) -> None:
    memory.get([1])
    changes.is_heard = False
    films.titles[1] = "Eight Hills"
    assert memory.get([1]) == {1: "Eight Hills"}
    changes.is_heard = True  # connected again without a change: the old value is still cached
    assert memory.get([1]) == {1: "Seven Hills"}


def test_values_read_before_a_change_are_not_cached(changes: Changes, films: Films) -> None:
    def slow(keys: Collection[int]) -> dict[int, str]:
        found = films.load(keys)
        films.titles[1] = "Eight Hills"  # while it was on its way
        changes.changed("1")
        return found

    kept = Memory(most_bytes=100_000, changes=changes)
    memory: Memo[int, str] = Memo(slow, tags=lambda key, _title: (str(key),), memory=lambda: kept)
    assert memory.get([1]) == {1: "Seven Hills"}
    assert memory.get([1]) == {1: "Eight Hills"}


def test_all_memos_share_one_budget_of_bytes(changes: Changes, films: Films) -> None:
    kept = Memory(most_bytes=3_000, changes=changes)
    titles: Memo[int, str] = Memo(films.load, memory=lambda: kept)
    long: Memo[int, str] = Memo(lambda keys: dict.fromkeys(keys, "x" * 500), memory=lambda: kept)
    titles.get([1, 2, 3])
    long.get([7])
    assert kept.used_bytes <= kept.most_bytes
    films.asked.clear()
    titles.get([2, 3])
    assert films.asked == []
    assert titles.get([1, 9]) == {1: "Seven Hills"}
    assert titles.get([9]) == {}
    assert films.asked == [1, 9, 9]
    huge: Memo[int, bytes] = Memo(
        lambda keys: dict.fromkeys(keys, bytes(9_000)), memory=lambda: kept
    )
    assert len(huge.get([1])[1]) == 9_000
    assert kept.used_bytes <= kept.most_bytes


def test_the_size_of_a_value_counts_what_it_holds_once() -> None:
    class Film:
        def __init__(self, title: str) -> None:
            self.title = title

    text = "x" * 1_000
    assert 1_000 < size_of(Film(text)) < 1_800
    assert size_of([text, text, {"a": (text,)}]) < 1_800
    assert size_of(bytes(500)) < 600


def test_values_expire(
    memory: Memo[int, str], films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memo, "LIFETIME_SECONDS", 0.0)
    memory.get([1])
    films.titles[1] = "Eight Hills"
    assert memory.get([1]) == {1: "Eight Hills"}

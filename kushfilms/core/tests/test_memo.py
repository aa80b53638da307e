"""Memo of shared values, kept until the catalogue changes."""

from collections.abc import Collection

import pytest

from kushfilms.core.public_cache import Memo, memo


class Changes:
    """Replacement of `ChangeListener`."""

    def __init__(self) -> None:
        self.generation: int | None = 1


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
    return Memo(films.load, most=2, changes=lambda: changes)  # type: ignore[arg-type,return-value]


def test_asked_once_until_a_change(memory: Memo[int, str], changes: Changes, films: Films) -> None:
    assert memory.get([1, 2]) == memory.get([2, 1]) == {1: "Seven Hills", 2: "Nile Street"}
    assert films.asked == [1, 2]
    films.titles[1], changes.generation = "Eight Hills", 2
    assert memory.get([1]) == {1: "Eight Hills"}


def test_without_the_listener_every_call_loads(
    memory: Memo[int, str], changes: Changes, films: Films
) -> None:
    memory.get([1])
    changes.generation = None
    films.titles[1] = "Eight Hills"
    assert memory.get([1]) == {1: "Eight Hills"}
    changes.generation = 1  # connected again without a change: the old value is still cached
    assert memory.get([1]) == {1: "Seven Hills"}


def test_values_read_before_a_change_are_not_cached(changes: Changes, films: Films) -> None:
    def slow(keys: Collection[int]) -> dict[int, str]:
        found = films.load(keys)
        films.titles[1], changes.generation = "Eight Hills", 2  # while it was on its way
        return found

    memory: Memo[int, str] = Memo(slow, most=2, changes=lambda: changes)  # type: ignore[arg-type,return-value]
    assert memory.get([1]) == {1: "Seven Hills"}
    assert memory.get([1]) == {1: "Eight Hills"}


def test_the_memo_is_bounded_and_missing_keys_load_again(
    memory: Memo[int, str], films: Films
) -> None:
    memory.get([1, 2, 3])
    films.asked.clear()
    assert memory.get([2, 3]) == {2: "Nile Street", 3: "Boda"}
    assert films.asked == []
    assert memory.get([1, 9]) == {1: "Seven Hills"}
    assert memory.get([9]) == {}
    assert films.asked == [1, 9, 9]


def test_values_expire(
    memory: Memo[int, str], films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memo, "LIFETIME_SECONDS", 0.0)
    memory.get([1])
    films.titles[1] = "Eight Hills"
    assert memory.get([1]) == {1: "Eight Hills"}

"""What is everybody's in one person's lists: remembered until a change is told, and no longer."""

from collections.abc import Collection

import pytest

from kushfilms.core.public_cache import Memo, memo


class Changes:
    """`ChangeListener`, as far as it is asked."""

    def __init__(self) -> None:
        self.generation: int | None = 1


class Films:
    """`titles` are what the database says; `asked` is every key it was asked for."""

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


def test_without_word_of_changes_the_database_is_asked_every_time(
    memory: Memo[int, str], changes: Changes, films: Films
) -> None:
    memory.get([1])
    changes.generation = None
    films.titles[1] = "Eight Hills"
    assert memory.get([1]) == {1: "Eight Hills"}
    changes.generation = 1  # heard again without a change in between: nothing new was kept
    assert memory.get([1]) == {1: "Seven Hills"}


def test_what_was_read_before_a_change_is_not_kept_after_it(changes: Changes, films: Films) -> None:
    def slow(keys: Collection[int]) -> dict[int, str]:
        found = films.load(keys)
        films.titles[1], changes.generation = "Eight Hills", 2  # while it was on its way
        return found

    memory: Memo[int, str] = Memo(slow, most=2, changes=lambda: changes)  # type: ignore[arg-type,return-value]
    assert memory.get([1]) == {1: "Seven Hills"}
    assert memory.get([1]) == {1: "Eight Hills"}


def test_bounded_and_what_is_not_there_is_asked_for_again(
    memory: Memo[int, str], films: Films
) -> None:
    memory.get([1, 2, 3])
    films.asked.clear()
    assert memory.get([2, 3]) == {2: "Nile Street", 3: "Boda"}
    assert films.asked == []
    assert memory.get([1, 9]) == {1: "Seven Hills"}
    assert memory.get([9]) == {}
    assert films.asked == [1, 9, 9]


def test_counters_move_without_a_word_so_nothing_lives_long(
    memory: Memo[int, str], films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memo, "LIFETIME_SECONDS", 0.0)
    memory.get([1])
    films.titles[1] = "Eight Hills"
    assert memory.get([1]) == {1: "Eight Hills"}

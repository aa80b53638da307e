"""Limits of the figures of the code (`python -m tests.house.figures` prints them all)."""

import textwrap
from pathlib import Path

import pytest

from tests.house import figures
from tests.house.figures import Module

EVERYTHING = (*figures.PACKAGES, "dev")
MOST_ROOT_ENTRIES = 22
MOST_FMT_SKIPS = 10


MOST_SINGLE_USE_HELPERS = 250


@pytest.fixture(scope="module")
def found() -> list[Module]:
    """Return the modules of the product and of the tools of developers."""
    return figures.modules(packages=EVERYTHING)


@pytest.fixture(scope="module")
def product() -> list[Module]:
    return figures.modules()


def test_imports_have_no_circles() -> None:
    assert figures.circles() == []


def test_prose_has_at_most_one_house_word_in_a_thousand(found: list[Module]) -> None:
    house, words = figures.house_words(found)
    assert words > 10_000
    assert house * 1000 <= words, f"{house} house words in {words}"


def test_no_docstring_opens_with_a_question_word(found: list[Module]) -> None:
    assert figures.interrogative_docstrings(found) == []


def test_public_names_are_unique_in_their_app(product: list[Module]) -> None:
    assert figures.repeated_public_names(product) == {}


def test_no_module_is_named_by_a_gerund(found: list[Module]) -> None:
    assert figures.gerund_modules(found) == []


def test_code_is_formatted_by_the_formatter(product: list[Module]) -> None:
    assert figures.fmt_skips(product) <= MOST_FMT_SKIPS


def test_few_helpers_have_one_caller(product: list[Module]) -> None:
    once, _ = figures.single_use_helpers(product)
    assert once <= MOST_SINGLE_USE_HELPERS


def test_the_roots_of_apps_stay_small() -> None:
    crowded = {
        app: count for app, count in figures.root_entries().items() if count > MOST_ROOT_ENTRIES
    }
    assert crowded == {}


def test_the_figures_find_what_they_count() -> None:
    """The control: a module with one of each fault."""
    source = textwrap.dedent(
        '''
        """What nobody told us."""

        def _once():
            a, b = 1, 2  # fmt: skip
            return a, b

        def public():
            """Return the sum."""
            return _once()
        '''
    ).lstrip()
    module = Module(Path("app/telling.py"), source)
    twin = Module(Path("app/other.py"), source)
    assert figures.house_words([module]) == (2, 7)
    assert figures.interrogative_docstrings([module]) == ["app/telling.py: What nobody told us."]
    assert figures.single_use_helpers([module]) == (1, 1)
    assert figures.tuple_assignments([module]) == 1
    assert figures.fmt_skips([module]) == 1
    assert figures.gerund_modules([module]) == ["app/telling.py"]
    assert figures.repeated_public_names([module, twin]) == {
        "app.public": ["app/telling.py", "app/other.py"]
    }

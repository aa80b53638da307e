"""The catalogues against the code: nothing untranslated, nothing torn, nothing guessed."""

import re

import pytest

from kushfilms.embedded import words

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+|%%")


@pytest.fixture(scope="module")
def wanted() -> set[tuple[object, str | None]]:
    return {(message.id, message.context) for message in words.wanted_messages() if message.id}


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_text_is_translated(language: str, wanted: set[tuple[object, str | None]]) -> None:
    catalogue = [message for message in words.read(language) if message.id]
    assert {(message.id, message.context) for message in catalogue} == wanted
    assert len(wanted) > 700  # the extraction itself works
    for message in catalogue:
        assert not message.fuzzy, message.id
        assert all(_forms(message.string)), message.id


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_placeholders_and_tags_survive_translation(language: str) -> None:
    for message in words.read(language):
        if message.id:
            asked = {tuple(sorted(PLACEHOLDER.findall(text))) for text in _forms(message.id)}
            told = {tuple(sorted(PLACEHOLDER.findall(text))) for text in _forms(message.string)}
            # A singular may say "one" in words, as "a minute ago" does.
            assert told == asked, message.id


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))

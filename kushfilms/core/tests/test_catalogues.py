"""Message catalogues against the code: complete, with equal placeholders and tags."""

import re
from ast import JoinedStr

import pytest

from dev.stack import message_catalogs
from dev.stack.translatable_texts import error_texts, extract_messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[ds]|\{\w+\}|</?\w+|%%")


@pytest.fixture(scope="module")
def wanted() -> set[tuple[object, str | None]]:
    return {(message.id, message.context) for message in extract_messages() if message.id}


@pytest.mark.parametrize("language", message_catalogs.LANGUAGES)
def test_every_text_is_translated(language: str, wanted: set[tuple[object, str | None]]) -> None:
    catalogue = [message for message in message_catalogs.read(language) if message.id]
    assert {(message.id, message.context) for message in catalogue} == wanted
    assert len(wanted) > 700  # the extraction itself works
    for message in catalogue:
        assert not message.fuzzy, message.id
        assert all(_forms(message.string)), message.id


def test_no_error_text_is_formatted_before_translation() -> None:
    """An f-string: use `_("… %(name)s") % {…}`."""
    refused = list(error_texts())
    assert len(refused) > 90  # reading the code itself works
    torn = [f"{path.name}:{text.lineno}" for path, text in refused if isinstance(text, JoinedStr)]
    assert torn == []


@pytest.mark.parametrize("language", message_catalogs.LANGUAGES)
def test_placeholders_and_tags_survive_translation(language: str) -> None:
    for message in message_catalogs.read(language):
        if message.id:
            asked = {tuple(sorted(PLACEHOLDER.findall(text))) for text in _forms(message.id)}
            told = {tuple(sorted(PLACEHOLDER.findall(text))) for text in _forms(message.string)}
            # A singular may say "one" in words, as "a minute ago" does.
            assert told == asked, message.id


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))

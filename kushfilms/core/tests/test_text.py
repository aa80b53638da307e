"""Rules for text: characters that are removed, and those that languages need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kushfilms.core.errors import InvalidInput
from kushfilms.core.names import name_clean, own_name_clean
from kushfilms.core.text import (
    NOT_XML,
    email_clean,
    line_clean,
    password_normalise,
    text_clean,
    xml_safe,
)


@pytest.mark.parametrize(
    "kept",
    [
        "Nakato Aisha", "👨‍👩‍👧", "🏳️‍🌈", "👩🏾‍🚀", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇺🇬", "1️⃣", "می‌خواهم", "क्‍ष", "ශ්‍රී", "ന്‍",
        "Ŋŋoma", "Nguyễn Thị", "עִבְרִית", "O'Brien-Smith", "مُحَمَّد",
    ],
)  # fmt: skip
def test_characters_that_languages_and_emoji_need_are_kept(kept: str) -> None:
    assert line_clean(kept) == kept
    assert text_clean(kept) == kept


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("A\x0bB\x0cC\x85D\u2028E\r\nF\rG", "A B C D E F G"),
        ("A\x07\x1b\x7f\x9fB\ufffe", "AB"),
        ("A\u200bB\u2060\ufeff\u00ad", "AB"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("a\u200db a\u200c", "ab a"),
        ("\u200d👧\u200d", "👧"),
        ("e\u0301" + "\u0301" * 480, "é" + "\u0301" * 4),
        ("x\U000e0041\U000e0042", "x"),
        ("  two   words \t", "two words"),
    ],
)
def test_characters_that_a_line_loses(written: str, stored: str) -> None:
    assert line_clean(written) == stored


def test_a_text_keeps_its_lines() -> None:
    assert text_clean("One\x0bTwo\r\n\tThree\x08") == "One\nTwo\n\tThree"


@given(st.text())
def test_cleaning_twice_is_cleaning_once_and_xml_holds_it(written: str) -> None:
    for clean in (line_clean, text_clean):
        once = clean(written)
        assert clean(once) == once
        assert not NOT_XML.search(once.replace("\0", "").encode("utf-8", "ignore").decode())
    assert not NOT_XML.search(xml_safe(written))


def test_a_long_run_of_marks_is_cut_before_it_is_sorted() -> None:
    marks = "\u0316\u0301" * 200_000  # of two classes: sorting them takes the square of the length
    assert len(text_clean("a" + marks)) == 5


@pytest.mark.parametrize(
    "typed",
    [
        "x@example.com\u200b",
        "\ufeffx@example.com",
        "x\u00ad@exam\u200dple.com ",
        "\uff58@example.com",
    ],
)
def test_an_address_has_one_spelling(typed: str) -> None:
    assert email_clean(typed) == "x@example.com"


def test_a_password_has_one_spelling() -> None:
    assert password_normalise("cafe\u0301 ﬁlm") == password_normalise("café film") == "café film"


@pytest.mark.parametrize(
    "name",
    [
        "You won! http://evil.example/claim", "Claim: evil.com", "www . evil", "bit.ly/x",
        "evil\u3002com", "EVIL.COM", "\uff45vil\uff0ecom", "//evil", "t.me/kush", "\u200b\u2060",
        "\u3164", " ", "a\0b", "x" * 121,
    ],
)  # fmt: skip
def test_a_name_is_one_visible_line_without_a_link(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        name_clean(name)
    assert "name" in refused.value.extras["fields"]


@pytest.mark.parametrize(
    "name",
    [
        "Kush Films", "KUSH  FILMS Support", "\u041aush F\u0456lms", "Kush FiIms", "K.u.s.h Films",
        "Ku\u0455\u04bb Support", "Kush-Support", "Admin", "The Moderator", "support team",
        "Ku\u200bsh Fi\u200blms", "KushFi1ms", "Kush Films Uganda 🎬", "Kush Fílms",
    ],
)  # fmt: skip
def test_names_that_imitate_staff_are_refused(name: str) -> None:
    name_clean(name)  # staff may be called so
    with pytest.raises(InvalidInput):
        own_name_clean(name)


@pytest.mark.parametrize(
    "name",
    [
        "Kushaba Films", "Akush", "J.R.R. Tolkien", "Dr. Okello", "St.John Mukasa", "Adminah",
        "Nakato\nAisha", "Musa.Okello", "Supporters Club Gulu", "می‌خواهم", "Ssebunya (VJ)", "Kush",
    ],
)  # fmt: skip
def test_ordinary_names_are_accepted(name: str) -> None:
    assert own_name_clean(name) == " ".join(name.split())

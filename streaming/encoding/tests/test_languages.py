"""Tags keep script and region, and every language has a name."""

from __future__ import annotations

import pycountry
import pytest

from streaming.encoding.languages import clean_label, language_name, short_tag, unique_labels

# ruff: noqa: RUF001 - names in their own scripts are tested
TAGS = {
    "per": ("fa", "فارسی"), "cze": ("cs", "Čeština"), "yor": ("yo", "Èdè Yorùbá"),
    "ibo": ("ig", "Igbo"), "jpn": ("ja", "日本語"), "fil": ("fil", "Filipino"),
    "pt-br": ("pt-BR", "Português (Brasil)"), "es-419": ("es-419", "Español latinoamericano"),
    "zh_hant": ("zh-Hant", "繁体中文"), "lug": ("lg", "Luganda"), "ach": ("ach", "Acholi"),
    "nyn": ("nyn", "Runyankole"), "iw": ("he", "עברית"), "cmn": ("zh", "中文"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), TAGS.items())
def test_a_code_becomes_a_tag_and_a_name(code: str, expected: tuple[str, str]) -> None:
    tag = short_tag(code)
    assert (tag, language_name(tag)) == expected


@pytest.mark.parametrize("code", ["und", "mul", "zxx", "mis", "qaa", "", "x", "english!", "\x00"])
def test_what_names_no_language_is_undetermined(code: str) -> None:
    assert (short_tag(code), language_name("und")) == ("und", "")


@pytest.mark.parametrize("locale", ["en", "lg", "sw"])
def test_every_language_of_cldr_has_a_name_in_ours(locale: str) -> None:
    from babel import Locale

    tags = [str(tag) for tag in Locale.parse("en").languages if "_" not in str(tag)]
    assert [tag for tag in tags if tag != "und" and not language_name(tag, locale)] == []


@pytest.mark.parametrize("locale", ["", "en", "lg", "sw"])
def test_every_language_of_iso_639_has_a_name(locale: str) -> None:
    codes = [language.alpha_3 for language in pycountry.languages]
    named = [code for code in codes if short_tag(code) != "und"]
    assert len(named) > 7000
    assert [code for code in named if not language_name(short_tag(code), locale)] == []


@pytest.mark.parametrize(
    ("code", "name"), [("ttj", "Rutooro"), ("alz", "Alur"), ("laj", "Lango"), ("nuj", "Nyole")]
)
def test_languages_of_uganda_have_a_name(code: str, name: str) -> None:
    assert language_name(code) == name


def test_a_forced_track_is_told_from_the_others() -> None:
    tracks = [("", "en"), ("", "en"), ("", "fr")]
    labels = unique_labels(tracks, kind="Subtitles", forced=[True, False, False])
    assert labels == ["English (forced)", "English", "Français"]


def test_joiners_and_emoji_stay_in_a_label() -> None:
    assert (
        clean_label("می\u200cخواهم 👨\u200d👩\u200d👧, x=1")
        == "می\u200cخواهم 👨\u200d👩\u200d👧 x 1"
    )

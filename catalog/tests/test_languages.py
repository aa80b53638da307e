"""Names of languages: from our table, then from CLDR in the page's language."""

import pytest
from django.utils import translation

from catalog.languages import language_display, language_tag


@pytest.mark.parametrize(
    ("page", "tag", "shown"),
    [
        ("en", "lg", "Luganda"),
        ("sw", "lg", "Luganda"),
        ("en", "fa", "Persian"),
        ("lg", "fa", "Luperusi"),
        ("sw", "fa", "Kiajemi"),
        ("lg", "hr", "Croatian"),
        ("sw", "pt-BR", "Kireno (Brazili)"),
        ("en", "xyz", "xyz"),
    ],
)
def test_a_language_has_a_name_in_the_language_of_the_page(page: str, tag: str, shown: str) -> None:
    with translation.override(page):
        assert language_display(tag) == shown


@pytest.mark.parametrize(("asked", "tag"), [("Luganda", "lg"), ("persian", "fa"), ("fa", "fa")])
def test_a_language_is_found_by_its_name(asked: str, tag: str) -> None:
    assert language_tag(asked) == tag

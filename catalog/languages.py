"""Languages by the names that films carry and by the tags of their audio tracks."""

from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

from languages import NAMES, LanguageNames, iso_name

# Names that editors are offered for a track.
OFFERED_NAMES = [names.page for names in NAMES.values() if names.page]
TAGS = {
    name.casefold(): tag
    for tag, names in NAMES.items()
    for name in (names.page, names.track, *names.others)
    if name
}


@cache
def _tags_by_name() -> dict[str, str]:
    """Return the tags of all languages by CLDR's English name; our own table takes precedence."""
    languages = Locale.parse("en").languages.items()
    by_name = {str(name).casefold(): tag.replace("_", "-") for tag, name in languages}
    return by_name | TAGS


def language_tag(name_or_tag: str) -> str:
    """Return the tag of a language; text that is no known name is taken as a tag."""
    folded = name_or_tag.strip().casefold()
    return _tags_by_name().get(folded, folded)


def language_names(name_or_tag: str) -> list[str]:
    """Return the names that films may use for a language."""
    names = NAMES.get(language_tag(name_or_tag), LanguageNames())
    return [
        name_or_tag.strip(),
        *filter(None, dict.fromkeys((names.page, names.track, *names.others))),
    ]


def language_display(tag: str) -> str:
    """Return the name of a track's language, in the language of the page where CLDR has it.

    Otherwise it is the English name, or the tag if that names no language.
    """
    if tag in NAMES and NAMES[tag].page:
        return NAMES[tag].page
    shown = _displayed(tag, get_language() or "en") or _displayed(tag, "en")
    return shown or iso_name(tag.partition("-")[0]) or tag


@cache
def _displayed(tag: str, locale: str) -> str:
    try:
        names = Locale.parse(locale, sep="-").languages
    except (UnknownLocaleError, ValueError):
        return ""
    language, _, rest = tag.partition("-")
    if name := names.get(tag.replace("-", "_")):
        return str(name)
    name = names.get(language, "")
    return f"{name} ({rest})" if name and rest else str(name)

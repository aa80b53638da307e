"""Languages by the names films carry and by the tags of their audio tracks."""

from functools import cache

import pycountry
from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

# BCP 47 tags, and the names editors and viewers use for each.
NAMES: dict[str, tuple[str, ...]] = {
    "en": ("English",),
    "lg": ("Luganda", "Ganda"),
    "sw": ("Kiswahili", "Swahili"),
    "nyn": ("Runyankole", "Runyankore", "Runyankole-Rukiga"),
    "cgg": ("Rukiga",),
    "nyo": ("Runyoro",),
    "ttj": ("Rutooro",),
    "xog": ("Lusoga",),
    "teo": ("Ateso",),
    "ach": ("Acholi",),
    "luo": ("Luo", "Dholuo"),
    "lgg": ("Lugbara", "Lugbarati"),
    "alz": ("Alur",),
    "kdj": ("Karamojong", "Ŋakarimojoŋ"),
    "laj": ("Lango",),
    "adh": ("Dhopadhola", "Adhola", "Japadhola"),
    "gwr": ("Lugwere",),
    "koo": ("Lukonzo", "Rukonjo"),
    "luc": ("Aringa",),
    "mhi": ("Madi",),
    "myx": ("Lumasaaba", "Lugisu"),
    "lsm": ("Lusaamia",),
    "rw": ("Kinyarwanda",),
    "fr": ("French", "Français"),
    "ar": ("Arabic",),
    "hi": ("Hindi",),
    "ko": ("Korean",),
    "zh": ("Chinese", "Mandarin"),
    "es": ("Spanish",),
    "tr": ("Turkish",),
    "yo": ("Yoruba",),
    "am": ("Amharic",),
    "so": ("Somali",),
    "ln": ("Lingala",),
}
TAGS = {name.casefold(): tag for tag, names in NAMES.items() for name in names}


@cache
def _tags_by_name() -> dict[str, str]:
    """Every language of CLDR by its English name; ours lead."""
    names = Locale.parse("en").languages.items()
    by_name = {str(name).casefold(): tag.replace("_", "-") for tag, name in names}
    return by_name | TAGS


def language_tag(name_or_tag: str) -> str:
    """The tag of a language given by name or by tag; what is neither is taken as a tag."""
    folded = name_or_tag.strip().casefold()
    return _tags_by_name().get(folded, folded)


def language_names(name_or_tag: str) -> list[str]:
    """What films may call the language asked for."""
    return [name_or_tag.strip(), *NAMES.get(language_tag(name_or_tag), ())]


def language_display(tag: str) -> str:
    """What viewers call a track's language, in the language of the page where CLDR has its name,
    else in English; the tag where it names no language.
    """
    if tag in NAMES:
        return NAMES[tag][0]
    shown = _displayed(tag, get_language() or "en") or _displayed(tag, "en")
    return shown or _iso_name(tag.partition("-")[0]) or tag


def _iso_name(language: str) -> str:
    """The English name in ISO 639-3, which has thousands of languages more than CLDR."""
    found = pycountry.languages.get(alpha_3=language)
    return str(found.name) if found else ""


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

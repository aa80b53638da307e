"""Names of the languages films come in, for the pages of `catalog` and the encoding engine.

CLDR (`babel`) and ISO 639-3 (`pycountry`) name nearly every language. This table holds what they
lack or name otherwise than Uganda does. It is a package of its own, because the engine may depend
neither on Django nor on an app.
"""

from typing import NamedTuple

import pycountry


class LanguageNames(NamedTuple):
    """`page`: on our pages, in whichever language they are; empty: CLDR's name in that language.

    `track`: on an audio or subtitle track; empty: CLDR's name in the language itself. `others` are
    names that editors and viewers use as well.
    """

    page: str = ""
    track: str = ""
    others: tuple[str, ...] = ()


# By BCP 47 tag.
NAMES: dict[str, LanguageNames] = {
    "en": LanguageNames("English", "English"),
    "lg": LanguageNames("Luganda", "Luganda", ("Ganda",)),
    "sw": LanguageNames("Kiswahili", "Kiswahili", ("Swahili",)),
    "nyn": LanguageNames("Runyankole", "Runyankole", ("Runyankore", "Runyankole-Rukiga")),
    "cgg": LanguageNames("Rukiga", "Rukiga"),
    "nyo": LanguageNames("Runyoro", "Runyoro"),
    "ttj": LanguageNames("Rutooro", "Rutooro"),
    "xog": LanguageNames("Lusoga", "Lusoga"),
    "teo": LanguageNames("Ateso", "Ateso"),
    "ach": LanguageNames("Acholi", "Acholi"),
    "luo": LanguageNames("Luo", "Luo", ("Dholuo",)),
    "lgg": LanguageNames("Lugbara", "Lugbara", ("Lugbarati",)),
    "alz": LanguageNames("Alur", "Alur"),
    "kdj": LanguageNames("Karamojong", "Ŋakarimojoŋ"),
    "laj": LanguageNames("Lango", "Lango"),
    "adh": LanguageNames("Dhopadhola", "Dhopadhola", ("Adhola", "Japadhola")),
    "gwr": LanguageNames("Lugwere", "Lugwere"),
    "koo": LanguageNames("Lukonzo", "Lukonzo", ("Rukonjo",)),
    "luc": LanguageNames("Aringa", "Aringa"),
    "mhi": LanguageNames("Madi", "Madi"),
    "myx": LanguageNames("Lumasaaba", "Lumasaaba", ("Lugisu",)),
    "lsm": LanguageNames("Lusaamia", "Lusaamia"),
    "rw": LanguageNames("Kinyarwanda", "Kinyarwanda"),
    "fr": LanguageNames("French", "Français"),
    "ar": LanguageNames("Arabic", "العربية"),
    "hi": LanguageNames("Hindi", "हिन्दी"),
    "ko": LanguageNames("Korean", "한국어"),
    "zh": LanguageNames("Chinese", "中文", ("Mandarin",)),
    "es": LanguageNames("Spanish", "Español"),
    "tr": LanguageNames("Turkish"),
    "yo": LanguageNames("Yoruba"),
    "am": LanguageNames("Amharic"),
    "so": LanguageNames("Somali"),
    "ln": LanguageNames("Lingala"),
    "pt": LanguageNames(track="Português"),
    "de": LanguageNames(track="Deutsch"),
}


def iso_name(language: str) -> str:
    """Return the English name in ISO 639-3, which has thousands of languages more than CLDR."""
    found = pycountry.languages.get(alpha_3=language)
    return str(found.name) if found else ""

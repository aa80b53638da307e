"""Languages by the names films carry and by the tags of their audio tracks."""

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
    "lgg": ("Lugbara",),
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


def language_tag(asked: str) -> str:
    """The tag of a language given by name or by tag; what is neither is taken as a tag."""
    folded = asked.strip().casefold()
    return TAGS.get(folded, folded)


def language_names(asked: str) -> list[str]:
    """What films may call the language asked for."""
    return [asked.strip(), *NAMES.get(language_tag(asked), ())]


def language_shown(tag: str) -> str:
    """What viewers call a track's language; the tag where nobody has told us."""
    return NAMES.get(tag, (tag,))[0]

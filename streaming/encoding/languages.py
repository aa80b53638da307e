"""Language tags and track names. Containers carry ISO 639-2; players want BCP 47."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from languages import NAMES, iso_name

# ISO 639-2's bibliographic codes, which containers still carry; CLDR knows the others.
BIBLIOGRAPHIC = {
    "alb": "sq", "arm": "hy", "baq": "eu", "bur": "my", "chi": "zh", "cze": "cs", "dut": "nl",
    "fre": "fr", "geo": "ka", "ger": "de", "gre": "el", "ice": "is", "mac": "mk", "mao": "mi",
    "may": "ms", "per": "fa", "rum": "ro", "slo": "sk", "tib": "bo", "wel": "cy",
}  # fmt: skip
TRACK_NAMES = {tag: names.track for tag, names in NAMES.items() if names.track}
# Codes that name no language: undetermined, uncoded, several, no linguistic content, reserved.
NO_LANGUAGE = re.compile(r"und|mis|mul|zxx|q[a-t][a-z]|root|unk")
TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-[a-z]{3})?(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|\d{3}))?(?P<rest>(?:-[a-z0-9]{1,8})*)",
    re.IGNORECASE,
)
# Joiners inside words (Persian, Indic scripts) and emoji (families), which titles may have.
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
LONGEST_LABEL = 60
LONGEST_TAG = 16  # of `Movie.audio_languages`


@cache
def short_tag(code: str) -> str:
    """Return the BCP 47 tag of a container's language code, with its script and region.

    Return "und" for a code that names no language.
    """
    found = TAG.fullmatch(code.strip().replace("_", "-"))
    if not found:
        return "und"
    language = found["language"].lower()
    if NO_LANGUAGE.fullmatch(language):
        return "und"
    aliases = get_global("language_aliases")
    language = BIBLIOGRAPHIC.get(language) or aliases.get(language, language)
    language, _, implied = language.replace("_", "-").partition("-")
    parts = [language]
    script = found["script"] or (implied if len(implied) == 4 else "")
    if script:
        parts.append(script.title())
    if found["region"]:
        parts.append(found["region"].upper())
    tag = "-".join(parts)
    return tag if len(tag) <= LONGEST_TAG else language


@cache
def language_name(tag: str, locale: str = "") -> str:
    """Return the name of a language: its speakers' own, or that in `locale` (en, lg, sw).

    Where neither CLDR nor we have a name in that locale it is the English one, if need be of ISO
    639-3, and "" for a code that names no language.
    """
    if tag == "und":
        return ""
    language, _, rest = tag.partition("-")
    if tag in TRACK_NAMES and not locale:
        return TRACK_NAMES[tag]
    own = _displayed(tag, locale or language)
    if not own and rest and language in TRACK_NAMES and not locale:
        own = f"{TRACK_NAMES[language]} ({rest})"
    return own or _displayed(tag, "en") or TRACK_NAMES.get(language, "") or iso_name(language)


def _displayed(tag: str, locale: str) -> str:
    try:
        shown = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        return ""
    language, _, rest = tag.partition("-")
    name = shown.languages.get(tag.replace("-", "_")) or shown.languages.get(language, "")
    if not name:
        return ""
    details = []
    if tag.replace("-", "_") not in shown.languages:
        for part in filter(None, rest.split("-")):
            names = shown.scripts if len(part) == 4 and part.isalpha() else shown.territories
            details.append(str(names.get(part, part)))
    name = name[:1].upper() + name[1:]
    return f"{name} ({', '.join(details)})" if details else name


def clean_label(title: str) -> str:
    """Remove quotes, which would end an HLS attribute, and commas and "=", which end a field."""
    kept = re.sub(
        rf"[^\w .()&'{JOINERS}\N{{VARIATION SELECTOR-16}}\U0001F000-\U0001FAFF-]", " ", title
    )
    return " ".join(kept.split())[:LONGEST_LABEL]


def unique_labels(
    tracks: Sequence[tuple[str, str]], *, kind: str, forced: Sequence[bool] = ()
) -> list[str]:
    """Return a name for each (title, language), unique within its group as HLS requires.

    Forced subtitles without a title get names that differ from the others.
    """
    labels: list[str] = []
    for number, (title, language) in enumerate(tracks, start=1):
        label = clean_label(title)
        if not label:
            label = clean_label(language_name(language)) or f"{kind} {number}"
            label += " (forced)" if forced and forced[number - 1] else ""
        labels.append(label if label not in labels else f"{label} {number}")
    return labels

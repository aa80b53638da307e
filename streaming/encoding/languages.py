"""Language tags and track names. Containers carry ISO 639-2; players want BCP 47."""

from __future__ import annotations

import re
from collections.abc import Sequence

# ISO 639-2 (both B and T codes) -> BCP 47's shortest form, for the languages we are likely to meet
SHORT_TAGS = {
    "eng": "en", "lug": "lg", "swa": "sw", "nyn": "nyn", "ach": "ach", "luo": "luo", "kin": "rw",
    "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "por": "pt", "ita": "it",
    "ara": "ar", "hin": "hi", "zho": "zh", "chi": "zh", "kor": "ko", "jpn": "ja", "rus": "ru",
    "tur": "tr", "amh": "am", "som": "so", "yor": "yo", "ibo": "ig", "hau": "ha", "zul": "zu",
    "xho": "xh", "afr": "af", "lin": "ln", "nld": "nl", "dut": "nl", "tam": "ta", "tel": "te",
}  # fmt: skip
NAMES = {
    "en": "English", "lg": "Luganda", "sw": "Kiswahili", "nyn": "Runyankole", "ach": "Acholi",
    "luo": "Luo", "rw": "Kinyarwanda", "fr": "Français", "ar": "العربية", "hi": "हिन्दी",
    "es": "Español", "pt": "Português", "de": "Deutsch", "zh": "中文", "ko": "한국어",
}  # fmt: skip


def short_tag(code: str) -> str:
    """BCP 47 tag of a container's language code; "und" for what is no tag at all."""
    tag = code.strip().lower().replace("_", "-")
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", tag):
        return "und"
    return SHORT_TAGS.get(tag, tag)


def clean_label(title: str) -> str:
    """Quotes would end an HLS attribute; commas and "=" would end a packager field."""
    return " ".join(re.sub(r"[^\w .()&'-]", " ", title).split())[:60]


def unique_labels(tracks: Sequence[tuple[str, str]], *, kind: str) -> list[str]:
    """A name for each (title, language): HLS wants NAME unique within its group."""
    labels: list[str] = []
    for number, (title, language) in enumerate(tracks, start=1):
        label = clean_label(title) or NAMES.get(language) or f"{kind} {number}"
        labels.append(label if label not in labels else f"{label} {number}")
    return labels

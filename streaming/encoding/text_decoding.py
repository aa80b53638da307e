"""Decoding of text files: as Unicode where possible, else in a code page of the language.

Unicode is recognised by its marks and its patterns. Bytes alone do not identify a code page (the
same byte is é, й or ي), but the language that the uploader chose leaves few candidates. Of these
the one with the fewest characters in impossible positions is taken.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

WESTERN = ("cp1252", "mac_roman", "cp850", "cp1250", "cp1254")
CENTRAL = ("cp1250", "iso8859_2", "mac_latin2", "cp852", "cp1252")
CYRILLIC = ("cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic")
ARABIC = ("cp1256", "iso8859_6", "cp720", "cp864")
PAGES: dict[str, tuple[str, ...]] = {
    "tr": ("cp1254", "cp857", "iso8859_9"), "az": ("cp1254",), "ku": ("cp1254", "cp1256"),
    "el": ("cp1253", "iso8859_7", "cp737"), "he": ("cp1255", "cp862"), "yi": ("cp1255",),
    "ar": ARABIC, "fa": ARABIC, "ur": ARABIC, "ps": ARABIC,
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk", "kk", "ky", "mn", "tg"), CYRILLIC),
    "sr": (*CYRILLIC, *CENTRAL),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl", "bs", "sq"), CENTRAL),
    **dict.fromkeys(("lt", "lv", "et"), ("cp1257", "iso8859_13", "cp775")),
    "zh": ("gb18030", "big5hkscs"), "zh-Hant": ("big5hkscs", "gb18030"),
    "zh-TW": ("big5hkscs", "gb18030"), "zh-HK": ("big5hkscs", "gb18030"),
    "ja": ("cp932", "euc_jp", "iso2022_jp"), "ko": ("cp949", "johab"),
    "th": ("cp874",), "vi": ("cp1258", "utf_7"),
}  # fmt: skip
MULTIBYTE = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "johab", "iso2022_jp"})
# Share of the bytes beyond ASCII that may decode to misplaced characters in the right code page.
MOST_ODD = 0.15
MOST_ACCENTED = 0.6  # of the characters, in any language written in Latin script
LATIN_END = "\u02af"
CJK = "\u2e80"
INSIDE_WORDS = "\u2019\u2018\u00b7\u200c\u200d"  # apostrophes, Catalan's dot, joiners
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings of ASCII without a mark by which of each four bytes are 0.
UNMARKED_WIDE: dict[tuple[bool, ...], str] = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}


@dataclass(frozen=True, kw_only=True)
class DecodedText:
    text: str
    encoding: str
    damaged: int = 0  # characters that show as U+FFFD


class UnreadableTextError(ValueError):
    """Raised when no code page of the language makes words of the bytes."""


def decode(data: bytes, *, language: str = "und") -> DecodedText:
    """Raise UnreadableTextError when the bytes are no text of this language."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _replacing(data, encoding)
    # UTF-16 and UTF-32 without a mark: half or three quarters of ASCII's bytes are 0.
    head = data[:400]
    quarter = max(1, len(head) // 4)
    empty = tuple(head[offset::4].count(0) > quarter * 0.6 for offset in range(4))
    if empty in UNMARKED_WIDE:
        return _replacing(data, UNMARKED_WIDE[empty])
    try:
        return DecodedText(text=data.decode("utf-8"), encoding="utf-8")
    except UnicodeDecodeError:
        pass
    damaged = _replacing(data, "utf-8")
    whole = sum(1 for char in damaged.text if char > "\x7f") - damaged.damaged
    if whole > damaged.damaged:  # a wrong byte damages one character, not the others
        return damaged
    return _by_page(data, language=language)


def _replacing(data: bytes, encoding: str) -> DecodedText:
    text = data.decode(encoding, errors="replace")
    return DecodedText(text=text, encoding=encoding, damaged=text.count("\ufffd"))


def pages_of(language: str) -> tuple[str, ...]:
    base = language.partition("-")[0]
    return PAGES.get(language) or PAGES.get(base) or WESTERN


def _by_page(data: bytes, *, language: str) -> DecodedText:
    best: tuple[float, DecodedText] | None = None
    for page in pages_of(language):
        try:
            text = data.decode(page)
        except UnicodeDecodeError:
            if page not in MULTIBYTE:
                text = data.decode(page, errors="replace")
            else:
                continue
        odd = _odd(text) / max(1, sum(1 for byte in data if byte > 0x7F))
        if best is None or odd < best[0] - 0.01:
            found = DecodedText(text=text, encoding=page, damaged=text.count("\ufffd"))
            best = (odd, found)
    if best is None or best[0] > MOST_ODD:
        raise UnreadableTextError
    if best[1].encoding in (*WESTERN, *CENTRAL):
        # A Latin page that turns nearly every character into an accented one: the text is of
        # another script.
        characters = [char for char in best[1].text if char.isalpha()]
        accented = sum(1 for char in characters if char > "\x7f")
        if accented > MOST_ACCENTED * len(characters):
            raise UnreadableTextError
    return best[1]


def _odd(text: str) -> int:
    """Count characters beyond ASCII in positions that no word has.

    Those are capitals after small characters, signs inside words, two scripts in one word, and
    characters that no language writes.
    """
    odd = 0
    for before, char, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if char <= "\x7f":
            continue
        # U+2500 to U+25FF are boxes and blocks of DOS, U+E000 to U+F8FF Unicode's private use area.
        if (
            char == "\ufffd"
            or "\x80" <= char <= "\x9f"
            or "\u2500" <= char <= "\u25ff"
            or "\ue000" <= char <= "\uf8ff"
        ):
            odd += 1
        elif not char.isalpha():
            odd += char < CJK and char not in INSIDE_WORDS and before.isalpha() and after.isalpha()
        elif (char.isupper() and before.islower()) or (
            LATIN_END < char < CJK
            and any(other <= "\x7f" and other.isalpha() for other in before + after)
        ):
            odd += 1
    return odd

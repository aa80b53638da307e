"""Rules for text from people and files, applied once where it enters.

Every serializer field (`kushfilms.core.api.fields`), form field (`kushfilms.core.form_fields`) and
import calls one of these functions, so that no row holds characters that a feed, a sheet or a page
cannot show. A NUL character and lone surrogates are kept: the fields refuse them with a 400.
"""

import re
import unicodedata

# Marks per base character. Scripts that stack marks need three, Hebrew verse at most four.
MOST_MARKS = 4
# Normalisation sorts a run of marks in the square of its length, so it is cut before.
MOST_MARKS_SORTED = 30
# Vertical tab (a line break of word processors), form feed, NEL, line and paragraph separator.
BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 controls except NUL, tab and newline; interlinear annotation; noncharacters.
CONTROLS = re.compile(
    r"[\x01-\x08\x0e-\x1f\x7f-\x9f\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff"
    r"\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0010fffe\U0010ffff]"
)
# Characters that XML 1.0 cannot hold, not even escaped.
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Embeddings, overrides and isolates reverse the text beside them on the page.
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Format characters, fillers and blanks: invisible, so two texts could look the same.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u2065"
    "\u206a-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
JOINERS = "\u200c\u200d"
# Blocks whose characters change shape with a joiner: Arabic to Mandaic, the Indic ones to Sinhala,
# Tibetan, Myanmar, Khmer, Mongolian, their supplements, and the Brahmic scripts of the SMP.
JOINING = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1000-\u109f\u1780-\u18af\u1cd0-\u1cff"
    "\ua8e0-\ua8ff\uaa60-\uaa7f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00011000-\U00011fff]"
)
EMOJI_PARTS = re.compile("[\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")
# Subdivision flags: a black flag, tag characters, a closing tag.
TAGGED_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f")
FLAG_PLACE = "\uf8ff"  # a private-use character, which cannot stand in a cleaned text
PRIVATE = re.compile(FLAG_PLACE)
# Unicode categories L, N, P and S can be seen; marks, spaces and controls cannot.
SEEN = frozenset("LNPS")


def text_clean(written: str) -> str:
    """Return text of several lines: NFC, newline as the only break, no controls, few marks."""
    if written.isascii() and written.isprintable():
        return written
    text = _marks_bounded(CONTROLS.sub("", BREAKS.sub("\n", written)), most=MOST_MARKS_SORTED)
    return _marks_bounded(unicodedata.normalize("NFC", text), most=MOST_MARKS)


def line_clean(written: str) -> str:
    """Return one line: as `text_clean`, single spaces, nothing invisible and no direction marks.

    Joiners stay inside emoji and inside words of scripts that need them.
    """
    text = BIDI.sub("", text_clean(written))
    if text.isascii():
        return " ".join(text.split())
    flags = TAGGED_FLAG.findall(text)
    text = TAGGED_FLAG.sub(FLAG_PLACE, PRIVATE.sub("", text)) if flags else text
    text = INVISIBLE.sub("", text)
    if any(joiner in text for joiner in JOINERS):
        text = "".join(char for at, char in enumerate(text) if _stays(text, at))
    for flag in flags:
        text = text.replace(FLAG_PLACE, flag, 1)
    return " ".join(text.split())


def email_clean(written: str) -> str:
    """Return an address as typed, without compatibility forms, invisible characters and spaces."""
    text = unicodedata.normalize("NFKC", CONTROLS.sub("", BREAKS.sub("", written)))
    for pattern in (INVISIBLE, BIDI):
        text = pattern.sub("", text)
    return text.translate({ord(joiner): None for joiner in JOINERS}).strip()


def password_normalise(typed: str) -> str:
    """Return one form of a password, whichever keyboard composed it (NFKC)."""
    return unicodedata.normalize("NFKC", typed)


def xml_safe(text: str) -> str:
    """Return the text without characters that XML 1.0 forbids, for rows older than these rules."""
    return NOT_XML.sub("", text)


def seen_count(text: str) -> int:
    """Return how many characters of a text can be seen."""
    return sum(not INVISIBLE.match(char) and unicodedata.category(char)[0] in SEEN for char in text)


def _stays(text: str, at: int) -> bool:
    """Return whether to keep the character: it is no joiner, or a joiner with a purpose."""
    if text[at] not in JOINERS:
        return True
    before = text[at - 1 : at] if at else ""
    after = text[at + 1 : at + 2]
    if before and JOINING.match(before):
        return True
    return _pictures(before) and _pictures(after)


def _pictures(char: str) -> bool:
    """Return whether the character is a part of an emoji."""
    if not char:
        return False
    return unicodedata.category(char) == "So" or bool(EMOJI_PARTS.match(char))


def _marks_bounded(text: str, *, most: int) -> str:
    """Return the text with at most so many combining marks on one base character."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category in {"Mn", "Me"}:
            marks += 1
        elif category != "Cf":  # a joiner between marks begins no new base
            marks = 0
        if marks <= most or category not in {"Mn", "Me"}:
            kept.append(char)
    return "".join(kept)

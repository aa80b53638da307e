"""Uploaded subtitle files: read, or refused with the faulty line."""

import pytest

from streaming.encoding.timed_text import SubtitleFaultError, read_subtitles

LINES = "1\n00:00:01,500 --> 00:00:03,000\nDéjà vu à Kampala, señor\n"
VTT = "WEBVTT - made by hand\n\nSTYLE\n::cue { color: red }\n\nNOTE not for\nviewers\n\n"


def one(start: str, end: str, text: str = "Oli otya?") -> str:
    return f"1\n{start} --> {end}\n{text}\n\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_every_encoding_a_person_is_likely_to_have(encoding: str) -> None:
    (cue,) = read_subtitles(LINES.encode(encoding), duration_seconds=60).cues
    assert (cue.start, cue.end, cue.text) == (1.5, 3.0, "Déjà vu à Kampala, señor")


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
def test_webvtt_without_its_notes_and_styles(break_: str) -> None:
    text = VTT + "00:01.000 --> 00:02.000 line:80%\n<v Aisha>Oli <i>otya</i>?\n- Bulungi\n"
    (cue,) = read_subtitles(text.replace("\n", break_).encode(), duration_seconds=60).cues
    assert cue.text == "Oli <i>otya</i>?\n- Bulungi"


def test_nothing_in_it_can_script_or_break_out() -> None:
    text = one("00:00:01,000", "00:00:02,000", "<script>alert(1)</script><b>a</b> 1 < 2 --> 3 \0")
    text = text.replace("--> 3", "-> 3")
    (cue,) = read_subtitles(text.encode(), duration_seconds=60).cues
    assert cue.text == "alert(1)<b>a</b> 1 &lt; 2 -> 3"


def test_a_last_line_is_cut_to_the_film() -> None:
    (cue,) = read_subtitles(one("00:00:58,000", "00:01:02,000").encode(), duration_seconds=60).cues
    assert cue.end == 60


CROWD = "".join(one("00:00:01,000", "00:00:09,000", str(number)) for number in range(5))
FAULTS = {
    b"": "no subtitles in this file",
    b"\0\0\0\0": "no subtitles in this file",
    b"\x89PNG\r\n\x1a\n" + bytes(range(256)): "no subtitles in this file",
    b"Roses are red.\n" * 50: "no subtitles in this file",
    b"1\n00:00:01,000 --> soon\nx\n": "Line 2: \u201c00:00:01,000 --> soon\u201d is not a time",
    one("00:00:03,000", "00:00:02,000").encode(): "Line 2 ends before it starts",
    one(
        "01:30:00,000", "01:30:02,000"
    ).encode(): "Line 2 ends at 01:30:02, but the film ends at 00",
    one("00:00:01,000", "99:99:99,000").encode(): "Line 2 ends at",
    CROWD.encode(): "Line 18: more than 4",
    one("00:00:01,000", "00:00:02,000", "<script></script>").encode(): "no text",
    one("00:00:01,000", "00:00:02,000", "a" * 1001).encode(): "Line 2 has 1001 characters",
    (one("00:00:01,000", "00:00:02,000") * 20_001).encode(): "At most 20000 are allowed",
}


@pytest.mark.parametrize(("data", "words"), FAULTS.items(), ids=FAULTS.values())
def test_faulty_lines_are_named(data: bytes, words: str) -> None:
    with pytest.raises(SubtitleFaultError, match="^.*" + words):
        read_subtitles(data, duration_seconds=60)

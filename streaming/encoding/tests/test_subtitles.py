"""Embedded subtitles as a player shows them, and files in many code pages."""

# ruff: noqa: RUF001 - characters of other scripts are tested

from __future__ import annotations

from pathlib import Path

import pytest

from streaming.encoding.captions import Cue, parse_cues
from streaming.encoding.facts import NoticeCode
from streaming.encoding.planner import plan_encode
from streaming.encoding.probe import probe_source
from streaming.encoding.subtitles import extract_subtitle
from streaming.encoding.tests.clips import AAC, X264, make, picture, sound
from streaming.encoding.text_decoding import decode
from streaming.encoding.timed_text import SubtitleFaultError, read_subtitles

ASS = r"""[Script Info]
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Default,Arial,20,&H00FFFFFF,2
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.20,0:00:00.60,Default,,0,0,0,,{\p1}m 348 49 l 367 49 367 60{\p0}
Dialogue: 0,0:00:00.60,0:00:01.00,Default,,0,0,0,,First\N\NSecond
Dialogue: 0,0:00:01.00,0:00:01.40,Default,,0,0,0,,\N\NBelow
Dialogue: 0,0:00:01.40,0:00:01.80,Default,,0,0,0,,one\htwo{a note}{\b1} bold{\b0}
Dialogue: 0,0:00:01.80,0:00:02.20,Default,,0,0,0,,{\an8}At the top, with, commas
"""
LATIN = "1\n00:00:00,500 --> 00:00:01,000\nOù est-il passé ?\n\n"
LATIN += "2\n00:00:01,000 --> 00:00:01,500\nplain\n\n"
LATIN += "3\n00:00:01,500 --> 00:00:02,000\nDéjà là\n"


def extracted(
    folder: Path, name: str, data: bytes, *, codec: str, suffix: str = "mkv"
) -> list[Cue]:
    (folder / name).write_bytes(data)
    film = make(folder / f"film.{suffix}", *picture(), *sound(), "-i", str(folder / name), "-map",
                "0", "-map", "1", "-map", "2", *X264, *AAC, "-c:s", codec)  # fmt: skip
    return cues_of(film, folder)


def cues_of(film: Path, folder: Path) -> list[Cue]:
    facts = probe_source(str(film), size_bytes=film.stat().st_size)
    plan = plan_encode(facts)
    out = folder / "out.vtt"
    extract_subtitle(str(film), plan, track=plan.subtitles[0], out_path=out)
    return parse_cues(out.read_text())


@pytest.mark.encode
def test_ass_is_shown_as_a_player_shows_it(tmp_path: Path) -> None:
    cues = extracted(tmp_path, "in.ass", ASS.encode(), codec="copy")
    assert [(cue.text, cue.settings) for cue in cues] == [
        ("First\nSecond", ""),
        ("Below", ""),
        ("one\N{NO-BREAK SPACE}two<b> bold</b>", ""),
        ("At the top, with, commas", "line:0"),
    ]


@pytest.mark.encode
def test_latin_1_inside_matroska_keeps_its_lines(tmp_path: Path) -> None:
    cues = extracted(tmp_path, "in.srt", LATIN.encode("latin-1"), codec="copy")
    assert [cue.text for cue in cues] == ["Où est-il passé ?", "plain", "Déjà là"]


@pytest.mark.encode
def test_webvtt_of_mkvmerge_is_read(tmp_path: Path) -> None:
    """Write SubRip with ffmpeg and change its codec name to mkvmerge's for WebVTT."""
    (tmp_path / "in.srt").write_bytes(LATIN.encode())
    film = make(
        tmp_path / "film.mkv", *picture(), "-i", str(tmp_path / "in.srt"), *X264, "-c:s", "subrip"
    )
    data = film.read_bytes()
    old = b"\x86\x8bS_TEXT/UTF8"
    new = b"\x86\x8dS_TEXT/WEBVTT"
    at = data.find(old)
    from streaming.encoding.tests.corpus import matroska_replace

    film.write_bytes(matroska_replace(data, at, old, new, within=(b"\xae",)))
    assert [cue.text for cue in cues_of(film, tmp_path)] == [
        "Où est-il passé ?",
        "plain",
        "Déjà là",
    ]


@pytest.mark.encode
def test_omitted_subtitles_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "in.srt").write_bytes(LATIN.encode())
    film = make(tmp_path / "film.mkv", *picture(size="320x180"), "-i", str(tmp_path / "in.srt"),
                *X264, "-c:s", "subrip")  # fmt: skip
    data = film.read_bytes().replace(b"S_TEXT/UTF8", b"S_HDMV/XXXX")
    film.write_bytes(data)
    facts = probe_source(str(film), size_bytes=len(data))
    assert [notice.code for notice in facts.notices] == [NoticeCode.UNREADABLE_SUBTITLES_LEFT_OUT]
    assert facts.subtitles == ()


VTT = "WEBVTT\n\n"
FILES = {
    "cue names": (
        f"{VTT}Speaker 1\n00:01.000 --> 00:02.000\nHey there\n\n"
        "Speaker 2\n00:02.000 --> 00:03.000\nHello\n\n6a1c-44\n00:03.000 --> 00:04.000\nBye\n",
        ["Hey there", "Hello", "Bye"],
    ),
    "a number as last line, WebVTT": (
        f"{VTT}00:01.000 --> 00:02.000\nWelcome to\n1999\n\n"
        "00:02.000 --> 00:03.000\nHow many?\n42\n",
        ["Welcome to\n1999", "How many?\n42"],
    ),
    "a number as last line, SubRip": (
        "1\n00:00:01,000 --> 00:00:02,000\nWelcome to\n1999\n\n2\n00:00:02,000 --> 00:00:03,000\n"
        "How many?\n42\n",
        ["Welcome to\n1999", "How many?\n42"],
    ),
    "SubRip without numbers": (
        "00:00:01,000 --> 00:00:02,000\nin\n1999\n\n00:00:02,000 --> 00:00:03,000\n42\n",
        ["in\n1999", "42"],
    ),
    "SubRip with an empty line inside": (
        "1\n00:00:01,000 --> 00:00:02,000\nabove\n\nbelow\n\n2\n00:00:02,000 --> 00:00:03,000\nx\n",
        ["above\nbelow", "x"],
    ),
    "a heart": (
        "1\n00:00:01,000 --> 00:00:02,000\nI <3 you <i>so</i> much & more\n",
        ["I &lt;3 you <i>so</i> much &amp; more"],
    ),
    "joiners": ("1\n00:00:01,000 --> 00:00:02,000\nمی‌خواهم 👨‍👩‍👧\n", ["می‌خواهم 👨‍👩‍👧"]),
    "braces are text": (
        "1\n00:00:01,000 --> 00:00:02,000\n{sighs} {\\i1}oh{\\i0}\n",
        ["{sighs} <i>oh</i>"],
    ),
    "WebVTT's times and voices": (
        f"{VTT}00:01.000 --> 00:02.000\n<v Aisha>Oli <00:01.500><c.red>otya</c>?\n",
        ["Oli otya?"],
    ),
}


@pytest.mark.parametrize(("text", "shown"), FILES.values(), ids=FILES.keys())
def test_all_text_and_nothing_else(text: str, shown: list[str]) -> None:
    read = read_subtitles(text.encode(), duration_seconds=60)
    assert [cue.text for cue in read.cues] == shown


@pytest.mark.parametrize(
    ("timing", "settings"),
    [
        ("00:01.000 --> 00:02.000 line:0 align:start", "line:0 align:start"),
        ("00:01.000 --> 00:02.000 position:10%,line-left", "position:10%,line-left"),
        ("00:01.000 --> 00:02.000 onclick:alert(1) line:x", ""),
    ],
)
def test_positions_stay(timing: str, settings: str) -> None:
    (cue,) = read_subtitles(f"{VTT}{timing}\nx\n".encode(), duration_seconds=60).cues
    assert cue.settings == settings


WORDS = {
    "tr": ("cp1254", "Işık açık, değil mi? Şimdi gidiyoruz, güneş doğdu."),
    "pl": ("cp1250", "Zażółć gęślą jaźń. Śniło mi się, że ktoś krzyczał."),
    "cs": ("iso8859_2", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
    "el": ("cp1253", "Καλημέρα, τι κάνεις σήμερα; Πάμε στη θάλασσα."),
    "he": ("cp1255", "שלום, מה שלומך היום? אני בסדר גמור."),
    "ru": ("cp1251", "Привет, как дела? Всё хорошо, спасибо."),
    "uk": ("koi8_r", "Привет, как дела? Все хорошо."),
    "ar": ("cp1256", "مرحبا، كيف حالك اليوم؟ أنا بخير."),
    "zh": ("gbk", "你好,今天天气很好。我们去公园吧。"),
    "zh-TW": ("big5", "你好,今天天氣很好。我們去公園吧。"),
    "ko": ("cp949", "안녕하세요, 오늘 날씨가 좋네요."),
    "ja": ("shift_jis", "こんにちは、今日はいい天気ですね。"),
    "fr": ("cp1252", "Où est-il passé ? Ça va être « très » drôle."),
    "pt": ("mac_roman", "Não há ninguém lá. Você está atrasado, é você."),
    "de": ("cp850", "Grüße, schöne Straße, übermäßig groß."),
    "es": ("latin-1", "¿Dónde está el niño? ¡Mañana será otro día!"),
}


@pytest.mark.parametrize(
    ("language", "page", "words"), [(tag, *rest) for tag, rest in WORDS.items()]
)
def test_the_language_decides_the_code_page(language: str, page: str, words: str) -> None:
    data = f"1\n00:00:01,000 --> 00:00:02,000\n{words}\n".encode(page)
    (cue,) = read_subtitles(data, duration_seconds=60, language=language).cues
    assert cue.text == words


@pytest.mark.parametrize("language", ["lg", "en", "pl", "tr"])
def test_text_in_another_script_is_refused(language: str) -> None:
    data = "1\n00:00:01,000 --> 00:00:02,000\nКогда ты придёшь домой, мама? Скоро.\n".encode(
        "cp1251"
    )
    with pytest.raises(SubtitleFaultError, match="cannot be read in the language you chose"):
        read_subtitles(data, duration_seconds=60, language=language)


@pytest.mark.parametrize("spoilt", [b"\xe9", b"\xff", b"\xc3"])
def test_a_wrong_byte_damages_one_character(spoilt: bytes) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nOù est-il passé, déjà".encode()
    read = read_subtitles(text + spoilt + b" x\n", duration_seconds=60)
    assert read.cues[0].text == "Où est-il passé, déjà\N{REPLACEMENT CHARACTER} x"
    assert read.damaged == 1


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8-sig"]
)
def test_unicode_with_and_without_a_mark(encoding: str) -> None:
    assert decode(LATIN.encode(encoding)).text.lstrip("\ufeff") == LATIN

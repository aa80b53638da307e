"""Soundtrack of a film: inputs for ffmpeg, and the names of their streams."""

from pathlib import Path

from dev.demo.film import Film, Line
from dev.demo.sound.score import Speech, mix_speech, play
from dev.demo.sound.tones import RATE

# Pitches of the voices in a film, in turn. A VJ is louder, over all other sound.
SPEAKERS_HZ = (186.0, 128.0)
SUBTITLE_CODECS = {"mkv": "srt", "mp4": "mov_text", "mov": "mov_text"}
# Slight reverberation for the synthetic instruments.
ECHO = "aecho=0.8:0.95:46|87:0.22|0.14"


def sound_inputs(film: Film, *, first: int, folder: Path) -> list[str]:
    """Return inputs from number `first` on: one or two audio tracks, then subtitles."""
    music = play(film.score, seconds=film.seconds)
    sounds = [mix_speech(music, _dialogue(film))]
    if film.vj:
        sounds.append(mix_speech(music, _narration(film)))
    inputs = []
    maps = ["-map", "[film]"]
    for n, sound in enumerate(sounds):
        path = folder / f"sound{n}"
        path.write_bytes(sound)
        inputs += ["-f", "s16le", "-ar", str(RATE), "-ac", "2", "-i", str(path)]
        maps += ["-map", f"{first + n}:a"]
    for n, language in enumerate(("english", "luganda") if film.subtitled else ()):
        path = folder / f"{language}.srt"
        path.write_text(_srt(film.lines, language))
        inputs += ["-i", str(path)]
        maps += ["-map", f"{first + len(sounds) + n}:s"]
    # ffmpeg requires all inputs before the options that map the outputs.
    return [*inputs, *maps]


def _dialogue(film: Film) -> tuple[Speech, ...]:
    return tuple(
        Speech(at=line.starts, words=line.english, hz=SPEAKERS_HZ[n % 2], gain=0.4)
        for n, line in enumerate(film.lines)
    )


def _narration(film: Film) -> tuple[Speech, ...]:
    if film.vj is None:
        return ()
    return tuple(
        Speech(at=line.starts, words=line.luganda, hz=film.vj.hz, gain=0.8) for line in film.lines
    )


def _srt(lines: tuple[Line, ...], language: str) -> str:
    cues = [
        f"{n}\n{_clock(line.starts)} --> {_clock(line.ends)}\n{getattr(line, language)}\n"
        for n, line in enumerate(lines, start=1)
    ]
    return "\n".join(cues)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"00:{whole // 60:02}:{whole % 60:02},{round((seconds - whole) * 1000):03}"


def sound_options(film: Film) -> list[str]:
    """Return the codecs and metadata of audio tracks and subtitles."""
    original = "lug" if film.language == "Luganda" else "eng"
    named = ["-metadata:s:a:0", f"language={original}"]
    if film.vj:
        named += ["-metadata:s:a:0", f"title=Original ({film.language})",
                  "-metadata:s:a:1", "language=lug",
                  "-metadata:s:a:1", f"title={film.vj.name} (Luganda)",
                  "-disposition:a:1", "0"]  # fmt: skip
    if film.subtitled:
        named += ["-c:s", SUBTITLE_CODECS[film.container], "-metadata:s:s:0", "language=eng",
                  "-metadata:s:s:1", "language=lug"]  # fmt: skip
    return ["-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-af", ECHO, *named]

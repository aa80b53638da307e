"""Music in a notation of one character for each step, and speech over it."""

from array import array
from dataclasses import dataclass
from itertools import cycle, islice

from dev.demo.sound import tones
from dev.demo.sound.tones import RATE, Samples

# Tuning of a Ganda xylophone, about five equal steps in an octave, in semitones.
SCALE = (0, 2.4, 4.8, 7.2, 9.6)
SECONDS_A_SYLLABLE = 0.17


@dataclass(frozen=True, kw_only=True)
class Part:
    """Part of a score. `notes` has one character for each step, and is repeated.

    `1`-`9` and `a`-`f` are degrees, `.` is a rest. A drum has `D` (deep), `o` (open) and `t` (rim);
    a shaker has `x`.
    """

    voice: str
    notes: str
    octave: int = 0
    gain: float = 0.5
    pan: float = 0.0  # -1 left to 1 right
    enters: float = 0.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Score:
    root: float  # Hz
    step: float  # seconds
    parts: tuple[Part, ...]
    rain: float = 0.0  # loudness of the rain


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Speech from a moment on, with the pitch of the voice."""

    at: float
    words: str
    hz: float
    gain: float = 0.5


class Mix:
    """Mix of two channels, `seconds` long."""

    def __init__(self, seconds: float) -> None:
        self.length = int(seconds * RATE)
        self._sides = [array("f", bytes(4 * self.length)) for _ in range(2)]

    def copy(self) -> "Mix":
        other = Mix(0)
        other.length = self.length
        other._sides = [side[:] for side in self._sides]
        return other

    def add(self, sound: Samples, *, at: float, gain: float, pan: float = 0.0) -> None:
        start = int(at * RATE)
        end = min(self.length, start + len(sound))
        if start >= end:
            return
        for side, level in zip(
            self._sides, (gain * (1 - pan) / 2, gain * (1 + pan) / 2), strict=True
        ):
            held = side[start:end]
            side[start:end] = array("f", [a + level * b for a, b in zip(held, sound, strict=False)])

    def pcm(self, *, loudness: float = 0.19) -> bytes:
        """Return interleaved 16 bit samples with an RMS of `loudness` and softly limited peaks."""
        left, right = self._sides
        power = sum(x * x for x in left) + sum(x * x for x in right)
        scale = loudness / ((power / (2 * self.length)) ** 0.5 or 1.0)
        pairs = array("f", bytes(8 * self.length))
        pairs[0::2] = left
        pairs[1::2] = right
        # x / (1 + 0.7 |x|) keeps quiet samples and stays below 1.43, which is full scale.
        return array(
            "h", [int(22_900 * (y := x * scale) / (1 + abs(y) * 0.7)) for x in pairs]
        ).tobytes()


def play(score: Score, *, seconds: float) -> Mix:
    """Return the score as a mix of `seconds`."""
    mix = Mix(seconds)
    for part in score.parts:
        _play_part(mix, score, part, seconds=seconds - 1.5)
    if score.rain:
        for n in range(int(seconds / 6) + 1):
            mix.add(tones.rain(), at=n * 6.0, gain=score.rain)
    return mix


def mix_speech(music: Mix, speech: tuple[Speech, ...]) -> bytes:
    """Return speech over music, as 16 bit stereo at `tones.RATE`."""
    mix = music.copy()
    for line in speech:
        _say(mix, line)
    return mix.pcm()


def _play_part(mix: Mix, score: Score, part: Part, *, seconds: float) -> None:
    steps = max(0, int((seconds - part.enters) / score.step))
    for n, note in enumerate(islice(cycle(part.notes), steps)):
        if note != ".":
            accent = 1.0 if n % 4 == 0 else 0.78
            at = part.enters + n * score.step
            mix.add(_sound(score, part, note), at=at, gain=part.gain * accent, pan=part.pan)


def _sound(score: Score, part: Part, note: str) -> Samples:
    if part.voice == "drum":
        return tones.drum({"D": 62.0, "o": 118.0, "t": 240.0}[note])
    if part.voice == "shaker":
        return tones.shaker()
    degree = int(note, 16) - 1
    semitones = SCALE[degree % 5] + 12 * (degree // 5 + part.octave)
    hz = score.root * 2 ** (semitones / 12)
    voices = {"pluck": tones.pluck, "marimba": tones.marimba, "bass": tones.bass,
              "flute": tones.flute}  # fmt: skip
    return voices[part.voice](hz)


def _say(mix: Mix, line: Speech) -> None:
    """Add a sung vowel for each written one, with a varying and falling pitch like speech."""
    vowels = [char for char in line.words.lower() if char in tones.VOWELS]
    at = line.at
    for n, vowel in enumerate(vowels):
        share = n / max(1, len(vowels) - 1)
        tone = (1.0, 1.19, 1.06, 1.26, 0.94)[(n * 3 + ord(vowel)) % 5] * (1.08 - 0.22 * share)
        long = 1.9 if n == len(vowels) - 1 else 1.0
        sound = tones.syllable(
            vowel, round(line.hz * tone), seconds=SECONDS_A_SYLLABLE * long, rise=-0.08
        )
        mix.add(sound, at=at, gain=line.gain)
        at += SECONDS_A_SYLLABLE * (1.1 if n % 3 else 0.85)

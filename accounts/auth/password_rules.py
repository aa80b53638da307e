"""Validators of passwords: visible characters, and no passwords that are guessed first."""

import re
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from kushfilms.core.text import line_clean, password_normalise, seen_count

SHORTEST = 8
# Digits and signs that are written for characters of the alphabet.
WRITTEN = str.maketrans("0134578@$!", "oieastbasi")
# Common words of this place: the service, the country, its towns, teams and languages.
CONTEXT = (
    "kushfilms", "kushfilm", "kush", "films", "film", "movies", "movie", "uganda", "ugandan",
    "kampala", "entebbe", "jinja", "gulu", "mbarara", "masaka", "mbale", "arua", "luganda",
    "buganda", "kabaka", "museveni", "africa", "matooke", "rolex", "boda", "bodaboda", "mzungu",
    "webale", "karibu", "cranes", "arsenal", "chelsea", "liverpool", "manchester", "united",
    "password", "passw", "pass", "letmein", "welcome", "qwerty", "admin", "login", "secret",
    "premium", "basic", "netflix", "mtn", "airtel",
)  # fmt: skip
OURS = frozenset({"kush", "kushfilm", "kushfilms", "filmskush", "kushfilmsuganda"})
# Also the country's dialling code.
YEAR_OR_COUNT = re.compile(r"(?:19|20)\d\d|0*\d{0,2}|123+4*5*6*7*8*9*0?|(\d)\1*|0*256")
AROUND = "0123456789!@#$%^&*.,?_- "


class VisiblePasswordValidator:
    """Validator that counts visible characters, not spaces or zero-width characters."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Check the password. Raises ValidationError."""
        line = line_clean(password_normalise(password))
        if len(line) < SHORTEST or seen_count(line) < SHORTEST // 2:
            raise ValidationError(
                _("Use at least 8 visible characters."), code="password_invisible"
            )

    def get_help_text(self) -> str:
        return str(gettext_lazy("Use at least 8 visible characters."))


class GuessablePasswordValidator:
    """Validator that refuses our name, local words and common passwords with a year or a count."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Check the password. Raises ValidationError."""
        typed = password_normalise(password).casefold()
        if _of_context(typed) or _common_with_number(typed):
            raise ValidationError(
                _("This password is easy to guess. Choose another."),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return str(gettext_lazy("This password is easy to guess. Choose another."))


def _of_context(typed: str) -> bool:
    """Return whether the password is only context words, with a year or a plain count."""
    bare = re.sub(r"[^a-z]", "", typed)
    spelled = re.sub(r"[^a-z]", "", typed.strip(AROUND).translate(WRITTEN))
    if {bare, spelled} & OURS:
        return True
    if not YEAR_OR_COUNT.fullmatch(re.sub(r"\D", "", typed)):
        return bool(spelled != bare and _words().fullmatch(spelled))
    return any(_words().fullmatch(letters) for letters in (bare, spelled))


def _common_with_number(typed: str) -> bool:
    """Return whether the password is a common one with a year or a plain count around it."""
    word = typed.strip(AROUND)
    around = re.sub(r"\D", "", typed.replace(word, " ", 1)) if word else typed
    return bool(word) and word in _common() and bool(YEAR_OR_COUNT.fullmatch(around))


@cache
def _words() -> re.Pattern[str]:
    longest_first = sorted(CONTEXT, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(longest_first)})+")


@cache
def _common() -> frozenset[str]:
    """Return the words of Django's list of 20,000, of four characters and more."""
    return frozenset(word for word in CommonPasswordValidator().passwords if len(word) > 3)

"""Strength of a configured secret, judged by its text alone."""

import re

# Values of sample files and tutorials, our .env.example among them, and the keys of our tests.
PLACEHOLDER = re.compile(
    r"change[-_ ]?(this|me)|your[-_]|placeholder|example|super[-_]?secret|insecure|test[-_]only"
    r"|^x+$|^test$",
    re.IGNORECASE,
)
SHORTEST_SECRET = 32
# 32 random hexadecimal digits hold 14 different ones on average, and fewer than 9 in one of
# 100,000 keys.
FEWEST_CHARACTERS = 9


def is_placeholder(secret: str) -> bool:
    return bool(PLACEHOLDER.search(secret))


def is_guessable(secret: str) -> bool:
    """Return whether the secret is one character, or a short piece, over and over."""
    if len(set(secret)) < FEWEST_CHARACTERS:
        return True
    # Length of the shortest piece of which the text is a repetition; its own length without one.
    period = (secret + secret).index(secret, 1)
    return period <= len(secret) // 2

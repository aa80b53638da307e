"""The same as English here: only the words differ."""

from kushfilms.formats.en.formats import *  # noqa: F403

"""Formats of Swahili, the same as of English."""

from kushfilms.formats.en.formats import *  # noqa: F403

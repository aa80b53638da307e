"""Admin pages of videos, work and playback."""

from streaming.admin import (  # noqa: F401  Each registers its pages.
    assets,
    film_states,
)

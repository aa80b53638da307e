"""Staff's pages of video files and playback."""

from streaming.admin import (  # noqa: F401  Each registers its pages.
    assets,
    film_states,
)

"""What this app holds on people (`accounts.held_data`)."""

from accounts.held_data import held_data
from catalog.models import WatchHistory

held_data(
    "watch_history",
    about="What you watched and how far, so that you can go on there.",
    model=WatchHistory,
    fields={
        "movie__title": "film",
        "progress": "progressSeconds",
        "completed": "completed",
        "watched_at": "watchedAt",
    },
)

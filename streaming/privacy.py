"""Personal data of streaming, declared for export and erasure (`accounts.privacy.registry`)."""

from accounts.privacy.registry import personal_data
from streaming.models import PlaybackSession, VideoAsset

personal_data(
    "playback",
    about="When, where and on what you watched; for the number of streams your plan has.",
    model=PlaybackSession,
    fields={
        "asset__movie__title": "film",
        "device_name": "device",
        "country": "country",
        "started_at": "startedAt",
        "last_heartbeat_at": "lastSeenAt",
        "ended_at": "endedAt",
    },
)
personal_data(
    "uploads",
    about="Films you uploaded as staff. The films stay; who uploaded them is forgotten.",
    model=VideoAsset,
    owner="uploaded_by",
    fields={"filename": "file", "created_at": "uploadedAt"},
    blank={"uploaded_by": None},
)

"""Videos from the uploaded file to the objects that a player fetches.

VideoAsset   one uploaded source of a film's feature or trailer
Encode       one run of the pipeline over an asset
WorkItem     one row of the ledger: a piece of an encode, done by one worker under a lease
Package      one finished, immutable set of objects below `media/{asset}/{number}/`
Rendition, AudioTrack, Subtitle   what an asset offers
VideoWarning one sentence for staff about a difference between film and source
PlaybackSession   one viewer watching one asset on one device
"""

from streaming.models.assets import (
    AssetKind,
    AssetStatus,
    AudioTrack,
    Subtitle,
    TrackSource,
    Trash,
    VideoAsset,
)
from streaming.models.encodes import (
    Encode,
    EncodeState,
    Package,
    PackageStage,
    Rendition,
    Tier,
    WorkItem,
    WorkKind,
    WorkState,
)
from streaming.models.playback import PlaybackSession
from streaming.models.warnings import VideoWarning

__all__ = [
    "AssetKind",
    "AssetStatus",
    "AudioTrack",
    "Encode",
    "EncodeState",
    "Package",
    "PackageStage",
    "PlaybackSession",
    "Rendition",
    "Subtitle",
    "Tier",
    "TrackSource",
    "Trash",
    "VideoAsset",
    "VideoWarning",
    "WorkItem",
    "WorkKind",
    "WorkState",
]

"""Subtitles that staff add to a finished film or remove from it.

The row decides; the live package is made again to match it (`repackage.py`), and running playback
keeps the package it has.
"""

from uuid import uuid4

from django.db import transaction
from django.db.models import Max

from accounts.services.audit import audit_write
from catalog.models import Movie
from kushfilms.core import storage
from kushfilms.core.errors import InvalidInput, NotFound, TooLarge
from streaming.encoding.captions import write_vtt
from streaming.encoding.facts import Notice, NoticeCode
from streaming.encoding.languages import clean_label, language_name
from streaming.encoding.timed_text import ReadSubtitles, SubtitleFaultError, read_subtitles
from streaming.models import Subtitle, TrackSource, VideoAsset
from streaming.services.package_tracks import package_facts_read
from streaming.services.tracks import (
    FIRST_ADDED_POSITION,
    asset_locked,
    finished_asset,
    track_tag,
    tracks_changed,
)
from streaming.services.warnings import warnings_set

MOST_BYTES = 2 * 1024**2
PREVIEW_CUES = 10  # shown before the subtitles are saved


def subtitle_add(
    movie: Movie, *, data: bytes, language: str, label: str = "", default: bool = False
) -> Subtitle:
    """Add subtitles to the film; they replace those in the same language, except forced ones.

    Raises:
        TooLarge, InvalidInput: with a sentence that names the faulty line.
        WrongState: `not_ready` without a video; `encode_again`.
        StorageError: storage is away; nothing was added.
    """
    asset = finished_asset(movie)
    tag = track_tag(language)
    read = subtitle_read(asset, data=data, language=tag)
    package_facts_read(asset.live_package)  # type: ignore[arg-type]  # a finished asset has one
    token = uuid4().hex[:12]
    key = f"tracks/{asset.pk}/{token}.vtt"
    storage.put_bytes(key, write_vtt(read.cues).encode(), content_type="text/vtt")
    row = Subtitle(
        asset=asset,
        source=TrackSource.UPLOADED,
        language=tag,
        label=clean_label(label) or clean_label(language_name(tag)) or tag,
        default=default,
        name=f"s-{token}-{tag}",
        key=key,
    )
    return _replace(row, read=read)


def subtitle_read(asset: VideoAsset, *, data: bytes, language: str) -> ReadSubtitles:
    """Return the cues that viewers would get from a file. Raises TooLarge, InvalidInput."""
    if len(data) > MOST_BYTES:
        raise TooLarge(f"Subtitle files can have up to {MOST_BYTES // 1024**2} MiB.")
    try:
        return read_subtitles(data, duration_seconds=asset.duration_seconds, language=language)
    except SubtitleFaultError as exc:
        raise InvalidInput(str(exc), fields={"file": [str(exc)]}) from exc


def subtitle_preview(movie: Movie, *, data: bytes, language: str) -> ReadSubtitles:
    """Return what `subtitle_add` would offer, and save nothing. Raises as `subtitle_add`."""
    return subtitle_read(finished_asset(movie), data=data, language=track_tag(language))


@transaction.atomic
def _replace(row: Subtitle, *, read: ReadSubtitles) -> Subtitle:
    asset = asset_locked(row.asset_id)
    # The replaced text stays in storage as long as the film: a worker may be reading it now.
    before = asset.subtitles.filter(language=row.language, forced=False)
    old = {"replaced": list(before.values_list("label", flat=True))}
    before.delete()
    if asset.subtitles.filter(label=row.label).exists():
        fault = f"Other subtitles are called “{row.label}”. Choose a different name."
        raise InvalidInput(fault, fields={"label": [fault]})
    if row.default:
        asset.subtitles.filter(default=True).update(default=False)
    last = asset.subtitles.aggregate(last=Max("position"))["last"] or 0
    row.position = max(FIRST_ADDED_POSITION, last + 1)
    row.save()
    tracks_changed(asset)
    notices = []
    if read.damaged:
        values = {"label": row.label, "count": str(read.damaged)}
        notices.append(Notice(code=NoticeCode.SUBTITLE_CHARACTERS_REPLACED, values=values))
    warnings_set(asset, f"ADDED-{row.language}", notices)
    new = {
        "language": row.language,
        "label": row.label,
        "default": row.default,
        "lines": len(read.cues),
    }
    audit_write("movie.subtitle_add", asset.movie, old=old, new=new)
    return row


@transaction.atomic
def subtitle_remove(movie: Movie, *, subtitle_id: int) -> None:
    """Remove subtitles. Encoding the film again restores those of its own file.

    Raises:
        NotFound: the film has no such subtitles.
        WrongState: `not_ready`, `encode_again`.
    """
    asset = asset_locked(finished_asset(movie).pk)
    row = asset.subtitles.filter(pk=subtitle_id).first()
    if row is None:
        raise NotFound("This film has no such subtitles.")
    row.delete()
    warnings_set(asset, f"ADDED-{row.language}", [])
    tracks_changed(asset)
    old = {"language": row.language, "label": row.label}
    audit_write("movie.subtitle_remove", asset.movie, old=old)

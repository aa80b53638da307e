"""Subtitles added to a film and taken off it, by staff, whether it is being watched or not.

The row is the truth; a package that was made without it is made again (`retracking.py`).
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
    FIRST_ADDED,
    asset_locked,
    finished_asset,
    track_tag,
    tracks_changed,
)
from streaming.services.warnings import warnings_set

MOST_BYTES = 2 * 1024**2


def subtitle_add(
    movie: Movie, *, data: bytes, language: str, label: str = "", default: bool = False
) -> Subtitle:
    """Offer these lines with the film. What it had in this language goes, but forced ones.

    Raises:
        TooLarge, InvalidInput: with a sentence that names the line.
        WrongState: `not_ready` without a video; `encode_again`.
        StorageError: nothing was added.
    """
    asset = finished_asset(movie)
    tag = track_tag(language)
    read = subtitle_read(asset, data=data, language=tag)
    package_facts_read(asset.live_package)  # type: ignore[arg-type]  # finished: there is one
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
    return _put(row, read=read)


def subtitle_read(asset: VideoAsset, *, data: bytes, language: str) -> ReadSubtitles:
    """The cues that viewers would get of these bytes. Raises TooLarge, InvalidInput."""
    if len(data) > MOST_BYTES:
        raise TooLarge(f"Subtitles have at most {MOST_BYTES // 1024**2} MiB. This is another file.")
    try:
        return read_subtitles(data, duration_seconds=asset.duration_seconds, language=language)
    except SubtitleFaultError as exc:
        raise InvalidInput(str(exc), fields={"file": [str(exc)]}) from exc


def subtitle_preview(movie: Movie, *, data: bytes, language: str) -> ReadSubtitles:
    """What `subtitle_add` would offer; nothing is kept. Raises what it raises."""
    return subtitle_read(finished_asset(movie), data=data, language=track_tag(language))


@transaction.atomic
def _put(row: Subtitle, *, read: ReadSubtitles) -> Subtitle:
    asset = asset_locked(row.asset_id)
    # Its text stays in storage as long as the film: a worker may be reading it just now.
    before = asset.subtitles.filter(language=row.language, forced=False)
    old = {"replaced": list(before.values_list("label", flat=True))}
    before.delete()
    if asset.subtitles.filter(label=row.label).exists():
        fault = f"Other subtitles of this film are called “{row.label}”. Give these another name."
        raise InvalidInput(fault, fields={"label": [fault]})
    if row.default:
        asset.subtitles.filter(default=True).update(default=False)
    last = asset.subtitles.aggregate(last=Max("position"))["last"] or 0
    row.position = max(FIRST_ADDED, last + 1)
    row.save()
    tracks_changed(asset)
    warnings_set(asset, f"ADDED-{row.language}", _notices(row, read))
    new: dict[str, object] = {"language": row.language, "label": row.label, "default": row.default}
    new["lines"] = len(read.cues)
    audit_write("movie.subtitle_add", asset.movie, old=old, new=new)
    return row


def _notices(row: Subtitle, read: ReadSubtitles) -> list[Notice]:
    if not read.damaged:
        return []
    values = {"label": row.label, "count": str(read.damaged)}
    return [Notice(code=NoticeCode.SUBTITLE_CHARACTERS_REPLACED, values=values)]


@transaction.atomic
def subtitle_remove(movie: Movie, *, subtitle_id: int) -> None:
    """Take a track off the film. Encoding it again brings back what stands in its file.

    Raises:
        NotFound: not one of this film's.
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

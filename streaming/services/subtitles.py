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
from streaming.encoding.languages import clean_label, language_name
from streaming.encoding.timed_text import SubtitleFaultError, read_subtitles
from streaming.models import Subtitle, TrackSource
from streaming.services.offered import facts_read
from streaming.services.tracks import (
    FIRST_ADDED,
    asset_locked,
    finished_asset,
    track_tag,
    tracks_tell,
)

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
    if len(data) > MOST_BYTES:
        raise TooLarge(f"Subtitles have at most {MOST_BYTES // 1024**2} MiB. This is another file.")
    tag = track_tag(language)
    try:
        cues = read_subtitles(data, duration_seconds=asset.duration_seconds)
    except SubtitleFaultError as exc:
        raise InvalidInput(str(exc), fields={"file": [str(exc)]}) from exc
    facts_read(asset.live_package)  # type: ignore[arg-type]  # finished: there is one
    token = uuid4().hex[:12]
    key = f"tracks/{asset.pk}/{token}.vtt"
    storage.put_bytes(key, write_vtt(cues).encode(), content_type="text/vtt")
    row = Subtitle(
        asset=asset,
        source=TrackSource.UPLOADED,
        language=tag,
        label=clean_label(label) or clean_label(language_name(tag)) or tag,
        default=default,
        name=f"s-{token}-{tag}",
        key=key,
    )
    return _put(row, cues=len(cues))


@transaction.atomic
def _put(row: Subtitle, *, cues: int) -> Subtitle:
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
    tracks_tell(asset)
    new = {"language": row.language, "label": row.label, "default": row.default, "lines": cues}
    audit_write("movie.subtitle_add", asset.movie, old=old, new=new)
    return row


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
    tracks_tell(asset)
    old = {"language": row.language, "label": row.label}
    audit_write("movie.subtitle_remove", asset.movie, old=old)

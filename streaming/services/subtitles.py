"""Subtitles added to a film and taken off it, by staff, whether it is being watched or not.

The row is the truth; a package that was made without it is made again (`retracking.py`).
"""

from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max

from accounts.services.audit import audit_write
from catalog.languages import language_tag
from catalog.models import Movie
from kushfilms.core import storage
from kushfilms.core.errors import InvalidInput, NotFound, TooLarge, WrongState
from streaming.encoding.captions import write_vtt
from streaming.encoding.languages import NAMES, clean_label, short_tag
from streaming.encoding.timed_text import SubtitleFaultError, read_subtitles
from streaming.models import AssetKind, Subtitle, TrackSource, VideoAsset
from streaming.services.encodes import retrack_enqueue
from streaming.services.offered import facts_read

MOST_BYTES = 2 * 1024**2
FIRST_ADDED = 100


def subtitle_add(
    movie: Movie, *, data: bytes, language: str, label: str = "", default: bool = False
) -> Subtitle:
    """Offer these lines with the film. What it had in this language goes, but forced ones.

    Raises:
        TooLarge, InvalidInput: with a sentence that names the line.
        WrongState: `not_ready` without a video; `encode_again`.
        StorageError: nothing was added.
    """
    asset = _finished(movie)
    if len(data) > MOST_BYTES:
        raise TooLarge(f"Subtitles have at most {MOST_BYTES // 1024**2} MiB. This is another file.")
    tag = _tag(language)
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
        label=clean_label(label) or NAMES.get(tag) or tag,
        default=default,
        name=f"s-{token}-{tag}",
        key=key,
    )
    return _put(row, cues=len(cues))


@transaction.atomic
def _put(row: Subtitle, *, cues: int) -> Subtitle:
    asset = _locked(row.asset_id)
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
    _tell(asset)
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
    asset = _locked(_finished(movie).pk)
    row = asset.subtitles.filter(pk=subtitle_id).first()
    if row is None:
        raise NotFound("This film has no such subtitles.")
    row.delete()
    _tell(asset)
    old = {"language": row.language, "label": row.label}
    audit_write("movie.subtitle_remove", asset.movie, old=old)


def _finished(movie: Movie) -> VideoAsset:
    current = VideoAsset.objects.filter(movie=movie, kind=AssetKind.FEATURE, is_current=True)
    asset = current.select_related("live_package").first()
    if asset is None:
        raise WrongState("Upload the film's video first.", code="not_ready")
    return asset


def _locked(asset_id: UUID) -> VideoAsset:
    """Raises NotFound when the film was deleted meanwhile."""
    rows = VideoAsset.objects.select_for_update(of=("self",)).select_related("movie")
    asset = rows.filter(pk=asset_id).first()
    if asset is None:
        raise NotFound("There is no such film.")
    return asset


def _tell(asset: VideoAsset) -> None:
    VideoAsset.objects.filter(pk=asset.pk).update(tracks_version=F("tracks_version") + 1)
    retrack_enqueue(asset)


def _tag(language: str) -> str:
    tag = short_tag(language_tag(language))
    if tag == "und" or len(tag) > 16:
        fault = "Choose a language, by its name or its tag: Luganda, lg."
        raise InvalidInput(fault, fields={"language": [fault]})
    return tag

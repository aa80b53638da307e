"""Positions of a film's audio tracks: adding one, removing one, and the default track."""

from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.services.audit import audit_write
from kushfilms.core.errors import InvalidInput, KushError, WrongState
from streaming.encoding.languages import language_name
from streaming.encoding.plan import EncodePlan
from streaming.models import AudioTrack, Encode, TrackSource, VideoAsset
from streaming.services.encodes import encode_finish, encode_give_up
from streaming.services.ledger import WorkFailure
from streaming.services.narrators import narrator_credit
from streaming.services.tracks import (
    FIRST_ADDED_POSITION,
    asset_locked,
    finished_asset,
    tracks_changed,
)


def audio_track_check(film: VideoAsset, row: AudioTrack) -> None:
    """Refuse a track the film has already.

    Raises:
        WrongState: `track_exists`.
        InvalidInput: another track has this name.
    """
    same = _same(film, row)
    if same.filter(source=TrackSource.EMBEDDED).exists():
        raise WrongState(
            f"The film's own file has {_description(row)}. Name the VJ of this track.",
            code="track_exists",
        )
    if same.exists() and not row.replaces:
        raise WrongState(
            f"The film already has {_description(row)}. To replace it, upload it as a replacement.",
            code="track_exists",
        )
    others = film.audio_tracks.exclude(pk__in=same)
    if others.filter(label=row.label).exists():
        fault = f"Another audio track is called “{row.label}”. Choose a different name."
        raise InvalidInput(fault, fields={"label": [fault]})


def _same(film: VideoAsset, row: AudioTrack) -> QuerySet[AudioTrack]:
    return film.audio_tracks.filter(language=row.language, narrator=row.narrator)


def _description(row: AudioTrack) -> str:
    language = language_name(row.language) or row.language
    return f"{language} narrated by {row.vj}" if row.vj else f"{language} without a VJ"


def audio_track_publish(encode: Encode) -> None:
    """Offer the track an encode made, or fail the encode where the film refuses the track.

    The caller has locked the encode's row.
    """
    row = encode.asset.audio_tracks.select_related("narrator").get()
    try:
        film = asset_locked(finished_asset(encode.asset.movie).pk)
        audio_track_check(film, row)
        _check_cut(film, encode)
    except KushError as exc:
        encode_give_up(encode, WorkFailure(exc.error_code, exc.message, retryable=False))
        return
    replaced = list(_same(film, row).select_related("encode__asset", "narrator"))
    for old in replaced:
        audio_track_detach(old)
    # The track comes after all others; the film always has a default track.
    last = film.audio_tracks.aggregate(last=Max("position"))["last"] or 0
    others_default = film.audio_tracks.filter(default=True)
    row.asset = film
    row.position = max(FIRST_ADDED_POSITION, last + 1)
    row.default = row.default or any(old.default for old in replaced) or not others_default.exists()
    if row.default:
        others_default.update(default=False)
    row.encode = encode
    row.save()
    tracks_changed(film)
    narrator_credit(film.movie, row.narrator, before=None)
    labels = [old.label for old in replaced]
    audit_write(
        "movie.audio_add", film.movie, old={"replaced": labels}, new=audio_track_values(row)
    )
    encode_finish(encode)


def _check_cut(film: VideoAsset, encode: Encode) -> None:
    """Refuse sound that was measured against a video replaced since then. Raises WrongState."""
    planned = EncodePlan.from_json(encode.plan or {})
    if film_plan(film).duration_seconds != planned.duration_seconds:
        raise WrongState("The film has a new video. Upload the audio again.")


def film_plan(film: VideoAsset) -> EncodePlan:
    """Return the plan of the live package. Raises WrongState `not_ready`."""
    if film.live_package is None:
        raise WrongState("Upload the film's video first.", code="not_ready")
    return EncodePlan.from_json(film.live_package.encode.plan or {})


def audio_track_detach(row: AudioTrack) -> None:
    """Delete the row. Its streams stay until the sweep: a worker may be reading them now."""
    if row.encode is not None:
        VideoAsset.objects.filter(pk=row.encode.asset_id).update(updated_at=timezone.now())
    AudioTrack.objects.filter(pk=row.pk).delete()


def default_audio_choose(film: VideoAsset) -> None:
    """Choose the film's default audio track: the one marked in its file, else the first."""
    marked = [track.index for track in film_plan(film).audio if track.default]
    rows = film.audio_tracks.all()
    chosen = rows.filter(position__in=marked).first() or rows.first()
    if chosen is not None:
        film.audio_tracks.filter(pk=chosen.pk).update(default=True)


def audio_track_values(row: AudioTrack) -> dict[str, object]:
    return {"language": row.language, "label": row.label, "vj": row.vj, "default": row.default}

"""Where a film's sound has its place: taking one, giving it up, and which of them plays first."""

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
from streaming.services.tracks import FIRST_ADDED, asset_locked, finished_asset, tracks_changed


def audio_track_check(film: VideoAsset, row: AudioTrack) -> None:
    """Raises WrongState `track_exists`, or InvalidInput for a name that another track has."""
    same = _same(film, row)
    if same.filter(source=TrackSource.EMBEDDED).exists():
        raise WrongState(
            f"The film's own file has {_spoken(row)}. Say who tells this one.", code="track_exists"
        )
    if same.exists() and not row.replaces:
        raise WrongState(
            f"The film has {_spoken(row)} already. Send it again as one that replaces it.",
            code="track_exists",
        )
    others = film.audio_tracks.exclude(pk__in=same)
    if others.filter(label=row.label).exists():
        fault = f"Another sound of this film is called “{row.label}”. Give this one another name."
        raise InvalidInput(fault, fields={"label": [fault]})


def _same(film: VideoAsset, row: AudioTrack) -> QuerySet[AudioTrack]:
    return film.audio_tracks.filter(language=row.language, narrator=row.narrator)


def _spoken(row: AudioTrack) -> str:
    language = language_name(row.language) or row.language
    return f"{language} told by {row.vj}" if row.vj else f"{language} without a VJ"


def audio_track_publish(encode: Encode) -> None:
    """Offer what this encode made. Its row is locked; what the film will not have fails it."""
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
    _place(film, row, first=row.default or any(old.default for old in replaced))
    row.encode = encode
    row.save()
    tracks_changed(film)
    narrator_credit(film.movie, row.narrator, before=None)
    said = [old.label for old in replaced]
    audit_write("movie.audio_add", film.movie, old={"replaced": said}, new=audio_track_values(row))
    encode_finish(encode)


def _check_cut(film: VideoAsset, encode: Encode) -> None:
    """The film's video may have been replaced since the sound was measured against it."""
    now, then = film_plan(film), EncodePlan.from_json(encode.plan or {})
    if now.duration_seconds != then.duration_seconds:
        raise WrongState("The film has another video by now. Send the sound again.")


def film_plan(film: VideoAsset) -> EncodePlan:
    """What viewers get just now was encoded by this. Raises WrongState: `not_ready`."""
    if film.live_package is None:
        raise WrongState("Upload the film's video first.", code="not_ready")
    return EncodePlan.from_json(film.live_package.encode.plan or {})


def _place(film: VideoAsset, row: AudioTrack, *, first: bool) -> None:
    """Behind all others; one plays first, also where the film was silent."""
    last = film.audio_tracks.aggregate(last=Max("position"))["last"] or 0
    row.asset, row.position = film, max(FIRST_ADDED, last + 1)
    row.default = first or not film.audio_tracks.filter(default=True).exists()
    if row.default:
        film.audio_tracks.filter(default=True).update(default=False)


def audio_track_detach(row: AudioTrack) -> None:
    """Its streams stay for a while: a worker may be reading them just now (`sweeps.py`)."""
    if row.encode is not None:
        VideoAsset.objects.filter(pk=row.encode.asset_id).update(updated_at=timezone.now())
    AudioTrack.objects.filter(pk=row.pk).delete()


def default_audio_choose(film: VideoAsset) -> None:
    """The one the film's file says, else the first there is."""
    said = [track.index for track in film_plan(film).audio if track.default]
    rows = film.audio_tracks.all()
    chosen = rows.filter(position__in=said).first() or rows.first()
    if chosen is not None:
        film.audio_tracks.filter(pk=chosen.pk).update(default=True)


def audio_track_values(row: AudioTrack) -> dict[str, object]:
    return {"language": row.language, "label": row.label, "vj": row.vj, "default": row.default}

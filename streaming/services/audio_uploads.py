"""Sound added to a finished film and taken off it by staff: a VJ's narration, a dub.

It is sent like a film, encoded by the same workers, and offered from then on; the package that
was made without it is made again (`retracking.py`).
"""

from uuid import UUID

from django.db import transaction

from accounts.services.audit import audit_write
from catalog.models import Movie, Person
from catalog.services.credits import person_named
from kushfilms.core.errors import NotFound, WrongState
from streaming.encoding.languages import clean_label, language_name
from streaming.models import AssetKind, AudioTrack, TrackSource, VideoAsset
from streaming.services.audio_track_slots import (
    audio_track_check,
    audio_track_detach,
    audio_track_values,
    default_audio_choose,
)
from streaming.services.narrators import narrator_credit
from streaming.services.package_tracks import package_facts_read
from streaming.services.tracks import asset_locked, finished_asset, track_tag, tracks_changed
from streaming.services.uploads import UploadTicket, upload_begin

AUDIO_CONTAINERS: dict[str, frozenset[str]] = {
    "mp3": frozenset({"audio/mpeg", "audio/mp3"}),
    "m4a": frozenset({"audio/mp4", "audio/x-m4a", "audio/m4a"}),
    "wav": frozenset({"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"}),
    "flac": frozenset({"audio/flac", "audio/x-flac"}),
    "ogg": frozenset({"audio/ogg", "application/ogg", "video/ogg"}),
    "opus": frozenset({"audio/ogg", "audio/opus"}),
}


def audio_upload_begin(
    movie: Movie,
    *,
    uploader_id: UUID,
    filename: str,
    content_type: str,
    size: int,
    language: str,
    label: str = "",
    vj: str = "",
    default: bool = False,
    replace: bool = False,
) -> UploadTicket:
    """Announce a file whose sound the film is to offer; it goes on as every upload does.

    Raises:
        WrongState: `not_ready` without a video; `encode_again`; `track_exists`.
        InvalidInput: a language nobody knows, a label or a VJ's name that is another's.
        UnsupportedMedia, TooLarge: as `upload_begin`.
    """
    film = finished_asset(movie)
    package_facts_read(film.live_package)  # type: ignore[arg-type]  # finished: there is one
    tag = track_tag(language)

    def order(upload: VideoAsset) -> None:
        narrator = person_named(vj)
        row = AudioTrack(
            asset=upload,
            position=0,
            source=TrackSource.UPLOADED,
            language=tag,
            label=clean_label(label) or _label(tag, narrator),
            narrator=narrator,
            default=default,
            replaces=replace,
        )
        audio_track_check(film, row)
        row.save()

    return upload_begin(
        uploader_id=uploader_id,
        filename=filename,
        content_type=content_type,
        size=size,
        movie_id=movie.pk,
        kind=AssetKind.SOUND,
        also=AUDIO_CONTAINERS,
        then=order,
    )


def _label(tag: str, narrator: Person | None) -> str:
    name = clean_label(language_name(tag)) or tag
    return clean_label(f"{name} ({narrator.name})") if narrator else name


@transaction.atomic
def audio_track_remove(movie: Movie, *, track_id: int) -> None:
    """Take a sound that was added off the film.

    Raises:
        NotFound: not one of this film's.
        WrongState: `not_ready`; `own_sound` for what stands in the film's file.
    """
    film = asset_locked(finished_asset(movie).pk)
    row = film.audio_tracks.select_related("encode__asset", "narrator").filter(pk=track_id).first()
    if row is None:
        raise NotFound("This film has no such sound.")
    if row.source != TrackSource.UPLOADED:
        message = "This sound is in the film's own file. Send another file to be without it."
        raise WrongState(message, code="own_sound")
    old = audio_track_values(row)
    audio_track_detach(row)
    if row.default:
        default_audio_choose(film)
    tracks_changed(film)
    narrator_credit(film.movie, None, before=row.narrator)
    audit_write("movie.audio_remove", film.movie, old=old)

"""Audio tracks that staff add to a finished film or remove from it: a narration, a dub.

The file is uploaded like a film and encoded by the same workers. Then the live package is made
again with the track (`repackage.py`).
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
    """Announce a file whose sound the film is to offer; the upload continues as any other.

    Raises:
        WrongState: `not_ready` without a video; `encode_again`; `track_exists`.
        InvalidInput: an unknown language, or a label or VJ that another track has.
        UnsupportedMedia, TooLarge: as `upload_begin`.
    """
    film = finished_asset(movie)
    package_facts_read(film.live_package)  # type: ignore[arg-type]  # a finished asset has one
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
    """Remove an added audio track from the film.

    Raises:
        NotFound: the film has no such track.
        WrongState: `not_ready`; `own_sound` for a track of the film's own file.
    """
    film = asset_locked(finished_asset(movie).pk)
    row = film.audio_tracks.select_related("encode__asset", "narrator").filter(pk=track_id).first()
    if row is None:
        raise NotFound("This film has no such audio track.")
    if row.source != TrackSource.UPLOADED:
        message = "This track is part of the film's file. To remove it, upload a new file."
        raise WrongState(message, code="own_sound")
    old = audio_track_values(row)
    audio_track_detach(row)
    if row.default:
        default_audio_choose(film)
    tracks_changed(film)
    narrator_credit(film.movie, None, before=row.narrator)
    audit_write("movie.audio_remove", film.movie, old=old)

"""Narrators of audio tracks, and the film credit that follows from them."""

from uuid import UUID

from django.db import transaction

from accounts.services.audit import audit_write
from catalog.models import Movie, Person
from catalog.services.credits import person_named, vj_credit_set
from kushfilms.core.errors import NotFound
from streaming.models import AudioTrack


@transaction.atomic
def narrator_set(movie: Movie, *, track_id: int, name: str) -> AudioTrack:
    """Set the VJ of a track, by name or `@slug`; an empty name clears it.

    The film credits the narrators of its tracks; a credit goes with the narrator's last track.

    Raises:
        NotFound: the film has no such track.
        InvalidInput: several people have this name.
    """
    # The film is locked first, so that concurrent changes of two tracks see each other's VJ.
    locked = Movie.objects.select_for_update(of=("self",)).filter(pk=movie.pk).first()
    tracks = AudioTrack.objects.select_related("narrator").filter(asset__movie=movie)
    track = tracks.filter(pk=track_id).first()
    if locked is None or track is None:
        raise NotFound("This film has no such audio track.")
    before = track.narrator
    person = person_named(name)
    if before == person:
        return track
    track.narrator = person
    track.save(update_fields=["narrator"])
    narrator_credit(locked, person, before=before)
    old = {"vj": before.name if before else ""}
    new = {"vj": track.vj, "track": track.label}
    audit_write("movie.narrator", movie, old=old, new=new)
    return track


def narrator_credit(movie: Movie, person: Person | None, *, before: Person | None) -> None:
    """Credit the narrator of a track; drop the former one's credit if no track is left to them."""
    if person is not None:
        vj_credit_set(movie, person, credited=True)
    if before is not None and not _narrates(movie.pk, before):
        vj_credit_set(movie, before, credited=False)


def _narrates(movie_id: UUID, person: Person) -> bool:
    """Return True if the person narrates a track that viewers get, not one of a replaced upload."""
    tracks = AudioTrack.objects.filter(asset__movie_id=movie_id, asset__is_current=True)
    return tracks.filter(narrator=person).exists()

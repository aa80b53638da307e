"""Who tells a film on which of its sound tracks, and the credit that follows from it."""

from uuid import UUID

from django.db import transaction

from accounts.services.audit import audit_write
from catalog.models import Movie, Person
from catalog.services.credits import person_named, vj_credit_set
from kushfilms.core.errors import NotFound
from streaming.models import AudioTrack


@transaction.atomic
def narrator_set(movie: Movie, *, track_id: int, name: str) -> AudioTrack:
    """Name the VJ of a track (`@slug` names one exactly), or with no name nobody.

    The film credits whoever tells one of its tracks; the credit goes with the last of them.

    Raises:
        NotFound: not one of this film's tracks.
        InvalidInput: several people bear this name.
    """
    # The film is locked first: two tracks of it at once must each see the other's VJ.
    locked = Movie.objects.select_for_update(of=("self",)).filter(pk=movie.pk).first()
    tracks = AudioTrack.objects.select_related("narrator").filter(asset__movie=movie)
    track = tracks.filter(pk=track_id).first()
    if locked is None or track is None:
        raise NotFound("This film has no such sound track.")
    before, person = track.narrator, person_named(name)
    if before == person:
        return track
    track.narrator = person
    track.save(update_fields=["narrator"])
    narrator_credit(locked, person, before=before)
    old, new = {"vj": before.name if before else ""}, {"vj": track.vj, "track": track.label}
    audit_write("movie.narrator", movie, old=old, new=new)
    return track


def narrator_credit(movie: Movie, person: Person | None, *, before: Person | None) -> None:
    """Credit who tells one of the film's tracks now, and no more who told one before."""
    if person is not None:
        vj_credit_set(movie, person, credited=True)
    if before is not None and not _narrates(movie.pk, before):
        vj_credit_set(movie, before, credited=False)


def _narrates(movie_id: UUID, person: Person) -> bool:
    """Any track that viewers can get: those of an upload that was replaced count for nothing."""
    tracks = AudioTrack.objects.filter(asset__movie_id=movie_id, asset__is_current=True)
    return tracks.filter(narrator=person).exists()

"""Events that catalog emits, inside the transaction that makes them true."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MovieTermsChanged:
    """Who may watch a film is another question now: unpublished, moved, restricted."""

    movie_id: UUID


@dataclass(frozen=True)
class MovieDeleted:
    """A film is about to go, with everything that hangs on it in the database."""

    movie_id: UUID


@dataclass(frozen=True)
class MovieTakenDown:
    """A copyright claim on a film is accepted; `down` False: reversed."""

    movie_id: UUID
    title: str
    down: bool


@dataclass(frozen=True)
class MoviePublished:
    """A film is public now; for the first time, or again."""

    movie_id: UUID


@dataclass(frozen=True)
class PersonMerged:
    """Two rows were one human being: what names the one has to name the other, before it goes."""

    person_id: UUID
    into_id: UUID


@dataclass(frozen=True)
class MovieShared:
    """Somebody passed a film on, and it counted. `channel` is one of `ShareChannel`."""

    movie_id: UUID
    channel: str

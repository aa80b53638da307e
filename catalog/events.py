"""What catalog tells higher apps. Emitted inside the transaction that makes it so."""

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

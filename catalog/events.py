"""Events that catalog emits, inside the transaction that makes them true."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MovieTermsChanged:
    """A change of who may watch a film: unpublished, or its plan, age or licence changed."""

    movie_id: UUID


@dataclass(frozen=True)
class MovieDeleted:
    """A film is about to be removed for good, with everything that depends on it."""

    movie_id: UUID


@dataclass(frozen=True)
class MovieTakenDown:
    """A copyright claim on a film was accepted, or reversed where `down` is False."""

    movie_id: UUID
    title: str
    down: bool


@dataclass(frozen=True)
class MoviePublished:
    """A film became public, for the first time or again."""

    movie_id: UUID


@dataclass(frozen=True)
class PersonMerged:
    """A duplicate person is about to be deleted: references move to `into_id` first."""

    person_id: UUID
    into_id: UUID


@dataclass(frozen=True)
class MovieShared:
    """A viewer shared a film, and the share counted. `channel` is one of `ShareChannel`."""

    movie_id: UUID
    channel: str

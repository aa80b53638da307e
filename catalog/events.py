"""What catalog tells higher apps. Emitted inside the transaction that makes it so."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MovieUnpublished:
    """Nobody may watch this film any more, those who are watching it now included."""

    movie_id: UUID

"""What accounts tells higher apps. Emitted inside the transaction that makes it so."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class SessionsRevoked:
    """These sign-ins count no more: sign-out, ban, refresh-token theft."""

    user_id: UUID
    session_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class EmailChanged:
    """The account is at another address from now on: confirmed, taken back, or set by staff."""

    user_id: UUID
    email: str


@dataclass(frozen=True)
class RoleChanged:
    """A person has another role from now on."""

    user_id: UUID
    old: str
    new: str


@dataclass(frozen=True)
class PersonErased:
    """Nothing is known of them any more; whatever else there is of theirs must go now."""

    user_id: UUID


@dataclass(frozen=True)
class PersonLeaving:
    """They asked to be erased when the grace period is over; they may still change their mind."""

    user_id: UUID

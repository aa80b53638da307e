"""Events of accounts, emitted inside the transaction of the change."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class SessionsRevoked:
    """Sign-ins ended: sign-out, ban, or a stolen refresh token."""

    user_id: UUID
    session_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class EmailChanged:
    """The account has another address: confirmed, undone, or set by staff."""

    user_id: UUID
    email: str


@dataclass(frozen=True)
class RoleChanged:
    """A person has another role."""

    user_id: UUID
    old: str
    new: str


@dataclass(frozen=True)
class PersonErased:
    """A person was erased; higher apps must delete what they hold outside the registry."""

    user_id: UUID


@dataclass(frozen=True)
class PersonLeaving:
    """A person requested their erasure, and may withdraw the request in the grace period."""

    user_id: UUID

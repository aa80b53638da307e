"""Events that billing emits, inside the transaction that makes them true."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PlanChanged:
    """A person's plan or its end has changed."""

    user_id: UUID

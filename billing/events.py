"""Events that billing emits, inside the transaction that makes them true."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PlanChanged:
    """Change of a person's plan, or of its end."""

    user_id: UUID

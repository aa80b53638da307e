"""What billing tells higher apps."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PlanChanged:
    """A person's plan or its end is another now."""

    user_id: UUID

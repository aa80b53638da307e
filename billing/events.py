"""What billing tells higher apps, and what it hears from accounts."""

from dataclasses import dataclass
from uuid import UUID

from accounts.events import PersonErased, PersonLeaving
from kushfilms.core.events import subscribe


@dataclass(frozen=True)
class PlanChanged:
    """A person's plan or its end is another now."""

    user_id: UUID


@subscribe(PersonLeaving)
def stop_billing(event: PersonLeaving) -> None:
    from billing.services.leaving import leaving_cancel

    leaving_cancel(event.user_id)


@subscribe(PersonErased)
def forget_customer(event: PersonErased) -> None:
    from billing.services.leaving import customer_forget

    customer_forget(event.user_id)

"""Events that billing emits, and its reactions to those of accounts."""

from dataclasses import dataclass
from uuid import UUID

from accounts.events import EmailChanged, PersonErased, PersonLeaving
from kushfilms.core.events import subscribe


@dataclass(frozen=True)
class PlanChanged:
    """A person's plan or its end has changed."""

    user_id: UUID


@subscribe(PersonLeaving)
def stop_billing(event: PersonLeaving) -> None:
    from billing.services.leaving import leaving_cancel

    leaving_cancel(event.user_id)


@subscribe(PersonErased)
def forget_customer(event: PersonErased) -> None:
    from billing.services.leaving import customer_forget

    customer_forget(event.user_id)


@subscribe(EmailChanged)
def update_customer(event: EmailChanged) -> None:
    from billing.services.customers import contact_follows

    contact_follows(event.user_id)

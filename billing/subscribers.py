"""Reactions of billing to events of accounts."""

from accounts.events import EmailChanged, PersonErased, PersonLeaving
from billing.services.account_closing import customer_forget, leaving_cancel
from billing.sync.customers import contact_follows
from kushfilms.core.events import subscribe


@subscribe(PersonLeaving)
def stop_billing(event: PersonLeaving) -> None:
    leaving_cancel(event.user_id)


@subscribe(PersonErased)
def forget_customer(event: PersonErased) -> None:
    customer_forget(event.user_id)


@subscribe(EmailChanged)
def update_customer(event: EmailChanged) -> None:
    contact_follows(event.user_id)

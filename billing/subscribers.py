"""Reactions of billing to events that accounts emits."""

from accounts.events import EmailChanged, PersonErased, PersonLeaving
from billing.services.account_closure import customer_forget, subscription_cancel_on_closing
from billing.sync.customers import contact_update
from kushfilms.core.events import subscribe


@subscribe(PersonLeaving)
def stop_billing(event: PersonLeaving) -> None:
    subscription_cancel_on_closing(event.user_id)


@subscribe(PersonErased)
def forget_customer(event: PersonErased) -> None:
    customer_forget(event.user_id)


@subscribe(EmailChanged)
def update_customer(event: EmailChanged) -> None:
    contact_update(event.user_id)

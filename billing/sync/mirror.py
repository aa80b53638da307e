"""Mirror of the provider's objects in dj-stripe's tables, written without a request.

dj-stripe's own sync fetches every object that another one refers to, one request after another.
Here an object is stored as it arrived, and the objects it refers to arrive as events of their own.
Until then a referenced object is an empty row, which the projection skips.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from djstripe.models import Charge, Customer, Dispute, Invoice, Refund, Session
from djstripe.models import Subscription as StripeSubscription

from billing.models import InvoicePayment
from billing.sync.projection.states import Mirror, id_of, moment
from billing.sync.versions import Object

MODELS: dict[str, Any] = {
    "customer": Customer,
    "subscription": StripeSubscription,
    "invoice": Invoice,
    "invoice_payment": InvoicePayment,
    "charge": Charge,
    "refund": Refund,
    "dispute": Dispute,
    "checkout.session": Session,
}
WITH_CUSTOMER = ("customer", "subscription", "invoice", "charge", "checkout.session")


def mirror_lock(customer_id: str) -> None:
    """Lock a customer, a charge or an invoice until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [customer_id])


def mirror_put(data: Object) -> None:
    """Store the current version of an object."""
    kind = data["object"]
    columns: dict[str, Any] = {
        "stripe_data": data,
        "livemode": bool(data.get("livemode")),
        "created": moment(data.get("created")),
    }
    if kind == "invoice_payment":
        payment = data.get("payment") or {}
        columns["invoice_id"] = id_of(data["invoice"])
        columns["payment_intent_id"] = id_of(payment.get("payment_intent"))
    else:
        columns["metadata"] = data.get("metadata") or {}
    if kind in WITH_CUSTOMER and (customer_id := id_of(data.get("customer"))):
        columns["customer_id"] = _ensure_row(Customer, customer_id)
    if kind == "customer":
        columns["email"] = data.get("email") or ""
    if kind in {"refund", "dispute"} and (charge_id := id_of(data.get("charge"))):
        columns["charge_id"] = _ensure_row(
            Charge, charge_id, amount=0, currency="usd", status="pending"
        )
    if kind in {"charge", "refund"}:
        columns |= {name: data[name] for name in ("amount", "currency")}
    if kind == "charge":
        columns["status"] = data["status"]
    MODELS[kind].objects.update_or_create(id=data["id"], defaults=columns)


def _ensure_row(model: Any, object_id: str, **defaults: Any) -> str:
    model.objects.get_or_create(id=object_id, defaults=defaults)
    return object_id


def mirror_of(customer_id: str) -> Mirror:
    """Return all objects of a customer that the projection needs, in five queries."""
    subscriptions = list(
        StripeSubscription.objects.filter(customer_id=customer_id).values_list(
            "stripe_data", "customer__stripe_data__deleted"
        )
    )
    # Each charge gets the id of its bill, if the provider has named it.
    links = InvoicePayment.objects.filter(payment_intent_id=OuterRef("intent")).order_by("id")
    charges = (
        Charge.objects.filter(customer_id=customer_id)
        .annotate(intent=KT("stripe_data__payment_intent"))
        .annotate(bill=Subquery(links.values("invoice_id")[:1]))
        .values_list("stripe_data", "bill")
    )
    return Mirror(
        subscriptions=tuple(data for data, _ in subscriptions if data),
        charges=tuple(
            {**data, "invoice": bill} if bill else data for data, bill in charges if data
        ),
        refunds=_data(Refund.objects.filter(charge__customer_id=customer_id)),
        disputes=_data(Dispute.objects.filter(charge__customer_id=customer_id)),
        invoices=_data(Invoice.objects.filter(customer_id=customer_id)),
        customer_gone=any(deleted for _, deleted in subscriptions),
    )


def _data(rows: QuerySet[Any]) -> tuple[Object, ...]:
    values: Iterable[Object] = rows.values_list("stripe_data", flat=True)
    return tuple(data for data in values if data)


def charge_customer(charge_id: str) -> str:
    """Return a charge's customer or an empty text; refunds and disputes name no customer."""
    row = Charge.objects.filter(id=charge_id).values_list("customer_id", flat=True).first()
    return row or ""


def invoice_customer(invoice_id: str) -> str:
    """Return an invoice's customer or an empty text; an `invoice_payment` names no customer."""
    row = Invoice.objects.filter(id=invoice_id).values_list("customer_id", flat=True).first()
    return row or ""

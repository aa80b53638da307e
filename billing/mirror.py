"""dj-stripe's tables as our mirror: written from versions of objects, without asking anybody.

dj-stripe's own sync fetches whatever an object refers to, one request after another. Here an
object is kept as it came, and what it refers to comes as events of its own; a row that is only
referred to so far is an empty one, which the projection passes over.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from djstripe.models import Charge, Customer, Dispute, Invoice, Refund, Session
from djstripe.models import Subscription as StripeSubscription

from billing.projection.states import Mirror, id_of, moment
from billing.versions import Object

MODELS: dict[str, Any] = {
    "customer": Customer,
    "subscription": StripeSubscription,
    "invoice": Invoice,
    "charge": Charge,
    "refund": Refund,
    "dispute": Dispute,
    "checkout.session": Session,
}
OF_A_CUSTOMER = ("customer", "subscription", "invoice", "charge", "checkout.session")


def mirror_lock(customer_id: str) -> None:
    """One at a time for a customer, known or not, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [customer_id])


def mirror_put(data: Object) -> None:
    """Keep an object as it is now."""
    model = MODELS[data["object"]]
    model.objects.update_or_create(id=data["id"], defaults=_columns(data))


def _columns(data: Object) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "stripe_data": data,
        "livemode": bool(data.get("livemode")),
        "created": moment(data.get("created")),
        "metadata": data.get("metadata") or {},
    }
    kind, customer_id = data["object"], id_of(data.get("customer"))
    if kind in OF_A_CUSTOMER and customer_id:
        columns["customer_id"] = _there(Customer, customer_id)
    if kind == "customer":
        columns["email"] = data.get("email") or ""
    if kind in {"refund", "dispute"} and (charge_id := id_of(data.get("charge"))):
        columns["charge_id"] = _there(Charge, charge_id, amount=0, currency="usd", status="pending")
    if kind == "charge":
        columns |= {name: data[name] for name in ("amount", "currency", "status")}
    if kind == "refund":
        columns |= {name: data[name] for name in ("amount", "currency")}
    return columns


def _there(model: Any, object_id: str, **defaults: Any) -> str:
    model.objects.get_or_create(id=object_id, defaults=defaults)
    return object_id


def mirror_of(customer_id: str) -> Mirror:
    """All that the projection needs of a customer, in five queries."""
    mine = {"customer_id": customer_id}
    return Mirror(
        subscriptions=_data(StripeSubscription.objects.filter(**mine)),
        charges=_data(Charge.objects.filter(**mine)),
        refunds=_data(Refund.objects.filter(charge__customer_id=customer_id)),
        disputes=_data(Dispute.objects.filter(charge__customer_id=customer_id)),
        invoices=_data(
            Invoice.objects.filter(**mine, stripe_data__status="open").order_by(
                F("created").desc(nulls_last=True)
            )[:5]
        ),
    )


def _data(rows: QuerySet[Any]) -> tuple[Object, ...]:
    values: Iterable[Object] = rows.values_list("stripe_data", flat=True)
    return tuple(data for data in values if data)


def charge_customer(charge_id: str) -> str:
    """Whose charge this is, empty where nobody told us: refunds and disputes name no customer."""
    row = Charge.objects.filter(id=charge_id).values_list("customer_id", flat=True).first()
    return row or ""

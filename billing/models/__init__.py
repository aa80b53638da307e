"""Plans, who holds one, and every movement of money."""

from billing.models.bills import InvoicePayment
from billing.models.commands import (
    Checkout,
    CheckoutState,
    Discrepancy,
    DiscrepancyKind,
    Notice,
    Order,
    OrderKind,
    OrderState,
)
from billing.models.inbox import EventState, ProviderEvent
from billing.models.payments import LedgerEntry, LedgerKind, Payment, PaymentPurpose, PaymentStatus
from billing.models.plans import Plan, Subscription, SubscriptionStatus

__all__ = [
    "Checkout",
    "CheckoutState",
    "Discrepancy",
    "DiscrepancyKind",
    "EventState",
    "InvoicePayment",
    "LedgerEntry",
    "LedgerKind",
    "Notice",
    "Order",
    "OrderKind",
    "OrderState",
    "Payment",
    "PaymentPurpose",
    "PaymentStatus",
    "Plan",
    "ProviderEvent",
    "Subscription",
    "SubscriptionStatus",
]

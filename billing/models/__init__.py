"""Plans, subscriptions, payments, and the ledger of every movement of money."""

from billing.models.bills import InvoicePayment
from billing.models.commands import (
    Checkout,
    CheckoutState,
    CommandKind,
    CommandState,
    Discrepancy,
    DiscrepancyKind,
    Notice,
    ProviderCommand,
)
from billing.models.inbox import EventState, ProviderEvent
from billing.models.payments import LedgerEntry, LedgerKind, Payment, PaymentPurpose, PaymentStatus
from billing.models.plans import Plan, Subscription, SubscriptionStatus

__all__ = [
    "Checkout",
    "CheckoutState",
    "CommandKind",
    "CommandState",
    "Discrepancy",
    "DiscrepancyKind",
    "EventState",
    "InvoicePayment",
    "LedgerEntry",
    "LedgerKind",
    "Notice",
    "Payment",
    "PaymentPurpose",
    "PaymentStatus",
    "Plan",
    "ProviderCommand",
    "ProviderEvent",
    "Subscription",
    "SubscriptionStatus",
]

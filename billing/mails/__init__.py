"""The mails about money, written when they are sent: a reminder of a paid bill is not sent."""

from billing.mails import changes, payments, plans

__all__ = ["changes", "payments", "plans"]

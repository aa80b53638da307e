"""E-mails about money, written when they are sent, so that none reminds of a paid bill."""

from billing.mails import changes, payments, plans

__all__ = ["changes", "payments", "plans"]

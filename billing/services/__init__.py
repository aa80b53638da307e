"""What changes a person's plan, and what moves money."""

from billing.services.complimentary import subscription_end, subscription_grant

__all__ = ["subscription_end", "subscription_grant"]

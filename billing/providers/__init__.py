"""Who takes the money."""

from billing.providers.base import Provider


def provider() -> Provider:
    """The one that new subscriptions go to."""
    from billing.providers.stripe import StripeProvider

    return StripeProvider()


def provider_named(name: str) -> Provider:
    """Whoever has this subscription. Raises LookupError."""
    if name != "stripe":
        raise LookupError(name)
    return provider()

"""Payment providers."""

from billing.providers.base import Provider


def provider() -> Provider:
    """Return the provider of new subscriptions."""
    from billing.providers.stripe import StripeProvider

    return StripeProvider()


def provider_named(name: str) -> Provider:
    """Return a provider by its name.

    Raises:
        LookupError: no such provider.
    """
    if name != "stripe":
        raise LookupError(name)
    return provider()

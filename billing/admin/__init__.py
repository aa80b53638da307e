"""Admin pages of subscriptions and money."""

from billing.admin import (  # noqa: F401  Each registers its pages.
    money,
    payments,
    person_panels,
    statistics,
    subscriptions,
)

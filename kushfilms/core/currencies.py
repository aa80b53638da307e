"""Currencies: decimals as people write an amount, and units as a payment provider counts it.

Two tables, both pure data. Our rows hold ISO 4217 minor units ("UGX 11,000" is 11000, "USD 2.99"
is 299, "KWD 5.000" is 5000). Stripe counts most currencies the same way, with the exceptions of
its page "Supported currencies": UGX and ISK have no minor unit and are sent in hundredths all the
same ("UGX 11,000" is 1100000), and an amount with three decimals ends in 0.

No Django here: the payment sandbox, which is a process without it, counts by the same tables.
"""

import re
from decimal import Decimal

# Digits after the point as people write them; two where a currency is not listed.
WRITTEN_DECIMALS: dict[str, int] = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "UYI",
         "VND", "VUV", "XAF", "XOF", "XPF"),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip
# Where Stripe counts in another unit than people write.
STRIPE_DECIMALS: dict[str, int] = {"ISK": 2, "UGX": 2}

_GROUPED = re.compile(r"(?P<whole>[0-9]{1,3}(?:[,\s'][0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?")
# Digits before the point: far more than a price has, far less than the database holds.
LONGEST_AMOUNT = 12


class AmountError(ValueError):
    """A text that is not an amount of this currency, or an amount a provider cannot move."""


def written_decimals(currency: str) -> int:
    """Return how many digits follow the point when people write an amount."""
    return WRITTEN_DECIMALS.get(currency.upper(), 2)


def amount_of(minor: int, currency: str) -> Decimal:
    """Return an amount of our rows as a number of whole units."""
    return Decimal(minor).scaleb(-written_decimals(currency))


def number_text(minor: int, currency: str) -> str:
    """Return an amount as people read it beside its currency: "11,000", "2.99"."""
    return f"{amount_of(minor, currency):,.{written_decimals(currency)}f}"


def money_text(minor: int, currency: str) -> str:
    """Return an amount as people read it: "UGX 11,000", "USD 2.99"."""
    return f"{currency.upper()} {number_text(minor, currency)}"


def money_typed(text: str, currency: str) -> int:
    """Return the minor units of an amount as typed.

    "5,000", "5 000", "5000" and "UGX 5,000" are the same. A group has three digits, so that "5,00"
    is refused and not read as 500. Raises AmountError.
    """
    plain = text.strip().upper().removeprefix(currency.upper()).strip()
    found = _GROUPED.fullmatch(plain)
    if found is None:
        raise AmountError(text)
    whole = re.sub(r"[^0-9]", "", found["whole"])
    part = found["part"] or ""
    decimals = written_decimals(currency)
    if len(part) > decimals or len(whole) > LONGEST_AMOUNT:
        raise AmountError(text)
    return int(whole + part.ljust(decimals, "0"))


def stripe_amount(minor: int, currency: str) -> int:
    """Return an amount of our rows in Stripe's units. Raises AmountError.

    Stripe's partners cannot move the last of three decimals, which has to be 0.
    """
    decimals = written_decimals(currency)
    if decimals == 3 and minor % 10:
        raise AmountError(money_text(minor, currency))
    return minor * _step(currency)


def amount_from_stripe(amount: int, currency: str) -> int:
    """Return an amount of Stripe's in our minor units.

    Stripe refuses UGX and ISK amounts that are no multiple of 100; should one come anyway, it is
    rounded to the nearest whole.
    """
    step = _step(currency)
    whole = (abs(amount) + step // 2) // step
    return whole if amount >= 0 else -whole


def _step(currency: str) -> int:
    """Return how many of Stripe's units one of our minor units is."""
    decimals = written_decimals(currency)
    return int(10 ** (STRIPE_DECIMALS.get(currency.upper(), decimals) - decimals))

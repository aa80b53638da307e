"""Amounts as people write them and as Stripe counts them, in every sort of currency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kushfilms.core.currencies import (
    AmountError,
    amount_from_stripe,
    money_text,
    money_typed,
    stripe_amount,
    written_decimals,
)

ZERO = ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV",
        "XAF", "XOF", "XPF"]  # fmt: skip
SPECIAL = ["UGX", "ISK"]  # no decimals for people, two at Stripe
THREE = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
TWO = ["USD", "EUR", "GBP", "KES", "TZS", "NGN", "ZAR", "HUF", "TWD", "CDF", "ETB", "SSP"]
EVERY = st.sampled_from([*ZERO, *SPECIAL, *THREE, *TWO])


@pytest.mark.parametrize(
    ("currency", "decimals", "at_stripe"),
    [*((name, 0, 5000) for name in ZERO), *((name, 0, 500_000) for name in SPECIAL),
     *((name, 3, 5000) for name in THREE), *((name, 2, 5000) for name in TWO)],
)  # fmt: skip
def test_each_currency_has_its_decimals_here_and_at_stripe(
    currency: str, decimals: int, at_stripe: int
) -> None:
    assert written_decimals(currency) == decimals
    assert stripe_amount(5000, currency) == at_stripe
    whole = 5000 // 10**decimals
    shown = {0: "5,000", 2: "50.00", 3: "5.000"}[decimals]
    assert money_text(5000, currency) == f"{currency} {shown}"
    assert money_typed(str(whole), currency) == 5000


@given(minor=st.integers(0, 10**11), currency=EVERY)
def test_what_is_shown_can_be_typed_again(minor: int, currency: str) -> None:
    assert money_typed(money_text(minor, currency), currency) == minor


@given(minor=st.integers(-(10**11), 10**11), currency=EVERY)
def test_to_stripe_and_back_is_the_same_amount(minor: int, currency: str) -> None:
    minor -= minor % 10 if currency in THREE else 0  # what its partners can move
    assert amount_from_stripe(stripe_amount(minor, currency), currency) == minor


@given(minor=st.integers(0, 10**10), last=st.integers(1, 9), currency=st.sampled_from(THREE))
def test_a_third_decimal_that_is_not_zero_cannot_be_moved(
    minor: int, last: int, currency: str
) -> None:
    with pytest.raises(AmountError):
        stripe_amount(minor * 10 + last, currency)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("5,000", "UGX", 5000), ("5 000", "UGX", 5000), ("5\u00a0000", "UGX", 5000),
        ("5\u202f000", "UGX", 5000), ("UGX 5,000", "UGX", 5000), ("ugx5000", "UGX", 5000),
        (" 1,234,567 ", "UGX", 1_234_567), ("1,234.5", "USD", 123_450), ("2.50", "USD", 250),
        ("5,000", "KWD", 5_000_000), ("5.000", "KWD", 5000),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(text: str, currency: str, minor: int) -> None:
    assert money_typed(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "USD"), ("-1", "USD"), ("5,00", "USD"), ("1.", "USD"), (".5", "USD"), ("1e5", "USD"),
        ("0.001", "USD"), ("5.00", "UGX"), ("5,0000", "UGX"), ("12,34", "UGX"), ("KES 5", "UGX"),
        ("٣", "USD"), ("9" * 13, "USD"), ("1,2345", "USD"), ("NaN", "USD"), ("5 USD", "USD"),
    ],
)  # fmt: skip
def test_ambiguous_amounts_are_refused(text: str, currency: str) -> None:
    with pytest.raises(AmountError):
        money_typed(text, currency)

"""Names of countries, from CLDR."""

from functools import cache

from babel import Locale

# Shorter than CLDR's "Congo - Kinshasa", and the name that people use here.
OWN_NAMES = {"CD": "DR Congo"}


@cache
def country_name(code: str) -> str:
    """Return the English name of an ISO 3166 alpha-2 code; an unknown code is its own name."""
    return OWN_NAMES.get(code) or Locale("en").territories.get(code, code)

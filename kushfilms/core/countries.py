"""Names of the countries our people mostly are in; others go by their code."""

COUNTRIES = {
    "AE": "United Arab Emirates",
    "BI": "Burundi",
    "CA": "Canada",
    "CD": "DR Congo",
    "CN": "China",
    "DE": "Germany",
    "ET": "Ethiopia",
    "FR": "France",
    "GB": "United Kingdom",
    "GH": "Ghana",
    "IN": "India",
    "KE": "Kenya",
    "NG": "Nigeria",
    "QA": "Qatar",
    "RW": "Rwanda",
    "SA": "Saudi Arabia",
    "SE": "Sweden",
    "SO": "Somalia",
    "SS": "South Sudan",
    "SD": "Sudan",
    "TR": "Türkiye",
    "TZ": "Tanzania",
    "UG": "Uganda",
    "US": "United States",
    "ZA": "South Africa",
    "ZM": "Zambia",
}


def country_name(code: str) -> str:
    """Empty for unknown."""
    return COUNTRIES.get(code, code)

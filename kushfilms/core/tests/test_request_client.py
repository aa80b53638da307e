"""Properties of a request's client: address, country, user agent."""

from typing import Any

import pytest
from django.test import RequestFactory

from kushfilms.core.request_client import client_address, client_country, user_agent


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 41.75.1.2", "41.75.1.2"),
        (2, "6.6.6.6, 41.75.1.2, 172.16.0.1", "41.75.1.2"),
        (2, "41.75.1.2", "10.0.0.1"),
        (1, "nonsense", None),
        (1, "", "10.0.0.1"),
        (1, " ", "10.0.0.1"),
        (1, "41.75.1.2:56123", "41.75.1.2"),
        (1, "6.6.6.6:1, 41.75.1.2:56123", "41.75.1.2"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, "[2001:db8::1]", "2001:db8::1"),
        (1, "2001:DB8:0::1", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "::ffff:41.75.1.2", "41.75.1.2"),
        (1, "41.75.1.2:", None),
        (1, "41.75.1.2:http", None),
        (1, "[41.75.1.2", None),
        (1, "unknown", None),
    ],
)
def test_only_our_proxies_are_believed(
    rf: RequestFactory, settings: Any, proxies: int, forwarded: str, address: str | None
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("header", "value", "country"),
    [
        ("CF-IPCountry", "ug", "UG"),
        ("", "UG", ""),  # no edge of ours: anyone may have sent it
        ("X-Other", "UG", ""),
        ("CF-IPCountry", "XX", ""),
        ("CF-IPCountry", "T1", ""),
        ("CF-IPCountry", "", ""),
        ("CF-IPCountry", "UGA", ""),
    ],
)
def test_the_country_comes_from_the_edge_only(
    rf: RequestFactory, settings: Any, header: str, value: str, country: str
) -> None:
    settings.COUNTRY_HEADER = header
    assert client_country(rf.get("/", HTTP_CF_IPCOUNTRY=value)) == country


def test_a_user_agent_fits_its_column(rf: RequestFactory) -> None:
    request = rf.get("/", HTTP_USER_AGENT="Kush\x00\x1b" + "x" * 1000)
    assert user_agent(request) == "Kush" + "x" * 396

"""Encoding of a cached response, by Accept-Encoding."""

import pytest

from kushfilms.core.public_cache.request_key import encoding_of


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""), ("identity", ""), ("gzip", "gzip"), ("gzip, br", "br"), ("br;q=0, gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"), ("*", "br"), ("*;q=0", ""), ("br;q=0, *", "gzip"),
        ("identity;q=0", ""), ("identity;q=0, gzip", "gzip"), ("gzip;q=x", ""), ("GZIP", "gzip"),
        (",,;;=", ""),
    ],
)  # fmt: skip
def test_accepted_encodings(accepted: str, encoding: str) -> None:
    assert encoding_of(accepted) == encoding

"""Stream tokens: their content, and the refusal of altered ones."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from streaming.signing import StreamToken, TokenRefusedError, parse_keys, sign, verify

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOKEN = StreamToken(
    asset_id=UUID(int=1),
    package_number=7,
    viewer_id=UUID(int=2),
    session_id=UUID(int=3),
    expires_at=NOW + timedelta(hours=1),
)


@pytest.fixture(autouse=True)
def keys(settings):
    settings.CDN_SIGN_SECRET = "k2:" + "new" * 12 + ",k1:" + "old" * 12


def refused(raw: str, now: datetime = NOW) -> str:
    with pytest.raises(TokenRefusedError) as caught:
        verify(raw, now=now)
    return caught.value.code


def test_a_token_returns_the_signed_values():
    raw = sign(TOKEN)
    assert verify(raw, now=NOW) == TOKEN
    assert raw.startswith("k2.")
    assert TOKEN.prefix == f"media/{UUID(int=1)}/7/"
    assert len(raw) < 110  # it is sent with every segment


def test_it_ends_at_its_second():
    raw = sign(TOKEN)
    assert verify(raw, now=TOKEN.expires_at - timedelta(seconds=1)) == TOKEN
    assert refused(raw, now=TOKEN.expires_at) == "token_expired"


def test_every_flipped_bit_of_every_character_is_refused():
    raw = sign(TOKEN)
    for place in range(len(raw)):
        for bit in range(7):
            altered = raw[:place] + chr(ord(raw[place]) ^ (1 << bit)) + raw[place + 1 :]
            assert refused(altered) == "token_invalid", (place, bit)


def test_keys_rotate_without_an_outage(settings):
    settings.CDN_SIGN_SECRET = "k1:" + "old" * 12
    under_old = sign(TOKEN)
    settings.CDN_SIGN_SECRET = "k2:" + "new" * 12 + ",k1:" + "old" * 12
    assert verify(under_old, now=NOW) == TOKEN
    assert sign(TOKEN).startswith("k2.")
    settings.CDN_SIGN_SECRET = "k2:" + "new" * 12
    assert refused(under_old) == "token_invalid"


def test_a_kid_cannot_be_swapped_for_another_configured_one():
    assert refused("k1" + sign(TOKEN)[2:]) == "token_invalid"


@given(st.text(max_size=200))
def test_noise_is_refused(raw: str):
    assert refused(raw) == "token_invalid"


def test_a_forged_payload_is_refused():
    kid, payload, signature = sign(TOKEN).split(".")
    body = bytearray(base64.urlsafe_b64decode(payload + "=="))
    body[-1] ^= 1
    forged = base64.urlsafe_b64encode(bytes(body)).rstrip(b"=").decode()
    assert refused(f"{kid}.{forged}.{signature}") == "token_invalid"


def test_tokens_of_two_packages_differ_in_signature():
    other = sign(replace(TOKEN, package_number=8))
    assert other.split(".")[2] != sign(TOKEN).split(".")[2]


@pytest.mark.parametrize("configured", ["", ",", "k1:", "long-kid:secret", "ключ:secret"])
def test_bad_key_settings_are_named(configured: str):
    with pytest.raises(ImproperlyConfigured, match="CDN_SIGN_SECRET"):
        parse_keys(configured)


def test_a_lone_secret_is_a_key():
    assert parse_keys("just-a-secret") == {"k0": b"just-a-secret"}

"""A production process with a missing or placeholder secret does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GOOD = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "SECRET_KEY": "a1" * 20,
    "JWT_ACCESS_SECRET": "b2" * 20,
    "JWT_REFRESH_SECRET": "c3" * 20,
    "CDN_SIGN_SECRET": "k1:" + "d4" * 20,
    "R2_ENDPOINT": "https://r2.invalid",
    "R2_ACCESS_KEY_ID": "key",
    "R2_SECRET_ACCESS_KEY": "e5" * 20,
    "R2_BUCKET_NAME": "films",
    "AWS_SES_REGION": "eu-west-1",
    "STRIPE_SECRET_KEY": "sk_live_" + "f6" * 20,
    "STRIPE_WEBHOOK_SECRET": "whsec_" + "a7" * 16,
    "STRIPE_PRICE_BASIC": "price_1b",
    "STRIPE_PRICE_PREMIUM": "price_1p",
    "ALLOWED_HOSTS": "kushfilms.test",
}


def _run(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


WEB = "import kushfilms.wsgi"


def test_a_complete_environment_starts() -> None:
    started = _run(WEB, GOOD)
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", ""),
        ("JWT_ACCESS_SECRET", "change-me-to-something-quite-long-please"),
        ("CDN_SIGN_SECRET", "k1:tiny"),
        ("R2_ENDPOINT", ""),
        ("ALLOWED_HOSTS", "*"),
    ],
)
def test_a_bad_one_does_not_and_says_which(variable: str, value: str) -> None:
    refused = _run(WEB, {**GOOD, variable: value})
    assert refused.returncode != 0
    assert variable in refused.stderr
    assert not value.strip("*") or value not in refused.stderr


def test_every_fault_is_told_at_once_also_to_commands() -> None:
    command = "import sys; from manage import main; sys.argv = ['manage.py', 'check']; main()"
    given = {
        "ENVIRONMENT",
        "DATABASE_URL",
        "SECRET_KEY",
    }  # without a SECRET_KEY Django itself stops
    bare = {name: GOOD[name] for name in given}
    refused = _run(command, bare)
    assert refused.returncode != 0
    for variable in GOOD.keys() - given - {"R2_BUCKET_NAME"}:
        assert variable in refused.stderr


def test_two_secrets_must_differ() -> None:
    refused = _run(WEB, {**GOOD, "JWT_REFRESH_SECRET": GOOD["JWT_ACCESS_SECRET"]})
    assert refused.returncode != 0
    assert "the same" in refused.stderr

"""Start-up checks: a production process with a missing or weak secret does not start."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from kushfilms.core.checks import refuse_bad_configuration

ROOT = Path(__file__).resolve().parents[3]


def secret(name: str) -> str:
    """Return a strong secret that is the same in every run."""
    return hashlib.sha256(name.encode()).hexdigest()


GOOD = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "SECRET_KEY": secret("site"),
    "JWT_ACCESS_SECRET": secret("access"),
    "JWT_REFRESH_SECRET": secret("refresh"),
    "CDN_SIGN_SECRET": "k1:" + secret("stream"),
    "R2_ENDPOINT": "https://r2.invalid",
    "R2_ACCESS_KEY_ID": "key",
    "R2_SECRET_ACCESS_KEY": secret("storage"),
    "R2_BUCKET_NAME": "films",
    "AWS_SES_REGION": "eu-west-1",
    "STRIPE_SECRET_KEY": "sk_live_" + secret("stripe"),
    "STRIPE_WEBHOOK_SECRET": "whsec_" + "a7" * 16,
    "STRIPE_PRICE_BASIC": "price_1b",
    "STRIPE_PRICE_PREMIUM": "price_1p",
    "ALLOWED_HOSTS": "kushfilms.test",
    "FRONTEND_URL": "https://kushfilms.test",
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


@pytest.mark.parametrize("environment", ["staging", "development"])
def test_staging_is_held_to_the_same_rules_and_development_is_not(environment: str) -> None:
    code = f"{WEB}; from django.conf import settings; print(settings.PRODUCTION)"
    started = _run(code, {**GOOD, "ENVIRONMENT": environment})
    assert (started.returncode, started.stdout.strip()) == (0, str(environment == "staging"))
    weak = _run(WEB, {**GOOD, "ENVIRONMENT": environment, "SECRET_KEY": "short"})
    assert (weak.returncode == 0) is (environment == "development")


def test_a_missing_site_address_is_reported() -> None:
    refused = _run(WEB, {name: value for name, value in GOOD.items() if name != "FRONTEND_URL"})
    assert refused.returncode != 0
    assert "FRONTEND_URL is not set" in refused.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", ""),
        ("JWT_ACCESS_SECRET", "change-me-to-something-quite-long-please"),
        ("CDN_SIGN_SECRET", "k1:tiny"),
        ("DEBUG", "true"),
        ("ENVIRONMENT", "prod"),
        ("R2_ENDPOINT", ""),
        ("ALLOWED_HOSTS", "*"),
    ],
)
def test_a_bad_secret_prevents_the_start_and_is_named(variable: str, value: str) -> None:
    refused = _run(WEB, {**GOOD, variable: value})
    assert refused.returncode != 0
    assert variable in refused.stderr
    if variable.endswith(("KEY", "SECRET")) and value:
        assert value not in refused.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CDN_SIGN_SECRET", f"k1:a,k2:{secret('stream')}"),
        ("CDN_SIGN_SECRET", f"k1:{secret('stream')},k2:change-me-change-me-change-me-9876"),
        ("CDN_SIGN_SECRET", f"k1:{secret('stream')},k2:{'z' * 44}"),
        ("CDN_SIGN_SECRET", f"k1:{secret('stream')},k2:"),
        ("SECRET_KEY", "a" * 44),
        ("SECRET_KEY", "0123456789abcdef" * 4),
        ("SECRET_KEY", "test-only-secret-key-0123456789-and-longer"),
        ("JWT_REFRESH_SECRET", "ab" * 20),
        ("STRIPE_WEBHOOK_SECRET", "whsec_" + "a7" * 16 + ",whsec_change_me"),
        ("FRONTEND_URL", ""),
        ("FRONTEND_URL", "http://kushfilms.test"),
        ("FRONTEND_URL", "kushfilms.test"),
        ("FRONTEND_URL", "https://"),
        ("CDN_URL", "http://cdn.kushfilms.test"),
        ("ENVIRONMENT", "Production"),
        ("ENVIRONMENT", ""),
    ],
)
def test_a_weak_member_or_address_is_refused(settings: Any, variable: str, value: str) -> None:
    """Check in this process, with settings as lists or as text."""
    for name, good in {**GOOD, "CDN_URL": "https://cdn.kushfilms.test"}.items():
        is_list = isinstance(getattr(settings, name, ""), list)
        setattr(settings, name, good.split(",") if is_list else good)
    settings.PRODUCTION, settings.DEBUG = True, False
    refuse_bad_configuration()
    is_list = isinstance(getattr(settings, variable), list)
    setattr(settings, variable, value.split(",") if is_list else value)
    with pytest.raises(ImproperlyConfigured, match=variable) as refused:
        refuse_bad_configuration()
    if variable.endswith(("KEY", "SECRET")):
        assert value not in str(refused.value)


def test_all_faults_are_reported_at_once_also_to_commands() -> None:
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

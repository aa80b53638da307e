"""Secrets of a checkout, created once and readable by their owner only."""

import secrets
from collections.abc import Mapping
from pathlib import Path

NAMES = (
    "SECRET_KEY",
    "JWT_ACCESS_SECRET",
    "JWT_REFRESH_SECRET",
    "CDN_SIGN_SECRET",
    "POSTGRES_PASSWORD",
    "VALKEY_PASSWORD",
    "R2_SECRET_ACCESS_KEY",
    "STRIPE_WEBHOOK_SECRET",
)


def read_env_file(file: Path) -> dict[str, str]:
    """Return the `KEY=value` lines of a file; a value is unquoted, up to the end of its line."""
    lines = (line for line in file.read_text().splitlines() if "=" in line)
    return dict(line.split("=", 1) for line in lines)


def write_env_file(file: Path, values: Mapping[str, str]) -> None:
    """Write `KEY=value` lines atomically, readable by their owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{key}={value}\n" for key, value in values.items()))
    draft.replace(file)


def load_or_create(file: Path) -> dict[str, str]:
    """Return the secrets in `file`, after creating and adding those that are missing."""
    existing = read_env_file(file) if file.exists() else {}
    missing = {name: secrets.token_hex(32) for name in NAMES if name not in existing}
    if missing:
        write_env_file(file, existing | missing)
    return existing | missing


def for_tests() -> dict[str, str]:
    """Return the secrets of test runs, always the same, so that a failure can be replayed."""
    return {name: f"test-only-{name.lower().replace('_', '-')}-0123456789" for name in NAMES}

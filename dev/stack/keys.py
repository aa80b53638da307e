"""The secrets of one checkout: made once, readable by their owner alone."""

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
    """`KEY=value` lines; a value runs to the end of its line and is never quoted."""
    lines = (line for line in file.read_text().splitlines() if "=" in line)
    return dict(line.split("=", 1) for line in lines)


def write_env_file(file: Path, values: Mapping[str, str]) -> None:
    """Write `KEY=value` lines, whole or not at all, never readable by others."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{key}={value}\n" for key, value in values.items()))
    draft.replace(file)


def load_or_create(file: Path) -> dict[str, str]:
    """The secrets in `file`; what is missing is made and added, what exists is never changed."""
    known = read_env_file(file) if file.exists() else {}
    missing = {name: secrets.token_hex(32) for name in NAMES if name not in known}
    if missing:
        write_env_file(file, known | missing)
    return known | missing


def for_tests() -> dict[str, str]:
    """The same secrets in every test run, so that a failure can be replayed."""
    return {name: f"test-only-{name.lower().replace('_', '-')}-0123456789" for name in NAMES}

"""Payment sandbox of a run, started unless the environment has real Stripe keys."""

import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from dev.stack.child import Command
from dev.stack.environment import Site

PRICES = {"STRIPE_PRICE_BASIC": "price_basic", "STRIPE_PRICE_PREMIUM": "price_premium"}
SECRET_KEY = "sk_test_sandbox"  # noqa: S105  It is valid for the sandbox only.


def variables(
    *, port: int, site: Site, keys: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of the sandbox, or the given Stripe variables if keys are given."""
    if given.get("STRIPE_SECRET_KEY"):
        names = [name for name in given if name.startswith("STRIPE_")]
        return {name: given[name] for name in names}
    host = f"http://127.0.0.1:{port}"
    return {
        **PRICES,
        "STRIPE_API_HOST": host,
        "STRIPE_SECRET_KEY": SECRET_KEY,
        "STRIPE_WEBHOOK_SECRET": keys["STRIPE_WEBHOOK_SECRET"],
        "PAYMENT_ORIGINS": host,
        "SANDBOX_WEBHOOK_URL": f"{site.url}/api/webhooks/stripe",
    }


def is_ours(environ: Mapping[str, str]) -> bool:
    return environ.get("STRIPE_SECRET_KEY") == SECRET_KEY


def command(environ: Mapping[str, str], *, home: Path | None = None) -> Command:
    """Return the sandbox's command. Its state is saved in `home`, or lost without one."""
    port = str(urlsplit(environ["STRIPE_API_HOST"]).port)
    state_file = ("--file", str(home / "sandbox.pickle")) if home else ()
    argv = (sys.executable, "-m", "dev.stripe_sandbox", "--port", port, *state_file)
    return Command(name="sandbox", argv=argv, environ=environ)

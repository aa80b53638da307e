"""Start-up checks: a production process with a missing secret must not start.

Django runs these before every command and at `check --deploy`; `kushfilms.wsgi` and the Celery
worker run them through `refuse_bad_configuration`.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

REQUIRED_IN_PRODUCTION = (
    "SECRET_KEY",
    "JWT_ACCESS_SECRET",
    "JWT_REFRESH_SECRET",
    "CDN_SIGN_SECRET",
    "R2_ENDPOINT",
    "R2_ACCESS_KEY_ID",
    "R2_SECRET_ACCESS_KEY",
    "R2_BUCKET_NAME",
    "AWS_SES_REGION",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_PRICE_BASIC",
    "STRIPE_PRICE_PREMIUM",
)
SIGNING_SECRETS = ("SECRET_KEY", "JWT_ACCESS_SECRET", "JWT_REFRESH_SECRET", "CDN_SIGN_SECRET")
# What sample files and tutorials leave behind, the owner's own .env.example among them.
PLACEHOLDER = re.compile(
    r"change[-_ ]?(this|me)|your[-_]|placeholder|example|super[-_]?secret|insecure|^x+$|^test$",
    re.IGNORECASE,
)
SHORTEST_SECRET = 32


@register()
def check_secrets(**_: Any) -> list[CheckMessage]:
    """Missing, placeholder and short secrets; nothing is checked outside production."""
    if not settings.PRODUCTION:
        return []
    return [
        *(error for name in REQUIRED_IN_PRODUCTION for error in _value_errors(name)),
        *_distinct_errors(SIGNING_SECRETS),
    ]


def _value_errors(name: str) -> list[CheckMessage]:
    found = getattr(settings, name, "")
    value = ",".join(found) if isinstance(found, list) else str(found)
    if not value:
        return [
            Error(f"{name} is not set.", hint=f"Set {name} in the environment.", id="kush.E001")
        ]
    if PLACEHOLDER.search(value):
        hint = f"Put a real value in {name}; `openssl rand -base64 48` makes a secret."
        return [Error(f"{name} still holds a placeholder.", hint=hint, id="kush.E002")]
    if name in SIGNING_SECRETS and len(value) < SHORTEST_SECRET:
        hint = f"At least {SHORTEST_SECRET} characters; `openssl rand -base64 48` makes one."
        return [Error(f"{name} is too short to be a secret.", hint=hint, id="kush.E003")]
    return []


def _distinct_errors(names: Sequence[str]) -> list[CheckMessage]:
    values = [value for name in names if (value := getattr(settings, name, ""))]
    if len(set(values)) == len(values):
        return []
    hint = f"Give each of {', '.join(names)} a value of its own."
    return [Error("Two signing secrets are the same.", hint=hint, id="kush.E004")]


@register()
def check_hosts(**_: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and (not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS):
        hint = "Name the hosts this site answers to, comma separated."
        return [Error("ALLOWED_HOSTS is not set, or lets any host in.", hint=hint, id="kush.E005")]
    return []


def refuse_bad_configuration(**_: Any) -> None:
    """Stop a process that management commands do not start (web, worker, beat).

    Raises:
        ImproperlyConfigured: naming every variable at fault.
    """
    errors = [*check_secrets(), *check_hosts()]
    if errors:
        raise ImproperlyConfigured(" ".join(f"{error.msg} {error.hint}" for error in errors))

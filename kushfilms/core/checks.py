"""Start-up checks, which stop a production process with a missing or weak secret.

Django runs these before every command and at `check --deploy`; `kushfilms.wsgi` and the Celery
worker run them through `refuse_bad_configuration`.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from kushfilms.core.secret_strength import SHORTEST_SECRET, is_guessable, is_placeholder

REQUIRED_IN_PRODUCTION = (
    "FRONTEND_URL",
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
# Several secrets, comma separated; each may have a name of its own before a colon.
NAMED_SECRETS = {"CDN_SIGN_SECRET"}
LONG_RANDOM = "create one with `openssl rand -base64 48`."


@register()
def check_environment(**_: Any) -> list[CheckMessage]:
    """Check the environment's name: an unknown one could be a misspelt `production`."""
    errors: list[CheckMessage] = []
    if settings.ENVIRONMENT not in settings.ENVIRONMENTS:
        hint = f"Use one of {', '.join(sorted(settings.ENVIRONMENTS))}."
        errors.append(Error("ENVIRONMENT holds an unknown value.", hint=hint, id="kush.E006"))
    if settings.PRODUCTION and settings.DEBUG:
        hint = "Remove DEBUG: its pages show settings and data to visitors."
        errors.append(Error("DEBUG is on in production.", hint=hint, id="kush.E007"))
    return errors


@register()
def check_secrets(**_: Any) -> list[CheckMessage]:
    """Find missing, placeholder and weak secrets, in production only."""
    if not settings.PRODUCTION:
        return []
    errors: list[CheckMessage] = []
    for name in REQUIRED_IN_PRODUCTION:
        errors.extend(_value_errors(name))
    keys = [value for name in SIGNING_SECRETS for value in _values(name) if value]
    if len(set(keys)) < len(keys):
        hint = f"Give each of {', '.join(SIGNING_SECRETS)} a value of its own."
        errors.append(Error("Two signing secrets are the same.", hint=hint, id="kush.E004"))
    return errors


def _values(name: str) -> list[str]:
    """Return every value of a variable: a list is as weak as its weakest member."""
    found = getattr(settings, name, "")
    if isinstance(found, list):
        return [str(value) for value in found]
    if name not in NAMED_SECRETS:
        return [str(found)] if found else []
    parts = filter(None, (part.strip() for part in str(found).split(",")))
    return [part.partition(":")[2] if ":" in part else part for part in parts]


def _value_errors(name: str) -> Iterator[CheckMessage]:
    values = _values(name)
    if not any(values):
        yield Error(f"{name} is not set.", hint=f"Set {name} in the environment.", id="kush.E001")
    elif any(is_placeholder(value) for value in values):
        hint = f"Put a real value in {name}. For a secret, {LONG_RANDOM}"
        yield Error(f"{name} still holds a placeholder.", hint=hint, id="kush.E002")
    elif name in SIGNING_SECRETS and any(len(value) < SHORTEST_SECRET for value in values):
        hint = f"Each key needs at least {SHORTEST_SECRET} characters; {LONG_RANDOM}"
        yield Error(f"{name} is too short to be a secret.", hint=hint, id="kush.E003")
    elif name in SIGNING_SECRETS and any(is_guessable(value) for value in values):
        hint = f"It repeats the same characters; {LONG_RANDOM}"
        yield Error(f"{name} is too regular to be a secret.", hint=hint, id="kush.E008")


@register()
def check_hosts(**_: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and (not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS):
        hint = "List the hosts of this site, comma separated."
        return [Error("ALLOWED_HOSTS is not set, or allows any host.", hint=hint, id="kush.E005")]
    return []


@register()
def check_addresses(**_: Any) -> list[CheckMessage]:
    """Check that the addresses of links and media are https in production."""
    if not settings.PRODUCTION:
        return []
    return [
        Error(
            f"{name} is not an https address.",
            hint="Write it as https://, a host, and no path or query.",
            id="kush.E009",
        )
        for name in ("FRONTEND_URL", "CDN_URL", "CORS_ALLOWED_ORIGINS")
        if not all(_is_https_origin(value) for value in _values(name) if value != "*")
    ]


def _is_https_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _port_is_a_number = parts.port
    except ValueError:
        return False
    bare = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    return parts.scheme == "https" and bool(parts.hostname) and bare


def refuse_bad_configuration(**_: Any) -> None:
    """Stop a process that no management command starts (web, worker, beat).

    Raises:
        ImproperlyConfigured: naming every variable at fault.
    """
    checks = (check_environment, check_secrets, check_hosts, check_addresses)
    errors = [error for check in checks for error in check()]
    if errors:
        raise ImproperlyConfigured(" ".join(f"{error.msg} {error.hint}" for error in errors))

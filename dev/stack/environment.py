"""The environment contract: what every child, every test and `manage.py` by hand is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# The part whose URL stands in the environment is used instead of our own.
EXTERNAL = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL", "s3": "R2_ENDPOINT"}


@dataclass(frozen=True)
class Site:
    """Where people find the site. `host` is the address to listen on.

    `threads` of each web process. Here they also wait for who fetches films, so there are more of
    them than where a CDN does that: each costs, as only one at a time runs Python.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 4

    @property
    def url(self) -> str:
        """The address to open on this machine, whatever it listens on besides."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def allowed_hosts(self) -> str:
        return "127.0.0.1,localhost" if self.host == "127.0.0.1" else "*"


def contract(
    *, kind: str, site: Site, home: Path, keys: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """The variables that do not depend on the parts.

    `kind` is `embedded` or `test`. What is `given` from outside wins, except ENVIRONMENT and
    LOCAL_DIR: an ENVIRONMENT=production left in a shell must not reach the demo data.
    """
    defaults = {
        "SECRET_KEY": keys["SECRET_KEY"],
        "JWT_ACCESS_SECRET": keys["JWT_ACCESS_SECRET"],
        "JWT_REFRESH_SECRET": keys["JWT_REFRESH_SECRET"],
        "CDN_SIGN_SECRET": keys["CDN_SIGN_SECRET"],
        "FRONTEND_URL": site.url,
        "ALLOWED_HOSTS": site.allowed_hosts,
    }
    chosen = {name: given.get(name) or default for name, default in defaults.items()}
    return chosen | {"ENVIRONMENT": kind, "LOCAL_DIR": str(home)}

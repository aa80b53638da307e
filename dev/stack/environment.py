"""Environment variables of every child, every test and every `manage.py` typed by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# A server whose URL is in the environment is used instead of an own one.
EXTERNAL = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL", "s3": "R2_ENDPOINT"}


@dataclass(frozen=True)
class Site:
    """Address of the site. `host` is the address to listen on.

    `threads` is the number in each web process. Here threads also serve film segments, so more are
    needed than behind a CDN. Each one costs, because only one at a time runs Python.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 4

    @property
    def url(self) -> str:
        """Return the address to open on this machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def allowed_hosts(self) -> str:
        return "127.0.0.1,localhost" if self.host == "127.0.0.1" else "*"


def contract(
    *, kind: str, site: Site, home: Path, keys: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Return the variables that do not depend on the servers.

    `kind` is `embedded` or `test`. A variable in `given` wins, except ENVIRONMENT and LOCAL_DIR,
    because an ENVIRONMENT=production left in a shell must not reach the demo data.
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

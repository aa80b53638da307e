"""Public reads rendered without Django, which takes three quarters of the time of a small one."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django.db import DatabaseError, connection

from kushfilms.core.errors import KushError
from kushfilms.core.public_cache.lru_store import CachedResponse, Headers
from kushfilms.core.public_cache.request_key import Environ
from kushfilms.core.public_cache.shown import Shown
from kushfilms.core.request_client import country_in

# Hosts and schemes whose headers are kept: clients choose them.
MOST_ORIGINS = 64


@dataclass
class Shortcut:
    """A way to render the answers for the paths that match, without a query.

    `render` gets the path's group `reference` and the country. The headers are those of Django's
    last such answer for the same host and scheme: before there is one, and at every error, Django
    answers.
    """

    path: re.Pattern[str]
    render: Callable[[str, str], tuple[bytes, Shown]]
    headers: dict[tuple[str, ...], Headers] = field(default_factory=dict)

    def response(self, environ: Environ) -> tuple[CachedResponse, Shown] | None:
        """Return the response and what it shows; None to ask Django."""
        headers = self.headers.get(_origin(environ))
        found = self.path.fullmatch(environ["PATH_INFO"])
        if headers is None or found is None:
            return None
        try:
            connection.close_if_unusable_or_obsolete()
            body, shown = self.render(found["reference"], country_in(environ))
        except (KushError, DatabaseError):
            return None
        return CachedResponse.plain(body, headers), shown

    def learn(self, environ: Environ, response: CachedResponse) -> None:
        """Keep the headers of an answer of Django's."""
        if len(self.headers) < MOST_ORIGINS:
            self.headers[_origin(environ)] = response.headers


def shortcut_for(environ: Environ, shortcuts: Collection[Shortcut]) -> Shortcut | None:
    if environ.get("QUERY_STRING"):
        return None
    path = environ["PATH_INFO"]
    return next((each for each in shortcuts if each.path.fullmatch(path)), None)


def _origin(environ: Environ) -> tuple[str, ...]:
    names = ("HTTP_HOST", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO")
    return tuple(environ.get(name, "") for name in names)

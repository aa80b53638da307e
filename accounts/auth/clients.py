"""Person of a request, for rate limits on responses that are the same for all clients."""

from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore

from accounts.auth.middleware import SESSION_KEY
from accounts.auth.principal import principal_get
from accounts.auth.tokens import read_access
from kushfilms.core.client_ids import Cookies
from kushfilms.core.errors import NotSignedIn


def person_of(authorization: str, cookies: Cookies) -> str:
    """Return the id of the person whose bearer token or session cookie this is, or ''.

    A token revoked within its 15 minutes still counts for its person, as that gains nothing but
    the person's own limit and needs no query.
    """
    scheme, _, raw = authorization.partition(" ")
    if scheme.lower() == "bearer":
        try:
            return str(read_access(raw.strip()).user_id)
        except NotSignedIn:
            return ""
    # Read without `request.session`, which adds `Vary: Cookie`.
    cookie = cookies.get(settings.SESSION_COOKIE_NAME, "")
    session_id = SessionStore(session_key=cookie).get(SESSION_KEY) if cookie else None
    principal = principal_get(UUID(session_id)) if session_id else None
    return str(principal.user_id) if principal else ""

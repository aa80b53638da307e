"""Unsubscribe links, which end one sort of mail (RFC 8058).

Signed and without expiry, as people unsubscribe from mails of years ago. They grant nothing else.
"""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import NotificationType
from kushfilms.core.errors import InvalidInput

SALT = "accounts.mails.unsubscribe"


@dataclass(frozen=True)
class Unsubscription:
    user_id: UUID
    kind: NotificationType


def unsubscribe_url(user_id: UUID, kind: NotificationType) -> str:
    token = signing.Signer(salt=SALT).sign_object([str(user_id), str(kind)])
    return f"{settings.FRONTEND_URL}{reverse('unsubscribe')}?{urlencode({'token': token})}"


def unsubscribe_read(token: str) -> Unsubscription:
    """Return the content of a token. Raises InvalidInput."""
    try:
        user_id, kind = signing.Signer(salt=SALT).unsign_object(token[:1000])
    except signing.BadSignature as exc:
        message = "This link is incomplete. Open it from the e-mail again."
        raise InvalidInput(message) from exc
    return Unsubscription(UUID(user_id), NotificationType(kind))

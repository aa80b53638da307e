"""The link that ends one sort of mail, for whoever holds the mail (RFC 8058).

Signed and without an end: people unsubscribe from mails they find years later. It does only this.
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
    """Raises InvalidInput for what is no token of ours."""
    try:
        user_id, kind = signing.Signer(salt=SALT).unsign_object(token[:1000])
    except signing.BadSignature as exc:
        message = "This link is not whole. Open it from the mail again."
        raise InvalidInput(message) from exc
    return Unsubscription(UUID(user_id), NotificationType(kind))

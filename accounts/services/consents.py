"""What people agreed to. Rows are only added; the latest of a purpose counts."""

from uuid import UUID

from django.conf import settings

from accounts.models import Consent, ConsentPurpose
from kushfilms.core.context import current

VERSIONED = (ConsentPurpose.TERMS, ConsentPurpose.PRIVACY)


def consent_record(user_id: UUID, *, purpose: ConsentPurpose, granted: bool) -> Consent:
    """Note a yes or a no, to the text as it reads today. The same answer twice is one row."""
    version = settings.LEGAL_TEXTS_VERSION
    last = Consent.objects.filter(user_id=user_id, purpose=purpose).order_by("-created_at").first()
    if last and (last.granted, last.version) == (granted, version):
        return last
    context = current()
    return Consent.objects.create(
        user_id=user_id,
        purpose=purpose,
        version=version,
        granted=granted,
        ip=context.ip,
        user_agent=context.user_agent,
    )


def consents_at_registration(user_id: UUID) -> None:
    """Making an account is agreeing to the terms and the privacy notice; the page says so."""
    for purpose in VERSIONED:
        consent_record(user_id, purpose=purpose, granted=True)

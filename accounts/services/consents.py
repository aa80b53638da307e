"""Consents of people. Rows are only added; the latest of a purpose counts."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.auth.principal import principals_forget
from accounts.models import Consent, ConsentPurpose, NotificationType, User
from kushfilms.core.context import current

VERSIONED = (ConsentPurpose.TERMS, ConsentPurpose.PRIVACY)


@transaction.atomic
def consent_give(user_id: UUID, *, purpose: ConsentPurpose, granted: bool) -> Consent:
    """Record a person's answer; the consent to marketing switches mail about new films."""
    if purpose == ConsentPurpose.MARKETING_EMAIL:
        user = User.objects.select_for_update().get(pk=user_id)
        kinds = [kind for kind in user.emailed_types if kind != NotificationType.NEW_CONTENT]
        user.emailed_types = [*kinds, NotificationType.NEW_CONTENT.value] if granted else kinds
        user.save(update_fields=["emailed_types", "updated_at"])
    if purpose == ConsentPurpose.TERMS:
        principals_forget(user=user_id)
    return consent_record(user_id, purpose=purpose, granted=granted)


def consent_by_preference(user_id: UUID, *, emailed_types: list[str]) -> None:
    """Record the marketing consent that follows from switching mail about new films."""
    wanted = NotificationType.NEW_CONTENT in emailed_types
    marketing = ConsentPurpose.MARKETING_EMAIL
    if wanted or Consent.objects.filter(user_id=user_id, purpose=marketing).exists():
        consent_record(user_id, purpose=marketing, granted=wanted)


def consent_record(user_id: UUID, *, purpose: ConsentPurpose, granted: bool) -> Consent:
    """Record an answer to the current text. The same answer twice is one row."""
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


@transaction.atomic
def legal_texts_agree(user_id: UUID) -> None:
    """Record consent to the current terms and privacy notice.

    Called at registration, whose page states it, and when a person agrees to changed texts.
    """
    for purpose in VERSIONED:
        consent_record(user_id, purpose=purpose, granted=True)
    principals_forget(user=user_id)

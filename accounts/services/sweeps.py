"""Sweeps of expired links and grants."""

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import DeviceGrant, OneTimeToken

# Long enough to answer "this link has expired" to a late visitor.
TOKENS_KEPT = timedelta(days=7)
GRANTS_KEPT = timedelta(days=1)


def grants_sweep(*, now: datetime) -> int:
    """Delete expired links and device grants; return the number of rows."""
    late = now - TOKENS_KEPT
    tokens, _ = OneTimeToken.objects.filter(Q(expires_at__lt=late) | Q(used_at__lt=late)).delete()
    grants, _ = DeviceGrant.objects.filter(expires_at__lt=now - GRANTS_KEPT).delete()
    return tokens + grants

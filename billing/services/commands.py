"""Commands to the payment provider, stored as rows that `billing.sync.run_commands` carries out."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from billing.models import CommandKind, ProviderCommand
from billing.providers import provider
from kushfilms.core.jobs import job_enqueue


def command_create(
    kind: CommandKind,
    *,
    user: User | None,
    object_id: str,
    plan: str = "",
    amount_minor: int | None = None,
    priced_at: datetime | None = None,
    reason: str = "",
) -> ProviderCommand | None:
    """Create a command in the caller's transaction; return None if the same one is waiting."""
    command = ProviderCommand(
        kind=kind,
        user=user,
        provider=provider().name,
        object_id=object_id,
        plan=plan,
        amount_minor=amount_minor,
        priced_at=priced_at,
        reason=reason[:500],
    )
    try:
        with transaction.atomic():
            command.save(force_insert=True)
    except IntegrityError:
        return None
    job_enqueue("billing_order", {"order": str(command.pk)})
    return command

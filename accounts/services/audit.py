"""Audit log: actions of staff with their object, origin, old and new values."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounts.models import AuditLog, User
from kushfilms.core.context import current
from kushfilms.core.text import line_clean

# Values of these fields never appear in the log.
SECRET_FIELDS = frozenset(
    {"password", "refresh_jti", "spent_tokens", "token_hash", "sealed_secret"}
)
LONGEST_VALUE = 1000


def audit_write(
    action: str,
    entity: Model,
    *,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    reason: str = "",
    actor: User | None = None,
) -> AuditLog:
    """Record one write by staff, inside its transaction. `action` is `entity.verb`.

    Actor and origin come from the current request, unless an `actor` is given; without either it
    was the system itself, or an operator's command.
    """
    context = current()
    return AuditLog.objects.create(
        actor_id=actor.pk if actor else context.actor_id,
        actor_role=actor.role if actor else context.actor_role,
        action=action,
        entity=entity._meta.label,
        entity_id=str(entity.pk),
        label=str(entity)[:200],
        old_values=_plain(old or {}),
        new_values=_plain(new or {}),
        reason=line_clean(reason)[:500],
        ip=context.ip,
        user_agent=context.user_agent,
        request_id=context.request_id,
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _value(value) if name not in SECRET_FIELDS else "changed"
        for name, value in values.items()
    }


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple | set):
        return [_value(item) for item in list(value)[:100]]
    return str(value)[:LONGEST_VALUE]

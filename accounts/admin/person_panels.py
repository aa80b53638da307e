"""Panels of accounts on a person's admin page."""

from typing import Any

from accounts.admin.panels import user_panel
from accounts.models import AuditLog, Session, User

ROWS = 20


@user_panel(
    "Devices",
    template="admin/panels/sessions.html",
    perm="accounts.view_session",
    order=20,
)
def sessions(user: User) -> dict[str, Any]:
    return {
        "sessions": list(Session.objects.live().filter(user=user).order_by("-last_seen_at")[:ROWS])
    }


@user_panel(
    "Audit log",
    template="admin/panels/audit.html",
    perm="accounts.view_auditlog",
    order=90,
)
def audit_trail(user: User) -> dict[str, Any]:
    entries = AuditLog.objects.filter(entity="accounts.User", entity_id=str(user.pk))
    return {"entries": list(entries.order_by("-created_at")[:ROWS])}

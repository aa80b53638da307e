"""Roles and the permission matrix, used by Django Admin, pages and API alike.

Every permission is listed here with the least role that has it. An unknown permission raises, so
the first test finds a misspelt one. Django Admin uses names of the form `app.verb_model`, and our
own verbs take the same form.
"""

from typing import Protocol
from uuid import UUID

from django.db import models


class Actor(Protocol):
    """A person who acts: a `User` row or a `Principal`."""

    @property
    def id(self) -> UUID: ...

    @property
    def role(self) -> str: ...


class Role(models.TextChoices):
    """Roles in order of power: each has the permissions of those before it."""

    USER = "USER"
    MODERATOR = "MODERATOR"
    ADMIN = "ADMIN"
    SUPER_ADMIN = "SUPER_ADMIN"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def at_least(self, role: "Role") -> bool:
        return self.rank >= role.rank


MODERATOR = Role.MODERATOR
ADMIN = Role.ADMIN
SUPER_ADMIN = Role.SUPER_ADMIN
# Rows that only services write: no role adds, changes or deletes them by hand.
NOBODY = None

# The least role to (view, add, change, delete) a model's rows.
MODELS: dict[str, tuple[Role, Role | None, Role | None, Role | None]] = {
    "core.job": (ADMIN, NOBODY, NOBODY, NOBODY),
    "accounts.user": (MODERATOR, SUPER_ADMIN, ADMIN, SUPER_ADMIN),
    "accounts.session": (MODERATOR, NOBODY, NOBODY, NOBODY),
    "accounts.notification": (MODERATOR, NOBODY, NOBODY, NOBODY),
    "accounts.auditlog": (SUPER_ADMIN, NOBODY, NOBODY, NOBODY),
    "accounts.consent": (ADMIN, NOBODY, NOBODY, NOBODY),
    "accounts.dataexport": (ADMIN, NOBODY, NOBODY, NOBODY),
    "billing.subscription": (ADMIN, NOBODY, NOBODY, NOBODY),
    "billing.payment": (ADMIN, NOBODY, NOBODY, NOBODY),
    "billing.ledgerentry": (ADMIN, NOBODY, NOBODY, NOBODY),
    "billing.providerevent": (ADMIN, NOBODY, NOBODY, NOBODY),
    "billing.providercommand": (ADMIN, NOBODY, NOBODY, NOBODY),
    "billing.discrepancy": (ADMIN, NOBODY, NOBODY, NOBODY),
    "catalog.category": (ADMIN, ADMIN, ADMIN, ADMIN),
    "catalog.movie": (ADMIN, ADMIN, ADMIN, ADMIN),
    "catalog.movieimport": (ADMIN, NOBODY, NOBODY, NOBODY),
    "catalog.series": (ADMIN, ADMIN, ADMIN, ADMIN),
    "catalog.season": (ADMIN, ADMIN, ADMIN, ADMIN),
    "catalog.person": (ADMIN, ADMIN, ADMIN, ADMIN),
    "catalog.credit": (ADMIN, ADMIN, ADMIN, ADMIN),
    "catalog.rating": (MODERATOR, NOBODY, NOBODY, NOBODY),
    "catalog.comment": (MODERATOR, NOBODY, NOBODY, NOBODY),
    "catalog.report": (MODERATOR, NOBODY, NOBODY, NOBODY),
    "catalog.takedownnotice": (ADMIN, NOBODY, NOBODY, NOBODY),
    "catalog.watchhistory": (ADMIN, NOBODY, NOBODY, NOBODY),
    "streaming.videoasset": (ADMIN, NOBODY, NOBODY, NOBODY),
    "streaming.workitem": (ADMIN, NOBODY, NOBODY, NOBODY),
    "streaming.playbacksession": (ADMIN, NOBODY, NOBODY, NOBODY),
}
# Permissions beyond Django's four verbs.
VERBS: dict[str, Role] = {
    "accounts.announce_notification": ADMIN,
    "accounts.ban_user": MODERATOR,
    "accounts.set_role_user": SUPER_ADMIN,
    "accounts.sign_out_session": MODERATOR,
    "billing.grant_subscription": ADMIN,
    "billing.refund_payment": ADMIN,
    "billing.repair_discrepancy": ADMIN,
    "billing.retry_providerevent": ADMIN,
    "catalog.hide_comment": MODERATOR,
    "catalog.hide_rating": MODERATOR,
    "catalog.resolve_report": MODERATOR,
    "catalog.export_movie": ADMIN,
    "catalog.import_movie": ADMIN,
    "catalog.publish_movie": ADMIN,
    "catalog.decide_takedownnotice": ADMIN,
    "core.retry_job": ADMIN,
    "streaming.upload_videoasset": ADMIN,
}


MATRIX: dict[str, Role | None] = {
    **VERBS,
    **{
        model.replace(".", f".{verb}_"): role
        for model, roles in MODELS.items()
        for verb, role in zip(("view", "add", "change", "delete"), roles, strict=True)
    },
}


def role_allows(role: Role, perm: str) -> bool:
    """Return whether a role has `app.verb_model`. Raises LookupError for an unknown permission."""
    if perm not in MATRIX:
        raise LookupError(f"There is no permission {perm}.")
    least = MATRIX[perm]
    return least is not None and role.at_least(least)


def role_sees_app(role: Role, app: str) -> bool:
    """Return whether a role may view any model of an app."""
    return any(
        role.at_least(roles[0]) for model, roles in MODELS.items() if model.startswith(f"{app}.")
    )

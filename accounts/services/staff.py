"""Staff's changes of a person's account: fields, deletion and sign-outs."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Session, User
from accounts.roles import Actor, Role, role_allows
from accounts.services.audit import audit_write
from accounts.services.erasure import deletion_request
from accounts.services.moderation import user_set_role
from accounts.services.people import email_normalise, user_update
from accounts.services.sessions import session_revoke
from accounts.services.staff_rank import user_lock_below
from kushfilms.core.errors import Denied, InvalidInput, WrongState
from kushfilms.core.names import name_clean

EDITABLE = ("email", "name", "email_verified", "locale", "date_of_birth")


@transaction.atomic
def user_edit(user: User, *, by: Actor, changes: dict[str, Any], role: Role | None = None) -> User:
    """Change fields of `EDITABLE`, and the role, which only a super admin gives.

    Raises:
        Denied: not below `by`, or `by` may not give roles.
        InvalidInput: a value is not valid.
        WrongState: `email_taken`, `last_super_admin`.
    """
    locked = user_lock_below(user, by=by)
    if role is not None and role != locked.role:
        if not role_allows(Role(by.role), "accounts.set_role_user"):
            raise Denied("Only a super admin can change roles.", code="role_denied")
        user_set_role(locked, role=role, by=by)
    given = {name: value for name, value in changes.items() if name in EDITABLE}
    if "email" in given:
        given["email"] = email_normalise(given["email"])
    if "name" in given:
        given["name"] = name_clean(given["name"])
    old = {name: getattr(locked, name) for name in given if getattr(locked, name) != given[name]}
    if not old:
        return locked
    for name in old:
        setattr(locked, name, given[name])
    try:
        locked.full_clean(validate_constraints=False)
        with transaction.atomic():
            user_update(locked, fields=list(old))
    except ValidationError as exc:
        raise InvalidInput("Check the marked fields.", fields=exc.message_dict) from exc
    except IntegrityError as exc:
        raise WrongState("Another account has this e-mail.", code="email_taken") from exc
    audit_write("user.change", locked, old=old, new={name: given[name] for name in old})
    return locked


@transaction.atomic
def user_delete(user: User, *, by: Actor, now: datetime) -> datetime:
    """Schedule the erasure of a person below `by`, after the grace period; return its date.

    Raises Denied, or WrongState `last_super_admin`.
    """
    return deletion_request(user_lock_below(user, by=by), now=now, by_staff=True)


@transaction.atomic
def session_sign_out(session: Session, *, by: Actor) -> None:
    """End a sign-in of a person below `by`. Raises Denied."""
    user_lock_below(session.user, by=by)
    if session.revoked_at is None:
        session_revoke(session.pk, reason="revoked_by_staff")
        audit_write("session.sign_out", session, old={"live": True}, new={"live": False})

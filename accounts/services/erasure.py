"""Erasure of accounts: requested with the password, a grace period, then deletion of all data.

The person's row stays as an id without a name, so that records which the law requires (payments,
actions of staff) still have a row to refer to.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.auth.principal import principals_forget
from accounts.events import PersonErased, PersonLeaving
from accounts.models import AuditLog, User
from accounts.privacy.registry import personal_data_all
from accounts.services.audit import audit_write
from accounts.services.avatar_uploads import avatar_uploads_forget
from accounts.services.exports import exports_forget
from accounts.services.lock_out import own_password_check
from accounts.services.sessions import user_sessions_revoke
from accounts.services.staff_rank import super_admin_keep_one, user_lock_below
from kushfilms.core import storage
from kushfilms.core.errors import InvalidInput
from kushfilms.core.events import emit
from kushfilms.core.jobs import Running, job_cancel, job_enqueue, job_kind
from kushfilms.core.mail import mail_enqueue
from kushfilms.core.models import JobLane

BATCH = 1000


def deletion_request_checked(user: User, *, password: str, now: datetime) -> datetime:
    """Schedule the erasure of a person, after checking their password.

    Raises:
        InvalidInput: not their password.
        RateLimited: too many wrong passwords.
    """
    if not own_password_check(user, password, now=now):
        fault = "This is not your password."
        raise InvalidInput("Enter your password.", fields={"password": [fault]})
    return deletion_request(user, now=now)


@transaction.atomic
def deletion_request(user: User, *, now: datetime, by_staff: bool = False) -> datetime:
    """Sign a person out everywhere and schedule their erasure; return its date.

    A repeated request keeps the first date.

    Raises:
        WrongState: `last_super_admin`.
    """
    user = user_lock_below(user, by=None)
    super_admin_keep_one(user)
    if user.deletes_at is None:
        user.deletes_at = now + settings.ACCOUNT_DELETION_GRACE
        user.save(update_fields=["deletes_at", "updated_at"])
        key = str(user.pk)
        job_enqueue("erase_person", {"user": key}, key=key, not_before=user.deletes_at)
        mail_enqueue("deletion_requested", {"user": key}, key=key)
        emit(PersonLeaving(user_id=user.pk))
        if by_staff:
            audit_write("user.delete", user, new={"deletes_at": user.deletes_at})
    user_sessions_revoke(user, reason="account_closing")
    return user.deletes_at


@transaction.atomic
def deletion_withdraw(user: User) -> None:
    """Withdraw a scheduled erasure, if there is one."""
    changed = User.objects.filter(pk=user.pk, erased_at=None).exclude(deletes_at=None)
    if changed.update(deletes_at=None):
        job_cancel("erase_person", key=str(user.pk))
        principals_forget(user=user)


@job_kind("erase_person", lane=JobLane.LONG)
def erase_person(job: Running) -> None:
    """Delete all data declared in `accounts.privacy.registry`, then the name. Idempotent."""
    user = User.objects.filter(pk=job.payload["user"], erased_at=None).first()
    if user is None or user.deletes_at is None or user.deletes_at > timezone.now():
        return  # withdrawn, or already done
    _shut(user)
    exports_forget(user)
    if user.avatar_key:
        storage.delete(user.avatar_key)
    avatar_uploads_forget(user.pk)
    for declaration in reversed(personal_data_all()):
        if declaration.blank:
            declaration.rows(user.pk).update(**declaration.blank)
        elif declaration.blank is None:
            while keys := list(declaration.rows(user.pk).values_list("pk", flat=True)[:BATCH]):
                declaration.remove(keys)
                job.checkpoint()
    _blank_person(user, now=timezone.now())


@transaction.atomic
def _shut(user: User) -> None:
    """Prevent sign-ins, which could add new data during the erasure."""
    user.password = make_password(None)
    user.save(update_fields=["password", "updated_at"])
    user_sessions_revoke(user, reason="erased")


@transaction.atomic
def _blank_person(user: User, *, now: datetime) -> None:
    """Remove the name and mark the row erased, in one transaction."""
    user.email = f"{user.pk}@erased.invalid"
    user.name = ""
    user.ban_reason = ""
    user.avatar_key = ""
    user.email_verified = False
    user.pending_email = ""
    user.date_of_birth = user.last_login_at = None
    user.emailed_types = []
    user.role = "USER"
    user.erased_at = now
    user.save()
    emit(PersonErased(user_id=user.pk))
    AuditLog.objects.filter(entity="accounts.User", entity_id=str(user.pk)).update(
        label="", old_values={}, new_values={}, reason=""
    )
    AuditLog.objects.filter(actor_id=user.pk).update(ip=None, user_agent="")
    principals_forget(user=user)

"""What this app holds on people (`accounts.privacy.registry`)."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import (
    AuditLog,
    AvatarUpload,
    Consent,
    DataExport,
    DeviceGrant,
    Notification,
    OneTimeToken,
    Session,
    Totp,
    User,
)
from accounts.notification_texts import words_refresh
from accounts.privacy.registry import held_data

DEVICE = {"device_name": "device", "ip": "ip", "user_agent": "userAgent"}


def _self(user_id: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=user_id)


def _about_them(user_id: UUID) -> QuerySet[AuditLog]:
    return AuditLog.objects.filter(entity="accounts.User", entity_id=str(user_id))


held_data(
    "profile",
    about="Your account, as you and our staff entered it.",
    model=User,
    owner="self",
    rows=_self,
    fields={
        "id": "id",
        "email": "email",
        "email_verified": "emailVerified",
        "pending_email": "emailToConfirm",
        "name": "name",
        "role": "role",
        "locale": "language",
        "date_of_birth": "dateOfBirth",
        "emailed_types": "wantedByEmail",
        "is_banned": "banned",
        "ban_reason": "banReason",
        "banned_until": "bannedUntil",
        "created_at": "createdAt",
        "last_login_at": "lastSignInAt",
        "deletes_at": "erasureAskedFor",
    },
    blank={},  # `accounts.services.erasure` empties this row last, itself
)
held_data(
    "sign_ins",
    about="Where you signed in, so that you can see and end it, and we can spot theft.",
    model=Session,
    fields={
        **DEVICE,
        "kind": "kind",
        "created_at": "signedInAt",
        "last_seen_at": "lastSeenAt",
        "revoked_at": "endedAt",
        "revoked_reason": "endedBecause",
    },
)
held_data(
    "notifications",
    about="What we told you in your list.",
    model=Notification,
    fields={
        "type": "type",
        "title": "title",
        "message": "message",
        "created_at": "createdAt",
        "read_at": "readAt",
    },
    refresh=words_refresh,
)
held_data(
    "consents",
    about="What you agreed to, and when; kept as proof, without your name, after an erasure.",
    model=Consent,
    fields={
        "purpose": "purpose",
        "version": "version",
        "granted": "granted",
        "created_at": "at",
        "ip": "ip",
        "user_agent": "userAgent",
    },
    blank={"user": None, "ip": None, "user_agent": ""},
)
held_data(
    "exports",
    about="Copies of your data you asked for.",
    model=DataExport,
    fields={"status": "status", "created_at": "askedForAt", "total_bytes": "bytes"},
)
held_data(
    "mailed_links",
    about="Links we mailed you to prove your address or to choose a new password.",
    model=OneTimeToken,
    fields={"purpose": "purpose", "email": "sentTo", "created_at": "sentAt", "used_at": "usedAt"},
)
held_data(
    "picture_uploads",
    about="Pictures of you that you began to send; forgotten after a day.",
    model=AvatarUpload,
    fields={
        "content_type": "type",
        "size": "bytes",
        "created_at": "begunAt",
        "completed_at": "completedAt",
    },
)
held_data(
    "tv_codes",
    about="TVs you let in by their code.",
    model=DeviceGrant,
    fields={**DEVICE, "created_at": "askedAt", "state": "state"},
)
held_data(
    "second_factor",
    about="Your authenticator app. Its secret is not in here, for your own safety.",
    model=Totp,
    fields={"created_at": "setUpAt", "confirmed_at": "confirmedAt"},
)
held_data(
    "staff_actions_about_you",
    about="What our staff did to your account. What was written there goes at an erasure.",
    model=AuditLog,
    owner="entity_id",
    rows=_about_them,
    fields={
        "created_at": "at",
        "action": "action",
        "old_values": "before",
        "new_values": "after",
        "reason": "reason",
    },
    blank={},  # the log's own triggers let the erasure service blank these
)

"""Personal data of this app (`accounts.privacy.registry`)."""

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
from accounts.notification_texts import notification_texts_refresh
from accounts.privacy.registry import personal_data

DEVICE = {"device_name": "device", "ip": "ip", "user_agent": "userAgent"}


personal_data(
    "profile",
    about="Your account, as you and our staff entered it.",
    model=User,
    owner="self",
    rows=lambda user_id: User.objects.filter(pk=user_id),
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
personal_data(
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
personal_data(
    "notifications",
    about="Your notifications.",
    model=Notification,
    fields={
        "type": "type",
        "title": "title",
        "message": "message",
        "created_at": "createdAt",
        "read_at": "readAt",
    },
    refresh=notification_texts_refresh,
)
personal_data(
    "consents",
    about="Your consents with their dates; kept as proof, without your name, after deletion.",
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
personal_data(
    "exports",
    about="Your requests for a copy of your data.",
    model=DataExport,
    fields={"status": "status", "created_at": "askedForAt", "total_bytes": "bytes"},
)
personal_data(
    "mailed_links",
    about="Links we sent you to confirm your e-mail or to set a new password.",
    model=OneTimeToken,
    fields={"purpose": "purpose", "email": "sentTo", "created_at": "sentAt", "used_at": "usedAt"},
)
personal_data(
    "picture_uploads",
    about="Profile pictures you began to upload; deleted after a day.",
    model=AvatarUpload,
    fields={
        "content_type": "type",
        "size": "bytes",
        "created_at": "begunAt",
        "completed_at": "completedAt",
    },
)
personal_data(
    "tv_codes",
    about="TVs you approved by their code.",
    model=DeviceGrant,
    fields={**DEVICE, "created_at": "askedAt", "state": "state"},
)
personal_data(
    "second_factor",
    about="Your authenticator app. Its secret is not in here, for your own safety.",
    model=Totp,
    fields={"created_at": "setUpAt", "confirmed_at": "confirmedAt"},
)
personal_data(
    "staff_actions_about_you",
    about="Changes our staff made to your account; deleted when your account is deleted.",
    model=AuditLog,
    owner="entity_id",
    rows=lambda user_id: AuditLog.objects.filter(entity="accounts.User", entity_id=str(user_id)),
    fields={
        "created_at": "at",
        "action": "action",
        "old_values": "before",
        "new_values": "after",
        "reason": "reason",
    },
    blank={},  # the log's own triggers let the erasure service blank these
)

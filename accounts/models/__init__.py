"""Models of people, their sessions, consents, notifications and the audit log."""

from accounts.models.audit import AuditLog
from accounts.models.grants import DeviceGrant, DeviceGrantState, OneTimeToken, TokenPurpose
from accounts.models.notifications import Notification, NotificationType
from accounts.models.people import User
from accounts.models.rights import Consent, ConsentPurpose, DataExport, ExportStatus
from accounts.models.second_factor import Totp
from accounts.models.sessions import Session, SessionKind
from accounts.models.uploads import AvatarUpload

__all__ = [
    "AuditLog",
    "AvatarUpload",
    "Consent",
    "ConsentPurpose",
    "DataExport",
    "DeviceGrant",
    "DeviceGrantState",
    "ExportStatus",
    "Notification",
    "NotificationType",
    "OneTimeToken",
    "Session",
    "SessionKind",
    "TokenPurpose",
    "Totp",
    "User",
]

"""People, the devices they are signed in on, and what we tell them."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from kushfilms.core.models import TimestampedModel, UUIDModel


class Role(models.TextChoices):
    """In order of power: each may do what those before it may."""

    USER = "USER"
    MODERATOR = "MODERATOR"
    ADMIN = "ADMIN"
    SUPER_ADMIN = "SUPER_ADMIN"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def at_least(self, role: "Role") -> bool:
        return self.rank >= role.rank


class UserManager(BaseUserManager["User"]):
    """What `createsuperuser` calls; everything else goes through `accounts.services`."""

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        from accounts.services import user_create

        return user_create(
            email=email,
            password=password,
            name=fields.get("name", ""),
            role=Role.SUPER_ADMIN,
            email_verified=True,
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(UUIDModel, TimestampedModel, AbstractBaseUser):
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    avatar_key = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.USER)
    email_verified = models.BooleanField(default=False)
    is_banned = models.BooleanField(default=False)
    ban_reason = models.CharField(max_length=500, blank=True)
    last_login_at = models.DateTimeField(null=True, blank=True)
    locale = models.CharField(max_length=8, default="en")
    date_of_birth = models.DateField(null=True, blank=True)

    last_login = None  # ours is last_login_at

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="email_is_unique_whatever_its_case"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]
        indexes = [
            # The back office's list of people, newest first, by role.
            models.Index(fields=["role", "-created_at"], name="user_by_role"),
        ]

    def __str__(self) -> str:
        return self.email

    # What Django Admin asks. Roles are the whole permission system (SPEC, section 1).

    @property
    def rank(self) -> Role:
        return Role(self.role)

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's field, our rule
        return not self.is_banned

    @property
    def is_staff(self) -> bool:
        return self.is_active and self.rank.at_least(Role.MODERATOR)

    @property
    def is_superuser(self) -> bool:
        return self.is_active and self.rank == Role.SUPER_ADMIN

    def has_perm(self, perm: str, obj: object = None) -> bool:
        from accounts.permissions import role_allows

        return self.is_active and role_allows(self.rank, perm)

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        from accounts.permissions import role_sees_app

        return self.is_active and role_sees_app(self.rank, app_label)


class SessionKind(models.TextChoices):
    WEB = "WEB"
    API = "API"


class SessionQuerySet(models.QuerySet["Session"]):
    def live(self) -> "SessionQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class Session(UUIDModel):
    """One sign-in on one device. The refresh token's family is the row itself."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(max_length=3, choices=SessionKind.choices)
    device_name = models.CharField(max_length=120, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    # The only refresh token that still counts; an older one of the family means theft.
    refresh_jti = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=40, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [
            # "Signed in on these devices", and revoking them all at a ban.
            models.Index(
                fields=["user", "-last_seen_at"],
                name="session_live_by_user",
                condition=models.Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_name or self.kind} of {self.user_id}"


class NotificationType(models.TextChoices):
    NEW_CONTENT = "NEW_CONTENT"
    SUBSCRIPTION_RENEWAL = "SUBSCRIPTION_RENEWAL"
    SUBSCRIPTION_CANCELED = "SUBSCRIPTION_CANCELED"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    COMMENT_REPLY = "COMMENT_REPLY"
    SYSTEM = "SYSTEM"


class Notification(UUIDModel):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    type = models.CharField(max_length=24, choices=NotificationType.choices)
    title = models.CharField(max_length=200)
    message = models.TextField(max_length=2000)
    action_url = models.CharField(max_length=500, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            # A person's list, newest first.
            models.Index(fields=["user", "-created_at"], name="notification_by_user"),
        ]

    def __str__(self) -> str:
        return self.title

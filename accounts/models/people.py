"""People who have an account."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from accounts.roles import Role
from kushfilms.core.models import TimestampedModel, UUIDModel
from kushfilms.core.storage import public_url


def emailed_by_default() -> list[str]:
    """Return the sorts of mail about money and the account. News is opt-in."""
    return ["SUBSCRIPTION_RENEWAL", "SUBSCRIPTION_CANCELED", "PAYMENT_FAILED", "SYSTEM"]


class UserManager(BaseUserManager["User"]):
    """Manager for `createsuperuser`; all other code uses `accounts.services`."""

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        user = User(
            email=self.normalize_email(email).lower(),
            name=fields.get("name", ""),
            role=Role.SUPER_ADMIN,
            email_verified=True,
            password=make_password(password),
        )
        user.full_clean()
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(UUIDModel, TimestampedModel, AbstractBaseUser):
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    avatar_key = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.USER)
    email_verified = models.BooleanField(default=False)
    # The address that replaces `email` once the link sent there is opened.
    pending_email = models.EmailField(max_length=254, blank=True, default="", db_default="")
    is_banned = models.BooleanField(default=False)
    ban_reason = models.CharField(max_length=500, blank=True)
    # End of a temporary ban; None: until staff lift it.
    banned_until = models.DateTimeField(null=True, blank=True)
    last_login_at = models.DateTimeField(null=True, blank=True)
    # The chosen language; empty: none yet, and the browser's setting applies (docs/languages.md).
    locale = models.CharField(max_length=8, blank=True, default="")
    date_of_birth = models.DateField(null=True, blank=True)
    # Sorts of notification that also come by e-mail; the list has all.
    emailed_types = ArrayField(
        models.CharField(max_length=24), default=emailed_by_default, blank=True
    )
    # Scheduled erasure, which can be withdrawn until then.
    deletes_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    last_login = None  # replaced by last_login_at

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
            # The list of people in the back office, newest first, by role.
            models.Index(fields=["role", "-created_at"], name="user_by_role"),
            # The sweep of expired bans.
            models.Index(
                fields=["banned_until"], name="ban_that_ends", condition=models.Q(is_banned=True)
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def avatar_url(self) -> str:
        return public_url(self.avatar_key)

    @property
    def mailed_name(self) -> str:
        """Return the name for the greeting of a mail; empty while the address is unconfirmed.

        Otherwise a name could carry any text to a stranger's mailbox.
        """
        return self.name if self.email_verified else ""

    @property
    def language(self) -> str:
        """Return the language of mail and of the API, which have no browser setting."""
        return self.locale or settings.LANGUAGE_CODE

    # Django Admin's interface. Roles are the whole permission system (SPEC, section 1).

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
        from accounts.roles import role_allows

        return self.is_active and role_allows(self.rank, perm)

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        from accounts.roles import role_sees_app

        return self.is_active and role_sees_app(self.rank, app_label)

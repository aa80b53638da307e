"""People and where they are signed in. Every change goes through `accounts.services`."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth import admin as _registers_group  # noqa: F401
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path

from accounts.admin_announce import announce
from accounts.admin_forms import BanActionForm, UserChangeForm, UserCreateForm
from accounts.back_office import BaseAdmin, ReadOnlyAdmin
from accounts.models import Notification, Role, Session, User
from accounts.permissions import may_act_on
from accounts.services.moderation import user_ban, user_set_role, user_unban
from accounts.services.people import user_create, user_update
from accounts.services.sessions import session_revoke

admin.site.unregister(Group)  # roles are the whole permission system


@admin.register(User)
class UserAdmin(BaseAdmin[User]):
    list_display = ["email", "name", "role", "is_banned", "last_login_at", "created_at"]
    list_filter = ["role", "is_banned", "email_verified"]
    search_fields = ["email", "name"]
    ordering = ["-created_at"]
    show_full_result_count = False
    actions = ["ban", "unban"]
    action_form = BanActionForm
    form = UserChangeForm
    readonly_fields = ["is_banned", "ban_reason", "last_login_at", "created_at"]
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["email", "name", "role", "email_verified"]}),
        ("About", {"fields": ["locale", "date_of_birth"]}),
        ("State", {"fields": ["is_banned", "ban_reason", "last_login_at", "created_at"]}),
    ]
    add_fieldsets: ClassVar[Any] = [(None, {"fields": ["email", "name", "password", "role"]})]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = self.form if obj else UserCreateForm
        return super().get_form(request, obj, change=change, **{**kwargs, "form": form})

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Roles are the super admin's to give: who may edit people must not raise themselves."""
        fixed = [str(name) for name in self.readonly_fields] if obj else []
        return fixed if request.user.is_superuser else [*fixed, "role"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _below(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _below(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            self._create(obj, form)
            return
        user_update(obj, fields=[name for name in form.changed_data if name != "role"])
        if "role" in form.changed_data:
            user_set_role(obj, role=Role(obj.role))

    def _create(self, obj: User, form: Any) -> None:
        values = form.cleaned_data
        created = user_create(
            email=values["email"],
            password=values["password"],
            name=values["name"],
            role=Role(values.get("role") or Role.USER),
        )
        obj.__dict__.update(created.__dict__)

    @admin.action(description="Ban (give a reason)")
    def ban(self, request: HttpRequest, people: QuerySet[User]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, "Say why: the person will read it.", messages.ERROR)
            return
        for user in people:
            self._ban(request, user, reason)

    def _ban(self, request: HttpRequest, user: User, reason: str) -> None:
        if not _below(request, user):
            message = f"{user} was left alone: yourself, or not below you."
            self.message_user(request, message, messages.ERROR)
            return
        user_ban(user, reason=reason)
        self.message_user(request, f"{user} is banned and signed out everywhere.")

    @admin.action(description="Unban")
    def unban(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for user in people:
            if _below(request, user):
                user_unban(user)
                self.message_user(request, f"{user} may sign in again.")


def _below(request: HttpRequest, other: User | None) -> bool:
    """May who asks act on this person? On themselves they act on the site, like everyone."""
    me = request.user
    if other is None or not isinstance(me, User):
        return other is None
    return may_act_on(me, other)


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin[Session]):
    list_display = ["user", "kind", "device_name", "ip", "last_seen_at", "expires_at", "revoked_at"]
    list_filter = ["kind", "revoked_reason"]
    list_select_related = ["user"]
    search_fields = ["user__email", "ip"]
    ordering = ["-created_at"]
    exclude = ["refresh_jti"]
    actions = ["revoke"]

    @admin.action(description="Sign out")
    def revoke(self, request: HttpRequest, sessions: QuerySet[Session]) -> None:
        ended = [session for session in sessions if _below(request, session.user)]
        for session in ended:
            session_revoke(session.pk, reason="revoked_by_staff")
        self.message_user(request, f"Signed out of {len(ended)} sessions.")


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin[Notification]):
    list_display = ["title", "type", "user", "created_at", "read_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__email", "title"]
    ordering = ["-created_at"]
    change_list_template = "admin/notification_list.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(partial(announce, site=self.admin_site))
        return [path("announce/", view, name="accounts_announce"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        may = request.user.has_perm("accounts.announce_notification")
        return super().changelist_view(request, {**(extra_context or {}), "may_announce": may})

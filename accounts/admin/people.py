"""Admin pages of people and their sessions."""

from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin.base import BaseAdmin, ReadOnlyAdmin
from accounts.admin.forms import (
    BAN_LENGTHS,
    BanActionForm,
    BanForm,
    UserChangeForm,
    UserCreateForm,
    ban_until,
)
from accounts.admin.panels import panels_for
from accounts.auth.permissions import may_act_on
from accounts.auth.principal import held_plan
from accounts.models import Session, User
from accounts.roles import Role
from accounts.services.moderation import user_ban, user_unban
from accounts.services.people import user_create
from accounts.services.staff import EDITABLE, session_sign_out, user_delete, user_edit
from kushfilms.core.errors import InvalidInput, KushError
from kushfilms.core.storage import public_url


@admin.register(User)
class UserAdmin(BaseAdmin[User]):
    noted_by_services = frozenset({"change", "delete"})
    change_form_template = "admin/accounts/user/change_form.html"
    list_display = ["email", "name", "role", "is_banned", "last_login_at", "created_at"]
    list_filter = ["role", "is_banned", "email_verified"]
    search_fields = ["email", "name"]
    ordering = ["-created_at"]
    actions = ["ban", "unban"]
    action_form = BanActionForm
    form = UserChangeForm
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["email", "name", "role", "email_verified", "locale", "date_of_birth"]}),
    ]
    add_fieldsets: ClassVar[Any] = [(None, {"fields": ["email", "name", "password", "role"]})]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/ban/", view(self.ban_view), name="accounts_user_ban"),
            path("<uuid:pk>/unban/", view(self.unban_view), name="accounts_user_unban"),
            path("<uuid:pk>/erase/", view(self.erase_view), name="accounts_user_erase"),
            *super().get_urls(),
        ]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = self.form if obj else UserCreateForm
        return super().get_form(request, obj, change=change, **{**kwargs, "form": form})

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Make the role read-only: only a super admin changes roles."""
        return [] if request.user.is_superuser else ["role"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_act(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return False: `erase_view` schedules the erasure instead, as for everyone."""
        return False

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if user := kwargs.get("obj"):
            context |= {
                "panels": panels_for(request, user),
                "plan": held_plan(user.pk),
                "avatar_url": public_url(user.avatar_key),
                "may_act": may_act(request, user),
                "may_erase": request.user.has_perm("accounts.delete_user"),
                "ban_lengths": BAN_LENGTHS,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            self._create(obj, form)
            return
        changed = {name: form.cleaned_data[name] for name in form.changed_data if name in EDITABLE}
        role = Role(form.cleaned_data["role"]) if "role" in form.changed_data else None
        user_edit(obj, by=acting_user(request), changes=changed, role=role)

    def _create(self, obj: User, form: Any) -> None:
        values = form.cleaned_data
        created = user_create(
            email=values["email"],
            password=values["password"],
            name=values["name"],
            role=Role(values.get("role") or Role.USER),
        )
        obj.__dict__.update(created.__dict__)

    # ── Actions on a person's page ──────────────────────────────────────────────────────

    def _page(self, pk: UUID) -> str:
        return reverse("admin:accounts_user_change", args=[pk])

    def ban_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "accounts.ban_user")
        user = get_object_or_404(User, pk=pk)

        def ban() -> None:
            form = BanForm(request.POST)
            if not form.is_valid():
                raise InvalidInput("Enter a reason. The person will see it.")
            until = form.until(timezone.now())
            user_ban(user, reason=form.cleaned_data["reason"], until=until, by=acting_user(request))

        said = f"{user} is banned and signed out everywhere."
        return self.act(request, ban, said=said, back=self._page(pk))

    def unban_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "accounts.ban_user")
        user = get_object_or_404(User, pk=pk)
        unban = partial(user_unban, user, by=acting_user(request))
        return self.act(request, unban, said=f"{user} can sign in again.", back=self._page(pk))

    def erase_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "accounts.delete_user")
        user = get_object_or_404(User, pk=pk)
        erase = partial(user_delete, user, by=acting_user(request), now=timezone.now())
        said = f"{user} will be deleted after the grace period, unless they cancel."
        return self.act(request, erase, said=said, back=self._page(pk))

    # ── Actions on a list ───────────────────────────────────────────────────────────────

    @admin.action(description="Ban (enter a reason)", permissions=["ban"])
    def ban(self, request: HttpRequest, people: QuerySet[User]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, "Enter a reason. The person will see it.", messages.ERROR)
            return
        until = ban_until(request.POST.get("days", ""), now=timezone.now())
        ban = partial(user_ban, reason=reason, until=until, by=acting_user(request))
        self._each(request, people, ban, "is banned and signed out everywhere.")

    @admin.action(description="Unban", permissions=["ban"])
    def unban(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._each(
            request, people, partial(user_unban, by=acting_user(request)), "can sign in again."
        )

    def _each(self, request: HttpRequest, people: QuerySet[User], do: Any, said: str) -> None:
        for user in people:
            try:
                do(user)
            except KushError as exc:
                message = f"{user} is unchanged: {exc.message}"
                self.message_user(request, message, messages.ERROR)
            else:
                self.message_user(request, f"{user} {said}")

    def has_ban_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.ban_user"))


def acting_user(request: HttpRequest) -> User:
    user: Any = request.user  # the admin site admits only signed-in staff
    found: User = user
    return found


def may_act(request: HttpRequest, other: User | None) -> bool:
    """Return whether the request's user may act on a person; never on themselves."""
    return other is None or may_act_on(acting_user(request), other)


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin[Session]):
    list_display = ["user", "kind", "device_name", "ip", "last_seen_at", "expires_at", "revoked_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["user__email", "ip"]
    ordering = ["-created_at"]
    exclude = ["refresh_jti", "spent_tokens"]
    actions = ["revoke"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.sign_out_view)
        own = path("<uuid:pk>/sign-out/", view, name="accounts_session_sign_out")
        return [own, *super().get_urls()]

    def sign_out_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "accounts.sign_out_session")
        session = get_object_or_404(Session.objects.select_related("user"), pk=pk)
        end = partial(session_sign_out, session, by=acting_user(request))
        back = reverse("admin:accounts_user_change", args=[session.user_id])
        return self.act(request, end, said="Device signed out.", back=back)

    @admin.action(description="Sign out", permissions=["sign_out"])
    def revoke(self, request: HttpRequest, sessions: QuerySet[Session]) -> None:
        ended = 0
        for session in sessions:
            if may_act(request, session.user):
                session_sign_out(session, by=acting_user(request))
                ended += 1
        self.message_user(request, f"Signed out {ended} sessions.")

    def has_sign_out_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.sign_out_session"))

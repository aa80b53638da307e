"""Admin pages of notifications."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.auth import admin as _registers_group  # noqa: F401
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import path

from accounts.admin import (
    person_panels,  # noqa: F401  register
)
from accounts.admin.announcements import announce
from accounts.admin.base import ReadOnlyAdmin
from accounts.admin.people import UserAdmin
from accounts.models import Notification

__all__ = ["UserAdmin"]

admin.site.unregister(Group)  # roles are the whole permission system


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

"""People and what staff did, in the back office. Every change goes through `accounts.services`."""

from django.contrib import admin
from django.contrib.auth import admin as _registers_group  # noqa: F401
from django.contrib.auth.models import Group

from accounts import admin_audit, admin_jobs, user_sections  # noqa: F401  register
from accounts.admin_people import UserAdmin
from accounts.back_office import ReadOnlyAdmin
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

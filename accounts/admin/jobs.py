"""Admin pages of background jobs; in this app, because core must not import roles."""

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin.base import ReadOnlyAdmin
from accounts.services.jobs import job_do_again
from kushfilms.core.models import Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin[Job]):
    list_display = [
        "kind",
        "state",
        "lane",
        "attempts",
        "last_error",
        "due_at",
        "not_before",
        "finished_at",
    ]
    list_filter = ["state", "lane"]
    search_fields = ["kind", "key"]
    ordering = ["-created_at"]
    actions = ["retry"]

    @admin.action(description="Retry failed jobs", permissions=["retry"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        with transaction.atomic():
            again = sum(job_do_again(job, now=timezone.now()) for job in jobs)
        self.message_user(request, f"Retrying {again} failed jobs. Other jobs are unchanged.")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("core.retry_job"))

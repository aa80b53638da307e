"""Audit log pages: read, filter and search."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html_join

from accounts.admin.base import ReadOnlyAdmin
from accounts.models import AuditLog, User
from accounts.roles import MODELS, Role

# The filter offers the actions of the latest entries, as the whole log is never read.
LATEST = 2000


class ActorFilter(SimpleListFilter):
    title = "actor"
    parameter_name = "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        staff = User.objects.exclude(role=Role.USER).order_by("email")[:100]
        return [("system", "System"), *((str(user.pk), user.email) for user in staff)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        actors = {str(key) for key, _ in self.lookup_choices}
        if value not in actors:
            return queryset
        return queryset.filter(actor_id=None if value == "system" else value)


class ActionFilter(SimpleListFilter):
    title = "action"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        latest = AuditLog.objects.order_by("-created_at").values_list("action", flat=True)
        return [(action, action) for action in sorted(set(latest[:LATEST]))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class EntityFilter(SimpleListFilter):
    title = "object type"
    parameter_name = "entity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        from django.apps import apps

        labels = sorted(apps.get_model(name)._meta.label for name in MODELS)
        return [(label, label.partition(".")[2]) for label in labels]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(entity=self.value()) if self.value() else queryset


@admin.register(AuditLog)
class AuditLogAdmin(ReadOnlyAdmin[AuditLog]):
    list_display = ["created_at", "action", "label", "actor", "ip", "changed", "reason"]
    list_filter = ["created_at", ActorFilter, ActionFilter, EntityFilter]
    search_fields = ["entity_id"]  # shows the search box, which `get_search_results` reads
    search_help_text = "E-mail, object id or request id"
    ordering = ["-created_at"]
    list_per_page = 50

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditLog], search_term: str
    ) -> tuple[QuerySet[AuditLog], bool]:
        """Search by indexed columns: a person or object by id or e-mail, or a request id."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        people = list(User.objects.filter(email__icontains=term).values_list("pk", flat=True)[:50])
        ids = [*map(str, people), term]
        found = Q(entity_id__in=ids) | Q(actor_id__in=people) | Q(request_id=term)
        return queryset.filter(found), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditLog]:
        """Add the actor's e-mail, which the log itself does not store."""
        person = User.objects.filter(pk=OuterRef("actor_id")).values("email")
        return super().get_queryset(request).annotate(actor_email=Subquery(person))

    @admin.display(description="By")
    def actor(self, entry: Any) -> str:
        if entry.actor_id is None:
            return "System"
        return str(entry.actor_email or entry.actor_id)

    @admin.display(description="Before → after")
    def changed(self, entry: AuditLog) -> str:
        rows = ((name, _short(old), _short(new)) for name, old, new in entry.changes)
        return format_html_join("", "<div><b>{}</b> {} → {}</div>", rows)


def _short(value: Any) -> str:
    if value is None:
        return "none"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"

"""Base classes of admin pages: permissions, refusals and the audit log."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import CASCADE, PROTECT, RESTRICT, ManyToOneRel, Model
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.utils.functional import cached_property

from accounts.admin.lookups import lookup_offered
from accounts.models import AuditLog
from accounts.services.audit import audit_write
from kushfilms.core.errors import KushError
from kushfilms.core.form_fields import AddressFormField, LineFormField, ParagraphsFormField

Row = TypeVar("Row", bound=Model)
HISTORY_ROWS = 200
COUNTED_ROWS = 10_000
LISTED_WITH_IT = 100

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin
    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator

    class _ModelAdmin(admin.ModelAdmin):
        """Django's class is generic only in the stubs."""

        def __class_getitem__(cls, _row: object) -> type:
            return cls


class BoundedPaginator(_Paginator):
    """Paginator that counts only as far as people turn pages; beyond that they search."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:COUNTED_ROWS].count())


class BaseAdmin(_ModelAdmin[Row]):
    """Admin class that writes our audit log, with old and new values, instead of Django's log.

    `noted_by_services` are the verbs (change, delete) whose service writes the log itself.
    """

    show_full_result_count = False
    paginator = BoundedPaginator
    noted_by_services: frozenset[str] = frozenset()
    view_on_site = False
    formfield_overrides = {
        models.CharField: {"form_class": LineFormField},
        models.TextField: {"form_class": ParagraphsFormField},
        models.EmailField: {"form_class": AddressFormField},
        models.SlugField: {"form_class": forms.SlugField},
        models.URLField: {"form_class": forms.URLField},
    }

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Allow only the filters that the list offers.

        Django allows every local column, so that a password hash could be read character by
        character with `password__startswith`.
        """
        return lookup_offered(self, lookup, request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except KushError as exc:  # refused by a service after the form's own checks
            return self.refused(request, exc, request.path)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return the rows to delete, and the number of rows that depend on them, by kind.

        Django's own method loads every dependent row: a minute and half a gigabyte for a film that
        100,000 people watched. Permission for a row includes its dependents.
        """
        keys = [obj.pk for obj in objs]
        counts, protected = dependents_count(self.model, keys)
        names = self.opts.verbose_name_plural if len(keys) != 1 else self.opts.verbose_name
        listed = [str(obj) for obj in objs[:LISTED_WITH_IT]]
        return listed, {str(names): len(keys)} | counts, set(), protected

    def refused(self, request: HttpRequest, exc: KushError, back: str) -> HttpResponse:
        faults = exc.extras.get("fields") or {}
        texts = [f"{name.replace('_', ' ')}: {' '.join(each)}" for name, each in faults.items()]
        self.message_user(request, " ".join([exc.message, *texts]), messages.ERROR)
        return HttpResponseRedirect(back)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        try:
            return super().changelist_view(request, extra_context)
        except KushError as exc:  # of an action, or of a cell edited in the list
            return self.refused(request, exc, request.get_full_path())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except KushError as exc:
            return self.refused(request, exc, request.path)

    def act(
        self, request: HttpRequest, do: Callable[[], Any], *, said: str, back: str
    ) -> HttpResponse:
        """Do a one-click action by POST and show the page again, with a message or the error."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            do()
        except KushError as exc:
            return self.refused(request, exc, back)
        self.message_user(request, said)
        return HttpResponseRedirect(back)

    def must(self, request: HttpRequest, perm: str) -> None:
        """Check a permission of the role matrix. Raises PermissionDenied."""
        if not request.user.has_perm(perm):
            raise PermissionDenied

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Return old and new values of changed fields, for `log_change` and `log_addition`."""
        changes = _changes(form)
        for formset in formsets or ():
            for row in formset.forms:
                if row.has_changed():
                    inline = f"{row.instance._meta.verbose_name} {row.instance.pk}"
                    changes |= {f"{inline} {name}": pair for name, pair in _changes(row).items()}
            for deleted in formset.deleted_objects if hasattr(formset, "deleted_objects") else ():
                changes[f"{deleted._meta.verbose_name} {deleted.pk}"] = (str(deleted), None)
        return changes

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._note("create", obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._note("change", obj, message) if message else None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return [self._note("delete", obj, {}) for obj in queryset]

    def _note(self, verb: str, obj: Model, message: Any) -> AuditLog | None:
        if verb in self.noted_by_services:
            return None
        changes = message if isinstance(message, dict) else {}
        return audit_write(
            f"{obj._meta.model_name}.{verb}",
            obj,
            old={name: old for name, (old, _) in changes.items()},
            new={name: new for name, (_, new) in changes.items()},
            reason=message if isinstance(message, str) else "",
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        self.must(request, "accounts.view_auditlog")
        entries = AuditLog.objects.filter(entity=obj._meta.label, entity_id=str(obj.pk))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {obj}",
            "opts": self.opts,
            "object": obj,
            "entries": entries.order_by("-created_at")[:HISTORY_ROWS],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/audit_history.html", context)


def dependents_count(model: type[Model], keys: Sequence[Any]) -> tuple[dict[str, int], list[str]]:
    """Count the rows that refer to these rows of `model`, in one query for each kind of row.

    Return the counts of rows that are deleted or lose their link, by a readable name, and one text
    for each kind of row that prevents the deletion. Models marked `derived` are left out, as their
    rows are computed from others and mean nothing to staff.
    """
    counts: dict[str, int] = {}
    protected: list[str] = []
    for relation in model._meta.get_fields(include_hidden=True):
        rows: Any = relation.related_model
        if not isinstance(relation, ManyToOneRel) or getattr(rows, "derived", False):
            continue
        count = rows._base_manager.filter(**{f"{relation.field.name}__in": keys}).count()
        name = str(rows._meta.verbose_name_plural)
        if count and relation.on_delete in {PROTECT, RESTRICT}:
            protected.append(f"{count:,} {name}")
        elif count:
            kept = relation.on_delete is not CASCADE
            counts[f"{name} (kept, without the link)" if kept else name] = count
    return counts, protected


def _changes(form: Any) -> dict[str, tuple[Any, Any]]:
    return {
        name: (form.get_initial_for_field(form.fields[name], name), form.cleaned_data.get(name))
        for name in form.changed_data
        if name in form.fields
    }


class ReadOnlyAdmin(BaseAdmin[Row]):
    """Admin class of rows that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

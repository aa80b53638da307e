"""The catalogue's back office. Whatever is written goes through `catalog.services`."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.back_office import BaseAdmin, ReadOnlyAdmin
from catalog import (  # noqa: F401  register
    admin_films,
    admin_imports,
    admin_moderation,
    admin_people,
    admin_series,
    user_sections,
)
from catalog.models import Category, WatchHistory
from catalog.selectors.desk import categories_for_desk
from catalog.services.categories import (
    EDITABLE,
    category_create,
    category_delete,
    category_update,
)


@admin.register(Category)
class CategoryAdmin(BaseAdmin[Category]):
    noted_by_services = frozenset({"create", "change", "delete"})
    list_display = ["name", "slug", "films", "order", "active"]
    list_editable = ["order", "active"]
    search_fields = ["name"]
    fields = ["name", "slug", "description", "order", "active", "follower_count"]
    readonly_fields = ["follower_count"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return categories_for_desk()

    @admin.display(description="Films", ordering="movie_count")
    def films(self, category: Category) -> int:
        return int(category.movie_count)  # type: ignore[attr-defined]  # counted by the selector

    def get_form(
        self, request: HttpRequest, obj: Category | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.base_fields["slug"].required = change
        form.base_fields["slug"].help_text = "Its address. Left empty it comes from the name."
        return form

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        names = (EDITABLE | {"slug"}) & set(form.changed_data)
        changes = {name: form.cleaned_data[name] for name in names}
        saved = category_update(obj, changes=changes) if change else category_create(**changes)
        obj.__dict__.update(saved.__dict__)

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        category_delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> None:
        for category in queryset:
            category_delete(category)


@admin.register(WatchHistory)
class WatchHistoryAdmin(ReadOnlyAdmin[WatchHistory]):
    list_display = ["user", "movie", "progress", "completed", "watched_at"]
    list_filter = ["completed"]
    list_select_related = ["user", "movie"]
    search_fields = ["user__email", "movie__title"]
    ordering = ["-watched_at"]

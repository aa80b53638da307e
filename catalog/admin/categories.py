"""Pages of categories and watch history in the back office. Services do all writes."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from accounts.admin.base import ReadOnlyAdmin
from catalog.admin.pictures import PicturedAdmin
from catalog.models import Category, WatchHistory
from catalog.selectors.admin import categories_for_staff
from catalog.selectors.slugs import uuid_or_none
from catalog.services.categories import (
    EDITABLE,
    category_create,
    category_delete,
    category_merge,
    category_update,
)
from kushfilms.core.errors import InvalidInput


@admin.register(Category)
class CategoryAdmin(PicturedAdmin[Category]):
    noted_by_services = frozenset({"create", "change", "delete"})
    list_display = ["name", "slug", "films", "order", "active"]
    list_editable = ["order", "active"]
    search_fields = ["name"]
    fields = ["name", "slug", "description", "order", "active", "follower_count"]
    readonly_fields = ["follower_count"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return categories_for_staff()

    @admin.display(description="Films", ordering="movie_count")
    def films(self, category: Category) -> int:
        return int(category.movie_count)  # type: ignore[attr-defined]  # counted by the selector

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if category := kwargs.get("obj"):
            context["others"] = Category.objects.exclude(pk=category.pk).order_by("name")
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        own = path("<uuid:pk>/merge/", view, name="catalog_category_merge")
        return [own, *super().get_urls()]

    def merge_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Merge the category into the one whose id is POSTed as `into`."""
        self.must(request, "catalog.delete_category")
        category = get_object_or_404(Category, pk=pk)
        target_id = uuid_or_none(request.POST.get("into", ""))
        target = Category.objects.filter(pk=target_id).first() if target_id else None

        def merge() -> None:
            if target is None:
                raise InvalidInput("Choose the category to keep.")
            category_merge(category, into=target)

        page = target.pk if target is not None else pk
        back = reverse("admin:catalog_category_change", args=[page])
        return self.act(request, merge, said=f"{category} was merged into {target}.", back=back)

    def get_form(
        self, request: HttpRequest, obj: Category | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.base_fields["slug"].required = change
        form.base_fields["slug"].help_text = "The address. Left empty, it is made from the name."
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

"""Pages of series in the back office, with seasons and episodes in order."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin.base import BaseAdmin
from catalog.admin.pictures import PicturedAdmin
from catalog.models import Season, Series
from catalog.selectors.admin import season_get, series_for_staff, series_whole
from catalog.services.episodes import episodes_order
from catalog.services.series import (
    EDITABLE,
    season_create,
    season_delete,
    series_create,
    series_delete,
    series_publish,
    series_update,
)
from kushfilms.core.errors import InvalidInput


@admin.register(Series)
class SeriesAdmin(PicturedAdmin[Series]):
    noted_by_services = frozenset({"create", "change", "delete"})
    list_display = ["title", "year", "published", "featured", "season_total", "episode_total"]
    list_filter = ["published", "featured"]
    search_fields = ["title"]
    autocomplete_fields = ["category"]
    readonly_fields = ["slug", "published_at"]
    fieldsets: ClassVar[Any] = [
        (
            None,
            {
                "fields": [
                    "title",
                    "slug",
                    "description",
                    "category",
                    "genres",
                    "year",
                    ("language", "country"),
                    "featured",
                    "published_at",
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        return series_for_staff()

    @admin.display(description="Seasons")
    def season_total(self, series: Series) -> int:
        return int(series.season_count)  # type: ignore[attr-defined]  # counted by the selector

    @admin.display(description="Episodes")
    def episode_total(self, series: Series) -> int:
        return int(series.episode_count)  # type: ignore[attr-defined]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if series := kwargs.get("obj"):
            context["seasons"] = series_whole(series.pk).seasons.all()
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Series, form: Any, change: bool) -> None:
        names = EDITABLE & set(form.changed_data)
        changes = {name: form.cleaned_data[name] for name in names}
        saved = series_update(obj, changes=changes) if change else series_create(**changes)
        obj.__dict__.update(saved.__dict__)

    def response_change(self, request: HttpRequest, obj: Series) -> HttpResponse:
        for button, published in (("_publish", True), ("_unpublish", False)):
            if button in request.POST:
                series_publish(obj, published=published, now=timezone.now())
                return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: Series) -> None:
        series_delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Series]) -> None:
        for series in queryset:
            series_delete(series)

    # ── Seasons, on the series' page ────────────────────────────────────────────────────

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/season/", view(self.season_view), name="catalog_series_season"),
            path("season/<uuid:pk>/order/", view(self.order_view), name="catalog_season_order"),
            path("season/<uuid:pk>/away/", view(self.remove_view), name="catalog_season_away"),
            *super().get_urls(),
        ]

    def season_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Add the next season. A second press adds another one, which is easily removed."""
        self.must(request, "catalog.add_season")
        series = series_whole(pk)
        title = request.POST.get("title", "")[:200].replace("\0", "")
        return self.act(
            request,
            lambda: season_create(series, title=title),
            said="The season was added. Assign films to it on their own pages.",
            back=self._page(pk),
        )

    def order_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Renumber the episodes from 1 in the order of the numbers POSTed as `number-<film>`."""
        self.must(request, "catalog.change_season")
        season = season_get(pk)

        def order() -> None:
            movie_ids = season.episodes.order_by("episode_number").values_list("pk", flat=True)
            numbers: dict[UUID, int] = {}
            for movie_id in movie_ids:
                text = request.POST.get(f"number-{movie_id}", "")
                if not (text.isascii() and text.isdigit() and len(text) <= 5):
                    message = "Enter a number for every episode, then save the order again."
                    raise InvalidInput(message)
                numbers[movie_id] = int(text)
            episodes_order(season, movie_ids=sorted(numbers, key=lambda pk: numbers[pk]))

        return self.act(
            request, order, said="The order was saved.", back=self._page(season.series_id)
        )

    def remove_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "catalog.delete_season")
        season = season_get(pk)
        return self.act(
            request,
            lambda: season_delete(season),
            said="The season was removed.",
            back=self._page(season.series_id),
        )

    def _page(self, pk: UUID) -> str:
        return reverse("admin:catalog_series_change", args=[pk])


@admin.register(Season)
class SeasonAdmin(BaseAdmin[Season]):
    """The choice of a season on a film's page. Seasons are edited on their series' page."""

    search_fields = ["series__title", "title"]
    list_select_related = ["series"]
    ordering = ["series__title", "number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Season]:
        return super().get_queryset(request).select_related("series")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Season | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Season | None = None) -> bool:
        return False

"""The catalogue's back office. Publishing and featuring go through `catalog.services`."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html

from accounts.back_office import BaseAdmin, ReadOnlyAdmin
from catalog import admin_moderation, user_sections  # noqa: F401  register
from catalog.models import Category, Movie, WatchHistory
from catalog.services import (
    movie_delete,
    movie_feature,
    movie_publish,
    movie_terms_changed,
    movie_unpublish,
)
from kushfilms.core.errors import WrongState


@admin.register(Category)
class CategoryAdmin(BaseAdmin[Category]):
    list_display = ["name", "slug", "order", "active"]
    list_editable = ["order", "active"]
    search_fields = ["name"]
    readonly_fields = ["follower_count"]
    prepopulated_fields: ClassVar[Any] = {"slug": ["name"]}


@admin.register(Movie)
class MovieAdmin(BaseAdmin[Movie]):
    noted_by_services = frozenset({"delete"})
    list_display = [
        "poster", "title", "category", "access_level", "playable", "published", "featured",
        "view_count", "created_at",
    ]  # fmt: skip
    list_display_links = ["poster", "title"]
    list_filter = ["published", "playable", "access_level", "category", "featured", "age_rating"]
    list_select_related = ["category"]
    list_per_page = 50
    search_fields = ["title", "director", "slug"]
    ordering = ["-created_at"]
    show_full_result_count = False
    autocomplete_fields = ["category"]
    prepopulated_fields: ClassVar[Any] = {"slug": ["title"]}
    actions = ["publish", "unpublish", "feature", "unfeature"]
    readonly_fields = [
        "poster", "playable", "published", "published_at", "featured", "duration",
        "view_count", "favorite_count", "comment_count", "share_count", "rating", "rating_count",
    ]  # fmt: skip
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["title", "slug", "description", "plot", "category"]}),
        ("State", {"fields": [
            "poster", "playable", "published", "published_at", "publish_when_ready", "featured",
        ]}),
        ("Who may watch", {"fields": [
            "access_level", "age_rating", "allowed_countries", "blocked_countries",
            "licence_holder", "licence_starts_at", "licence_ends_at",
        ]}),
        ("About the film", {"fields": [
            "year", "duration", "language", "country", "director", "cast", "genres",
            "imdb_rating", "trending",
        ]}),
        ("Figures", {"classes": ["collapse"], "fields": [
            "view_count", "rating", "rating_count", "favorite_count", "comment_count",
            "share_count",
        ]}),
    ]  # fmt: skip

    @admin.display(description="Poster")
    def poster(self, movie: Movie) -> str:
        if not movie.poster_key:
            return "none yet"
        return format_html('<img src="{}" width="40" height="60" alt="">', movie.poster_url)

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        for movie in movies:
            try:
                movie_publish(movie, now=timezone.now())
            except WrongState as exc:
                self.message_user(request, exc.message, messages.ERROR)
            else:
                self._say(request, movie, "is published")

    @admin.action(description="Unpublish, and stop those watching", permissions=["change"])
    def unpublish(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        for movie in movies:
            movie_unpublish(movie)
            self._say(request, movie, "is unpublished")

    @admin.action(description="Feature on the home page", permissions=["change"])
    def feature(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        for movie in movies:
            movie_feature(movie, featured=True)
            self._say(request, movie, "is featured")

    @admin.action(description="Stop featuring", permissions=["change"])
    def unfeature(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        for movie in movies:
            movie_feature(movie, featured=False)
            self._say(request, movie, "is featured no more")

    def _say(self, request: HttpRequest, movie: Movie, what: str) -> None:
        self.message_user(request, f"“{movie}” {what}.")

    def save_model(self, request: HttpRequest, obj: Movie, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        movie_terms_changed(obj, fields=form.changed_data)

    def response_change(self, request: HttpRequest, obj: Movie) -> HttpResponse:
        """The buttons above the form save it first, then do what they say, and stay here."""
        if "_publish" in request.POST:
            self.publish(request, Movie.objects.filter(pk=obj.pk))
        elif "_unpublish" in request.POST:
            self.unpublish(request, Movie.objects.filter(pk=obj.pk))
        else:
            return super().response_change(request, obj)
        return HttpResponseRedirect(request.path)

    def delete_model(self, request: HttpRequest, obj: Movie) -> None:
        movie_delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Movie]) -> None:
        for movie in queryset:
            movie_delete(movie)


@admin.register(WatchHistory)
class WatchHistoryAdmin(ReadOnlyAdmin[WatchHistory]):
    list_display = ["user", "movie", "progress", "completed", "watched_at"]
    list_filter = ["completed"]
    list_select_related = ["user", "movie"]
    search_fields = ["user__email", "movie__title"]
    ordering = ["-watched_at"]

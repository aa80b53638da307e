"""The list of films in the back office, with actions on several films."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.base import BaseAdmin
from billing.models import Plan
from catalog.admin.film_states import states_of
from catalog.models import Category, Movie, TakedownNotice, TakedownStatus
from catalog.selectors.admin import movies_matching
from catalog.services.deletion import movie_restore, movies_deleted
from catalog.services.film_edits import movie_update
from catalog.services.films import movie_feature, movie_publish, movie_unpublish
from kushfilms.core.errors import KushError
from kushfilms.core.form_fields import LineFormField

# The filter value for deleted films.
DELETED = "deleted"
LOUD = {"Live": "tag--good", "Taken down": "tag--bad", "Video failed": "tag--bad"}


class FilmActionForm(ActionForm):
    """The arguments of actions, beside the list of actions."""

    category = forms.ModelChoiceField(
        Category.objects.all(), required=False, empty_label="Category…", label=""
    )
    plan = forms.ChoiceField(required=False, choices=[("", "Plan…"), *Plan.choices], label="")
    genre = LineFormField(
        required=False,
        max_length=60,
        label="",
        widget=forms.TextInput(attrs={"placeholder": "Genre", "aria-label": "Genre"}),
    )


class FilmStateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            ("live", "Live"), ("ready", "Ready, not published"), ("scheduled", "Scheduled"),
            ("empty", "No video"), ("down", "Taken down"), (DELETED, "Deleted"),
        ]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: QuerySet[Movie]) -> QuerySet[Movie]:
        condition = {
            "live": Q(published=True, playable=True),
            "ready": Q(published=False, playable=True),
            "scheduled": Q(published=False, publish_at__isnull=False),
            "empty": Q(playable=False),
            "down": Q(is_down=True),
        }.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


class FilmList(BaseAdmin[Movie]):
    list_display = ["picture", "film", "state", "category", "plan", "plays"]
    list_display_links = ["picture", "film"]
    list_filter = [FilmStateFilter, "kind", "featured", "access_level", "category", "age_rating"]
    list_select_related = ["category", "season__series"]
    list_per_page = 50
    search_fields = ["title"]
    search_help_text = "Search titles and names of directors, cast and VJs"
    ordering = ["-created_at"]
    action_form = FilmActionForm
    actions = [
        "publish", "unpublish", "feature", "unfeature", "set_category", "set_plan", "add_genre",
        "restore",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Movie]:
        films = movies_deleted() if request.GET.get("state") == DELETED else Movie.objects.all()
        claims = TakedownNotice.objects.filter(movie=OuterRef("pk"), status=TakedownStatus.ACCEPTED)
        return films.order_by(*self.ordering).annotate(is_down=Exists(claims))

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        """Link no deleted film: it has no page until it is restored."""
        return None if request.GET.get("state") == DELETED else self.list_display_links

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer only restoring for deleted films, and everything else for the others."""
        deleted = request.GET.get("state") == DELETED
        actions = super().get_actions(request)
        return {name: action for name, action in actions.items() if (name == "restore") == deleted}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Movie], search_term: str
    ) -> tuple[QuerySet[Movie], bool]:
        """Match every word somewhere in the title or a name, without duplicates."""
        for word in search_term.replace("\0", "").split()[:10]:
            queryset = queryset.filter(movies_matching(word))
        return queryset, False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        page = super().get_changelist_instance(request)
        rows = list(page.result_list)
        down = {movie.pk for movie in rows if movie.is_down}
        for movie, label in zip(rows, states_of(rows, down=down).values(), strict=True):
            movie.state_label = label
        if not isinstance(page.result_list, list):
            page.result_list._result_cache = rows
        return page

    # ── Columns ─────────────────────────────────────────────────────────────────────────

    @admin.display(description="")
    def picture(self, movie: Movie) -> SafeString:
        if not movie.poster_key:
            return format_html('<span class="thumb thumb--blank">{}</span>', movie.title[:1])
        return format_html(
            '<img class="thumb" src="{}" width="40" height="60" alt="" loading="lazy">',
            movie.poster_url,
        )

    @admin.display(description="Film", ordering="title")
    def film(self, movie: Movie) -> SafeString:
        where = [str(movie.year)] if movie.year else []
        if movie.season:
            where.append(f"{movie.season}, episode {movie.episode_number}")
        elif movie.director:
            where.append(movie.director)
        star = " ★" if movie.featured else ""
        quiet = ", ".join(where)
        return format_html("{}{}<div class='quiet'>{}</div>", movie.title, star, quiet)

    @admin.display(description="State", ordering=F("published_at").desc(nulls_last=True))
    def state(self, movie: Movie) -> SafeString:
        label: str = movie.state_label  # type: ignore[attr-defined]
        return format_html('<span class="tag {}">{}</span>', LOUD.get(label, ""), label)

    @admin.display(description="Plays", ordering="view_count")
    def plays(self, movie: Movie) -> str:
        return f"{movie.view_count:,}"

    @admin.display(description="Plan", ordering="access_level")
    def plan(self, movie: Movie) -> str:
        return movie.get_access_level_display()

    # ── Actions ─────────────────────────────────────────────────────────────────────────

    @admin.action(description="Publish", permissions=["publish"])
    def publish(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        now = timezone.now()
        self.each(request, movies, lambda movie: movie_publish(movie, now=now), "is published")

    @admin.action(description="Unpublish, and stop current viewers", permissions=["publish"])
    def unpublish(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        self.each(request, movies, movie_unpublish, "is unpublished")

    @admin.action(description="Feature on the home page", permissions=["publish"])
    def feature(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        self.each(request, movies, lambda movie: movie_feature(movie, featured=True), "is featured")

    @admin.action(description="Stop featuring", permissions=["publish"])
    def unfeature(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        self.each(
            request, movies, lambda movie: movie_feature(movie, featured=False),
            "is no longer featured",
        )  # fmt: skip

    @admin.action(description="Move to the category…", permissions=["change"])
    def set_category(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        if chosen := self._chosen(request, "category", "Choose the category beside the action."):
            self._write(request, movies, {"category": chosen}, f"is now in {chosen}")

    @admin.action(description="Set the plan…", permissions=["change"])
    def set_plan(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        if chosen := self._chosen(request, "plan", "Choose the plan beside the action."):
            self._write(
                request, movies, {"access_level": chosen}, f"needs the plan {chosen.title()}"
            )

    @admin.action(description="Add the genre…", permissions=["change"])
    def add_genre(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        if chosen := self._chosen(request, "genre", "Enter the genre beside the action."):

            def add(movie: Movie) -> None:
                movie_update(movie, changes={"genres": [*movie.genres, chosen]})

            self.each(request, movies, add, f"has the genre {chosen}")

    @admin.action(description="Restore as drafts", permissions=["add"])
    def restore(self, request: HttpRequest, movies: QuerySet[Movie]) -> None:
        self.each(request, movies, lambda movie: movie_restore(movie.pk), "is restored as a draft")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.publish_movie"))

    def _chosen(self, request: HttpRequest, name: str, fault: str) -> Any:
        form = FilmActionForm(request.POST)
        form.fields["action"].choices = self.get_action_choices(request)  # type: ignore[attr-defined]
        chosen = form.cleaned_data.get(name) if form.is_valid() else None
        if not chosen:
            self.message_user(request, fault, messages.ERROR)
        return chosen

    def _write(
        self, request: HttpRequest, movies: QuerySet[Movie], changes: dict[str, Any], outcome: str
    ) -> None:
        self.each(request, movies, lambda movie: movie_update(movie, changes=changes), outcome)

    def each(
        self,
        request: HttpRequest,
        movies: QuerySet[Movie],
        do: Callable[[Movie], Any],
        outcome: str,
    ) -> None:
        """Run an action on every film; report each refusal, and one sentence for many successes."""
        done = []
        # In the order that every action uses, so that locks of two actions do not cross.
        for movie in movies.order_by("pk"):
            try:
                do(movie)
            except KushError as exc:
                self.message_user(request, exc.message, messages.ERROR)
            else:
                done.append(movie)
        if len(done) > 3:
            self.message_user(request, f"{len(done)} films: each {outcome}.")
            return
        for movie in done:
            self.message_user(request, f"“{movie}” {outcome}.")

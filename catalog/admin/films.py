"""A film's page in the back office: preview, video, pictures and fields."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.models import AuditLog
from catalog.admin.film_forms import CreditForm, MovieForm
from catalog.admin.film_list import FilmList
from catalog.admin.film_states import states_of
from catalog.models import Credit, CreditJob, Movie
from catalog.services.credits import CreditLine, movie_credits_set
from catalog.services.deletion import movie_delete
from catalog.services.film_edits import movie_add, movie_update
from catalog.services.films import takedown_in_force
from catalog.services.pictures import movie_poster_choose, movie_poster_upload
from kushfilms.core.body_guard.limits import FORM_BYTES, largest_body
from kushfilms.core.errors import InvalidInput
from kushfilms.core.images import MOST_BYTES
from kushfilms.core.storage import public_url

NOTED = 15
BUTTONS = ("publish", "unpublish", "feature", "unfeature")


class CreditInline(admin.TabularInline):  # type: ignore[type-arg]  # generic only in the stubs
    model = Credit
    form = CreditForm
    autocomplete_fields = ["person"]
    extra = 1
    ordering = ["job", "order"]
    verbose_name_plural = "Credits: director, cast, VJs"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credit]:
        return super().get_queryset(request).select_related("person", "movie")


@admin.register(Movie)
class MovieAdmin(FilmList):
    noted_by_services = frozenset({"create", "change", "delete"})
    form = MovieForm
    inlines = [CreditInline]
    autocomplete_fields = ["category", "season"]
    readonly_fields = ["slug", "duration", "published_at", "playable"]
    add_fieldsets: ClassVar[Any] = [
        (
            None,
            {
                "fields": [
                    "title",
                    "kind",
                    "category",
                    "access_level",
                    "year",
                    "language",
                    "country",
                ]
            },
        ),
    ]
    fieldsets: ClassVar[Any] = [
        (
            "The film",
            {
                "fields": [
                    "title",
                    "slug",
                    "description",
                    "plot",
                    "category",
                    "genres",
                    ("year", "duration"),
                    ("language", "country"),
                    "imdb_rating",
                ]
            },
        ),
        (
            "Publication",
            {
                "fields": [
                    ("publish_when_ready", "publish_at"),
                    ("published_at", "trending"),
                ]
            },
        ),
        (
            "Who may watch",
            {
                "fields": [
                    ("access_level", "age_rating"),
                    ("allowed_countries", "blocked_countries"),
                    "licence_holder",
                    ("licence_starts_at", "licence_ends_at"),
                ]
            },
        ),
        ("Episode of a series", {"fields": ["kind", ("season", "episode_number")]}),
    ]

    # ── Reading ─────────────────────────────────────────────────────────────────────────

    def get_fieldsets(self, request: HttpRequest, obj: Movie | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_inlines(self, request: HttpRequest, obj: Movie | None) -> list[Any]:
        return [CreditInline] if obj else []

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        movie: Movie | None = kwargs.get("obj")
        if movie is not None:
            down = {movie.pk} if takedown_in_force(movie) else set()
            entries = AuditLog.objects.filter(entity="catalog.Movie", entity_id=str(movie.pk))
            context |= {
                "state": states_of([movie], down=down)[movie.pk],
                "stills": [(key, public_url(key)) for key in movie.poster_candidate_keys],
                "may_publish": self.has_publish_permission(request),
                "may_read_log": request.user.has_perm("accounts.view_auditlog"),
                "entries": entries.order_by("-created_at")[:NOTED],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # ── Writing ─────────────────────────────────────────────────────────────────────────

    def save_model(self, request: HttpRequest, obj: Movie, form: Any, change: bool) -> None:
        changes = form.changes()
        if change:
            saved = movie_update(obj, changes=changes)
        else:
            saved = movie_add(changes={**changes, "title": form.cleaned_data["title"]})
        obj.__dict__.update(saved.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Write all credits at once, in the order of their numbers."""
        for formset in formsets:
            if formset.model is Credit and formset.has_changed():
                rows = [row.cleaned_data for row in formset.forms if row.cleaned_data]
                credited = [row for row in rows if not row.get("DELETE") and row.get("person")]
                credited.sort(key=lambda row: row["order"])
                lines = [
                    CreditLine(
                        CreditJob(row["job"]),
                        person_id=row["person"].pk,
                        character=row["character"],
                    )
                    for row in credited
                ]
                movie_credits_set(form.instance, lines)

    def response_change(self, request: HttpRequest, obj: Movie) -> HttpResponse:
        """Save the form, then carry out the button above it, and stay on the page."""
        for name in BUTTONS:
            if f"_{name}" in request.POST:
                self.must(request, "catalog.publish_movie")
                getattr(self, name)(request, Movie.objects.filter(pk=obj.pk))
                return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Movie, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Continue on the new film's page, where its video is uploaded."""
        self.message_user(request, f"“{obj}” is saved as a draft. Upload its video below.")
        return HttpResponseRedirect(reverse("admin:catalog_movie_change", args=[obj.pk]))

    def delete_model(self, request: HttpRequest, obj: Movie) -> None:
        movie_delete(obj, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Movie]) -> None:
        for movie in queryset:
            movie_delete(movie, now=timezone.now())

    # ── Posters ─────────────────────────────────────────────────────────────────────────

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/poster/", view(self.poster_view), name="catalog_movie_poster"),
            *super().get_urls(),
        ]

    @largest_body(MOST_BYTES + FORM_BYTES)
    def poster_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Set the poster to a still, POSTed as `key`, or to an uploaded `file`."""
        self.must(request, "catalog.change_movie")
        movie = get_object_or_404(Movie, pk=pk)
        file = request.FILES.get("file")

        def choose() -> None:
            if isinstance(file, UploadedFile):
                movie_poster_upload(movie, data=file.read(MOST_BYTES + 1))
            elif key := request.POST.get("key"):
                movie_poster_choose(movie, key=key)
            else:
                raise InvalidInput("Choose a still, or a picture from your computer.")

        back = reverse("admin:catalog_movie_change", args=[pk])
        return self.act(request, choose, said="The poster was changed.", back=back)

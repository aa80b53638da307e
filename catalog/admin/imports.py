"""Import and export of films as sheets, in the back office."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin.base import ReadOnlyAdmin
from catalog.models import Movie, MovieImport
from catalog.services.imports import import_apply, import_begin
from catalog.sheets.reader import MOST_BYTES
from catalog.sheets.resource import COLUMNS
from catalog.sheets.writer import csv_lines, xlsx_file
from kushfilms.core.body_guard.limits import FORM_BYTES, largest_body
from kushfilms.core.errors import InvalidInput, KushError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@admin.register(MovieImport)
class MovieImportAdmin(ReadOnlyAdmin[MovieImport]):
    change_list_template = "admin/catalog/movieimport/change_list.html"
    change_form_template = "admin/catalog/movieimport/change_form.html"
    list_display = ["filename", "state", "created_at", "applied_at"]
    list_filter = ["state"]
    ordering = ["-created_at"]
    fields = ["filename", "created_at", "applied_at"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("send/", view(self.send_view), name="catalog_movieimport_send"),
            path("films.<str:kind>", view(self.export_view), name="catalog_movieimport_export"),
            path("<uuid:pk>/apply/", view(self.apply_view), name="catalog_movieimport_apply"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        context = {"columns": list(COLUMNS), "title": "Import and export films"}
        return super().changelist_view(request, context | (extra_context or {}))

    @largest_body(MOST_BYTES + FORM_BYTES)
    def send_view(self, request: HttpRequest) -> HttpResponse:
        """Store the POSTed file and have it checked; nothing is imported before it is applied."""
        self.must(request, "catalog.import_movie")
        back = reverse("admin:catalog_movieimport_changelist")
        file = request.FILES.get("file")
        if request.method != "POST":
            return HttpResponseRedirect(back)
        try:
            if not isinstance(file, UploadedFile):
                raise InvalidInput("Choose a file.")
            row = import_begin(filename=file.name or "", data=file.read(MOST_BYTES + 1))
        except KushError as exc:
            self.message_user(request, exc.message, "ERROR")
            return HttpResponseRedirect(back)
        return HttpResponseRedirect(reverse("admin:catalog_movieimport_change", args=[row.pk]))

    def apply_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "catalog.import_movie")
        row = get_object_or_404(MovieImport, pk=pk)
        return self.act(
            request,
            lambda: import_apply(row),
            said="The import has started. All rows are imported, or none.",
            back=reverse("admin:catalog_movieimport_change", args=[pk]),
        )

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """Stream every film as CSV or XLSX: memory does not grow with the catalogue."""
        self.must(request, "catalog.export_movie")
        name = f"kush-films-{timezone.localdate():%Y-%m-%d}.{kind}"
        movies = Movie.objects.all()
        if kind == "xlsx":
            return FileResponse(
                xlsx_file(movies), as_attachment=True, filename=name, content_type=XLSX
            )
        answer = StreamingHttpResponse(csv_lines(movies), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

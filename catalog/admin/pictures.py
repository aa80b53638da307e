"""Pictures on the pages of series, people and categories in the back office."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from accounts.admin.base import BaseAdmin, Row
from catalog.services.pictures import PICTURE_SLOTS, picture_clear, picture_put
from kushfilms.core.body_guard.limits import FORM_BYTES, largest_body
from kushfilms.core.errors import InvalidInput
from kushfilms.core.images import MOST_BYTES
from kushfilms.core.storage import public_url


class PicturedAdmin(BaseAdmin[Row]):
    """A page with one form for each picture below its own form."""

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if row := kwargs.get("obj"):
            context["pictures"] = [
                {
                    "label": slot.label,
                    "src": public_url(getattr(row, slot.column)),
                    "size": slot.shape.size,
                    "url": reverse(f"admin:{self._picture_url}", args=[row.pk, name]),
                }
                for name, slot in PICTURE_SLOTS[self.model].items()  # type: ignore[index]
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    @property
    def _picture_url(self) -> str:
        return f"catalog_{self.opts.model_name}_picture"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.picture_view)
        own = path("<uuid:pk>/picture/<slug:slot>/", view, name=self._picture_url)
        return [own, *super().get_urls()]

    @largest_body(MOST_BYTES + FORM_BYTES)
    def picture_view(self, request: HttpRequest, pk: UUID, slot: str) -> HttpResponse:
        """Store the POSTed `file`, or remove the picture where `away` is POSTed."""
        self.must(request, f"catalog.change_{self.opts.model_name}")
        row: Any = get_object_or_404(self.model, pk=pk)
        if slot not in PICTURE_SLOTS[type(row)]:
            raise Http404
        file = request.FILES.get("file")

        def act() -> None:
            if "away" in request.POST:
                picture_clear(row, slot=slot)
            elif isinstance(file, UploadedFile):
                picture_put(row, slot=slot, data=file.read(MOST_BYTES + 1))
            else:
                raise InvalidInput("Choose a picture from your computer.")

        done = "The picture was removed." if "away" in request.POST else "The picture was changed."
        back = reverse(f"admin:catalog_{self.opts.model_name}_change", args=[pk])
        return self.act(request, act, said=done, back=f"{back}#pictures")

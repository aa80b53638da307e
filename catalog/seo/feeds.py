"""RSS feed of new films."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from catalog.audience import audience_of
from catalog.models import Movie
from catalog.selectors import movies_newest
from kushfilms.core.api.public_read import PUBLIC_READ
from kushfilms.core.text import xml_safe

if TYPE_CHECKING:
    _Feed = Feed[Movie, HttpRequest]
else:  # generic only in the stubs
    _Feed = Feed

LENGTH = 30
FOR_ALL_SECONDS = 600


class NewFilms(_Feed):
    title = "Kush Films: new films"
    description = "New Ugandan and African films on Kush Films."
    language = "en"

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().__call__(request, *args, **kwargs)
        answer["Cache-Control"] = f"public, max-age={FOR_ALL_SECONDS}"
        if settings.COUNTRY_HEADER:
            # Films differ by country. A cache that ignores Vary must at least ask each time.
            answer["Cache-Control"] = PUBLIC_READ
            patch_vary_headers(answer, [settings.COUNTRY_HEADER])
        return answer

    def link(self) -> str:
        return reverse("home")

    def get_object(self, request: HttpRequest) -> HttpRequest:
        return request

    def items(self, request: HttpRequest) -> list[Movie]:
        return movies_newest(limit=LENGTH, **audience_of(request))

    def item_title(self, item: Movie) -> str:
        return xml_safe(item.title)

    def item_description(self, item: Movie) -> str:
        return xml_safe(item.description)

    def item_link(self, item: Movie) -> str:
        return reverse("movie", args=[item.slug])

    def item_pubdate(self, item: Movie) -> datetime | None:
        return item.published_at

    def item_categories(self, item: Movie) -> list[str]:
        return [xml_safe(genre) for genre in item.genres]

"""schema.org data of films, series and people, and the picture of a shared link."""

from typing import Any

from django.urls import reverse

from billing.models import Plan
from catalog.models import Movie, Person, Series
from catalog.seo.share_links import film_url
from kushfilms.core.links import absolute_url
from kushfilms.core.pictures import share_key
from kushfilms.core.storage import public_url

Facts = dict[str, Any]


def share_image(thing: Movie | Series) -> str:
    """Return the address of a JPEG below 300 KB, else of the poster; empty without either."""
    key = share_key(thing.backdrop_key) or thing.poster_key
    return absolute_url(public_url(key))


def movie_facts(movie: Movie) -> Facts:
    kind = "TVEpisode" if movie.season_id else "Movie"
    mean = {
        "@type": "AggregateRating",
        "ratingValue": float(movie.rating),
        "ratingCount": movie.rating_count,
        "bestRating": 5,
    }
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": kind,
            "name": movie.title,
            "url": film_url(movie),
            "description": movie.description,
            "image": share_image(movie),
            "datePublished": str(movie.year or ""),
            "duration": duration_iso(movie.duration),
            "inLanguage": movie.language,
            "countryOfOrigin": movie.country,
            "genre": movie.genres,
            "contentRating": movie.age_rating,
            "isAccessibleForFree": movie.access_level == Plan.FREE,
            "director": _people(movie.director.split(",")),
            "actor": _people(movie.cast),
            "aggregateRating": mean if movie.rating_count else None,
            "video": _video(movie),
        }
    )


def series_facts(series: Series, *, seasons: int) -> Facts:
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "TVSeries",
            "name": series.title,
            "url": absolute_url(reverse("series", args=[series.slug])),
            "description": series.description,
            "image": share_image(series),
            "genre": series.genres,
            "inLanguage": series.language,
            "numberOfSeasons": seasons,
        }
    )


def person_facts(person: Person) -> Facts:
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "Person",
            "name": person.name,
            "url": absolute_url(reverse("person", args=[person.slug])),
            "image": absolute_url(person.photo_url),
            "description": person.biography[:300],
        }
    )


def duration_iso(seconds: int) -> str:
    """Return an ISO 8601 duration: PT1H52M for 6720, empty for an unmeasured film."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"PT{hours}H{minutes}M" if seconds else ""


def _video(movie: Movie) -> Facts | None:
    """Return the VideoObject, or None where a property that search engines require is missing."""
    thumbnail = absolute_url(movie.thumbnail_url or movie.poster_url)
    if not (movie.playable and thumbnail and movie.published_at and movie.description):
        return None
    return {
        "@type": "VideoObject",
        "name": movie.title,
        "description": movie.description,
        "thumbnailUrl": thumbnail,
        "uploadDate": movie.published_at.isoformat(),
        "duration": duration_iso(movie.duration),
        "contentUrl": film_url(movie),
    }


def _people(names: list[str]) -> list[Facts]:
    return [{"@type": "Person", "name": name.strip()} for name in names if name.strip()]


def _filled(facts: Facts) -> Facts:
    return {name: value for name, value in facts.items() if value not in ("", None, [])}

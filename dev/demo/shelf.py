"""Rows of the demo films: categories, films with pictures and audience, one half watched."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from catalog.models import Category, Movie, Season
from catalog.services.films import movie_create, movie_media_update
from catalog.services.progress import watch_progress
from dev.demo.audience.rows import reception_add
from dev.demo.film import Film
from dev.demo.films import FILMS
from dev.demo.people import FREE_VIEWER
from dev.demo.pictures import PictureKeys, pictures_store
from dev.demo.seasons import SHOW_MARK, episode_add, season_add, season_existing
from streaming.models import AssetStatus, VideoAsset

# Key in a film's metadata, because staff may change its title and slug.
MARK = "demo"
CATEGORIES = {
    "drama": ("Drama", "Families, lakes, rain and everything people do not say."),
    "comedy": ("Comedy", "Taxis, markets and in-laws. Laughing is cheaper than data."),
    "action": ("Action", "Night rides, close calls and one fare too many."),
    "documentary": ("Documentary", "Ugandan lives and landscapes, as they are."),
    "family": ("Family", "For children, and for whoever has the remote."),
    "music": ("Music", "Drums, strings, dance floors and the people behind them."),
}
WATCHED = FILMS[0].key


def films_unsent() -> list[Film]:
    """Return the films whose source has not been uploaded, in order, by one query."""
    arrived = VideoAsset.objects.filter(movie=OuterRef("pk")).exclude(
        status=AssetStatus.AWAITING_UPLOAD
    )
    sent = Movie.objects.filter(Exists(arrived), metadata__has_key=MARK)
    keys = set(sent.values_list(f"metadata__{MARK}", flat=True))
    return [film for film in FILMS if film.key not in keys]


def film_shelve(film: Film) -> Movie:
    """Return the film's row, created with its pictures if it does not exist.

    Raises:
        StorageError: storage is unavailable.
    """
    if movie := Movie.objects.filter(**{f"metadata__{MARK}": film.key}).first():
        return movie
    season = season_existing(film.show) if film.show else None
    cover = pictures_store(film.show) if film.show and not season else None
    return _shelved(film, pictures_store(film), season=season, cover=cover)


@transaction.atomic
def _shelved(
    film: Film, pictures: PictureKeys, *, season: Season | None, cover: PictureKeys | None
) -> Movie:
    now = timezone.now()
    movie = _movie(film, came_out=now - timedelta(days=film.reception.out_for))
    movie = movie_media_update(
        movie,
        duration=film.seconds,
        poster_key=pictures.poster,
        backdrop_key=pictures.backdrop,
        thumbnail_key=pictures.thumbnail,
    )
    if film.show and cover:
        season = season_add(film.show, cover, episode=movie)
    if season:
        movie = episode_add(movie, season, number=film.episode)
    reception_add(movie, film.reception, seed=film.key, now=now)
    if film.key == WATCHED:
        _watch_half(movie)
    return movie


def _movie(film: Film, *, came_out: datetime) -> Movie:
    metadata = {MARK: film.key, "tagline": film.tagline}
    if film.show:
        metadata[SHOW_MARK] = film.show.key
    return movie_create(
        title=film.title,
        description=film.description,
        plot=film.plot,
        year=film.year,
        director=film.director,
        cast=list(film.cast),
        genres=list(film.genres),
        language=film.language,
        access_level=film.access_level,
        age_rating=film.age_rating,
        category=_category(film.category),
        featured=film.featured,
        licence_holder="Kush Films",
        published_at=came_out,  # publication keeps an existing date
        publish_when_ready=True,
        metadata=metadata,
    )


def _category(slug: str) -> Category:
    name, description = CATEGORIES[slug]
    category, _ = Category.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name,
            "description": description,
            "order": list(CATEGORIES).index(slug),
        },
    )
    return category


def _watch_half(movie: Movie) -> None:
    """Watch half of a film, so that "continue watching" is not empty."""
    viewer = User.objects.filter(email=FREE_VIEWER.email).first()
    if viewer:
        half = movie.duration // 2
        watch_progress(viewer.pk, movie, progress_seconds=half, now=timezone.now())

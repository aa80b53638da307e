"""Rows of a demo series, identified by its episodes, because staff may change its texts."""

from catalog.models import Movie, Season
from catalog.services.episodes import episode_assign
from catalog.services.series import season_create, series_create, series_publish
from dev.demo.pictures import PictureKeys
from dev.demo.show import Show

# Key in the metadata of a series' episodes.
SHOW_MARK = "demo_show"


def season_existing(show: Show) -> Season | None:
    """Return the season that now contains the first existing episode."""
    episodes = Movie.objects.filter(season__isnull=False, **{f"metadata__{SHOW_MARK}": show.key})
    first = episodes.select_related("season").order_by("season__number", "episode_number").first()
    return first.season if first else None


def season_add(show: Show, cover: PictureKeys, *, episode: Movie) -> Season:
    """Create the series and its first season, published at the time of its first episode.

    The site hides the series until that episode can be watched.
    """
    series = series_create(
        title=show.title,
        description=show.description,
        year=show.year,
        language=show.language,
        genres=list(show.genres),
        category=episode.category,
        poster_key=cover.poster,
        backdrop_key=cover.backdrop,
    )
    if episode.published_at:
        series = series_publish(series, published=True, now=episode.published_at)
    return season_create(series)


def episode_add(movie: Movie, season: Season, *, number: int) -> Movie:
    """Place an episode at its number, or last if staff have put another film there."""
    taken = season.episodes.filter(episode_number=number).exists()
    return episode_assign(movie, season=season, number=None if taken else number)

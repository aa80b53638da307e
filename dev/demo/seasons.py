"""The rows of a series, found again by its episodes: its own words an editor may change."""

from catalog.models import Movie, Season
from catalog.services.episodes import episode_assign
from catalog.services.series import season_create, series_create, series_publish
from dev.demo.pictures import PictureKeys
from dev.demo.show import Show

# Our mark in the metadata of a series' episodes.
SHOW_MARK = "demo_show"


def season_there(show: Show) -> Season | None:
    """Where an episode that was made before stands now."""
    made = Movie.objects.filter(season__isnull=False, **{f"metadata__{SHOW_MARK}": show.key})
    first = made.select_related("season").order_by("season__number", "episode_number").first()
    return first.season if first else None


def season_add(show: Show, cover: PictureKeys, *, episode: Movie) -> Season:
    """The series and its first season, public since its first episode.

    Until that can be watched nobody is shown the series.
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
    """Where an editor has put another film in its place, it comes last."""
    taken = season.episodes.filter(episode_number=number).exists()
    return episode_assign(movie, season=season, number=None if taken else number)

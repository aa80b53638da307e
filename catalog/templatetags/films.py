"""Facts about films in words, and the film card."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.models import Plan
from catalog.models import Movie, Series
from catalog.selectors.continue_watching import ContinueFilm
from catalog.selectors.film_cards import FilmCard
from kushfilms.core.templatetags.site import picture

register = template.Library()


@register.filter
def duration(seconds: int) -> str:
    """Return "1 h 52 min" for 6720 and "45 s" for a short; empty for an unmeasured film."""
    if not seconds:
        return ""
    if seconds < 60:
        return _("%(count)s s") % {"count": seconds}
    hours, rest = divmod(round(seconds / 60), 60)
    parts = (
        hours and _("%(count)s h") % {"count": hours},
        rest and _("%(count)s min") % {"count": rest},
    )
    return " ".join(part for part in parts if part)


@register.simple_tag(takes_context=True)
def movie_card(context: dict[str, Any], movie: Movie | FilmCard, *, eager: bool = False) -> str:
    """Return a film of a row or grid. `eager`: its picture is above the fold."""
    return _movie_card(
        slug=movie.slug,
        title=movie.title,
        year=movie.year,
        duration_seconds=movie.duration,
        poster_key=movie.poster_key,
        access_level=movie.access_level,
        eager=eager,
        saver=bool(context.get("saver")),
        language=get_language(),
        cdn_url=settings.CDN_URL,
    )


# The home page has a hundred cards. As templates they took half of its time, and written anew each
# time, most of that of a signed-in viewer's page. A card depends on nothing but the arguments.
@lru_cache(maxsize=2000)
def _movie_card(
    *,
    slug: str,
    title: str,
    year: int | None,
    duration_seconds: int,
    poster_key: str,
    access_level: str,
    eager: bool,
    saver: bool,
    **_shown_in: str | None,
) -> SafeString:
    plan = Plan(access_level)
    plan_badge = SafeString("")
    if plan != Plan.FREE:
        plan_badge = format_html(
            '<span class="badge badge--{}">{}</span>', plan.lower(), plan.label
        )
    return format_html(
        '<a class="card" href="{}"><span class="card__art">{}{}</span>'
        '<span class="card__title" dir="auto">{}</span>'
        '<span class="card__meta">{}{}</span></a>',
        reverse("movie", args=[slug]),
        _poster({"saver": saver}, poster_key, title, eager=eager),
        plan_badge,
        title,
        year or "",
        format_html(" <span>{}</span>", duration(duration_seconds)) if duration_seconds else "",
    )


@register.simple_tag(takes_context=True)
def movie_cards(context: dict[str, Any], movies: Iterable[Movie | FilmCard], eager: int) -> str:
    """Return films as the items of a list; the first `eager` pictures are above the fold."""
    cards = (
        movie_card(context, movie, eager=number < eager) for number, movie in enumerate(movies)
    )
    return SafeString("".join(f"<li>{card}</li>" for card in cards))


@register.simple_tag(takes_context=True)
def continue_cards(context: dict[str, Any], rows: Iterable[ContinueFilm], eager: int) -> SafeString:
    """Return films to continue as the items of a list, each with how much of it was seen."""
    return format_html_join(
        "",
        '<li><a class="card" href="{}"><span class="card__art">{}'
        '<progress class="card__progress" aria-hidden="true" value="{}" max="{}"></progress></span>'
        '<span class="card__title" dir="auto">{}</span><span class="card__meta">{}</span></a></li>',
        (
            (
                reverse("movie", args=[row.movie.slug]),
                poster(context, row.movie, eager=number < eager),
                row.progress,
                row.movie.duration or 1,
                row.movie.title,
                _("Next episode")
                if row.movie.id != row.watched_id
                else _("%(seen)s of %(whole)s")
                % {"seen": duration(row.progress), "whole": duration(row.movie.duration)},
            )
            for number, row in enumerate(rows)
        ),
    )


SIZES = "(min-width: 48rem) 12.5rem, 31vw"


@register.simple_tag(takes_context=True)
def poster(
    context: dict[str, Any],
    movie: Movie | Series | FilmCard,
    *,
    eager: bool = False,
    first: bool = False,
    sizes: str = SIZES,
) -> SafeString:
    """Return a 2:3 picture, or a board with the title. `first`: the page's largest picture."""
    return _poster(context, movie.poster_key, movie.title, eager=eager, first=first, sizes=sizes)


def _poster(
    context: dict[str, Any],
    key: str,
    title: str,
    *,
    eager: bool,
    first: bool = False,
    sizes: str = SIZES,
) -> SafeString:
    if key:
        return picture(context, key, sizes, eager=eager, first=first, title=title)
    return format_html(
        '<span class="poster poster--blank poster--cloth-{}" aria-hidden="true">'
        '<span dir="auto">{}</span></span>',
        len(title) % 10,
        title,
    )

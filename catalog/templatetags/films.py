"""Facts about films in words, and the film card."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from billing.models import Plan
from catalog.models import Movie, Series
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
def movie_card(context: dict[str, Any], movie: Movie, *, eager: bool = False) -> SafeString:
    """Return a film of a row or grid. `eager`: its picture is above the fold.

    Written in Python, because the home page has a hundred cards and templates took half of its
    time.
    """
    plan = Plan(movie.access_level)
    plan_badge = SafeString("")
    if plan != Plan.FREE:
        plan_badge = format_html(
            '<span class="badge badge--{}">{}</span>', plan.lower(), plan.label
        )
    return format_html(
        '<a class="card" href="{}"><span class="card__art">{}{}</span>'
        '<span class="card__title" dir="auto">{}</span>'
        '<span class="card__meta">{}{}</span></a>',
        reverse("movie", args=[movie.slug]),
        poster(context, movie, eager=eager),
        plan_badge,
        movie.title,
        movie.year or "",
        format_html(" <span>{}</span>", duration(movie.duration)) if movie.duration else "",
    )


@register.simple_tag(takes_context=True)
def poster(
    context: dict[str, Any],
    movie: Movie | Series,
    *,
    eager: bool = False,
    first: bool = False,
    sizes: str = "(min-width: 48rem) 12.5rem, 31vw",
) -> SafeString:
    """Return a 2:3 picture, or a board with the title. `first`: the page's largest picture."""
    if movie.poster_key:
        return picture(
            context, movie.poster_key, sizes, eager=eager, first=first, title=movie.title
        )
    return format_html(
        '<span class="poster poster--blank poster--cloth-{}" aria-hidden="true">'
        '<span dir="auto">{}</span></span>',
        len(movie.title) % 10,
        movie.title,
    )

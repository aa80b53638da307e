"""A film's detail in JSON, written from plain values at a fifth of what serializers cost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from catalog.api.serializers import (
    CreditOutput,
    EpisodePosition,
    EpisodeReference,
    MovieOutput,
    UnavailableOutput,
)
from catalog.entitlement import film_refusal, licence_turn
from catalog.models import Credit, Movie
from catalog.models.films import RESERVED_SLUGS
from catalog.selectors.film_facts import FACTS, FilmFacts, episode_after, facts_of, series_episodes
from catalog.selectors.films import movie_get, tags_of
from catalog.selectors.slugs import uuid_or_none
from kushfilms.core.api.plain_values import ValuesWriter
from kushfilms.core.api.renderers import json_bytes
from kushfilms.core.db.prepared import STAND_IN_ID, Prepared
from kushfilms.core.public_cache import Shortcut, Shown

# As long as a card: only counters change unnoticed, and licence windows end it by themselves.
DETAIL_SECONDS = 600.0

write_film = ValuesWriter(
    MovieOutput, besides=("credits", "series", "nextEpisode", "trailer", "unavailable")
)
write_credit = ValuesWriter(CreditOutput)
write_position = ValuesWriter(EpisodePosition)
write_episode = ValuesWriter(EpisodeReference)
COLUMNS = (*write_film.columns, *write_position.columns, "trailer_duration", *FACTS)
FILM = (*dict.fromkeys(COLUMNS), "credits_json")


@dataclass(frozen=True)
class FilmDetail:
    json: dict[str, Any]
    shown: Shown


def film_detail(reference: str, *, now: datetime, country: str) -> FilmDetail:
    """Return what `MovieOutput` describes. Raises NotFound."""
    film = _film_values(reference)
    facts = facts_of(film)
    episodes = series_episodes([facts.series_id])[facts.series_id] if facts.series_id else []
    following = episode_after(facts, episodes, now=now, country=country)
    refusal = film_refusal(facts, now=now, country=country)
    json = {
        **write_film(film),
        "credits": [write_credit(credit) for credit in film["credits_json"]],
        "series": write_position(film) if facts.series_id else None,
        "nextEpisode": _episode_json(following) if following else None,
        "trailer": _trailer_json(film["id"], film["trailer_duration"]),
        "unavailable": UnavailableOutput(refusal).data if refusal else None,
    }
    turn = licence_turn([facts, *episodes], now=now)
    seconds = min(DETAIL_SECONDS, (turn - now).total_seconds()) if turn else DETAIL_SECONDS
    tags = tags_of(reference, film_id=facts.id, slug=film["slug"])
    if tags and facts.series_id:
        tags = (*tags, facts.series_id)
    return FilmDetail(json, Shown(tags, seconds))


def _detail_body(reference: str, country: str) -> tuple[bytes, Shown]:
    detail = film_detail(reference, now=timezone.now(), country=country)
    return json_bytes(detail.json), detail.shown


# `MovieView` without Django.
DETAIL_SHORTCUT = Shortcut(
    re.compile(
        rf"/api/v1/movies/(?!(?:{'|'.join(RESERVED_SLUGS)})$)(?P<reference>[-\w]+)", re.ASCII
    ),
    _detail_body,
)


def _film_values(reference: str) -> dict[str, Any]:
    """Return the values of a published film by id, slug or former slug. Raises NotFound."""
    film_id = uuid_or_none(reference)
    rows = _rows(_BY_ID, FILM, film_id=film_id) if film_id else []
    rows = rows or _rows(_BY_SLUG, FILM, slug=reference)
    return (rows or _rows(_BY_ID, FILM, film_id=movie_get(reference).pk))[0]


def _trailer_json(film_id: UUID, seconds: int) -> dict[str, Any] | None:
    path = reverse("api-movie-trailer", args=[film_id])
    return {"duration": seconds, "streamPath": path} if seconds else None


def _episode_json(episode: FilmFacts) -> dict[str, Any]:
    return write_episode(_rows(_EPISODE, write_episode.columns, film_id=episode.id)[0])


def _rows(statement: Prepared, columns: Sequence[str], **values: Any) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in statement.rows(**values)]


def _films(**where: Any) -> QuerySet[Movie, Any]:
    # One statement for a film and its credits: each costs the client a fifth of a detail.
    parts = Credit.objects.filter(movie=OuterRef("pk"))
    credits_json = ArraySubquery(
        parts.values_list(JSONObject(**{name: F(name) for name in write_credit.columns}))
    )
    films = Movie.objects.filter(published=True, **where).annotate(credits_json=credits_json)
    return films.values_list(*FILM)


_BY_ID = Prepared(lambda film_id: _films(pk=film_id), film_id=STAND_IN_ID)
_BY_SLUG = Prepared(lambda slug: _films(slug=slug), slug="\x01slug")
_EPISODE = Prepared(
    lambda film_id: Movie.objects.filter(pk=film_id).values_list(*write_episode.columns),
    film_id=STAND_IN_ID,
)

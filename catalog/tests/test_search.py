"""API of search and suggestions."""

from typing import Any
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from catalog.models import CreditJob, Findable, Movie
from catalog.selectors import search
from tests.factories import (
    CategoryFactory,
    CreditFactory,
    EpisodeFactory,
    MovieFactory,
    PersonFactory,
    SeasonFactory,
    SeriesFactory,
)

SEARCH, SUGGEST = "/api/v1/movies/search", "/api/v1/movies/suggest"

pytestmark = pytest.mark.django_db

FILMS: dict[str, dict[str, Any]] = {
    "The Last Boda": {"director": "Nalwanga Sarah", "cast": ["Okello Dan"], "genres": ["Drama"]},
    "Tin Roof Rain": {"vjs": ["VJ Junior"], "director": "Kizito Samuel"},
    "Mukene Moon": {"cast": ["Aisha Nabirye"], "genres": ["Romance"]},
    "Seven Skins": {"director": "Ssemakula Peter"},
    "Three Heaps of Tomatoes": {"vjs": ["VJ Emmy"]},
    "Fourteen Goats": {"genres": ["Comedy"]},
    "Snow Sleeps on Rwenzori": {"cast": ["Mbabazi Ruth"]},
    "Crane Over Entebbe": {"cast": ["Tumusiime Alex"]},
    "Bulamu": {"director": "Namatovu Grace"},
    "Kyaddala Kampala": {"director": "Nabwana Isaac"},
    "Ekisaakaate": {"vjs": ["VJ Ice P"]},
    "Who Killed Captain Alex": {"director": "Nabwana Isaac Godfrey"},
    "The Girl in the Yellow Jumper": {"genres": ["Thriller"]},
    "Queen of Katwe": {"cast": ["Madina Nalwanga"]},
    "Cérémonie à Paris": {"language": "French"},
    "Imbabazi": {"genres": ["Drama"]},
    "Boda Boda Brothers": {},
}


@pytest.fixture
def films() -> None:
    for title, fields in FILMS.items():
        MovieFactory.create(title=title, **fields)


def _found(api: APIClient, q: str, **filters: str) -> list[str]:
    answer = api.get(SEARCH, {"q": q, **filters})
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


TYPED = {
    # As written, in part, in another order, without accents
    "the last boda": "The Last Boda",
    "boda last": "The Last Boda",
    "LAST": "The Last Boda",
    "mukene mo": "Mukene Moon",
    "ceremonie a paris": "Cérémonie à Paris",
    "vj junior": "Tin Roof Rain",
    "nalwanga sarah boda": "The Last Boda",
    "captain alex": "Who Killed Captain Alex",
    "rwenz": "Snow Sleeps on Rwenzori",
    # One character missing, added, replaced, or two swapped
    "teh last boda": "The Last Boda",
    "last bdoa": "The Last Boda",
    "lst boda": "The Last Boda",
    "mukenne moon": "Mukene Moon",
    "mukane": "Mukene Moon",
    "mukeen moon": "Mukene Moon",
    "okelo": "The Last Boda",
    "nalwaga sarah": "The Last Boda",
    "semakula": "Seven Skins",
    "sevn skins": "Seven Skins",
    "seven skinns": "Seven Skins",
    "tomatos": "Three Heaps of Tomatoes",
    "forteen goats": "Fourteen Goats",
    "fourten gaots": "Fourteen Goats",
    "ruenzori": "Snow Sleeps on Rwenzori",
    "rwenzoli": "Snow Sleeps on Rwenzori",
    "entebe": "Crane Over Entebbe",
    "crain over entebbe": "Crane Over Entebbe",
    "tumusime": "Crane Over Entebbe",
    "bulaamu": "Bulamu",
    "bulumu": "Bulamu",
    "namatovo": "Bulamu",
    "kyadala": "Kyaddala Kampala",
    "kampara": "Kyaddala Kampala",
    "ekisakate": "Ekisaakaate",
    "captin alex": "Who Killed Captain Alex",
    "capitan alex": "Who Killed Captain Alex",
    "yelow jumper": "The Girl in the Yellow Jumper",
    "jumber": "The Girl in the Yellow Jumper",
    "quen of katwe": "Queen of Katwe",
    "queen of katwee": "Queen of Katwe",
    "vj juniur": "Tin Roof Rain",
    "vj emy": "Three Heaps of Tomatoes",
    "mbabasi": "Snow Sleeps on Rwenzori",
}


@pytest.mark.usefixtures("films")
def test_queries_and_their_results(api: APIClient) -> None:
    top = {typed: (_found(api, typed) or [""])[0] for typed in TYPED}
    wrong = {typed: title for typed, title in top.items() if title != TYPED[typed]}
    assert wrong == {}


TOGETHER_OR_APART = {
    "Face/Off": ("faceoff", "face off", "face/off", "face-off", "faceof", "FaceOff"),
    "A.I.": ("ai", "a.i.", "a i", "A.I"),
    "Spider-Man: Homecoming": ("spiderman homecoming", "spider man homecoming", "spiderman home"),
    "Faceless": ("face less", "face-less"),
    "WALL·E": ("walle", "wall e", "wall-e", "wall.e"),
    "The Dark Knight Rises": (
        "darkknight",
        "dark knightrises",
        "thedarkknightrises",
        "dark-knight",
    ),
    "M*A*S*H": ("mash", "m a s h", "m.a.s.h."),
    "SWAT": ("s.w.a.t.", "s w a t"),
    "Romeo & Juliet": ("romeo and juliet", "romeo&juliet", "romeoandjuliet", "romeo juliet"),
    "3 Idiots": ("3idiots", "3-idiots"),
    "Bodaboda Queens": ("boda boda queens", "boda-boda queens", "boda boda"),
    "Ebi Bya Nakku": ("ebibya nakku", "ebi byanakku", "ebibyanakku"),
    "X-Men": ("xmen", "x men", "x-men"),
}


def test_names_are_found_written_together_apart_and_with_punctuation(api: APIClient) -> None:
    for title in TOGETHER_OR_APART:
        MovieFactory.create(title=title, description="")
    other = "A man and a face, far off, less and less."
    MovieFactory.create(title="Spider Watch", description=other)
    wrong = {
        typed: found
        for title, forms in TOGETHER_OR_APART.items()
        for typed in forms
        if (found := _found(api, typed)[:1]) != [title]
    }
    assert wrong == {}
    suggested = {
        typed: rows[0]["title"] if rows else ""
        for title, forms in TOGETHER_OR_APART.items()
        for typed in forms
        if (rows := api.get(SUGGEST, {"q": typed}).json()["results"]) is not None
    }
    expected = {typed: title for title, forms in TOGETHER_OR_APART.items() for typed in forms}
    assert suggested == expected


def test_people_and_series_are_found_written_together(api: APIClient) -> None:
    MovieFactory.create(title="Told", vjs=["VJ Junior"], description="")
    series = SeriesFactory.create(title="Kampala-Nights")
    EpisodeFactory.create(season=SeasonFactory.create(series=series), episode_number=1)
    assert _found(api, "vjjunior") == ["Told"]
    answer = api.get(SEARCH, {"q": "kampalanights"}).json()
    assert [row["title"] for row in answer["series"]] == ["Kampala-Nights"]


def test_a_split_query_finds_both_spellings(api: APIClient) -> None:
    """Find both spellings, the one as typed first."""
    MovieFactory.create(title="Sunflower", description="")
    MovieFactory.create(title="Sun Flower", description="")
    assert _found(api, "sun flower") == ["Sun Flower", "Sunflower"]
    assert _found(api, "sunflower") == ["Sunflower", "Sun Flower"]


def test_names_come_before_people_genres_and_descriptions(api: APIClient) -> None:
    films: dict[str, dict[str, Any]] = {
        "Told": {"description": "A love in Kampala."},
        "Shelved": {"genres": ["Kampala"]},
        "Played": {"cast": ["Kampala Joe"]},
        "Kampala": {},
        "Kampala by night": {},
    }
    for title, fields in films.items():
        MovieFactory.create(title=title, **{"description": "", **fields})
    expected = ["Kampala", "Kampala by night", "Played", "Shelved", "Told"]
    assert _found(api, "kampala") == expected


def test_every_write_updates_the_index(api: APIClient) -> None:
    movie = MovieFactory.create(title="Before")
    Movie.objects.filter(pk=movie.pk).update(title="Afterwards", cast=["Zawadi"])
    assert (_found(api, "before"), _found(api, "afterwards")) == ([], ["Afterwards"])
    assert _found(api, "zawadi") == ["Afterwards"]
    Movie.objects.bulk_create([MovieFactory.build(title="In bulk")])
    assert _found(api, "in bulk") == ["In bulk"]
    kept = Findable.objects.get(movie=movie)
    Movie.objects.filter(pk=movie.pk).update(view_count=9)
    assert Findable.objects.get(movie=movie) == kept
    movie.delete()
    assert not Findable.objects.filter(pk=kept.pk).exists()


def test_series_are_listed_beside_films(api: APIClient) -> None:
    season = SeasonFactory.create(series=SeriesFactory.create(title="Kampala Nights"))
    EpisodeFactory.create(title="Kampala wakes", season=season, episode_number=2)
    SeriesFactory.create(title="Kampala Empty")
    body = api.get(SEARCH, {"q": "kampala", "limit": "1"}).json()
    assert [row["title"] for row in body["series"]] == ["Kampala Nights"]
    [found] = body["results"]
    assert (found["kind"], found["series"]["title"], found["series"]["episode"]) == (
        "EPISODE", "Kampala Nights", 2,
    )  # fmt: skip


def test_films_that_cannot_be_watched_are_not_found(api: APIClient, settings: Any) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    MovieFactory.draft(title="Kampala draft")
    MovieFactory.create(title="Kampala home", allowed_countries=["UG"])
    CreditFactory.create(movie=MovieFactory.draft(), person=PersonFactory.create(name="Kampala"))
    for country, titles in {"UG": ["Kampala home"], "KE": []}.items():
        for url in (SEARCH, SUGGEST):
            answer = api.get(url, {"q": "kampala"}, HTTP_CF_IPCOUNTRY=country)
            assert [row["title"] for row in answer.json()["results"]] == titles


@pytest.mark.usefixtures("films")
def test_filters_and_pages_apply_to_results(api: APIClient) -> None:
    drama = CategoryFactory.create(slug="drama")
    for n in range(7):
        MovieFactory.create(title=f"Kampala {n}", category=drama, year=2000 + n % 2)
    assert len(_found(api, "kampala", category="drama", year="2001")) == 3
    url, seen = f"{SEARCH}?q=kampala&category=drama&limit=3", []
    while url:
        page = api.get(url).json()
        seen += [row["title"] for row in page["results"]]
        url = page["next"]
    assert sorted(seen) == [f"Kampala {n}" for n in range(7)]
    first = api.get(f"{SEARCH}?q=kampala&limit=3").json()["next"]
    assert api.get(first.replace("kampala", "boda")).status_code == 400
    assert api.get(f"{SEARCH}?q=a&minRating=9").json()["fields"].keys() == {"minRating"}


@pytest.mark.usefixtures("films")
@pytest.mark.parametrize(
    "q",
    ["", " ", "%", "%%%", "'", '"', "\\", "& | ! :* ( )", "a & b", "boda:*", "!boda", "(((",
     "<->", "'; DROP TABLE catalog_movie; --", "😀", "😀 boda", "فيلم", "the", "of the and",
     "é", "x" * 200, "a " * 100, "\t\n", "\u202e", "00", "1e5", "a.b/c", "日本", "_"],
)  # fmt: skip
def test_any_text_gets_a_response(api: APIClient, q: str) -> None:
    for url in (SEARCH, SUGGEST):
        assert api.get(url, {"q": q}).status_code == 200, url
    assert Movie.objects.exists()


@pytest.mark.parametrize("q", ["x" * 201, "x" * 10_000, "a\0b"])
def test_long_queries_are_refused(api: APIClient, q: str) -> None:
    for url in (SEARCH, SUGGEST):
        answer = api.get(url, {"q": q})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["q"])


@pytest.mark.usefixtures("films")
def test_words_between_noise_are_found(api: APIClient) -> None:
    for q in ("😀 last boda", "“last” (boda)", "last & boda | !x", "last-boda", "LAST/BODA!"):
        assert _found(api, q)[:1] == ["The Last Boda"], q
    assert _found(api, "the")[0].startswith("The")
    assert _found(api, "") == []


@pytest.mark.usefixtures("films")
def test_both_code_paths_return_the_same(api: APIClient) -> None:
    """Compare the fast path with `kind=`, which filters nothing but takes the other path."""
    season = SeasonFactory.create(series=SeriesFactory.create(title="Boda Street"))
    EpisodeFactory.create(title="Boda one", season=season, episode_number=1, rating="4.25")
    for n in range(5):
        MovieFactory.create(title=f"Boda {n}", category=CategoryFactory.create(), view_count=n,
                            genres=["A", "B"], thumbnail_key="public/x", year=None)  # fmt: skip
    for q in ("boda", "the last bdoa", "kampala", "nothing at all", ""):
        for limit in ("3", "20"):
            short = api.get(SEARCH, {"q": q, "limit": limit}).json()
            long = api.get(SEARCH, {"q": q, "limit": limit, "kind": ""}).json()
            for page in (short, long):
                page["next"] = (page["next"] or "").replace("&kind=", "")
            assert short == long, q


def _pages(api: APIClient, q: str, **given: str) -> list[str]:
    url, ids = f"{SEARCH}?{urlencode({'q': q, 'limit': '3', **given})}", []
    while url:
        page = api.get(url).json()
        ids += [row["id"] for row in page["results"]]
        url = page["next"]
    assert len(ids) == len(set(ids))
    return ids


def test_of_very_many_matches_the_most_promising_are_ranked(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(12):
        MovieFactory.create(title=f"Quiet {n}", description="A boda on a hill.", view_count=n)
    for n in range(12):
        MovieFactory.create(title=f"One boda {n}", view_count=n)
    MovieFactory.create(title="Boda")
    MovieFactory.create(title="Boda nights")
    MovieFactory.create(title="Boda", playable=False)
    MovieFactory.draft(title="Boda")
    complete = {q: _pages(api, q) for q in ("boda", "hill", "quiet 3", "boad", "one boda 7")}
    monkeypatch.setattr(search, "MOST_RANKED", 12)
    for q in ("hill", "quiet 3", "one boda 7"):  # as many as can be ranked, or fewer
        assert _pages(api, q) == complete[q], q
    for q in ("boda", "boad"):
        few = _pages(api, q)
        assert few == [film_id for film_id in complete[q] if film_id in few]
        assert 12 <= len(few) < len(complete[q]) == 26
    # The names that begin as typed are always among them; of a typing error none does.
    assert _pages(api, "boda")[:2] == complete["boda"][:2]
    # A filter looks at every match.
    assert len(_pages(api, "boda", kind="FILM")) == 26


# ── Type-ahead ──────────────────────────────────────────────────────────────────────────


def _suggested(api: APIClient, q: str) -> list[tuple[str, str]]:
    answer = api.get(SUGGEST, {"q": q})
    assert answer.status_code == 200
    return [(row["type"], row["title"]) for row in answer.json()["results"]]


@pytest.mark.usefixtures("films")
def test_suggestions_are_films_series_and_people(api: APIClient) -> None:
    CreditFactory.create(person=PersonFactory.create(name="Kato Junior"), job=CreditJob.VJ)
    season = SeasonFactory.create(series=SeriesFactory.create(title="Katwe Street"))
    EpisodeFactory.create(season=season, episode_number=1, title="One")
    assert _suggested(api, "kat") == [
        ("PERSON", "Kato Junior"), ("SERIES", "Katwe Street"), ("MOVIE", "Queen of Katwe"),
    ]  # fmt: skip
    assert _suggested(api, "ka") == [("PERSON", "Kato Junior"), ("SERIES", "Katwe Street")]
    assert _suggested(api, "katwee str") == [("SERIES", "Katwe Street")]
    assert _suggested(api, "quen of kat")[:1] == [("MOVIE", "Queen of Katwe")]
    assert _suggested(api, "b")[:1] == [("MOVIE", "Bulamu")]
    assert len(_suggested(api, "t")) <= 8


def test_finding_costs_the_same_at_any_number(
    api: APIClient, django_assert_num_queries: Any
) -> None:
    for rows in (2, 20):
        for _ in range(rows):
            MovieFactory.create(title="Kampala")
            PersonFactory.create(name="Kampala")
        with django_assert_num_queries(2):  # what it means, films
            api.get(SEARCH, {"q": "kampala"})
        with django_assert_num_queries(2):  # what it means, names
            api.get(SUGGEST, {"q": "kampala"})
    season = SeasonFactory.create(series=SeriesFactory.create(title="Kampala"))
    EpisodeFactory.create(season=season, episode_number=1)
    with django_assert_num_queries(4):  # and which series, and those
        assert len(api.get(SEARCH, {"q": "kampala"}).json()["series"]) == 1

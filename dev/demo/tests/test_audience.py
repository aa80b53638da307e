"""Demo audience: rows for every figure, texts for every film, and no e-mails."""

from io import StringIO
from itertools import chain

import pytest
from django.contrib.auth.hashers import is_password_usable
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Notification, User
from accounts.services.people import user_check_credentials
from catalog.models import Comment, Movie, MovieDay, Rating, Trend, WatchHistory
from catalog.selectors import movies_trending
from catalog.services.comments import comment_create
from catalog.services.plays import plays_count
from catalog.services.trends import trends_compute
from dev.demo.audience.reception import Reception, Remark, Review
from dev.demo.audience.rows import reception_add
from dev.demo.audience.viewers import DOMAIN, NAMES, UNUSABLE
from dev.demo.film import Film
from dev.demo.films import FILMS
from dev.demo.shelf import film_shelve
from kushfilms.core.errors import NotSignedIn
from kushfilms.core.models import Job

Films = tuple[Film, ...]
EVERY_FILM = pytest.mark.parametrize("film", FILMS, ids=lambda film: film.key)


def shelved(films: Films) -> list[Movie]:
    """Return the films as they are once their videos are encoded."""
    keys = [film_shelve(film).pk for film in films]
    Movie.objects.update(published=True, playable=True)
    return [Movie.objects.get(pk=key) for key in keys]


def texts_of(reception: Reception) -> list[Review | Remark]:
    return [*reception.reviews, *reception.remarks]


@EVERY_FILM
def test_a_reception_adds_up(film: Film) -> None:
    reception = film.reception
    assert len(reception.reviews) >= 3
    assert len(reception.remarks) >= 2
    assert any(remark.replies for remark in reception.remarks)
    assert sum(reception.stars) <= reception.viewers <= len(NAMES)
    assert reception.plays >= reception.viewers
    for star, many in enumerate(reception.stars, start=1):
        assert many >= sum(review.stars == star for review in reception.reviews)
    replies = chain.from_iterable(remark.replies for remark in reception.remarks)
    assert {item.by for item in texts_of(reception)} | {reply.by for reply in replies} <= set(NAMES)
    assert all(remark.likes < reception.viewers for remark in reception.remarks)


def test_films_differ_in_their_reception() -> None:
    receptions = [film.reception for film in FILMS]
    for figures in ("plays", "stars", "out_for"):
        assert len({getattr(one, figures) for one in receptions}) == len(FILMS)
    texts = [item.text for one in receptions for item in texts_of(one)]
    assert len(set(texts)) == len(texts)


def test_every_count_is_that_of_its_rows(two_films: Films) -> None:
    for movie, film in zip(shelved(two_films), two_films, strict=True):
        ratings = list(Rating.objects.filter(movie=movie).values_list("stars", flat=True))
        assert tuple(ratings.count(star) for star in range(1, 6)) == film.reception.stars
        assert (movie.rating_count, movie.base_rating_count) == (len(ratings), 0)
        assert float(movie.rating) == pytest.approx(sum(ratings) / len(ratings), abs=0.005)
        assert movie.comment_count == Comment.objects.filter(movie=movie).count() > 3
        seen = WatchHistory.objects.filter(movie=movie, user__email__endswith=DOMAIN)
        assert seen.count() == film.reception.viewers
        assert not Rating.objects.filter(movie=movie).exclude(user__in=seen.values("user")).exists()
    out = StringIO()
    call_command("recount", stdout=out)
    assert out.getvalue().strip() == "Every counter is correct."


def test_plays_count_and_make_the_trends(two_films: Films) -> None:
    movies = shelved(two_films)
    assert plays_count() == sum(film.reception.plays for film in two_films)
    for movie, film in zip(movies, two_films, strict=True):
        movie.refresh_from_db()
        assert movie.view_count == film.reception.plays
        days = MovieDay.objects.filter(movie=movie)
        assert sum(day.plays for day in days) == film.reception.plays
        assert days.count() > 3
    now = timezone.now()
    trends_compute(now=now)
    assert Trend.objects.count() == len(movies)
    chart = movies_trending(limit=10, now=now, country="UG")
    # The older film has been seen more often, the newer one more of late.
    assert [movie.title for movie in chart] == [film.title for film in two_films]
    assert movies[0].view_count < movies[1].view_count


def test_reviews_and_comments_are_on_the_films_page(two_films: Films, client: Client) -> None:
    for movie, film in zip(shelved(two_films), two_films, strict=True):
        page = client.get(f"/movies/{movie.slug}").content.decode()
        assert "No reviews yet" not in page
        assert f"of 5, from {sum(film.reception.stars)} ratings" in page
        for item in texts_of(film.reception):
            assert item.by in page
        answered = next(remark for remark in film.reception.remarks if remark.replies)
        assert answered.replies[0].text.split(".")[0] in page


def test_all_texts_are_dated_between_release_and_now(two_films: Films) -> None:
    movie = shelved(two_films)[0]
    moments = [*Rating.objects.filter(movie=movie).values_list("created_at", flat=True)]
    for comment in Comment.objects.filter(movie=movie).select_related("parent", "reply_to"):
        moments.append(comment.created_at)
        if comment.reply_to and comment.parent:
            assert comment.parent.created_at <= comment.reply_to.created_at < comment.created_at
    assert movie.published_at is not None
    assert movie.published_at < min(moments) < max(moments) < timezone.now()


def test_the_audience_cannot_sign_in_and_gets_no_mail(
    two_films: Films, viewer: User, run_jobs: object
) -> None:
    movie = shelved(two_films)[0]
    people = User.objects.filter(email__endswith=f"@{DOMAIN}")
    assert sorted(people.values_list("name", flat=True)) == sorted(NAMES)
    assert not any(is_password_usable(person.password) for person in people)
    with pytest.raises(NotSignedIn):
        user_check_credentials(email=people[0].email, password=UNUSABLE)
    assert callable(run_jobs)
    run_jobs()
    assert not Job.objects.filter(kind="comment_replies").exists()
    assert not Notification.objects.filter(user__in=people).exists()

    remark = Comment.objects.filter(movie=movie, parent=None).first()
    assert remark is not None
    now = timezone.now()
    comment_create(movie, user_id=viewer.pk, content="So true!", now=now, parent_id=remark.pk)
    run_jobs()
    assert Notification.objects.filter(user=remark.user).count() == 1  # as anybody gets one
    assert mail.outbox == []


def test_it_costs_few_queries_however_many_watched(two_films: Films) -> None:
    shelved(two_films)
    movie = Movie.objects.latest("created_at")
    counts = []
    for film in FILMS[:2]:
        Rating.objects.filter(movie=movie).delete()
        WatchHistory.objects.filter(movie=movie).delete()
        with CaptureQueriesContext(connection) as queries:
            reception_add(movie, film.reception, seed=film.key, now=timezone.now())
        counts.append(len(queries))
    # A savepoint's two; who they are; history and plays; stars, their moments, their mean;
    # comments, likes, and how many comments.
    assert counts == [11, 11]

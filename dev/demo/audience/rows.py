"""Rows of the demo audience: history, plays, ratings, reviews, comments, likes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.db import transaction

from accounts.models import User
from catalog.models import Comment, CommentLike, Movie, Play, Rating, WatchHistory
from catalog.services.counters import count_add
from catalog.services.ratings import stars_add
from dev.demo.audience.reception import Reception, Remark, Reply
from dev.demo.audience.viewers import viewers_there

ANSWERED_WITHIN = timedelta(hours=9)


@dataclass(frozen=True)
class Screening:
    """Film with its viewers and release; random values are the same for the same seed."""

    movie: Movie
    random: Random
    since: datetime
    until: datetime
    people: dict[str, User]
    watched: Sequence[User]

    def moment(self) -> datetime:
        """Return a random moment since the release, more often an early one."""
        return self.since + (self.until - self.since) * self.random.betavariate(1, 1.4)


@transaction.atomic
def reception_add(movie: Movie, reception: Reception, *, seed: str, now: datetime) -> None:
    """Write the audience of a film in bulk, and its counts by the services; call once for a film.

    Hundreds of single inserts would delay the start. Plays go into the normal inbox, so that views
    and trends are computed from them.
    """
    random = Random(seed)  # noqa: S311  made up is made up
    people = viewers_there()
    reviewers = [review.by for review in reception.reviews]
    others = sorted(people.keys() - set(reviewers))
    names = reviewers + random.sample(others, reception.viewers - len(reviewers))
    since = now - timedelta(days=reception.out_for)
    watched = [people[name] for name in names]
    screening = Screening(movie, random, since, now, people, watched)
    _watch(screening, plays=reception.plays)
    _rate(screening, reception)
    _comment_on(screening, reception.remarks)


def _watch(screening: Screening, *, plays: int) -> None:
    movie = screening.movie
    random = screening.random
    history = []
    for user in screening.watched:
        finished = random.random() < 0.8
        progress = movie.duration if finished else movie.duration // 3
        history.append(
            WatchHistory(
                user=user, movie=movie, progress=progress, completed=finished,
                watched_at=screening.moment(),
            )
        )  # fmt: skip
    WatchHistory.objects.bulk_create(history)
    again = [screening.moment() for _ in range(plays - len(history))]
    moments = [row.watched_at for row in history] + again
    Play.objects.bulk_create(
        Play(movie=movie, played_at=moment, country=settings.HOME_COUNTRY) for moment in moments
    )


def _rate(screening: Screening, reception: Reception) -> None:
    """Write the ratings: reviewers are the first viewers, and the others give the other stars."""
    left = [star for star, many in enumerate(reception.stars, start=1) for _ in range(many)]
    for review in reception.reviews:
        left.remove(review.stars)
    screening.random.shuffle(left)
    stars = [review.stars for review in reception.reviews] + left
    texts = [review.text for review in reception.reviews] + [""] * len(left)
    ratings = [
        Rating(user=user, movie=screening.movie, stars=star, review=text)
        for user, star, text in zip(screening.watched, stars, texts, strict=False)
    ]
    Rating.objects.bulk_create(ratings)
    for rating in ratings:  # `auto_now_add` ignores a given value at the insert
        rating.created_at = rating.updated_at = screening.moment()
    Rating.objects.bulk_update(ratings, ["created_at", "updated_at"])
    row = Movie.objects.filter(pk=screening.movie.pk)
    stars_add(row, stars=sum(stars), count=len(stars))


def _comment_on(screening: Screening, remarks: Sequence[Remark]) -> None:
    """Write the comments, which are in the order of their time."""
    moments = sorted(screening.moment() for _ in remarks)
    comments: list[Comment] = []
    likes: list[CommentLike] = []
    for remark, moment in zip(remarks, moments, strict=True):
        thread = _comment(screening, remark, moment)
        thread.like_count = remark.likes
        readers = [user for user in screening.watched if user != thread.user]
        fans = screening.random.sample(readers, remark.likes)
        likes += [CommentLike(comment=thread, user=user, created_at=moment) for user in fans]
        comments += [thread, *_replies(screening, thread, remark.replies)]
    Comment.objects.bulk_create(comments)
    CommentLike.objects.bulk_create(likes)
    count_add(Movie.objects.filter(pk=screening.movie.pk), "comment_count", len(comments))


def _replies(screening: Screening, thread: Comment, replies: Sequence[Reply]) -> Iterator[Comment]:
    """Yield the replies in order, the last one before now, without notifications."""
    answered = thread
    room = min(ANSWERED_WITHIN, (screening.until - thread.created_at) / 2)
    for n, reply in enumerate(replies, start=1):
        comment = _comment(screening, reply, thread.created_at + room * n / len(replies))
        comment.parent = thread
        comment.reply_to = answered
        comment.reply_told = True
        yield comment
        answered = comment


def _comment(screening: Screening, remark: Remark | Reply, moment: datetime) -> Comment:
    return Comment(
        movie=screening.movie,
        user=screening.people[remark.by],
        content=remark.text,
        created_at=moment,
    )

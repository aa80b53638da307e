"""What the audience leaves behind: history, plays, stars, reviews, comments, likes."""

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
    """A film, who watched it and when it came out; the same for the same seed."""

    movie: Movie
    random: Random
    since: datetime
    until: datetime
    people: dict[str, User]
    watched: Sequence[User]

    def moment(self) -> datetime:
        """More often soon after it came out, as it is with films."""
        return self.since + (self.until - self.since) * self.random.betavariate(1, 1.4)


@transaction.atomic
def reception_add(movie: Movie, reception: Reception, *, seed: str, now: datetime) -> None:
    """Rows by the handful and counts through those who keep them; call it once a film.

    The rows are written together since hundreds one by one would hold up a start. Plays go into
    the inbox that every play goes into, so views and trends come of them by themselves.
    """
    random = Random(seed)  # noqa: S311  made up is made up
    people = viewers_there()
    said = [review.by for review in reception.reviews]
    others = sorted(people.keys() - set(said))
    names = said + random.sample(others, reception.viewers - len(said))
    since = now - timedelta(days=reception.out_for)
    watched = [people[name] for name in names]
    screening = Screening(movie, random, since, now, people, watched)
    _watch(screening, plays=reception.plays)
    _rate(screening, reception)
    _talk(screening, reception.remarks)


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
    """Who wrote comes first among those who watched, so the others give what stars are left."""
    left = [star for star, many in enumerate(reception.stars, start=1) for _ in range(many)]
    for review in reception.reviews:
        left.remove(review.stars)
    screening.random.shuffle(left)
    stars = [review.stars for review in reception.reviews] + left
    words = [review.words for review in reception.reviews] + [""] * len(left)
    ratings = [
        Rating(user=user, movie=screening.movie, stars=star, review=text)
        for user, star, text in zip(screening.watched, stars, words, strict=False)
    ]
    Rating.objects.bulk_create(ratings)
    for rating in ratings:  # a row says it was made now, whatever it is told
        rating.created_at = rating.updated_at = screening.moment()
    Rating.objects.bulk_update(ratings, ["created_at", "updated_at"])
    row = Movie.objects.filter(pk=screening.movie.pk)
    stars_add(row, stars=sum(stars), count=len(stars))


def _talk(screening: Screening, remarks: Sequence[Remark]) -> None:
    """The remarks stand in the order they were made."""
    moments = sorted(screening.moment() for _ in remarks)
    said: list[Comment] = []
    likes: list[CommentLike] = []
    for remark, moment in zip(remarks, moments, strict=True):
        thread = _comment(screening, remark, moment)
        thread.like_count = remark.likes
        readers = [user for user in screening.watched if user != thread.user]
        fans = screening.random.sample(readers, remark.likes)
        likes += [CommentLike(comment=thread, user=user, created_at=moment) for user in fans]
        said += [thread, *_replies(screening, thread, remark.replies)]
    Comment.objects.bulk_create(said)
    CommentLike.objects.bulk_create(likes)
    count_add(Movie.objects.filter(pk=screening.movie.pk), "comment_count", len(said))


def _replies(screening: Screening, thread: Comment, replies: Sequence[Reply]) -> Iterator[Comment]:
    """One after the other, and the last before now. Nobody is told: they are nobody."""
    answered = thread
    room = min(ANSWERED_WITHIN, (screening.until - thread.created_at) / 2)
    for n, reply in enumerate(replies, start=1):
        said = _comment(screening, reply, thread.created_at + room * n / len(replies))
        said.parent = thread
        said.reply_to = answered
        said.reply_told = True
        yield said
        answered = said


def _comment(screening: Screening, said: Remark | Reply, moment: datetime) -> Comment:
    return Comment(
        movie=screening.movie,
        user=screening.people[said.by],
        content=said.words,
        created_at=moment,
    )

"""Fuzz test of every operation of the API, as everyone who may call it.

What comes back is always one of the documented statuses, in the documented shape, and never a 5xx.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import SessionKind, User
from accounts.roles import Role
from accounts.services.sessions import Device, session_issue_tokens, session_start
from catalog.models import Comment, Rating
from kushfilms.wsgi import application
from tests.factories import CategoryFactory, MovieFactory, UserFactory

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 12
WHO = {"anonymous": None, "viewer": Role.USER, "super admin": Role.SUPER_ADMIN}

# As JSON: every worker writes and reads it, which takes seconds as YAML.
schema = schemathesis.openapi.from_wsgi("/api/schema?format=json", application)


class House:
    """Create objects to find, so that not every response is a 404."""

    def __init__(self) -> None:
        self.category = CategoryFactory.create(slug="drama")
        self.movie = MovieFactory.create(slug="the-last-boda", category=self.category)
        self.user = UserFactory.create()
        self.comment = Comment.objects.create(movie=self.movie, user=self.user, content="Good")
        self.rating = Rating.objects.create(movie=self.movie, user=self.user, stars=4, review="Ok")
        self.known: dict[str, list[str]] = {
            "reference": [self.movie.slug, str(self.movie.pk)],
            "slug": [self.category.slug],
            "user_id": [str(self.user.pk)],
            "comment_id": [str(self.comment.pk)],
            "rating_id": [str(self.rating.pk)],
        }


@pytest.fixture
def house(db: Any) -> House:
    return House()


@pytest.fixture
def headers(db: Any, who: str) -> dict[str, str]:
    """Sign in once for all examples, each of which is rolled back."""
    said = {"Accept-Encoding": "identity"}
    role = WHO[who]
    return said | _bearer(UserFactory.create(role=role)) if role else said


def _bearer(user: User) -> dict[str, str]:
    session = session_start(user, kind=SessionKind.API, device=Device(ip="10.0.0.1"))
    return {"Authorization": f"Bearer {session_issue_tokens(session).access}"}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the connection open, as the test rolls back its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _no_limits(settings: Any, payments: Any) -> None:
    """Provide a payment service that answers."""
    settings.THROTTLE_RATES = dict.fromkeys(settings.THROTTLE_RATES, "1000000/60")


@pytest.mark.parametrize("who", WHO)
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_it_answers_as_documented(
    case: schemathesis.Case[Any], who: str, house: House, headers: dict[str, str]
) -> None:
    with transaction.atomic():
        _aim(case, house)
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        transaction.set_rollback(True)
    if case.method != "GET" and response.status_code < 400:
        # Nothing rolls the cache back, which may know the caller as they are no more.
        cache.delete_pattern("*")  # type: ignore[attr-defined]  # of django-redis


def _aim(case: schemathesis.Case[Any], house: House) -> None:
    """Use an existing id in every other call."""
    for name, value in dict(case.path_parameters or {}).items():
        real = house.known.get(name)
        if real and sum(str(value).encode("utf-8", "replace")) % 2:
            case.path_parameters[name] = real[0]

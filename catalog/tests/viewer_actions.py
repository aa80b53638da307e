"""Helpers of tests about viewers' lists and comments."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.services.erasure import deletion_request
from kushfilms.core.models import Job


def erase(person: User, run_jobs: Callable[[], int]) -> None:
    """Erase a person whose waiting time is over."""
    deletion_request(person, now=timezone.now())
    User.objects.filter(pk=person.pk).update(deletes_at=timezone.now())
    Job.objects.filter(kind="erase_person").update(not_before=timezone.now())
    run_jobs()


def pages(api: Any, url: str) -> list[Any]:
    """Return the rows of all pages."""
    rows: list[Any] = []
    following: str | None = url
    while following:
        answer = api.get(following)
        assert answer.status_code == 200, answer.content
        rows += answer.json()["results"]
        following = answer.json()["next"]
    return rows

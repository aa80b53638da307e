"""Limits of mail per mailbox: further mail waits, or is given up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from catalog.models import TakedownNotice
from kushfilms.core.mail import mail_enqueue
from kushfilms.core.models import Job, JobState

RunJobs = Callable[[], int]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_window")]


def _claims(count: int, *, email: str = "victim@example.org") -> None:
    for n in range(count):
        notice = TakedownNotice.objects.create(
            claimant_name=f"Click http://evil.example {n}", claimant_email=email, work="W",
            postal_address="P", movie_title="Seven Hills", statement="S", signature="S",
            sworn_good_faith=True, sworn_accurate=True,
        )  # fmt: skip
        mail_enqueue("takedown", {"notice": str(notice.pk), "news": "received"})


def test_our_mail_contains_no_text_of_strangers(run_jobs: RunJobs, mailoutbox: list[Any]) -> None:
    _claims(1)
    run_jobs()
    (mail,) = mailoutbox
    assert "evil.example" not in mail.body + mail.alternatives[0][0] + mail.subject


def test_mail_to_one_mailbox_is_limited(
    settings: Any, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "mail_recipient": "3/3600"}
    _claims(5)
    _claims(1, email="other@example.org")
    run_jobs()
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        "other@example.org", *["victim@example.org"] * 3,
    ]  # fmt: skip
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        run_jobs()
    assert len(mailoutbox) == 6


def test_mail_that_waited_for_a_day_is_given_up(
    settings: Any, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "mail_recipient": "0/3600"}
    _claims(1)
    now = timezone.now()
    for hour in range(26):
        with time_machine.travel(now + timedelta(hours=hour, minutes=hour)):
            run_jobs()
    assert mailoutbox == []
    assert Job.objects.filter(state=JobState.FAILED, last_error__contains="Too many").count() == 1


def test_all_mail_is_limited_and_none_is_lost(
    settings: Any, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "mail_all": "2/3600"}
    for n in range(5):
        _claims(1, email=f"p{n}@example.org")
    now = timezone.now()
    for hour in range(3):
        with time_machine.travel(now + timedelta(hours=hour, minutes=hour)):
            run_jobs()
        assert len(mailoutbox) == min(5, 2 * (hour + 1))


def test_a_flood_does_not_keep_a_person_from_a_new_password(
    viewer: User, settings: Any, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "mail_recipient": "1/3600"}
    _claims(3, email=viewer.email)
    mail_enqueue("reset_password", {"email": viewer.email})
    run_jobs()
    subjects = [mail.subject for mail in mailoutbox]
    assert "Set a new password for Kush Films" in subjects
    assert len(subjects) == 2


@pytest.mark.parametrize("verified", [True, False])
def test_mail_to_an_unconfirmed_mailbox_has_no_name(
    viewer: User, run_jobs: RunJobs, mailoutbox: list[Any], verified: bool
) -> None:
    User.objects.update(name="You won a prize", email_verified=verified)
    mail_enqueue("reset_password", {"email": viewer.email})
    mail_enqueue("password_changed", {"userId": str(viewer.pk)})
    mail_enqueue("deletion_requested", {"user": str(viewer.pk)})
    run_jobs()
    assert len(mailoutbox) == 2
    assert all(("You won" in mail.body) is verified for mail in mailoutbox)

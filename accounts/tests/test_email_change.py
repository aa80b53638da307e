"""Changes of e-mail: they apply once confirmed, and can be undone for a week."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.events import EmailChanged
from accounts.models import OneTimeToken, Session, TokenPurpose, User
from accounts.roles import Role
from accounts.services import email_changes
from accounts.services.one_time_tokens import token_mint
from accounts.tests.mail_links import token_in
from accounts.tests.test_races import statuses, without_the_constraint
from kushfilms.core import events
from tests.factories import UserFactory

PROFILE, VERIFY, LOGIN = "/api/v1/users/profile", "/api/v1/auth/verify-email", "/api/v1/auth/login"
FORGOT, REGISTER, RESET = "/api/v1/auth/forgot-password", "/api/v1/auth/register", "/reset"
NEW = "moved@example.ug"
ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]
RunJobs = Callable[[], int]
Mails = Callable[[], dict[str, Any]]

__all__ = ["without_the_constraint"]  # a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(viewer: User) -> User:
    User.objects.update(email_verified=True)
    viewer.refresh_from_db()
    return viewer


@pytest.fixture
def mails(run_jobs: RunJobs, mailoutbox: list[Any]) -> Mails:
    """Send the waiting mails; return the latest one by address."""

    def sent() -> dict[str, Any]:
        mailoutbox.clear()
        run_jobs()
        return {mail.to[0]: mail for mail in mailoutbox}

    return sent


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[EmailChanged]:
    """Record the events for higher apps."""
    heard: list[EmailChanged] = []
    monkeypatch.setitem(events._subscribers, EmailChanged, [heard.append])
    return heard


@pytest.fixture
def begun(owner: User, api_as: ApiAs, password: str, mails: Mails) -> dict[str, Any]:
    """Return the mails about a change that the owner, or a thief, requested."""
    answer = api_as(owner).put(PROFILE, {"email": "Moved@Example.UG", "password": password})
    assert answer.status_code == 200
    assert (answer.json()["email"], answer.json()["pendingEmail"]) == (owner.email, NEW)
    assert answer.json()["emailVerified"] is True
    return mails()


def _signs_in(email: str, password: str) -> int:
    answer = APIClient().post(LOGIN, {"email": email, "password": password})
    return int(answer.status_code)


def _state(user: User) -> tuple[str, bool, str]:
    now = User.objects.get(pk=user.pk)
    return now.email, now.email_verified, now.pending_email


def test_the_old_address_applies_until_the_confirmation(
    owner: User, begun: dict[str, Any], api: APIClient, password: str, mails: Mails,
    told: list[EmailChanged],
) -> None:  # fmt: skip
    assert set(begun) == {owner.email, NEW}
    assert NEW not in begun[owner.email].body
    assert (_signs_in(owner.email, password), _signs_in(NEW, password)) == (200, 401)
    api.post(FORGOT, {"email": NEW})
    assert mails() == {}
    api.post(FORGOT, {"email": owner.email})
    assert set(mails()) == {owner.email}
    assert told == []


def test_the_link_moves_the_account(
    owner: User, begun: dict[str, Any], api: APIClient, password: str, mails: Mails,
    told: list[EmailChanged],
) -> None:  # fmt: skip
    verify = {token_mint(owner, purpose=TokenPurpose.VERIFY_EMAIL, now=timezone.now())}
    reset = token_mint(owner, purpose=TokenPurpose.RESET_PASSWORD, now=timezone.now())
    answer = api.post(VERIFY, {"token": token_in(begun[NEW])})
    assert (answer.status_code, answer.json()) == (200, {"email": NEW, "emailVerified": True})
    assert _state(owner) == (NEW, True, "")
    assert told == [EmailChanged(user_id=owner.pk, email=NEW)]
    assert (_signs_in(NEW, password), _signs_in(owner.email, password)) == (200, 401)
    # Links that went to the old mailbox are worth nothing.
    assert api.post(VERIFY, {"token": verify.pop()}).status_code == 400
    body = {"token": reset, "password": "boda-boda-7712"}
    assert api.post("/api/v1/auth/reset-password", body).status_code == 400
    last = mails()
    assert set(last) == {owner.email}
    assert settings.CONTACT_EMAIL in last[owner.email].body
    assert settings.FROM_EMAIL not in last[owner.email].body


def test_the_page_confirms_it_and_is_idempotent(
    owner: User, begun: dict[str, Any], client: Client
) -> None:
    token = token_in(begun[NEW])
    assert client.get("/verify", {"token": token}).status_code == 200
    assert _state(owner) == (owner.email, True, NEW)
    for _ in range(2):
        assert client.post("/verify", {"token": token})["Location"] == "/verify/done"
    assert _state(owner) == (NEW, True, "")


def test_a_second_change_replaces_the_first(
    owner: User, begun: dict[str, Any], api: APIClient, api_as: ApiAs, password: str,
    mails: Mails,
) -> None:  # fmt: skip
    phone = api_as(owner)
    phone.put(PROFILE, {"email": "other@example.ug", "password": password})
    second = mails()
    assert api.post(VERIFY, {"token": token_in(begun[NEW])}).json()["code"] == "token_invalid"
    # The current address cancels the change, and needs no password.
    assert "pendingEmail" not in phone.put(PROFILE, {"email": owner.email}).json()
    token = {"token": token_in(second["other@example.ug"])}
    assert api.post(VERIFY, token).status_code == 400
    assert _state(owner) == (owner.email, True, "")


def test_the_link_is_sent_again_to_the_new_address(
    owner: User, begun: dict[str, Any], api_as: ApiAs, api: APIClient, mails: Mails
) -> None:
    assert api_as(owner).post(f"{VERIFY}/resend").status_code == 202
    again = mails()
    assert set(again) == {NEW}
    assert api.post(VERIFY, {"token": token_in(again[NEW])}).status_code == 200


def test_an_address_that_was_taken_since_is_no_longer_free(
    owner: User, begun: dict[str, Any], api: APIClient, client: Client
) -> None:
    UserFactory.create(email=NEW)
    answer = api.post(VERIFY, {"token": token_in(begun[NEW])})
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert client.post("/verify", {"token": token_in(begun[NEW])}).status_code == 409
    assert _state(owner) == (owner.email, True, NEW)


# ── Taking it back ──────────────────────────────────────────────────────────────────────


def _undo(client: Client, token: str) -> Any:
    return client.post("/email/undo", {"token": token})


def test_opening_the_undo_link_changes_nothing(
    owner: User, begun: dict[str, Any], client: Client
) -> None:
    assert client.get("/email/undo", {"token": token_in(begun[owner.email])}).status_code == 200
    assert _state(owner) == (owner.email, True, NEW)


def test_an_undo_before_the_confirmation_voids_the_link(
    owner: User, begun: dict[str, Any], client: Client, api: APIClient, told: list[EmailChanged]
) -> None:
    answer = _undo(client, token_in(begun[owner.email]))
    assert (answer.status_code, answer["Location"].startswith("/reset?token=")) == (302, True)
    assert _state(owner) == (owner.email, True, "")
    assert api.post(VERIFY, {"token": token_in(begun[NEW])}).status_code == 400
    assert _undo(client, token_in(begun[owner.email])).status_code == 400
    assert told == []


def test_after_the_confirmation_the_account_comes_back(
    owner: User, begun: dict[str, Any], client: Client, api: APIClient, api_as: ApiAs,
    password: str, mails: Mails, told: list[EmailChanged],
) -> None:  # fmt: skip
    """Undo the change of a thief who knew the password, signed in and set a new one."""
    Session.objects.update(created_at=timezone.now() - timedelta(days=1))
    api.post(VERIFY, {"token": token_in(begun[NEW])})
    thief = api_as(User.objects.get())
    second = mails()
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        answer = _undo(client, token_in(second[owner.email]))
        assert answer.status_code == 302
        assert _state(owner) == (owner.email, True, "")
        assert thief.get("/api/v1/auth/me").status_code == 401
        assert not Session.objects.live().exists()  # the thief signed in before the move
        assert _signs_in(owner.email, password) == 401  # and knows the password
        token = answer["Location"].partition("token=")[2]
        done = client.post(RESET, {"token": token, "password": "boda-boda-7712"})
        assert done["Location"] == "/reset/done"
    assert told[-1] == EmailChanged(user_id=owner.pk, email=owner.email)
    assert _signs_in(owner.email, "boda-boda-7712") == 200


def test_a_thief_who_changes_it_again_loses_it(
    owner: User, begun: dict[str, Any], client: Client, api: APIClient, api_as: ApiAs,
    password: str, mails: Mails,
) -> None:  # fmt: skip
    api.post(VERIFY, {"token": token_in(begun[NEW])})
    mails()
    thief = api_as(User.objects.get())
    thief.put(PROFILE, {"email": "further@example.ug", "password": password})
    moving = mails()
    api.post(VERIFY, {"token": token_in(moving["further@example.ug"])})
    assert _state(owner) == ("further@example.ug", True, "")
    assert _undo(client, token_in(begun[owner.email])).status_code == 302
    assert _state(owner) == (owner.email, True, "")
    # Nor does the thief's own link bring it back to the thief.
    assert _undo(client, token_in(moving[NEW])).status_code == 400
    assert _state(owner) == (owner.email, True, "")


def test_a_thief_who_undoes_a_second_change_gains_nothing(
    owner: User, begun: dict[str, Any], client: Client, api: APIClient, api_as: ApiAs,
    password: str, mails: Mails,
) -> None:  # fmt: skip
    """Let a thief with two mailboxes use the link that the first one got."""
    api.post(VERIFY, {"token": token_in(begun[NEW])})
    mails()
    thief = api_as(User.objects.get())
    thief.put(PROFILE, {"email": "further@example.ug", "password": password})
    moving = mails()
    assert _undo(client, token_in(moving[NEW])).status_code == 302
    assert _state(owner) == (NEW, True, "")
    assert _undo(client, token_in(begun[owner.email])).status_code == 302
    assert _state(owner) == (owner.email, True, "")


def test_a_late_mail_does_not_restore_the_thief(
    owner: User, begun: dict[str, Any], client: Client, api: APIClient, api_as: ApiAs,
    password: str, mails: Mails,
) -> None:  # fmt: skip
    """Deliver the thief's mail only after the owner has the account back."""
    api.post(VERIFY, {"token": token_in(begun[NEW])})
    mails()
    thief = api_as(User.objects.get())
    thief.put(PROFILE, {"email": "further@example.ug", "password": password})
    assert _undo(client, token_in(begun[owner.email])).status_code == 302
    assert set(mails()) == set()


def test_an_erasure_requested_by_the_thief_is_withdrawn(
    owner: User, begun: dict[str, Any], client: Client, api: APIClient, api_as: ApiAs, password: str
) -> None:
    """Withdraw it, as its mail went to the thief."""
    api.post(VERIFY, {"token": token_in(begun[NEW])})
    thief = api_as(User.objects.get())
    assert thief.delete("/api/v1/users/account", {"password": password}).status_code == 202
    assert User.objects.get().deletes_at is not None
    assert _undo(client, token_in(begun[owner.email])).status_code == 302
    assert User.objects.get().deletes_at is None


def test_an_unconfirmed_old_mailbox_gets_no_undo_link(
    viewer: User, client: Client, api: APIClient, api_as: ApiAs, password: str, mails: Mails
) -> None:
    """Send no undo link to a mailbox that was never confirmed."""
    User.objects.update(email_verified=False)
    api_as(viewer).put(PROFILE, {"email": NEW, "password": password})
    sent = mails()
    assert set(sent) == {NEW}
    assert api.post(VERIFY, {"token": token_in(sent[NEW])}).status_code == 200
    assert "token=" not in mails()[viewer.email].body
    assert not OneTimeToken.objects.filter(purpose=TokenPurpose.UNDO_EMAIL).exists()
    # Nor is the address kept from the person whose it is.
    body = {"email": viewer.email, "password": "boda-boda-7712", "name": "Nakato"}
    assert api.post(REGISTER, body).status_code == 201


def test_a_change_is_final_after_seven_days(
    owner: User, begun: dict[str, Any], client: Client, api: APIClient
) -> None:
    api.post(VERIFY, {"token": token_in(begun[NEW])})
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=5)):
        assert _undo(client, token_in(begun[owner.email])).status_code == 400
        assert _state(owner) == (NEW, True, "")


def test_the_old_address_is_reserved_meantime(
    owner: User, begun: dict[str, Any], api: APIClient, api_as: ApiAs, stranger: User,
    password: str,
) -> None:  # fmt: skip
    api.post(VERIFY, {"token": token_in(begun[NEW])})
    body = {"email": owner.email, "password": "boda-boda-7712", "name": "Nakato"}
    assert api.post(REGISTER, body).json()["code"] == "email_taken"
    change = {"email": owner.email, "password": password}
    assert api_as(stranger).put(PROFILE, change).json()["code"] == "email_taken"
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=5)):
        assert api.post(REGISTER, body).status_code == 201


def test_a_new_password_cancels_a_pending_change(
    owner: User, begun: dict[str, Any], api: APIClient
) -> None:
    """Cancel the change, as it may be of a thief who knew the old password."""
    token = token_mint(owner, purpose=TokenPurpose.RESET_PASSWORD, now=timezone.now())
    body = {"token": token, "password": "boda-boda-7712"}
    assert api.post("/api/v1/auth/reset-password", body).status_code == 200
    assert api.post(VERIFY, {"token": token_in(begun[NEW])}).status_code == 400
    assert _state(owner) == (owner.email, True, "")


def test_a_change_by_staff_has_no_undo_link(
    owner: User, admin: User, api_as: ApiAs, mails: Mails, told: list[EmailChanged]
) -> None:
    """Send no undo link, as the old mailbox may be in the wrong hands."""
    url = f"/api/v1/admin/users/{owner.pk}"
    assert api_as(admin).put(url, {"email": NEW}).status_code == 200
    sent = mails()
    assert "token=" not in sent[owner.email].body
    assert f"mailto:{settings.CONTACT_EMAIL}" in sent[owner.email].body
    assert told == [EmailChanged(user_id=owner.pk, email=NEW)]
    assert not OneTimeToken.objects.filter(purpose=TokenPurpose.UNDO_EMAIL).exists()
    assert User.objects.get(pk=admin.pk).role == Role.ADMIN


@pytest.mark.usefixtures("fresh_window")
def test_new_addresses_of_one_person_are_limited(
    owner: User, api_as: ApiAs, password: str, mails: Mails
) -> None:
    phone = api_as(owner)
    statuses = [
        phone.put(PROFILE, {"email": f"s{n}@example.ug", "password": password}).status_code
        for n in range(7)
    ]
    assert statuses == [200] * 5 + [429] * 2
    assert set(mails()) == {owner.email, "s4@example.ug"}  # only where the last one leads
    assert _state(owner)[2] == "s4@example.ug"


# ── Two people who move to one address at once ──────────────────────────────────────────


def _two_with_links() -> list[str]:
    people = UserFactory.create_batch(2, pending_email=NEW)
    now, purpose = timezone.now(), TokenPurpose.CHANGE_EMAIL
    return [token_mint(user, purpose=purpose, now=now, email=NEW) for user in people]


def _confirm(token: str) -> Any:
    return APIClient().post(VERIFY, {"token": token})


@pytest.fixture
def all_have_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both find the address free before one takes it."""
    together = Barrier(2)
    monkeypatch.setattr(
        email_changes, "address_must_be_free", lambda *_, **__: together.wait(timeout=60)
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("all_have_looked")
def test_of_two_concurrent_confirmations_one_succeeds() -> None:
    links = _two_with_links()
    assert statuses(lambda n: _confirm(links[n]), times=2) == [200, 409]
    assert User.objects.filter(email=NEW).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("without_the_constraint", "all_have_looked")
def test_without_the_constraint_both_would() -> None:
    """Control for the test above."""
    links = _two_with_links()
    assert statuses(lambda n: _confirm(links[n]), times=2) == [200, 200]
    assert User.objects.filter(email=NEW).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_concurrent_changes_one_link_works(
    viewer: User, api_as: ApiAs, password: str, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    phones = [api_as(viewer) for _ in range(2)]

    def request_change(n: int) -> Any:
        return phones[n].put(PROFILE, {"email": f"n{n}@example.ug", "password": password})

    assert statuses(request_change, times=2) == [200, 200]
    run_jobs()
    pending = User.objects.get().pending_email
    links = {one.to[0]: token_in(one) for one in mailoutbox if one.to[0] != viewer.email}
    assert set(links) == {pending}
    assert _confirm(links[pending]).status_code == 200
    assert User.objects.get().email == pending

"""Copyright claims, from the form to the reversal."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, Notification, User
from catalog.models import Movie, TakedownNotice
from catalog.services.deletion import movie_delete, movie_restore
from catalog.services.films import movie_media_update, movie_publish
from catalog.services.takedowns import takedown_accept, takedown_reverse
from kushfilms.core.errors import WrongState
from streaming.models import VideoAsset

ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]
ADMIN = "/api/v1/admin/takedowns"

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie(movie_factory: Any) -> Movie:
    created: Movie = movie_factory(title="Seven Hills", slug="seven-hills")
    return created


def claim(**changes: Any) -> dict[str, Any]:
    return {
        "film": "https://kushfilms.com/movies/seven-hills?from=mail",
        "claimantName": "Okello Pictures",
        "claimantEmail": "Legal@Okello.ug", "postalAddress": "Plot 7, Jinja",
        "work": "Seven Hills (2019)", "statement": "I shot it.", "swornGoodFaith": True,
        "swornAccurate": True, "signature": "James Okello", **changes,
    }  # fmt: skip


def filed(api: APIClient, **changes: Any) -> TakedownNotice:
    answer = api.post("/api/v1/takedowns", claim(**changes))
    assert answer.status_code == 201, answer.json()
    return TakedownNotice.objects.get(pk=answer.json()["id"])


def published(movie: Movie) -> bool:
    movie.refresh_from_db()
    return movie.published


def test_a_claim_is_filed(
    movie: Movie, admin: User, moderator: User, api: APIClient, run_jobs: Callable[[], int],
    mailoutbox: list[Any],
) -> None:  # fmt: skip
    notice = filed(api)
    assert (notice.status, notice.movie, notice.movie_title) == ("RECEIVED", movie, "Seven Hills")
    assert published(movie)  # nothing happens before staff decide
    assert list(Notification.objects.values_list("user", flat=True)) == [admin.pk]
    run_jobs()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["Legal@Okello.ug"], "We received your copyright claim")
    assert str(notice.pk) in mail.body
    assert filed(api) == notice  # the button was pressed twice
    run_jobs()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"film": "Nine Hills"}, "film"), ({"film": "https://[bad"}, "film"),
        ({"film": "draft"}, "film"), ({"swornAccurate": False}, "swornAccurate"),
        ({"claimantEmail": "nobody"}, "claimantEmail"), ({"signature": ""}, "signature"),
        ({"statement": "x" * 4001}, "statement"), ({"work": "a\0b"}, "work"),
        ({"swornGoodFaith": "perhaps"}, "swornGoodFaith"),
    ],
)  # fmt: skip
def test_invalid_claims(
    movie: Movie, movie_factory: Any, api: APIClient, changes: Any, field: str,
    run_jobs: Callable[[], int], mailoutbox: list[Any],
) -> None:  # fmt: skip
    movie_factory.draft(slug="draft", title="Draft")
    answer = api.post("/api/v1/takedowns", claim(**changes))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    run_jobs()
    assert (TakedownNotice.objects.count(), mailoutbox) == (0, [])


def test_a_film_is_found_by_its_title(movie: Movie, movie_factory: Any, api: APIClient) -> None:
    assert filed(api, film=" seven HILLS ").movie == movie
    movie_factory(title="Seven Hills", slug="seven-hills-2")
    answer = api.post("/api/v1/takedowns", claim(film="Seven Hills"))
    assert "/movies/seven-hills-2" in answer.json()["fields"]["film"][0]


def page_form(**changes: str) -> dict[str, str]:
    return {
        "film": "seven-hills", "claimant_name": "Okello", "claimant_email": "legal@okello.ug",
        "postal_address": "Jinja", "work": "My film", "statement": "Mine",
        "sworn_good_faith": "on", "sworn_accurate": "on", "signature": "J. Okello", **changes,
    }  # fmt: skip


def test_the_form_on_the_page(movie: Movie, client: Client) -> None:
    assert 'value="seven-hills"' in client.get("/takedown?film=seven-hills").content.decode()
    unsworn = page_form()
    del unsworn["sworn_accurate"]
    assert "This field is required" in client.post("/takedown", unsworn).content.decode()
    lost = client.post("/takedown", page_form(film="Nowhere")).content.decode()
    assert "We cannot find this film" in lost
    assert "Mine</textarea>" in lost  # the text is kept in the form
    assert not TakedownNotice.objects.exists()
    sent = client.post("/takedown", page_form())
    assert sent["Location"] == "/takedown/sent"
    assert client.get("/takedown/sent").status_code == 200
    assert TakedownNotice.objects.get().movie == movie


def test_bots_fill_in_the_trap(movie: Movie, client: Client) -> None:
    assert client.post("/takedown", page_form(website="http://spam")).status_code == 302
    assert not TakedownNotice.objects.exists()


def test_claims_are_throttled(
    movie: Movie, client: Client, api: APIClient, settings: Any, fresh_window: None
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "takedowns": "1/3600"}
    settings.THROTTLE_CEILINGS = {"strangers": 1, "network": 1}
    filed(api)
    assert api.post("/api/v1/takedowns", claim()).status_code == 429
    client.post("/takedown", page_form())
    assert client.post("/takedown", page_form(work="Other")).status_code == 429


def test_acceptance_takes_the_film_down_and_keeps_it_down(
    movie: Movie, admin: User, viewer: User, api: APIClient, api_as: ApiAs,
    run_jobs: Callable[[], int], mailoutbox: list[Any],
) -> None:  # fmt: skip
    notice, staff = filed(api), api_as(admin)
    VideoAsset.objects.create(movie=movie, uploaded_by=viewer, filename="s.mp4", source_size=1,
                              source_key="source/s.mp4")  # fmt: skip
    answer = staff.post(f"{ADMIN}/{notice.pk}/accept", {"note": "Clear"})
    assert (answer.status_code, answer.json()["status"]) == (200, "ACCEPTED")
    assert not published(movie)
    assert api.get("/api/v1/movies/seven-hills").status_code == 404
    with pytest.raises(WrongState) as caught:
        movie_publish(movie, now=timezone.now())
    assert caught.value.error_code == "taken_down"
    Movie.objects.filter(pk=movie.pk).update(publish_when_ready=True)
    movie_media_update(movie, playable=True)  # an encode ends in between
    assert not published(movie)
    assert Notification.objects.get(user=viewer).title == (
        "“Seven Hills” was taken down for a copyright claim"
    )
    run_jobs()
    assert [mail.subject for mail in mailoutbox] == [
        "We received your copyright claim", "Your copyright claim was accepted",
    ]  # fmt: skip
    entries = AuditLog.objects.order_by("created_at").values_list("action", "actor_id")
    assert set(entries) == {("movie.unpublish", admin.pk), ("takedown.accept", admin.pk)}
    for call in ("accept", "reject"):
        again = staff.post(f"{ADMIN}/{notice.pk}/{call}", {"note": "x"})
        assert (again.status_code, again.json()["code"]) == (409, "already_decided")


def test_a_rejection_needs_a_note_and_changes_nothing(
    movie: Movie, admin: User, api: APIClient, api_as: ApiAs, run_jobs: Callable[[], int],
    mailoutbox: list[Any],
) -> None:  # fmt: skip
    notice, staff = filed(api), api_as(admin)
    assert staff.post(f"{ADMIN}/{notice.pk}/reject").status_code == 400
    assert staff.post(f"{ADMIN}/{notice.pk}/reject", {"note": "Not yours"}).status_code == 200
    assert published(movie)
    run_jobs()
    assert "Not yours" in mailoutbox[-1].body
    assert staff.post(f"{ADMIN}/{notice.pk}/reverse", {"note": "x"}).status_code == 409


def test_a_reversal_restores_what_was_changed_and_only_that(
    movie: Movie, movie_factory: Any, admin: User, api: APIClient, api_as: ApiAs
) -> None:
    first = movie.published_at
    notice, staff = filed(api), api_as(admin)
    staff.post(f"{ADMIN}/{notice.pk}/accept")
    assert staff.post(f"{ADMIN}/{notice.pk}/reverse").status_code == 400  # a note is required
    assert staff.post(f"{ADMIN}/{notice.pk}/reverse", {"note": "Licence"}).status_code == 200
    assert published(movie)
    assert movie.published_at == first
    draft = movie_factory(slug="eight")
    other = filed(api, film="eight")
    Movie.objects.filter(pk=draft.pk).update(published=False)
    now = timezone.now()
    takedown_accept(other, note="", by=admin, now=now)
    takedown_reverse(other, note="Licence", now=now)
    assert not published(draft)  # it was not published before the claim


def test_two_claims_on_one_film(movie: Movie, admin: User, api: APIClient) -> None:
    now = timezone.now()
    one, two = filed(api), filed(api, work="Something else")
    takedown_accept(one, note="", by=admin, now=now)
    takedown_accept(two, note="", by=admin, now=now)
    takedown_reverse(one, note="x", now=now)
    assert not published(movie)  # the other claim is in force
    takedown_reverse(two, note="x", now=now)
    assert published(movie)


def test_a_claim_on_a_deleted_film_holds_when_it_is_restored(
    movie: Movie, admin: User, api: APIClient
) -> None:
    notice = filed(api)
    movie_delete(movie, now=timezone.now())
    takedown_accept(notice, note="", by=admin, now=timezone.now())
    restored = movie_restore(movie.pk)
    with pytest.raises(WrongState, match="down for a copyright claim"):
        movie_publish(restored, now=timezone.now())
    movie_delete(restored, now=timezone.now())
    takedown_reverse(notice, note="Counter-notice.", now=timezone.now())
    assert movie_publish(movie_restore(movie.pk), now=timezone.now()).published


def test_only_admins_decide_claims(
    movie: Movie, moderator: User, admin: User, api: APIClient, api_as: ApiAs
) -> None:
    notice = filed(api)
    for user, status in ((moderator, 403), (admin, 200)):
        client = api_as(user)
        assert client.get(ADMIN).status_code == status
        if status == 403:
            assert client.post(f"{ADMIN}/{notice.pk}/accept").status_code == 403
    assert published(movie)
    page = api_as(admin).get(f"{ADMIN}?status=RECEIVED").json()
    assert (page["count"], page["results"][0]["claimantName"]) == (1, "Okello Pictures")
    assert api_as(admin).get(f"{ADMIN}?status=x").status_code == 400

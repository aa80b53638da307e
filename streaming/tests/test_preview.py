"""Previews for staff before publication: no traces stay, and viewers are refused."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.services.moderation import user_set_role
from accounts.services.sessions import user_sessions_revoke
from catalog.models import WatchHistory
from kushfilms.core import storage
from streaming.models import AssetStatus, Encode, EncodeState, Package, PackageStage, VideoAsset
from streaming.models import PlaybackSession as Session
from streaming.selectors.playback import streams_live

SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(make_asset: Callable[..., VideoAsset], movie_factory: Any) -> VideoAsset:
    """Return an unpublished Premium film with an expired licence and a package."""
    movie = movie_factory(
        access_level="PREMIUM", published=False, age_rating="18", licence_ends_at=timezone.now()
    )
    asset = make_asset(movie=movie, status=AssetStatus.READY)
    encode = Encode.objects.create(asset=asset, state=EncodeState.DONE)
    package = Package.objects.create(
        asset=asset, encode=encode, number=1, stage=PackageStage.FULL, has_storyboard=False
    )
    asset.live_package = package
    asset.is_current = True
    asset.save()
    asset.audio_tracks.create(position=0, language="lg", label="Luganda, VJ Junior", default=True)
    storage.put_bytes(package.prefix + "master.m3u8", b"#EXTM3U\n", content_type="text/plain")
    return asset


@pytest.mark.parametrize("role", ["USER", "MODERATOR"])
def test_it_ends_when_the_role_falls(
    admin: User,
    super_admin: User,
    site_as: SiteAs,
    draft: VideoAsset,
    role: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    page = site_as(admin).get(f"/preview/{draft.movie_id}").content.decode()
    found = re.search(r'id="watch-data"[^>]*>(.+?)</script>', page)
    assert found
    stream = urlsplit(json.loads(found.group(1))["streamUrl"]).path
    anybody = Client()
    assert anybody.get(stream).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        user_set_role(admin, role=Role(role), by=super_admin)
    assert anybody.get(stream).status_code == 403
    assert Session.objects.exclude(revoked_at=None).count() == 1


def test_staff_can_play_it_and_nothing_is_saved(
    admin: User, site_as: SiteAs, draft: VideoAsset, django_capture_on_commit_callbacks: Any
) -> None:
    browser = site_as(admin)
    url = f"/preview/{draft.movie_id}"
    film_page = browser.get(f"/admin/catalog/movie/{draft.movie_id}/change/").content.decode()
    assert f'href="{url}"' in film_page
    assert "Luganda, VJ Junior" in film_page
    page = browser.get(url)
    assert page.status_code == 200
    found = re.search(r'id="watch-data"[^>]*>(.+?)</script>', page.content.decode())
    assert found
    data = json.loads(found.group(1))
    stream = urlsplit(data["streamUrl"]).path
    assert browser.get(stream).status_code == 200
    beat = browser.post(data["watchUrl"], {"progress": 30}, content_type="application/json")
    assert beat.json() == {"progress": 0, "completed": False}
    assert not WatchHistory.objects.exists()
    assert not streams_live(admin.pk, now=timezone.now()).exists()
    with django_capture_on_commit_callbacks(execute=True):
        user_sessions_revoke(admin, reason="test")
    assert Client().get(stream).status_code == 403


def test_viewers_are_refused(
    viewer: User, moderator: User, client: Client, site_as: SiteAs, draft: VideoAsset
) -> None:
    url = f"/preview/{draft.movie_id}"
    for browser in (client, site_as(viewer), site_as(moderator)):
        for answer in (browser.get(url), browser.post(f"{url}/beat")):
            assert answer.status_code in {302, 403}
    assert not Session.objects.exists()


def test_a_film_without_a_video_says_so(admin: User, site_as: SiteAs, movie_factory: Any) -> None:
    answer = site_as(admin).get(f"/preview/{movie_factory.draft().pk}")
    assert answer.status_code == 403
    assert "not ready yet" in answer.content.decode()


def test_the_list_says_how_far_an_encode_is(
    admin: User, site_as: SiteAs, make_asset: Callable[..., VideoAsset]
) -> None:
    make_asset(title="One", status=AssetStatus.ENCODING, progress=43)
    make_asset(title="Two", status=AssetStatus.FAILED)
    page = site_as(admin).get("/admin/catalog/movie/").content.decode()
    assert "Encoding 43 %" in page
    assert "Video failed" in page

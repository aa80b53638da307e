"""Heartbeats while Valkey, PostgreSQL and the web server fail: nothing acknowledged is lost."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dev.stack import keys, test_stacks
from dev.stack.environment import Site, contract
from dev.stack.paths import CHECKOUT
from dev.stack.stack import Stack
from kushfilms.core.tests.live import ask, web_server

pytestmark = pytest.mark.timeout(240)
VIEWERS = 6
# Rarely enough for the rate limit of the whole test.
HEARTBEAT_SECONDS = 0.3
SCENE = """
import json
from accounts.models import SessionKind
from accounts.services.sessions import Device, session_issue_tokens, session_start
from streaming.models import Encode, Package, PlaybackSession, VideoAsset
from tests.factories import MovieFactory, UserFactory
film = MovieFactory.create(access_level="FREE", playable=True, duration=100_000)
asset = VideoAsset.objects.create(movie=film, filename="a.mp4", source_key="source/a",
                                  source_size=1, duration_seconds=100_000)
encode = Encode.objects.create(asset=asset)
package = Package.objects.create(encode=encode, asset=asset, number=1, stage="FULL")
asset.is_current, asset.live_package = True, package
asset.save()
for user in UserFactory.create_batch(%d):
    sign_in = session_start(user, kind=SessionKind.API, device=Device(ip="10.0.0.1"))
    play = PlaybackSession.objects.create(user=user, sign_in=sign_in, asset=asset, package=package)
    token = session_issue_tokens(sign_in).access
    print("PLAYER" + json.dumps({"user": str(user.pk), "session": str(play.pk), "token": token,
                                 "path": f"/api/v1/movies/{film.pk}/watch"}))
"""


class Player(threading.Thread):
    """A player that sends the next second again and again until it is acknowledged."""

    def __init__(self, place: dict[str, str], ports: list[int]) -> None:
        super().__init__(daemon=True)
        self.place = place
        self.acknowledged = 0
        self.answers: dict[Any, int] = {}
        self.is_over = threading.Event()
        self._ports = ports

    def run(self) -> None:
        while not self.is_over.wait(HEARTBEAT_SECONDS):
            status = self._send(self.acknowledged + 1)
            self.answers[status] = self.answers.get(status, 0) + 1
            if status == 200:
                self.acknowledged += 1

    def _send(self, second: int) -> int | str:
        said = {"progress": second, "sessionId": self.place["session"], "sequence": second}
        headers = {
            "Authorization": f"Bearer {self.place['token']}",
            "Content-Type": "application/json",
        }
        try:
            body = json.dumps(said).encode()
            return ask(self._ports[-1], "POST", self.place["path"], body, headers, timeout=10)[0]
        except (OSError, HTTPException) as exc:
            return type(exc).__name__


@pytest.fixture
def stack() -> Iterator[Stack]:
    with test_stacks.private_stack() as stack:
        yield stack


def test_nothing_acknowledged_is_lost_and_no_position_goes_back(
    stack: Stack, tmp_path: Path
) -> None:
    environ = {
        **os.environ,
        **stack.env(),
        **contract(kind="test", site=Site(), home=tmp_path, keys=keys.for_tests(), given={}),
    }
    ports: list[int] = []
    players = [Player(place, ports) for place in _places(environ)]
    watched = Positions(environ["DATABASE_URL"])
    for folder in ("one", "two"):  # the second server takes over from the first one, killed at work
        home = tmp_path / folder
        home.mkdir()
        with web_server(home, environ) as port:
            ports.append(port)
            if folder == "one":
                for player in players:
                    player.start()
            _wait_for_progress(players)
            stack.valkey.flush()
            _wait_for_progress(players)
            stack.valkey.stop()
            _wait_for_progress(players)
            stack.valkey.start()
            _wait_for_progress(players)
            stack.postgres.restart()
            _wait_for_progress(players)
            watched.look()
    for player in players:
        player.is_over.set()
    for player in players:
        player.join(30)
    stored = watched.look()
    for player in players:
        second = stored[player.place["user"]]
        # A heartbeat may have been stored whose answer was lost with the server.
        assert second in (player.acknowledged, player.acknowledged + 1), player.answers
        assert set(player.answers) <= {200, 503, 429} | {
            "ConnectionRefusedError", "ConnectionResetError", "RemoteDisconnected", "TimeoutError",
        }, player.answers  # fmt: skip


class Positions:
    """The stored seconds by viewer, which must never decrease from one look to the next."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._seen: dict[str, int] = {}

    def look(self) -> dict[str, int]:
        with psycopg.connect(self._url) as connection:
            rows = connection.execute("SELECT user_id::text, progress FROM catalog_watchhistory")
            found: dict[str, int] = dict(rows.fetchall())
        assert {
            user: found[user] for user, second in self._seen.items() if found[user] < second
        } == {}
        self._seen = found
        return found


def _places(environ: dict[str, str]) -> list[dict[str, str]]:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", SCENE % VIEWERS],
        cwd=CHECKOUT, env=environ, check=True, capture_output=True, text=True,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith("PLAYER")]
    return [json.loads(line.removeprefix("PLAYER")) for line in lines]


def _wait_for_progress(players: list[Player], *, seconds: float = 90) -> None:
    """Wait until every player has been acknowledged a few more times."""
    wanted = {player: player.acknowledged + 3 for player in players}
    deadline = time.monotonic() + seconds
    while any(player.acknowledged < second for player, second in wanted.items()):
        answers = [player.answers for player in players]
        assert time.monotonic() < deadline, answers
        time.sleep(0.05)

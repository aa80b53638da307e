"""Power cuts and similar faults: a film is finished whatever dies during its encode.

A private stack with real workers and a beat; the test kills, flushes, restarts and stops parts
of it at chosen moments and then only waits.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streaming.encoding.tools import ffmpeg_path
from streaming.tests.encoding_stack import EncodingStack, encoding_stack

pytestmark = [pytest.mark.encode, pytest.mark.timeout(240)]
# Two chunks a rung, each long enough to be seen at work. With two thirds of the frames the whole
# film was encoded before the test looked, on a busy machine.
FILM_SECONDS = 40
FRAME_RATE = 15


@pytest.fixture
def house(tmp_path: Path) -> Iterator[EncodingStack]:
    with encoding_stack(tmp_path) as house:
        yield house


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    picture = f"testsrc2=size=640x480:rate={FRAME_RATE}:duration={FILM_SECONDS}"
    sound = f"sine=frequency=440:duration={FILM_SECONDS}"
    subprocess.run(
        [ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound,
         "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", path],
        check=True,
    )  # fmt: skip
    return path


def kill_the_worker_at_every_stage(house: EncodingStack) -> None:
    for kind, tier in (
        ("VIDEO", "LOW"),
        ("PACKAGE", "LOW"),
        ("VIDEO", "HIGH"),
        ("PACKAGE", "HIGH"),
    ):
        house.wait_until_begun(kind, tier)
        house.kill_worker()
    assert house.ask("SELECT 1 FROM streaming_workitem WHERE attempts > 1"), "no kill hit anything"


def flush_valkey(house: EncodingStack) -> None:
    house.wait_until_running("VIDEO")
    house.stack.valkey.flush()
    house.wait_until_running("VIDEO", "HIGH")
    house.stack.valkey.stop()
    time.sleep(2)
    house.stack.valkey.start()


def restart_postgres(house: EncodingStack) -> None:
    house.wait_until_running("VIDEO")
    house.stack.postgres.restart()


def stop_storage(house: EncodingStack) -> None:
    house.wait_until_running("VIDEO")
    house.stack.s3.stop()
    time.sleep(60)  # the minute
    house.stack.s3.start()


FAULTS: dict[str, Callable[[EncodingStack], None]] = {
    "worker killed at every stage": kill_the_worker_at_every_stage,
    "valkey flushed, then away": flush_valkey,
    "postgres restarted": restart_postgres,
    "storage away": stop_storage,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_film_finishes_by_itself(
    house: EncodingStack, film: Path, fault: str, tmp_path: Path
) -> None:
    house.ingest(film)
    FAULTS[fault](house)
    house.wait_until_ready()
    # Without its broker Celery's consumer may fall over a connection that it has just given back
    # (kombu 5.7: `'NoneType' object has no attribute 'hostname'`); nothing else ends by itself.
    assert [words for words in house.ended if "has no attribute 'hostname'" not in words] == []
    pieces = "SELECT count(DISTINCT position) FROM streaming_workitem WHERE kind = 'VIDEO'"
    assert house.ask(pieces) == [(2,)]
    _assert_whole(house, tmp_path / "package")


def _assert_whole(house: EncodingStack, folder: Path) -> None:
    """Decode the live package from storage from end to end, and count every frame."""
    import boto3

    (prefix,) = house.ask(
        "SELECT 'media/' || p.asset_id || '/' || p.number || '/', p.object_count"
        " FROM streaming_videoasset a JOIN streaming_package p ON p.id = a.live_package_id"
        " WHERE a.is_current AND p.stage = 'FULL'"
    )
    client = boto3.client(
        "s3",
        endpoint_url=house.environ["R2_ENDPOINT"],
        aws_access_key_id=house.environ["R2_ACCESS_KEY_ID"],
        aws_secret_access_key=house.environ["R2_SECRET_ACCESS_KEY"],
        region_name="auto",
    )
    bucket = house.environ["R2_BUCKET_NAME"]
    listed = client.list_objects_v2(Bucket=bucket, Prefix=prefix[0])["Contents"]
    assert len(listed) == prefix[1]
    for item in listed:
        target = folder / item["Key"].removeprefix(prefix[0])
        target.parent.mkdir(parents=True, exist_ok=True)
        client.download_file(bucket, item["Key"], str(target))
    done = subprocess.run(
        [ffmpeg_path(), "-v", "error", "-xerror", "-i", folder / "master.m3u8", "-map", "0:v",
         "-f", "framehash", "-hash", "crc32", "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    frames = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    streams = {line.split(",")[0] for line in frames}
    assert len(frames) == len(streams) * FILM_SECONDS * FRAME_RATE

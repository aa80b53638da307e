from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
import psycopg
import pytest
from botocore.exceptions import ClientError
from redis import Redis

from dev.stack import keys, ports, test_stacks
from dev.stack.environment import Site, contract
from dev.stack.pytest_plugin import own_share
from dev.stack.stack import NotEmbeddedError, Stack

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

GIVEN = {"DATABASE_URL": "postgres://db.example/films", "REDIS_URL": "redis://cache.example/3"}


def client(env: dict[str, str]) -> S3Client:
    return boto3.client(
        "s3",
        endpoint_url=env["R2_ENDPOINT"],
        aws_access_key_id=env["R2_ACCESS_KEY_ID"],
        aws_secret_access_key=env["R2_SECRET_ACCESS_KEY"],
        region_name="auto",
    )


def put(env: dict[str, str]) -> None:
    client(env).put_object(Bucket=env["R2_BUCKET_NAME"], Key="a", Body=b"film")


def test_every_part_answers_with_the_credentials_of_env(private_stack: Stack) -> None:
    env = private_stack.env()
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT current_database(), current_setting('fsync')").fetchone()
        assert row == ("kushfilms", "off")
    with Redis.from_url(env["REDIS_URL"]) as redis:
        assert redis.ping()
    put(env)
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        put(env | {"R2_SECRET_ACCESS_KEY": "wrong"})


def test_parts_can_be_restarted_flushed_and_stopped(private_stack: Stack) -> None:
    env = private_stack.env()
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE film (title text)")
    with psycopg.connect(env["DATABASE_URL"]) as cut_off:
        private_stack.postgres.restart()
        with pytest.raises(psycopg.OperationalError):
            cut_off.execute("SELECT 1")
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM film").fetchone() == (0,)
    with Redis.from_url(env["REDIS_URL"]) as redis:
        redis.set("a", 1)
        private_stack.valkey.flush()
        assert redis.get("a") is None
    put(env)
    private_stack.s3.stop()
    assert ports.is_free(urlsplit(env["R2_ENDPOINT"]).port or 0)
    private_stack.s3.start()
    private_stack.s3.wait_ready()
    assert client(env).list_objects_v2(Bucket=env["R2_BUCKET_NAME"])["KeyCount"] == 1


def test_a_database_killed_without_warning_comes_back_with_its_data(private_stack: Stack) -> None:
    url = private_stack.env()["DATABASE_URL"]
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE film (title text)")
    private_stack.postgres.child.signal(signal.SIGKILL)
    private_stack.postgres.child.sweep()
    private_stack.postgres.start()
    private_stack.postgres.wait_ready()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM film").fetchone() == (0,)


def test_passwords_stay_out_of_the_process_list(private_stack: Stack) -> None:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "valkey" in listed.stdout
    assert not [value for value in keys.for_tests().values() if value in listed.stdout]


def test_a_stack_that_stopped_leaves_nothing() -> None:
    with test_stacks.private_stack() as stack:
        env = stack.env()
        notes = list(stack.postgres.child.log_file.parents[1].glob("run/*.pid"))
        assert len(notes) == 3
    assert not any(note.exists() for note in notes)
    assert ports.is_free(urlsplit(env["DATABASE_URL"]).port or 0)


def test_a_part_given_from_outside_is_used_and_not_started(tmp_path: Path) -> None:
    stack = Stack(tmp_path, keys=keys.for_tests(), given=GIVEN)
    assert [part.child.command.name for part in stack.parts] == ["s3"]
    assert stack.env().items() >= GIVEN.items()
    with pytest.raises(NotEmbeddedError, match="postgres comes from DATABASE_URL"):
        stack.postgres.restart()


def test_a_given_s3_brings_its_own_keys_and_bucket(tmp_path: Path) -> None:
    given = GIVEN | {
        "R2_ENDPOINT": "https://s3.example",
        "R2_ACCESS_KEY_ID": "external",
        "R2_SECRET_ACCESS_KEY": "secret",
        "R2_BUCKET_NAME": "films",
    }
    assert Stack(tmp_path, keys=keys.for_tests(), given=given).env() == given


def test_the_shell_may_name_hosts_but_not_the_environment(tmp_path: Path) -> None:
    given = {"ENVIRONMENT": "production", "ALLOWED_HOSTS": "films.example", "SECRET_KEY": ""}
    made = contract(
        kind="embedded", site=Site(port=9), home=tmp_path, keys=keys.for_tests(), given=given
    )
    assert made["ENVIRONMENT"] == "embedded"
    assert made["ALLOWED_HOSTS"] == "films.example"
    assert made["SECRET_KEY"] == keys.for_tests()["SECRET_KEY"]
    assert made["FRONTEND_URL"] == "http://127.0.0.1:9"


def test_each_xdist_worker_has_its_own_share() -> None:
    shared = {"REDIS_URL": "redis://:pw@127.0.0.1:1/0", "R2_BUCKET_NAME": "kushfilms"}
    assert own_share(shared, worker="gw1") == {
        "REDIS_URL": "redis://:pw@127.0.0.1:1/2",
        "R2_BUCKET_NAME": "kushfilms-gw1",
    }

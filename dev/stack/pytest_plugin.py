"""Pytest plugin that starts the servers once per test run, before Django reads its settings.

Under xdist the controller starts them, and the workers inherit their addresses. Each worker has its
own Valkey database, bucket and (by pytest-django) PostgreSQL database.
"""

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from dev.stack import message_catalogs, test_stacks
from dev.stack.stack import Stack


# This hook is a wrapper, because pytest-django reads the settings in the same hook, first of all.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        message_catalogs.compile_all()
    if worker:
        os.environ.update(own_share(os.environ, worker=worker))
        _make_bucket(os.environ)
    else:
        servers = ExitStack()
        early_config.add_cleanup(servers.close)
        os.environ.update(servers.enter_context(test_stacks.environ_for_tests(os.environ)))
    return (yield)


@pytest.fixture
def private_stack() -> Iterator[Stack]:
    """Return servers for this test only, to kill and restart; `env()` has their addresses."""
    with test_stacks.private_stack() as stack:
        yield stack


def own_share(shared: Mapping[str, str], *, worker: str) -> dict[str, str]:
    """Return the addresses for one xdist worker (`gw0`, `gw1`...). Database 0 stays unused."""
    number = int(worker.removeprefix("gw")) + 1
    return {
        "REDIS_URL": urlsplit(shared["REDIS_URL"])._replace(path=f"/{number}").geturl(),
        "R2_BUCKET_NAME": f"{shared['R2_BUCKET_NAME']}-{worker}",
    }


def _make_bucket(environ: Mapping[str, str]) -> None:
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=environ["R2_ENDPOINT"],
        aws_access_key_id=environ["R2_ACCESS_KEY_ID"],
        aws_secret_access_key=environ["R2_SECRET_ACCESS_KEY"],
        region_name="auto",
    )
    try:
        client.create_bucket(Bucket=environ["R2_BUCKET_NAME"])
    except (client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
        return  # an external S3 still has the bucket of an earlier run
    finally:
        client.close()

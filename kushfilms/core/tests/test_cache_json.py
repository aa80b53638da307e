"""Cached values are JSON, so that write access to Redis cannot run code."""

import pickle
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from kushfilms.core.cache_json import JSONSerializer


def raw_set(key: str, value: bytes) -> None:
    client: Any = cache.client  # type: ignore[attr-defined]  # of django-redis
    client.get_client().set(str(client.make_key(key)), value)


def raw_get(key: str) -> bytes:
    client: Any = cache.client  # type: ignore[attr-defined]
    value: bytes = client.get_client().get(str(client.make_key(key)))
    return value


class Bomb:
    """An object that creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


def test_a_pickle_in_the_cache_is_a_miss_and_runs_nothing(tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    payload = pickle.dumps(Bomb(proof))
    raw_set("held", payload)
    assert cache.get("held") is None
    assert not proof.exists()
    pickle.loads(payload)  # the control: it would have
    assert proof.exists()


@pytest.mark.parametrize(
    "value",
    [0, 7, True, "live", "5", "12", "", "\N{CLAPPER BOARD}", {"any": ["thing", 1]}, [1.5, None]],
)
def test_values_come_back_as_they_went(value: Any) -> None:
    cache.set("held", value, timeout=60)
    back = cache.get("held")
    assert (back, type(back)) == (value, type(value))


def test_values_without_a_json_form_are_refused() -> None:
    with pytest.raises(TypeError):
        JSONSerializer({}).dumps(object())


def test_identifiers_are_written_as_text() -> None:
    identifier = uuid4()
    cache.set("held", {"id": identifier}, timeout=60)
    assert raw_get("held") == b'{"id":"%s"}' % str(identifier).encode()

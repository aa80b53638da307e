"""State that outlives a run: ports, secrets, the lock."""

import socket
from pathlib import Path

import pytest

from dev.stack import keys, lock, ports


def test_a_port_is_remembered(tmp_path: Path) -> None:
    first = ports.PortMemory(tmp_path / "ports.json").claim("s3")
    assert ports.PortMemory(tmp_path / "ports.json").claim("s3") == first


def test_a_remembered_port_that_is_taken_is_replaced_and_the_new_one_remembered(
    tmp_path: Path,
) -> None:
    memory = ports.PortMemory(tmp_path / "ports.json")
    first = memory.claim("s3")
    other = memory.claim("valkey")
    with socket.create_server((ports.LOOPBACK, first)):
        second = memory.claim("s3")
    assert second != first
    assert memory.claim("s3") == second
    assert memory.claim("valkey") == other


def test_a_port_is_given_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its server may not listen yet when the next one asks."""
    first = ports.pick()
    roll = ports.DICE.randint
    rolls = [first, first]
    monkeypatch.setattr(ports.DICE, "randint", lambda *ends: rolls.pop() if rolls else roll(*ends))
    assert ports.is_free(first)
    assert ports.pick() != first
    assert not rolls


def test_a_listener_makes_a_port_taken_and_its_end_makes_it_free() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        assert not ports.is_free(port)
    assert ports.is_free(port)


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    first = keys.load_or_create(file)
    assert keys.load_or_create(file) == first
    assert set(first) == set(keys.NAMES)
    assert len(set(first.values())) == len(keys.NAMES)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_secret_added_later_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    keys.write_env_file(file, {"SECRET_KEY": "old=and trusted"})
    made = keys.load_or_create(file)
    assert made["SECRET_KEY"] == "old=and trusted"
    assert keys.read_env_file(file) == made


def test_a_second_launcher_gets_the_address_of_the_first(tmp_path: Path) -> None:
    first = lock.Lock(tmp_path / "lock")
    first.take()
    first.describe("http://127.0.0.1:8123")
    with pytest.raises(lock.AlreadyRunningError, match="checkout: http://"):
        lock.Lock(tmp_path / "lock").take()

"""The drawing of the architecture is the one that the contracts give."""

from dev.drawing import TARGET, drawing


def test_the_committed_drawing_is_current() -> None:
    assert TARGET.read_text(encoding="utf-8") == drawing(), "run `make drawing`"


def test_it_shows_the_rooms_of_every_app() -> None:
    text = drawing()
    for name in ("core", "accounts", "billing", "catalog", "subscribers", "plan_access"):
        assert f">{name}</text>" in text

import pytest

from dev.stack import steps
from dev.stack.steps import Step


def test_the_first_failure_ends_the_run_and_the_times_are_still_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ran: list[str] = []

    def step(name: str, *, passes: bool) -> Step:
        def run() -> bool:
            ran.append(name)
            return passes

        return Step(name, run)

    plan = [step("lint", passes=True), step("types", passes=False), step("tests", passes=True)]
    assert steps.run_steps(plan) is False
    assert ran == ["lint", "types"]
    table = capsys.readouterr().out.splitlines()[-3:]
    assert table[0].endswith("  lint")
    assert table[1].endswith("  types   FAILED")
    assert table[2].endswith("  in all")


def test_all_passed() -> None:
    assert steps.run_steps([Step("one", lambda: steps.python("-c", "pass"))])
    assert not steps.run_steps([Step("one", lambda: steps.python("-c", "raise SystemExit(2)"))])

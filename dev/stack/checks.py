"""Steps of `make lint`, `make test` and `make soak`."""

import json
import os
import sys
from pathlib import Path

from dev.stack import chromium, frontend, keys, test_stacks
from dev.stack.environment import Site, contract
from dev.stack.paths import CHECKOUT, LOCAL
from dev.stack.steps import Step, echo, python, run_command

# File by file in the order of `conftest.py`, which starts the longest first. xdist's own order is
# by the number of tests, which would leave the longest file to one worker at the end.
SPREAD = ("-n", "3", "--dist", "loadscope", "--no-loadscope-reorder")


# Code that a production installation leaves out.
NOT_INSTALLED = ("(.*/)?tests/", "(dev|bench)/", "conftest")


def static() -> list[Step]:
    """Return the steps that need no server."""
    return [
        Step("ruff check", lambda: python("-m", "ruff", "check", ".")),
        Step("ruff format", lambda: python("-m", "ruff", "format", "--check", ".")),
        *_templates(),
        # Its Django plugin imports the settings, which need their variables.
        Step("mypy", lambda: python("-m", "mypy", ".", environ=_offline_environ())),
        Step("commit messages", lambda: python("dev/commit_messages.py")),
        Step("lint-imports", lambda: run_command(_program("lint-imports"))),
        Step("deptry", _check_dependencies),
    ]


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _check_dependencies() -> bool:
    """Check that the product uses all that it declares, and that all code declares what it uses."""
    product = [option for path in NOT_INSTALLED for option in ("--extend-exclude", path)]
    return run_command(_program("deptry"), ".", *product) and run_command(
        _program("deptry"), ".", "--ignore", "DEP002,DEP004"
    )


def everything() -> list[Step]:
    """Return the steps that a change must pass, the quick ones first."""
    return [
        *static(),
        Step("front end build", _build_front_end),
        Step("chromium", _find_chromium),
        Step("migrations and system checks", _check_django),
        Step("pytest", lambda: _pytest(*SPREAD, "--durations=10")),
        *_front_end_tests(),
    ]


def schema() -> list[Step]:
    """Return the step that writes `docs/openapi.yaml`, which a test compares with the code."""
    arguments = ["--validate", "--fail-on-warn", "--file", "docs/openapi.yaml"]
    return [
        Step(
            "schema",
            lambda: python("manage.py", "spectacular", *arguments, environ=_offline_environ()),
        )
    ]


def soak() -> list[Step]:
    """Return the steps of the long runs."""
    return [
        Step("front end build", _build_front_end),
        Step("chromium", _find_chromium),
        Step("soak", lambda: _pytest("-m", "soak")),
    ]


def _pytest(*options: str) -> bool:
    # Run as a module, so that the plugin in the options is found from the checkout. Bytecode is
    # kept even if the shell forbids it, because a run starts about a hundred processes.
    return python("-m", "pytest", *options, environ={"PYTHONDONTWRITEBYTECODE": ""})


def _templates() -> list[Step]:
    folders = [name for name in ("templates", "kushfilms/templates") if (CHECKOUT / name).is_dir()]
    if not folders:
        return []
    return [Step("djlint", lambda: python("-m", "djlint", "--quiet", "--lint", *folders))]


def _check_django() -> bool:
    with test_stacks.environ_for_tests(os.environ) as environ:
        return python("manage.py", "makemigrations", "--check", environ=environ) and python(
            "manage.py", "check", environ=environ
        )


def _build_front_end() -> bool:
    try:
        frontend.build(report=echo)
    except frontend.BuildError as error:
        echo(str(error))
        return False
    return True


def _find_chromium() -> bool:
    try:
        # The tests read this variable, because the browser's name differs between machines.
        os.environ["CHROMIUM_PATH"] = chromium.ensure(report=echo)
    except chromium.ChromiumError as error:
        echo(str(error))
        return False
    return True


def _front_end_tests() -> list[Step]:
    package = frontend.SOURCES / "package.json"
    if not package.exists() or "test" not in json.loads(package.read_text()).get("scripts", {}):
        return []
    return [Step("front end tests", _test_front_end)]


def _test_front_end() -> bool:
    try:
        echo(frontend.npm("test"))
    except frontend.BuildError as error:
        echo(str(error))
        return False
    return True


def _offline_environ() -> dict[str, str]:
    """Return the environment with addresses of servers that are never contacted."""
    parts = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "R2_ENDPOINT": "http://127.0.0.1:1",
        "R2_ACCESS_KEY_ID": "nobody",
        "R2_SECRET_ACCESS_KEY": "nothing",
        "R2_BUCKET_NAME": "nowhere",
    }
    test_keys = keys.for_tests()
    return parts | contract(kind="test", site=Site(), home=LOCAL, keys=test_keys, given={})

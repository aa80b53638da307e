"""What `make lint`, `make test` and `make soak` check."""

import json
import os
import sys
from pathlib import Path

from dev.stack import chromium, frontend, keys, test_stacks
from dev.stack.environment import Site, contract
from dev.stack.paths import CHECKOUT, LOCAL
from dev.stack.steps import Step, command, python, say

# File by file in the order of `conftest.py`, which begins the longest first; xdist's own order is
# by the number of tests, and would leave the longest to one worker at the end.
SPREAD = ("-n", "3", "--dist", "loadscope", "--no-loadscope-reorder")


def static() -> list[Step]:
    """What needs no server."""
    return [
        Step("ruff check", lambda: python("-m", "ruff", "check", ".")),
        Step("ruff format", lambda: python("-m", "ruff", "format", "--check", ".")),
        *_templates(),
        # Its Django plugin imports the settings, which want their variables.
        Step("mypy", lambda: python("-m", "mypy", ".", environ=_offline_environ())),
        Step("commit messages", lambda: python("dev/commit_messages.py")),
        Step("lint-imports", lambda: command(str(Path(sys.executable).parent / "lint-imports"))),
    ]


def everything() -> list[Step]:
    """What a change must pass, the quick steps first."""
    return [
        *static(),
        Step("front end build", _build_front_end),
        Step("chromium", _find_chromium),
        Step("migrations and system checks", _check_django),
        Step("pytest", lambda: _pytest(*SPREAD, "--durations=10")),
        *_front_end_tests(),
    ]


def schema() -> list[Step]:
    """Writes `docs/openapi.yaml`, which a test holds against the code."""
    arguments = ["--validate", "--fail-on-warn", "--file", "docs/openapi.yaml"]
    return [
        Step(
            "schema",
            lambda: python("manage.py", "spectacular", *arguments, environ=_offline_environ()),
        )
    ]


def soak() -> list[Step]:
    """The long runs."""
    return [
        Step("front end build", _build_front_end),
        Step("chromium", _find_chromium),
        Step("soak", lambda: _pytest("-m", "soak")),
    ]


def _pytest(*options: str) -> bool:
    # As a module: the plugin that the options name is found from the checkout. Bytecode is kept
    # whatever the shell says: workers, houses and commands are a hundred processes.
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
        frontend.build(tell=say)
    except frontend.BuildError as error:
        say(str(error))
        return False
    return True


def _find_chromium() -> bool:
    try:
        # For the tests: one name for a browser that has several.
        os.environ["CHROMIUM_PATH"] = chromium.ensure(tell=say)
    except chromium.ChromiumError as error:
        say(str(error))
        return False
    return True


def _front_end_tests() -> list[Step]:
    package = frontend.SOURCES / "package.json"
    if not package.exists() or "test" not in json.loads(package.read_text()).get("scripts", {}):
        return []
    return [Step("front end tests", _test_front_end)]


def _test_front_end() -> bool:
    try:
        say(frontend.npm("test"))
    except frontend.BuildError as error:
        say(str(error))
        return False
    return True


def _offline_environ() -> dict[str, str]:
    """The contract with parts that nobody will ask."""
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

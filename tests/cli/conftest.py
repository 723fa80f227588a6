"""The real command in a process of its own, on a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from perron.lake.manifest import Provenance
from perron.lake.schema import Column, Measure, Table
from perron.lake.snapshots import Draft, Lake

TABLE = Table(
    name="people",
    version=1,
    doc="A table for tests",
    columns=(Column("territory", pa.string(), "place"), Column("name", pa.string(), "name")),
    key=("territory",),
    measures=(Measure("density", "inhabitants per km²", "person/km²"),),
)
#: A territory that ships no table: the lake of a test holds what the test publishes.
PLACE = """
id = "essai"
agency = "Essai"
name.fr = "Essai"
article.fr = "l'essai"
place.code = "62063"
"""


def publish(root: Path, rows: list[tuple[str, str, float | None, str]], day: date) -> None:
    """Publish a version of the table `people`."""
    columns = list(zip(*rows, strict=True))
    data = pa.table([list(c) for c in columns], schema=TABLE.arrow())
    provenance = Provenance(
        source="sample",
        title="Échantillon",
        publisher="Tests",
        licence="CC0",
        periods=("2025",),
        retrieved=datetime(2026, 1, 2, tzinfo=UTC),
    )
    Lake(root).publish([Draft(TABLE, data, provenance)], day=day)


@dataclass
class Command:
    """`perron` with its home; a run is given its words and the exit code it promises."""

    home: Path
    extra: dict[str, str] = field(default_factory=dict)

    def __call__(
        self, *words: str, code: int = 0, **options: object
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "perron", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            **options,
        )
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def publish(self, rows: list[tuple[str, str, float | None, str]], day: date) -> None:
        """Put a version of the table `people` in service."""
        publish(self.home / "lake", rows, day)

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PERRON_", "DJANGO_"))}
        shared = {"PERRON_DERIVED": os.environ["PERRON_DERIVED"]}
        return kept | {"PERRON_HOME": str(self.home)} | shared | self.extra


@pytest.fixture
def perron(tmp_path: Path) -> Command:
    """The command on an empty home."""
    place = tmp_path / "place.toml"
    place.write_text(PLACE, encoding="utf-8")
    return Command(tmp_path / "home", {"PERRON_TERRITORY": str(place)})


@pytest.fixture
def filled(perron: Command) -> Command:
    """The command on a lake of two versions of one table."""
    lake = perron.home / "lake"
    publish(lake, [("62063", "Liège", 2800.0, "observed")], date(2025, 6, 1))
    rows = [
        ("05001", "=1+1", 0.1 + 0.2, "observed"),
        ("62063", "Liège", None, "suppressed"),
        ("-----", "Étranger", 0.0, "zero"),
    ]
    publish(lake, rows, date(2026, 1, 2))
    return perron

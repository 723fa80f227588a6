"""The lake as operation sees it: the files in service, and what is wrong with them. No Django."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perron.lake.snapshots import CATALOGUES, CURRENT, Lake
from perron.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Health:
    """What verification found, in sentences.

    `problems` are about published tables. `remnants` are what a publication that was cut short left
    behind: in no catalogue, read by nobody, swept by hand or never.
    """

    problems: tuple[str, ...]
    remnants: tuple[str, ...]


def health(lake: Lake) -> Health:
    """Read every published version again."""
    published = {f"{table}/{version}" for table, version in _published(lake)}
    problems: list[str] = []
    remnants: list[str] = []
    for finding in lake.verify():
        said = _("{place} : {problem}").format(place=finding.place, problem=finding.problem)
        (problems if finding.place in published else remnants).append(said)
    return Health(tuple(problems), tuple(remnants))


def files(lake: Lake) -> Iterator[Path]:
    """What makes the lake in service: its pointer, its catalogue, every version that one names."""
    catalogue = lake.current()
    if not catalogue.number:
        return
    yield lake.root / CURRENT
    yield lake.root / CATALOGUES / f"{catalogue.number:06}.json"
    for table, version in _published(lake):
        yield from sorted(p for p in (lake.root / table / version).iterdir() if p.is_file())


def _published(lake: Lake) -> Iterator[tuple[str, str]]:
    for table in lake.current().tables:
        for version in lake.versions(table):
            yield table, version

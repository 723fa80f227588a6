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
    behind: in no catalogue, read by nobody, swept by the next one.
    """

    problems: tuple[str, ...]
    remnants: tuple[str, ...]


def health(lake: Lake) -> Health:
    """Read every published version again."""
    said: dict[bool, list[str]] = {True: [], False: []}
    for finding in lake.verify():
        said[finding.harmless].append(
            _("{place} : {problem}").format(place=finding.place, problem=finding.problem)
        )
    return Health(tuple(said[False]), tuple(said[True]))


def files(lake: Lake) -> Iterator[Path]:
    """What makes the lake in service: pointer, catalogues, every version that was published."""
    catalogue = lake.current()
    if not catalogue.number:
        return
    yield lake.root / CURRENT
    yield from sorted((lake.root / CATALOGUES).glob("*.json"))
    for table in catalogue.tables:
        for version in lake.versions(table):
            yield from sorted(p for p in (lake.root / table / version).iterdir() if p.is_file())

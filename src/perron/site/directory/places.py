"""The reference of territories: nested places with their names, read once from the lake.

Beside the tree stand places made of others: the basins of the territory's file, and municipalities
that were made after the division of the reference. They have no figures of their own: what is
published of their parts adds up to them, and no walk of the tree meets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import pyarrow.parquet as pq

from perron.config import config
from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.site.directory.changes import changes
from perron.territory import Territory, territory
from perron.translation import gettext as _

#: Levels from the widest to the finest; "outside" holds "abroad" and "unknown place".
LEVELS = ("country", "region", "province", "basin", "district", "municipality")
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Place:
    """A territory of the reference. `names` by language; French is always there."""

    code: str
    level: str
    parent: str | None
    names: dict[str, str] = field(hash=False)
    #: The places whose figures add up to this one's, where it is made of others and has no row of its own.
    parts: tuple[str, ...] = ()
    #: The year of the division into municipalities that it belongs to, None for a basin.
    vintage: int | None = None
    #: Where the make-up of a basin is read.
    source: str = ""

    def name(self, language: str) -> str:
        """The official name in a language, else the French one."""
        return self.names.get(language) or self.names["fr"]

    def short(self, language: str) -> str:
        """The name as a table shows it: "Arr. de Huy" for "Arrondissement de Huy"."""
        name = self.name(language)
        return name.replace("Arrondissement ", "Arr. ") if self.level == "district" else name


@dataclass(frozen=True, slots=True)
class Places:
    """Every place by code, with the walk up and down the hierarchy."""

    by_code: dict[str, Place]

    def __getitem__(self, code: str) -> Place:
        try:
            return self.by_code[code]
        except KeyError:
            raise InputError(
                _(
                    "Le territoire {code} n'est pas dans la référence des territoires de ce lac."
                ).format(code=code)
            ) from None

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __iter__(self) -> Iterator[Place]:
        return iter(self.by_code.values())

    def tree(self) -> Iterator[Place]:
        """The places of the hierarchy alone, each with one parent: what sums and maps walk."""
        return (place for place in self if not place.parts)

    @property
    def division(self) -> int:
        """The year whose municipalities the tree has."""
        return max((p.vintage or 0 for p in self.tree() if p.level == "municipality"), default=0)

    def lineage(self, code: str) -> list[Place]:
        """The place and everything it lies in, the place first."""
        place: Place | None = self[code]
        found: list[Place] = []
        while place is not None:
            found.append(place)
            place = self.by_code.get(place.parent) if place.parent else None
        return found

    def ancestor(self, code: str, level: str) -> Place | None:
        """The place of a level that contains `code`, itself included."""
        return next((p for p in self.lineage(code) if p.level == level), None)

    def within(self, code: str, level: str) -> list[Place]:
        """The places of the tree of a level inside `code`, by French name."""
        wanted = set(self.made_of(code))
        inside = [
            p
            for p in self.tree()
            if p.level == level and any(a.code in wanted for a in self.lineage(p.code))
        ]
        return sorted(inside, key=lambda p: p.names["fr"])

    def made_of(self, code: str) -> tuple[str, ...]:
        """The codes whose published figures add up to the place: itself, or its parts."""
        return self[code].parts or (code,)

    def became(self, code: str) -> Place | None:
        """The municipality of a later division that this one is part of, if any."""
        return next((p for p in self if p.level == "municipality" and code in p.parts), None)

    def municipalities_to_all(self) -> list[tuple[str, str]]:
        """Pairs (municipality, place of the tree it counts in), itself included: the map of every sum."""
        return [
            (place.code, above.code)
            for place in self.tree()
            if place.level == "municipality"
            for above in self.lineage(place.code)
        ]

    def smallest_around(self, codes: Iterable[str]) -> str | None:
        """The smallest place of the tree that holds all of `codes` inside it, None where none does.

        A place that is exactly one code lies in its parent.
        """
        lines = [[p.code for p in self.lineage(code)][1:] for code in codes]
        return next((code for code in lines[0] if all(code in line for line in lines)), None)


def places(catalogue: Catalogue) -> Places:
    """The reference in the version that `catalogue` holds, kept for as long as it is in service."""
    return _read(catalogue, config().territory)


@lru_cache(maxsize=4)
def _read(catalogue: Catalogue, name: str) -> Places:
    table = catalogue.snapshot("refnis")
    rows = pq.read_table(table.path).to_pylist()
    known = Places(
        {
            row["code"]: Place(
                row["code"],
                row["level"],
                row["parent"],
                {k: row[f"name_{k}"] for k in ("fr", "nl", "de", "en") if row[f"name_{k}"]},
                vintage=row["vintage"],
            )
            for row in rows
        }
    )
    joined = [*_merged(catalogue, known), *_basins(territory(name), known)]
    return Places(known.by_code | {place.code: place for place in joined})


def _merged(catalogue: Catalogue, known: Places) -> list[Place]:
    """The municipalities made after the division of the reference, each of two or more of it.

    One that kept the code of a part has the year behind it ("11002-2025"): the code alone is that
    of the reference.
    """
    units = [place.code for place in known.tree() if place.level == "municipality"]
    found = []
    for made in changes(catalogue).made_after(units, known.division):
        code = f"{made.code}-{made.year}" if made.code in known else made.code
        around = known.smallest_around(made.parts)
        found.append(Place(code, "municipality", around, made.names, made.parts, made.year))
    return found


def _basins(ours: Territory, known: Places) -> list[Place]:
    """The basins of the territory's file. A part that the reference lacks is an InputError."""
    found = []
    for basin in ours.basins:
        if missing := [part for part in basin.parts if part not in known]:
            raise InputError(
                _(
                    "Territoire {name}, bassin {basin} : {missing} n'est pas dans la référence des territoires de ce lac."
                ).format(name=ours.id, basin=basin.code, missing=", ".join(missing))
            )
        if basin.code in known:
            raise InputError(
                _(
                    "Territoire {name} : le bassin {basin} porte le code d'un territoire de la référence. Donnez-lui un autre code."
                ).format(name=ours.id, basin=basin.code)
            )
        for part in basin.parts:
            above = {place.code for place in known.lineage(part)[1:]}
            if twice := above.intersection(basin.parts):
                raise InputError(
                    _(
                        "Territoire {name}, bassin {basin} : {part} est dans {above}, qui y est aussi ; il serait compté deux fois."
                    ).format(name=ours.id, basin=basin.code, part=part, above=min(twice))
                )
        around = known.smallest_around(basin.parts)
        found.append(
            Place(basin.code, "basin", around, dict(basin.name), basin.parts, source=basin.source)
        )
    return found

"""The reference of territories: nested places with their names, read once from the lake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import pyarrow.parquet as pq

from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.translation import gettext as _

#: Levels from the widest to the finest; "outside" holds "abroad" and "unknown place".
LEVELS = ("country", "region", "province", "district", "municipality")
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Place:
    """A territory of the reference. `names` by language; French is always there."""

    code: str
    level: str
    parent: str | None
    names: dict[str, str] = field(hash=False)

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
        """The places of a level inside `code`, by French name."""
        inside = [
            p
            for p in self
            if p.level == level and any(a.code == code for a in self.lineage(p.code))
        ]
        return sorted(inside, key=lambda p: p.names["fr"])

    def municipalities_to_all(self) -> list[tuple[str, str]]:
        """Pairs (municipality, place it counts in), itself included: the map of every sum."""
        return [
            (place.code, above.code)
            for place in self
            if place.level == "municipality"
            for above in self.lineage(place.code)
        ]


@lru_cache(maxsize=4)
def places(catalogue: Catalogue) -> Places:
    """The reference in the version that `catalogue` holds, kept for as long as it is in service."""
    rows = pq.read_table(catalogue.snapshot("refnis").path).to_pylist()
    return Places(
        {
            row["code"]: Place(
                row["code"],
                row["level"],
                row["parent"],
                {k: row[f"name_{k}"] for k in ("fr", "nl", "de", "en") if row[f"name_{k}"]},
            )
            for row in rows
        }
    )

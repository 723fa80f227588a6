"""Figures counted by municipality, for every place: sums over codes that may be those of another year.

Where the codes of a table are not those of the reference, a place has a figure if it is made of whole
groups of municipalities that both divisions can count; else it is unknown, and never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perron.lake.provenance import State
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.changes import changes
from perron.site.directory.places import Places, places
from perron.site.directory.sums import summed

UNKNOWN = Cell(None, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Series:
    """A measure by place and period; what is not there is unknown."""

    periods: tuple[str, ...]
    by_place: dict[tuple[str, str], Cell] = field(hash=False, repr=False)

    def __call__(self, place: str, period: str = "") -> Cell:
        """The figure of a place, in the last period unless another is asked for."""
        last = self.periods[-1] if self.periods else ""
        return self.by_place.get((place, period or last), UNKNOWN)


def series(catalogue: Catalogue, written: Mapping[tuple[str, str], Cell]) -> Series:
    """Sums for every place from figures by (municipality, period) in whatever codes of that period.

    A municipality of the period without a row makes all that holds it unknown.
    """
    known = places(catalogue)
    above = _above(known)
    periods = tuple(sorted({period for _code, period in written}))
    by_place: dict[tuple[str, str], Cell] = {}
    for period in periods:
        rows = {code: cell for (code, p), cell in written.items() if p == period}
        of = changes(catalogue).vintage(rows.keys(), period)
        found: dict[str, list[Cell]] = {}
        for group in changes(catalogue).groups(of, above, known.division):
            around = [above[code] for code in group.reference]
            whole = set.intersection(*around)
            for place in set.union(*around) - whole:
                found.setdefault(place, []).append(UNKNOWN)
            for place in whole:
                found.setdefault(place, []).extend(rows.get(c, UNKNOWN) for c in group.written)
        by_place |= {(place, period): summed(cells) for place, cells in found.items()}
    return Series(periods, by_place)


def _above(known: Places) -> dict[str, set[str]]:
    """The places that each municipality of the reference counts in, those made of others included."""
    found: dict[str, set[str]] = {}
    for unit, above in known.municipalities_to_all():
        found.setdefault(unit, set()).add(above)
    joined = [(place.code, set(place.parts)) for place in known if place.parts]
    for around in found.values():
        around.update([code for code, parts in joined if not parts.isdisjoint(around)])
    return found

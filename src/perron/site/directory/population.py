"""Population of every place and year in the lake, summed from the municipalities."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

import ibis

from perron.lake.engines import connect
from perron.lake.measures import total
from perron.lake.provenance import State, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.places import places
from perron.site.directory.sums import summed


@dataclass(frozen=True, slots=True)
class People:
    """A number of inhabitants, or a change in it, with its state."""

    value: float | None
    state: State


@dataclass(frozen=True, slots=True)
class Population:
    """Inhabitants by place and period. A place that the source doesn't hold is unknown, not empty."""

    first: str
    last: str
    by_place: dict[tuple[str, str], People] = field(hash=False)

    def at(self, code: str, period: str) -> People:
        return self.by_place.get((code, period), People(None, State.UNKNOWN))

    def latest(self, code: str) -> People:
        return self.at(code, self.last)

    def growth(self, code: str) -> People:
        """Change from the first to the last period, in percent of the first."""
        before, after = self.at(code, self.first), self.at(code, self.last)
        if before.value is None or after.value is None:
            return before if before.value is None else after
        if self.first == self.last or not before.value:
            return People(None, State.UNKNOWN)
        change = 100 * (after.value - before.value) / before.value
        return People(change, state_of(change))


@lru_cache(maxsize=4)
def population(catalogue: Catalogue) -> Population:
    """The population of all levels, in the version that `catalogue` holds."""
    people = connect(catalogue).table("population")
    known = places(catalogue).municipalities_to_all()
    areas = ibis.memtable(known, columns=["territory", "area"])
    rows = people.filter(people.sex == "total").join(areas, "territory")
    counted = rows.group_by(["area", "period"]).aggregate(found=rows.count())
    sums = total(rows, ("population",), by=("area", "period")).join(counted, ["area", "period"])
    found = sums.to_pyarrow().to_pylist()
    expected = Counter(area for _municipality, area in known)
    periods = sorted({row["period"] for row in found}) or ["0000"]
    by_place = {
        (row["area"], row["period"]): People(row["population"], State(row["population_status"]))
        for row in found
        # Municipalities that merged since have other codes: a sum without them is no sum.
        if row["found"] == expected[row["area"]]
    }
    missing = People(None, State.UNKNOWN)
    for place in places(catalogue):
        for period in periods if place.parts else ():
            parts = [by_place.get((part, period), missing) for part in place.parts]
            joined = summed(Cell(part.value, part.state) for part in parts)
            by_place[place.code, period] = People(joined.value, joined.state)
    return Population(periods[0], periods[-1], by_place)

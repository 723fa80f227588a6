"""Population of every place and year in the lake, summed from the municipalities."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import pyarrow.parquet as pq

from perron.lake.provenance import State, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.municipal import series


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
    """The population of all levels, in the version that `catalogue` holds.

    Municipalities that merged since are in the sums of what they became; a place that their merger
    cut in two is unknown.
    """
    table = pq.read_table(catalogue.snapshot("population").path, filters=[("sex", "=", "total")])
    columns = (
        table.column(name).to_pylist()
        for name in ("territory", "period", "population", "population_status")
    )
    written = {
        (code, period): Cell(value, State(status))
        for code, period, value, status in zip(*columns, strict=True)
    }
    found = series(catalogue, written)
    return Population(
        found.periods[0] if found.periods else "0000",
        found.periods[-1] if found.periods else "0000",
        {key: People(cell.value, cell.state) for key, cell in found.by_place.items()},
    )

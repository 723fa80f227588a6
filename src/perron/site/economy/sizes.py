"""Enterprises by size in a section of a wide territory, as they may be shown.

Sixteen classes are gathered in five; small counts and what would betray them are hidden, each territory
on its own since those at hand do not add up to one another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from django.utils.translation import gettext_lazy as _lazy

from perron.lake.engines import connect
from perron.lake.provenance import State
from perron.lake.published import Cell, Hierarchy, Rule, suppressed
from perron.lake.snapshots import Catalogue
from perron.site.directory.activities import ALL

TABLE = "size_structure"
#: Groups of Statbel's classes of employees, each with its words; the usual European cut.
GROUPS = {
    "0": (("00",), _lazy("Sans salarié")),
    "1-9": (("01", "02"), _lazy("1 à 9")),
    "10-49": (("03", "04"), _lazy("10 à 49")),
    "50-249": (("05", "06", "07"), _lazy("50 à 249")),
    "250+": (tuple(f"{n:02d}" for n in range(8, 16)), _lazy("250 et plus")),
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Published counts by territory, section and group of sizes, of one year."""

    period: str
    cells: dict[tuple[str, str, str], Cell] = field(repr=False)

    def __call__(self, place: str, section: str, group: str = ALL) -> Cell:
        """One count; not measured for a territory that the table doesn't hold."""
        return self.cells.get((place, section, group), Cell(None, State.NOT_MEASURED))

    def places(self) -> list[str]:
        return sorted({place for place, _section, _group in self.cells})


@lru_cache(maxsize=2)
def sizes(catalogue: Catalogue) -> Sizes:
    """The size structure in the version that `catalogue` holds; empty where it has none."""
    if TABLE not in catalogue.tables:
        return Sizes("", {})
    table = connect(catalogue).table(TABLE)
    period = str(table.period.max().to_pyarrow().as_py())
    rows = table.filter(table.period == period).to_pyarrow().to_pylist()
    group_of = {c: group for group, (classes, _words) in GROUPS.items() for c in classes}
    sections = sorted({row["section"] for row in rows})
    groups = Hierarchy({ALL: None, **dict.fromkeys(GROUPS, ALL)})
    activities = Hierarchy({ALL: None, **dict.fromkeys(sections, ALL)})
    at = {code: i for i, code in enumerate(activities.parent)}
    column = {code: i for i, code in enumerate(groups.parent)}
    cells = {}
    for place in sorted({row["territory"] for row in rows}):
        values = np.zeros((len(at), len(column)))
        masked = np.zeros(values.shape, bool)
        for row in rows:
            if row["territory"] != place:
                continue
            count = np.nan if row["enterprises"] is None else float(row["enterprises"])
            lines = [at[row["section"]], at[ALL]]
            columns = [column[group_of[row["size_class"]]], column[ALL]]
            values[np.ix_(lines, columns)] += count
            masked[np.ix_(lines, columns)] |= row["enterprises_status"] == State.SUPPRESSED.value
        hidden = suppressed(values, activities, groups, Rule()) | masked
        for section, i in at.items():
            for group, j in column.items():
                value = values[i, j]
                if hidden[i, j]:
                    cell = Cell(None, State.SUPPRESSED)
                elif np.isnan(value):
                    cell = Cell(None, State.UNKNOWN)
                else:
                    cell = Cell(float(value), State.OBSERVED if value else State.ZERO)
                cells[place, section, group] = cell
    return Sizes(period, cells)

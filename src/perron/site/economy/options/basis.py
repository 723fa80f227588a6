"""What options are read on: jobs of European regions, or enterprises of Belgian territories.

Each basis gives the quotients of a territory of ours as they may be shown, with an interval, above
those of the other territories. Our row holds published figures alone: what is hidden there is not
known here either, and nothing is made of it. The other rows are whole, for what they show of nearness.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from perron.lake.published import Cell
from perron.methods.economy import EmptyWarning, location_quotient, quotient_of_counts
from perron.methods.economy.surroundings import FEWEST_OTHERS
from perron.methods.economy.uncertainty import CUTS
from perron.site.directory.activities import CLASS, DIVISION, GROUP
from perron.site.directory.jobs import JOBS as JOBS_TABLE
from perron.site.directory.nuts import nuts_of
from perron.site.directory.places import Place
from perron.site.economy import panels
from perron.site.economy.jobs import by_division
from perron.site.economy.reader import Reader

JOBS, ENTERPRISES = "emplois", "entreprises"
BASES = (JOBS, ENTERPRISES)
#: The grains, by their name in the address.
DEPTHS = {"divisions": DIVISION, "groupes": GROUP, "classes": CLASS}
#: The longest code of a region that publishes jobs by division: NUTS 2.
_REGION = 4


@dataclass(frozen=True, slots=True)
class Basis:
    """A territory of ours before the others: its own row is named by its code.

    `cells` are the counts shown of it; `low` and `high` bound each of its quotients, NaN where hidden.
    """

    name: str
    depth: int
    period: str
    quotients: pd.DataFrame = field(repr=False)
    cells: dict[str, Cell] = field(repr=False)
    low: pd.Series = field(repr=False)
    high: pd.Series = field(repr=False)

    @property
    def others(self) -> int:
        """How many territories say what is near."""
        return len(self.quotients) - 1


def available(reader: Reader, place: Place, name: str) -> bool:
    """Whether a territory can be read on a basis, without computing anything heavy."""
    if name == JOBS:
        regions = nuts_of(reader.held, place.code)
        return (
            JOBS_TABLE in reader.held.tables
            and bool(regions)
            and all(len(region) <= _REGION for region in regions)
        )
    return place.code != reader.reference.code


def depths(reader: Reader, place: Place, name: str) -> tuple[int, ...]:
    """The grains at which a territory is shown on a basis, the usual one first."""
    if name == JOBS:
        return (DIVISION,)
    fine = any(reader.counts.shows(place.code, a.code) for a in reader.tree.of_level(GROUP))
    return (GROUP, DIVISION, CLASS) if fine else (DIVISION,)


def basis(reader: Reader, place: Place, name: str, depth: int) -> Basis | None:
    """The quotients of a place and of the others; None where too few others can say what is near."""
    if not available(reader, place, name):
        return None
    found = _jobs(reader, place) if name == JOBS else _enterprises(reader, place, depth)
    return found if found.others >= FEWEST_OTHERS else None


def _jobs(reader: Reader, place: Place) -> Basis:
    """Jobs by division, our region's quotients relative to all regions that publish."""
    period, table = panels.jobs_by_region(reader.held)
    ours = nuts_of(reader.held, place.code)
    others = table.loc[[region for region in table.index if not region.startswith(ours)]]
    cells = {
        code: by_division(reader.held, place.code, code, reader.tree)[0] for code in table.columns
    }
    own = pd.DataFrame(
        [[np.nan if cells[code].value is None else cells[code].value for code in table.columns]],
        index=[place.code],
        columns=table.columns,
        dtype=float,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        quotients = location_quotient(pd.concat([own, others]))
    row = quotients.loc[place.code]
    # No sampling interval is published: the side is sure where no cut of the sweep would change it.
    return Basis(JOBS, DIVISION, period, quotients, cells, row / max(CUTS), row / min(CUTS))


def _enterprises(reader: Reader, place: Place, depth: int) -> Basis:
    """Enterprises at their seat, our quotients made of published counts and relative to the reference."""
    table = panels.mixed_partition(reader.held, place.code, depth)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        quotients = panels.quotients(table)
    cells = {code: reader.counts(place.code, "enterprises", code) for code in table.columns}
    value, low, high = _published_quotients(reader, place, list(table.columns), cells)
    quotients.loc[place.code] = value
    others = [code for code in quotients.index if code != place.code]
    return Basis(
        ENTERPRISES,
        depth,
        reader.counts.period,
        quotients.loc[[place.code, *others]],
        cells,
        pd.Series(low, table.columns),
        pd.Series(high, table.columns),
    )


def _published_quotients(
    reader: Reader, place: Place, codes: Sequence[str], cells: dict[str, Cell]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `Reader.quotient` of each code: NaN as soon as one of the four counts may not be shown."""
    away = reader.reference.code

    def known(cell: Cell) -> float:
        return np.nan if cell.value is None else cell.value

    return quotient_of_counts(
        [known(cells[code]) for code in codes],
        known(reader.counts(place.code, "enterprises")),
        [known(reader.counts(away, "enterprises", code)) for code in codes],
        known(reader.counts(away, "enterprises")),
    )

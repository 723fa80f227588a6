"""From rows of region, sector, year and value to one matrix a year, with the state of each cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from perron.methods.economy.labels import Array

#: Cells of one year beyond which a panel is refused: 800 MB a matrix.
LARGEST = 100_000_000
#: How near the sum of the others a region or a sector must be to look like a total.
_LIKE_A_TOTAL = 0.005
_TOTAL_NAMES = frozenset({"all", "ensemble", "tot", "total", "totaal", "insgesamt", "gesamt"})


class Status(IntEnum):
    """What is known of a cell. The four are never taken for one another."""

    OBSERVED = 0
    ZERO = 1
    SUPPRESSED = 2
    UNKNOWN = 3

    @property
    def word(self) -> str:
        """As it is written in a table."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One year: `values` of shape (regions, sectors), NaN where not known, and `status` of each."""

    values: pd.DataFrame
    status: NDArray[np.int8]

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """Which cells are suppressed or unknown."""
        return np.asarray(self.status >= Status.SUPPRESSED)

    def totals(self) -> tuple[list[str], list[str]]:
        """Regions and sectors that look like the sum of the others, by name or by their figures."""
        values = np.nan_to_num(self.values.to_numpy())
        regions = _totals(values, list(self.values.index))
        return regions, _totals(values.T, list(self.values.columns))


@dataclass(frozen=True, slots=True)
class Panel:
    """All years of a panel, on the same regions and sectors, in the order of their first row.

    `years` is (None,) where the rows have none. Iterating gives (year, `Sheet`).
    """

    regions: pd.Index
    sectors: pd.Index
    years: tuple[int | None, ...]
    sheets: tuple[Sheet, ...]

    def __iter__(self) -> Iterator[tuple[int | None, Sheet]]:
        return iter(zip(self.years, self.sheets, strict=True))

    def of(self, year: int | None) -> Sheet:
        """The sheet of a year. KeyError if the panel has not that year."""
        if year not in self.years:
            raise KeyError(year)
        return self.sheets[self.years.index(year)]

    def gaps(self) -> list[int]:
        """The years missing between the first and the last."""
        known = [year for year in self.years if year is not None]
        return sorted(set(range(min(known), max(known))) - set(known)) if known else []


class DuplicateError(ValueError):
    """A region, sector and year are there twice; `rows` are the positions of the two."""

    def __init__(self, rows: tuple[int, int], cell: tuple[str, str, int | None]) -> None:
        self.rows, self.cell = rows, cell
        where = ", ".join(str(part) for part in cell if part is not None)
        super().__init__(f"{where} is there twice, at rows {rows[0]} and {rows[1]}")


class TooLargeError(ValueError):
    """The regions by the sectors are too many; `regions` and `sectors` count them."""

    def __init__(self, regions: int, sectors: int) -> None:
        self.regions, self.sectors = regions, sectors
        super().__init__(
            f"{regions} regions by {sectors} sectors are more than {LARGEST} cells a year: are the "
            "columns of regions and sectors the right ones?"
        )


def panel(
    region: Any,
    sector: Any,
    value: ArrayLike,
    year: ArrayLike | None = None,
    suppressed: ArrayLike | None = None,
    absent: Literal["zero", "unknown"] = "zero",
) -> Panel:
    """The panel of some rows.

    Parameters
    ----------
    region, sector : sequences of texts, or Categorical, one a row
    value : sequence of numbers
        Zero or more; NaN where suppressed or unknown.
    year : sequence of integers, optional
    suppressed : sequence of bool, optional
        Which of the missing values were hidden by their publisher. The others are unknown.
    absent : "zero" or "unknown"
        What a cell without a row is. A region or a sector without any row in a year is unknown in that
        year, whatever this says: nothing was published of it.

    Returns
    -------
    Panel. Values are float64.

    Raises
    ------
    DuplicateError
        If two rows are of the same region, sector and year.
    TooLargeError
        If the table would have more than `LARGEST` cells a year.
    ValueError
        If a value is negative or infinite, the lengths differ, or there is no row.

    >>> made = panel(["Liège", "Liège", "Huy"], ["C", "J", "C"], [5, 0, float("nan")])
    >>> made.sheets[0].values.loc["Huy"].tolist()
    [nan, 0.0]
    >>> [[Status(cell).word for cell in row] for row in made.sheets[0].status]
    [['observed', 'zero'], ['unknown', 'zero']]
    """
    values = np.asarray(value, dtype=np.float64)
    count = len(values)
    at_region, regions = _numbered(region)
    at_sector, sectors = _numbered(sector)
    hidden = np.zeros(count, bool) if suppressed is None else np.asarray(suppressed, dtype=bool)
    years: tuple[int | None, ...] = (None,)
    at_year = np.zeros(count, dtype=np.intp)
    if year is not None:
        found, at_year = np.unique(np.asarray(year, dtype=np.int64), return_inverse=True)
        years = tuple(int(each) for each in found)
    if not count:
        raise ValueError("the panel has no row")
    if {len(at_region), len(at_sector), len(at_year), len(hidden)} != {count}:
        raise ValueError("regions, sectors, years and values have not the same length")
    if (wrong := (values < 0) | np.isinf(values)).any():
        row = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"value {values[row]:g} at row {row}, expected zero or more")
    shape = len(regions), len(sectors)
    if shape[0] * shape[1] > LARGEST:
        raise TooLargeError(*shape)
    place = at_region * shape[1] + at_sector
    sheets = []
    for number in range(len(years)):
        rows = np.flatnonzero(at_year == number) if len(years) > 1 else slice(None)
        here = place[rows]
        times = np.bincount(here, minlength=shape[0] * shape[1])
        if times.max() > 1:
            cell = int(np.flatnonzero(times > 1)[0])
            twice = np.flatnonzero((place == cell) & (at_year == number))[:2]
            region_, sector_ = divmod(cell, shape[1])
            raise DuplicateError(
                (int(twice[0]), int(twice[1])),
                (str(regions[region_]), str(sectors[sector_]), years[number]),
            )
        sheets.append(_sheet(values[rows], hidden[rows], here, times > 0, shape, absent))
    index, columns = pd.Index(regions, name="region"), pd.Index(sectors, name="sector")
    return Panel(
        index,
        columns,
        years,
        tuple(Sheet(pd.DataFrame(v, index=index, columns=columns), s) for v, s in sheets),
    )


def _numbered(names: Any) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    """The number of each name, and the names in the order of their first row."""
    if not isinstance(names, pd.Categorical):
        names = pd.Series(names, dtype=object)
    numbers, found = pd.factorize(names, use_na_sentinel=False)
    return numbers, np.asarray(found, dtype=object)


def _sheet(
    values: Array,
    hidden: NDArray[np.bool_],
    place: NDArray[np.intp],
    there: NDArray[np.bool_],
    shape: tuple[int, int],
    absent: str,
) -> tuple[Array, NDArray[np.int8]]:
    zero = absent == "zero"
    cells = np.full(shape[0] * shape[1], 0.0 if zero else np.nan)
    status = np.full(cells.size, Status.ZERO if zero else Status.UNKNOWN, dtype=np.int8)
    cells[place] = values
    missing = np.isnan(values)
    states = np.where(values > 0, Status.OBSERVED, Status.ZERO)
    status[place] = np.where(missing, np.where(hidden, Status.SUPPRESSED, Status.UNKNOWN), states)
    cells, status, there = cells.reshape(shape), status.reshape(shape), there.reshape(shape)
    silent_regions, silent_sectors = there.sum(axis=1) == 0, there.sum(axis=0) == 0
    for nothing in (silent_regions[:, None], silent_sectors[None, :]):
        silent = np.broadcast_to(nothing, shape)
        cells[silent], status[silent] = np.nan, Status.UNKNOWN
    return cells, status


def _totals(values: Array, names: list[str]) -> list[str]:
    """Rows named as a total, or that are the sum of the others."""
    found = [name for name in names if str(name).strip().casefold() in _TOTAL_NAMES]
    # With two rows each is the sum of the other; with few sectors it may be chance.
    if len(names) > 2 and values.shape[1] > 1 and (whole := values.sum()) > 0:
        sums, columns = values.sum(axis=1), values.sum(axis=0)
        for at in np.flatnonzero(np.abs(2 * sums / whole - 1) < _LIKE_A_TOTAL):
            others = columns - values[at]
            if np.abs(values[at] - others).sum() < _LIKE_A_TOTAL * sums[at]:
                found += [names[at]] if names[at] not in found else []
    return found

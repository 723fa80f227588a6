"""Shift-share: how much of a region's growth its sectors and its own pace account for.

Notation: :math:`x_i, y_i` the region's jobs of sector `i` at the start and the end, :math:`X_i, Y_i`
those of the base (the country, say); without index, totals. :math:`g_i = y_i/x_i - 1`,
:math:`g = y/x - 1`, :math:`G_i = Y_i/X_i - 1`, :math:`G = Y/X - 1`.

Two rules hold for every method, so that the parts always add up to the growth:

- a sector the region did not have at the start (:math:`x_i = 0`) has no regional rate: its whole
  change is the region's own doing, and goes to the last part of the method (regional share, allocation
  effect, differential regional industrial mix);
- a sector the base did not have (:math:`X_i = 0`) has no rate to expect. It counts as above where
  the region had none of it either; where the region had some, the parts that need the rate are
  NaN, with an `EmptyWarning`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from perron.methods.economy.labels import Array, Labelled, Labels, Matrix
from perron.methods.economy.shift_share_terms import (
    Terms,
    Vector,
    arcelus,
    dunn,
    esteban,
    gerfin,
    gerfin_by_sector,
    in_order_of,
)


class Method(StrEnum):
    """A way to share out the growth."""

    DUNN = "dunn"
    ESTEBAN = "esteban"
    ARCELUS = "arcelus"
    GERFIN = "gerfin"
    DYNAMIC = "dynamic"


_DUNN = ("growth", "national_share", "industrial_mix", "regional_share", "net_total_shift")

#: The parts that each method gives, in order.
COMPONENTS: Mapping[Method, tuple[str, ...]] = MappingProxyType(
    {
        Method.DUNN: _DUNN,
        Method.ESTEBAN: (
            *("growth", "national_share", "industrial_mix", "regional_share", "allocation_effect"),
        ),
        Method.ARCELUS: (
            "growth",
            *("national_growth_expected", "national_growth_differential"),
            *("industrial_mix_expected", "industrial_mix_differential"),
            *("regional_growth_expected", "regional_growth_differential"),
            *("regional_industrial_mix_expected", "regional_industrial_mix_differential"),
        ),
        Method.GERFIN: ("industrial_mix", "regional_share", "net_total_shift"),
        Method.DYNAMIC: _DUNN,
    }
)


_TERMS = {Method.DUNN: dunn, Method.ESTEBAN: esteban, Method.ARCELUS: arcelus}


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The parts of the growth of each region, or of each sector of each region.

    `values` has shape (regions, components), or (regions, sectors, components).
    """

    method: Method
    values: Array
    labels: Labels

    @property
    def components(self) -> tuple[str, ...]:
        """The names of the parts, in the order of the last axis."""
        return COMPONENTS[self.method]

    def part(self, component: str) -> Labelled:
        """One part, by region or by region and sector: the kind follows the input."""
        if component not in self.components:
            raise ValueError(
                f"{self.method} has no part {component!r}, expected one of "
                + ", ".join(self.components)
            )
        found = self.values[..., self.components.index(component)]
        if found.ndim == 2:
            return self.labels.cells(found)
        return self.labels.by_region(found, component)

    def frame(self) -> pd.DataFrame:
        """A column for each part, a row for each region or pair of region and sector."""
        regions, sectors = self.labels.regions, self.labels.sectors
        index = pd.RangeIndex(self.values.shape[0]) if regions is None else regions
        if self.values.ndim == 3:
            other = pd.RangeIndex(self.values.shape[1]) if sectors is None else sectors
            index = pd.MultiIndex.from_product([index, other], names=["region", "sector"])
        flat = self.values.reshape(-1, len(self.components))
        return pd.DataFrame(flat, index=index, columns=list(self.components))


@dataclass(frozen=True, slots=True)
class DynamicDecomposition:
    """The parts of each year's growth, and their sum over the years.

    `intervals[k]` goes from `years[k]` to `years[k + 1]`.
    """

    years: tuple[int, ...]
    intervals: tuple[Decomposition, ...]
    total: Decomposition


def shift_share(
    start: Matrix,
    end: Matrix,
    base_start: Vector,
    base_end: Vector,
    method: Method | str = Method.DUNN,
) -> Decomposition:
    r"""The parts of each region's growth between two dates.

    Dunn: growth :math:`y - x`; national share :math:`xG`; industrial mix
    :math:`\sum_i x_i (G_i - G)`; regional share :math:`\sum_i x_i (g_i - G_i)`; net total shift, the
    sum of the last two.

    Esteban-Marquillas, with the homothetic jobs :math:`h_i = x X_i / X` (those of a region with the
    base's structure): the regional share becomes :math:`\sum_i h_i (g_i - G_i)`, and the rest of it
    is the allocation effect :math:`\sum_i (x_i - h_i)(g_i - G_i)`: is the region specialised where
    it does better?

    Arcelus: four effects :math:`G`, :math:`G_i - G`, :math:`g - G`, :math:`(g_i - g) - (G_i - G)`,
    each on :math:`h_i` (expected) and on :math:`x_i - h_i` (differential).

    Gerfin, factors and not jobs: industrial mix :math:`\frac{\sum_i x_i Y_i/X_i}{x} / \frac{Y}{X}`,
    regional share :math:`\frac{y}{\sum_i x_i Y_i/X_i}`, net total shift, their product
    :math:`\frac{y}{x} / \frac{Y}{X}`.

    Parameters
    ----------
    start, end : arrays or DataFrames of shape (regions, sectors)
        Jobs, or any quantity that adds up, zero or more. Frames are matched on their labels, which
        must be the same at both dates. A region with a cell that is not known (NaN) at either date is NaN
        throughout: leave the sector out for all regions and the base, or accept it.
    base_start, base_end : arrays or Series of shape (sectors,)
        The base, all known. It usually contains the regions.
    method : Method
        All but `Method.DYNAMIC`, which is `dynamic_shift_share`.

    Returns
    -------
    Decomposition with values of shape (regions, components), in the unit of the input (Gerfin:
    ratios, NaN with an `EmptyWarning` for a region that had nothing at the start).

    Raises
    ------
    ValueError
        If a value is negative or infinite, shapes or labels differ, the base is not known
        somewhere or holds nothing at the start.

    Source: Dunn (1960), "A statistical and analytical technique for regional analysis", Papers of
    the Regional Science Association 6, p. 97-112; Esteban-Marquillas (1972), "Shift- and share
    analysis revisited", Regional and Urban Economics 2(3), p. 249-261; Arcelus (1984), "An
    extension of shift-share analysis", Growth and Change 15(1), p. 3-8; Gerfin (1964),
    "Gesamtwirtschaftliches Wachstum und regionale Entwicklung", Kyklos 17(4), p. 565-593. Dunn and
    Gerfin are defined as in Farhauer and Kröll (2013), Standorttheorien; the example is their region A.

    >>> start, end = np.array([[90.0, 20, 10, 60]]), np.array([[100.0, 40, 10, 55]])
    >>> base = np.array([400.0, 150, 150, 400]), np.array([440.0, 210, 135, 480])
    >>> shift_share(start, end, *base).frame().round(6).iloc[0].tolist()
    [25.0, 27.0, 1.0, -3.0, -2.0]
    """
    chosen = _two_dates(method)
    data = Terms.of(start, end, base_start, base_end)
    if chosen is Method.GERFIN:
        data.labels.warn_empty(data.x.sum(axis=1) == 0, None)
        parts = gerfin(data)
    else:
        parts = (part.sum(axis=1) for part in _TERMS[chosen](data))
    _warn_of_base(data)
    return Decomposition(chosen, np.stack(list(parts), axis=-1), data.labels)


def shift_share_by_sector(
    start: Matrix,
    end: Matrix,
    base_start: Vector,
    base_end: Vector,
    method: Method | str = Method.DUNN,
) -> Decomposition:
    r"""The same parts for each sector of each region.

    They are the terms of the sums in `shift_share`, which they add up to (not Gerfin's factors:
    there, for each sector, industrial mix :math:`\frac{Y_i}{X_i} / \frac{Y}{X}`, regional share
    :math:`\frac{y_i}{x_i} / \frac{Y_i}{X_i}`, net total shift their product, all NaN where
    :math:`x_i` or :math:`X_i` is 0).

    Parameters, errors and source are those of `shift_share`. A cell that is not known is NaN with
    Dunn and Gerfin; with the other methods, which need the region's total, so are the parts of
    the region that rest on it.

    Returns
    -------
    Decomposition with values of shape (regions, sectors, components).

    The function `shifti` of the R package REAT gives for one region :math:`x_i G_i` as "national
    share", that is national share and industrial mix together; its other figures are the same.

    >>> start, end = np.array([[90.0, 20, 10, 60]]), np.array([[100.0, 40, 10, 55]])
    >>> base = np.array([400.0, 150, 150, 400]), np.array([440.0, 210, 135, 480])
    >>> shift_share_by_sector(start, end, *base).part("regional_share").round(6).tolist()
    [[1.0, 12.0, 1.0, -17.0]]
    """
    chosen = _two_dates(method)
    data = Terms.of(start, end, base_start, base_end)
    parts = gerfin_by_sector(data) if chosen is Method.GERFIN else _TERMS[chosen](data)
    values = np.stack([np.broadcast_to(part, data.x.shape) for part in parts], axis=-1)
    _warn_of_base(data)
    return Decomposition(chosen, values, data.labels)


def dynamic_shift_share(
    values: Mapping[int, Matrix] | NDArray[np.float64],
    base: Mapping[int, Vector] | pd.DataFrame | NDArray[np.float64],
    method: Method | str = Method.DUNN,
) -> DynamicDecomposition:
    r"""The parts of each year's growth, added up: the structure is renewed every year.

    .. math:: P = \sum_{t} P^{(t, t+1)}

    With two dates only, the structure of the first weighs on the whole period, which misleads when
    sectors change much; here :math:`x_i` and :math:`X_i` are those of the year before. The growth is
    the same.

    Parameters
    ----------
    values : mapping of year to array or DataFrame, or array of shape (years, regions, sectors)
        As `start` of `shift_share`. Years of an array are numbered from 0.
    base : mapping of year to array or Series, or DataFrame or array of shape (years, sectors)
        The same years; those of a DataFrame are its index.
    method : Method
        Dunn, Esteban-Marquillas or Arcelus. Gerfin's factors do not add up.

    Returns
    -------
    DynamicDecomposition. With `Method.DUNN` the method of the total is `Method.DYNAMIC`. A region
    with a cell not known in any year has a NaN total.

    Raises
    ------
    ValueError
        As `shift_share`; or if a year is missing in the middle, there are fewer than two, or the
        base does not have the same.

    Source: Barff and Knight (1988), "Dynamic shift-share analysis", Growth and Change 19(2), p. 1-10.

    >>> jobs = np.array([[[100.0, 100.0]], [[120.0, 90.0]], [[150.0, 80.0]]])
    >>> base = np.array([[1000.0, 1000.0], [1100.0, 950.0], [1300.0, 900.0]])
    >>> total = dynamic_shift_share(jobs, base).total
    >>> total.frame().round(4).iloc[0].tolist()
    [30.0, 20.3659, 1.7155, 7.9187, 9.6341]
    """
    chosen = _two_dates(method)
    if chosen is Method.GERFIN:
        raise ValueError(
            "Gerfin's factors do not add up over years: expected dunn, esteban, arcelus"
        )
    years = _years(values)
    by_year = dict(values) if isinstance(values, Mapping) else dict(zip(years, values, strict=True))
    of_base = _base_years(base, years)
    first = by_year[years[0]]
    intervals = []
    for before, after in pairwise(years):
        pair = (in_order_of(by_year[before], first, str(before)), by_year[after])
        intervals.append(shift_share(*pair, of_base[before], of_base[after], chosen))
    summed = np.sum([interval.values for interval in intervals], axis=0)
    name = Method.DYNAMIC if chosen is Method.DUNN else chosen
    total = Decomposition(name, summed, intervals[0].labels)
    return DynamicDecomposition(years, tuple(intervals), total)


def _two_dates(method: Method | str) -> Method:
    try:
        chosen = Method(method)
    except ValueError:
        raise ValueError(f"method is {method!r}, expected one of {', '.join(Method)}") from None
    if chosen is Method.DYNAMIC:
        raise ValueError("the dynamic method needs every year: use dynamic_shift_share")
    return chosen


def _years(values: Mapping[int, Matrix] | NDArray[np.float64]) -> tuple[int, ...]:
    if isinstance(values, Mapping):
        years = tuple(sorted(int(year) for year in values))
    else:
        if np.ndim(values) != 3:
            raise ValueError(
                f"values has {np.ndim(values)} dimensions, expected years, regions, sectors"
            )
        years = tuple(range(len(values)))
    if len(years) < 2:
        raise ValueError(f"values has {len(years)} year, expected two or more")
    missing = sorted(set(range(years[0], years[-1] + 1)) - set(years))
    if missing:
        raise ValueError(
            f"values has no year {', '.join(map(str, missing))} between {years[0]} and {years[-1]}:"
            " the yearly parts need every year"
        )
    return years


def _base_years(
    base: Mapping[int, Vector] | pd.DataFrame | NDArray[np.float64], years: Sequence[int]
) -> Mapping[int, Vector]:
    if isinstance(base, pd.DataFrame):
        base = {int(year): row for year, row in base.iterrows()}
    elif not isinstance(base, Mapping):
        if np.ndim(base) != 2 or len(base) != len(years):
            raise ValueError(
                f"base has shape {np.shape(base)}, expected {len(years)} years by sectors"
            )
        base = dict(zip(years, base, strict=True))
    if missing := sorted(set(years) - set(base)):
        raise ValueError(f"base has no year {', '.join(map(str, missing))}")
    return base


def _warn_of_base(data: Terms) -> None:
    data.labels.warn_empty(None, (data.base == 0) & (data.x > 0).any(axis=0))

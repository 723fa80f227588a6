"""What drives change: which sectors the growth came from, how enterprises come and go, and what part
of each axis is exposed to something.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from perron.methods.economy.labels import (
    Array,
    EmptyWarning,
    Labelled,
    Labels,
    Matrix,
    unlabelled,
)
from perron.methods.economy.shift_share_terms import in_order_of
from perron.methods.statistics.intervals import poisson, wilson

#: Counts of any shape, as an array or labelled.
Counts = TypeVar("Counts", NDArray[np.float64], pd.Series, pd.DataFrame)


class Population(StrEnum):
    """Which enterprises were counted.

    `DURING_YEAR`: all those active at any time of the year, which is the Manual's population.
    `AT_YEAR_END`: those still there on 31 December. Those that stopped in the year are added.
    """

    DURING_YEAR = "during_year"
    AT_YEAR_END = "at_year_end"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate and the bounds of its interval: the kind of each follows the input."""

    value: Labelled
    low: Labelled
    high: Labelled


@dataclass(frozen=True, slots=True)
class Demography:
    """How enterprises come and go in a year; rates per active enterprise, between 0 and 1.

    `net` goes from -1 to 1, `churn` up to 2. `small` is true where the active enterprises are fewer
    than asked: the rate there is not to be compared or ranked, only read with its interval.
    """

    active: Labelled
    birth: Rate
    stop: Rate
    churn: Rate
    net: Rate
    small: Labelled


@dataclass(frozen=True, slots=True)
class Exposure:
    """The exposed share of each axis in each region: shape (regions, axes), between 0 and 1.

    `share` is NaN where something it rests on is not known; it is then somewhere from `low` to
    `high`, and no assumption on the values in between is made.
    """

    share: Labelled
    low: Labelled
    high: Labelled


def growth_contribution(start: Matrix, end: Matrix) -> Matrix:
    r"""Points of a region's growth that came from each sector.

    .. math:: c_{ri} = 100 \, \frac{y_{ri} - x_{ri}}{\sum_j x_{rj}}

    They add up to the region's growth in per cent.

    Parameters
    ----------
    start, end : arrays or DataFrames of shape (regions, sectors)
        Jobs, value added…: any quantity that adds up, zero or more. Frames are matched on their
        labels, which must be the same.

    Returns
    -------
    The same kind and shape, in percentage points. A region with a cell not known (NaN) at the
    start has no total, and one with nothing at the start no growth: NaN, the latter with an
    `EmptyWarning`. A cell not known at the end is NaN, and so is the sum.

    Raises
    ------
    ValueError
        If a value is negative or infinite, or shapes or labels differ.

    Source: an identity, no author's; national accounts print it as contributions to growth.

    >>> growth_contribution(np.array([[80.0, 20.0]]), np.array([[84.0, 18.0]])).tolist()
    [[4.0, -2.0]]
    """
    x, labels = unlabelled(start, what="start")
    y, _ = unlabelled(in_order_of(end, start, "end"), what="end")
    if x.shape != y.shape:
        raise ValueError(f"end has shape {y.shape}, expected that of start, {x.shape}")
    total = x.sum(axis=1)
    labels.warn_empty(total == 0, None)
    with np.errstate(divide="ignore", invalid="ignore"):
        points = 100 * (y - x) / np.where(total > 0, total, np.nan)[:, None]
    result: Matrix = labels.cells(points)
    return result


def enterprise_demography(
    enterprises: Counts,
    starts: Counts,
    stops: Counts,
    population: Population | str = Population.DURING_YEAR,
    *,
    confidence: float = 0.95,
    small_below: float = 30,
) -> Demography:
    r"""Birth rate, stop rate, churn and net rate of enterprises in a year.

    With :math:`N` the enterprises active at any time of the year, :math:`B` starts, :math:`D` stops:

    .. math:: \frac{B}{N}, \quad \frac{D}{N}, \quad \frac{B + D}{N}, \quad \frac{B - D}{N}

    Parameters
    ----------
    enterprises, starts, stops : arrays, Series or DataFrames of the same shape and labels
        Counts of one year, NaN where not known.
    population : Population
        Which enterprises are counted. With `AT_YEAR_END`, :math:`N` = enterprises + stops.
    confidence : float
        Between 0 and 1, both excluded.
    small_below : float
        Under this many active enterprises a rate is said to be small. The default is a convention of this
        project: with 30, one enterprise more or less moves a rate by three points.

    Returns
    -------
    Demography, the kind of the input. Intervals: Wilson's for the two proportions; Garwood's for
    :math:`B + D` over :math:`N`; for the net rate, the two Poisson intervals combined by the method
    of variance estimates recovery. NaN where a count is not known or no enterprise is active.

    Raises
    ------
    ValueError
        If a count is negative, starts or stops exceed the active enterprises (a sign that they
        were counted at the year's end), shapes or labels differ, or the confidence is out of range.

    Source: Eurostat and OECD (2007), Manual on Business Demography Statistics; for the net rate's
    interval, Zou and Donner (2008), "Construction of confidence limits about effect measures",
    Statistics in Medicine 27, p. 1693-1702. The Manual leaves out of births and deaths
    reactivations within two years, mergers and splits: a count of registrations does not.

    Enterprises liable for VAT in the arrondissement of Liège, Statbel 2019:

    >>> found = enterprise_demography(
    ...     np.array([39810.0]), np.array([3940.0]), np.array([3193.0]), Population.AT_YEAR_END
    ... )
    >>> [round(float(bound[0]), 4) for bound in (found.birth.low, found.birth.value, found.birth.high)]
    [0.0889, 0.0916, 0.0944]
    """
    counted = Population(population)
    n, b, d = _aligned(enterprises, starts, stops)
    if counted is Population.AT_YEAR_END:
        n = n + d
    for name, count in (("starts", b), ("stops", d)):
        if (beyond := count > n).any():
            at = np.argwhere(beyond)[0].tolist()
            raise ValueError(
                f"{name} are {count[tuple(at)]:g} of {n[tuple(at)]:g} active enterprises at position"
                f" {at}: were enterprises counted at the year's end (population=AT_YEAR_END)?"
            )
    over = np.where(n > 0, n, np.nan)
    churn, net = _turnover(b, d, confidence)

    def rate(value: Array, bounds: tuple[Array, Array]) -> Rate:
        return Rate(*(_same_kind(part, enterprises) for part in (value, *bounds)))

    return Demography(
        active=_same_kind(n, enterprises),
        birth=rate(b / over, wilson(b, n, confidence)),
        stop=rate(d / over, wilson(d, n, confidence)),
        churn=rate((b + d) / over, (churn[0] / over, churn[1] / over)),
        net=rate((b - d) / over, (net[0] / over, net[1] / over)),
        small=_same_kind(n < small_below, enterprises),
    )


def exposure(
    values: Matrix,
    membership: pd.DataFrame | NDArray[np.float64],
    exposed: pd.Series | NDArray[np.float64],
    *,
    ceiling: Matrix | None = None,
) -> Exposure:
    r"""Share of each axis's jobs that is in exposed sectors.

    .. math:: s_{ra} = \frac{\sum_i x_{ri} m_{ia} e_i}{\sum_i x_{ri} m_{ia}}

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        Jobs, enterprises, exports…, zero or more, NaN where not known.
    membership : array or DataFrame of shape (sectors, axes)
        How much of a sector belongs to an axis, from 0 to 1, all known. A sector may belong to several.
    exposed : array or Series of shape (sectors,)
        How much a sector is exposed, from 0 to 1; NaN (not known) counts as anything from 0 to 1.
    ceiling : array or DataFrame of shape (regions, sectors), optional
        The most a value that is not known can be: what is left of the region's published total, for
        example. Without it, or where it is NaN, there is no limit. Known values are left alone.

    Returns
    -------
    Exposure, of DataFrames regions by axes if `values` is one. The bounds are sharp: the smallest and
    largest share that values between 0 and the ceiling can give. NaN for an axis that a region does not
    have at all, with an `EmptyWarning` where no region has it.

    Raises
    ------
    ValueError
        If a value is negative, a weight or an exposure is out of 0 to 1, or shapes or labels differ.

    Source: a weighted mean; the bounds are those of a ratio of sums over a box (linear-fractional
    programming: Charnes and Cooper, 1962, Naval Research Logistics Quarterly 9, p. 181-186).

    >>> found = exposure(np.array([[60.0, 40.0, np.nan]]), np.array([[1, 1], [0.5, 0], [0, 1]]),
    ...                  np.array([0.0, 1.0, 0.5]), ceiling=np.array([[np.nan, np.nan, 20.0]]))
    >>> found.share.tolist(), found.high.tolist()
    ([[0.25, nan]], [[0.25, 0.125]])
    """
    x, labels = unlabelled(values)
    m, axes = _weights(membership, labels, x.shape[1])
    e = _exposed(exposed, labels, x.shape[1])
    unknown = np.isnan(x)
    most = np.where(unknown, np.inf, 0.0)
    if ceiling is not None:
        limit, _ = unlabelled(in_order_of(ceiling, values, "ceiling"), what="ceiling")
        if limit.shape != x.shape:
            raise ValueError(f"ceiling has shape {limit.shape}, expected that of values, {x.shape}")
        most = np.where(unknown & ~np.isnan(limit), limit, most)
    known = np.where(unknown, 0.0, x)
    low, high = np.empty((2, x.shape[0], m.shape[1]))
    shares = np.empty_like(low)
    for axis in range(m.shape[1]):
        held = m[:, axis] > 0
        weight = m[held, axis]
        sure, loose = known[:, held] * weight, most[:, held] * weight
        unsure = unknown[:, held].any(axis=1) | ((sure > 0) & np.isnan(e[held])).any(axis=1)
        high[:, axis] = _greatest(sure, loose, np.where(np.isnan(e[held]), 1.0, e[held]))
        low[:, axis] = 1 - _greatest(sure, loose, 1 - np.where(np.isnan(e[held]), 0.0, e[held]))
        shares[:, axis] = np.where(unsure, np.nan, high[:, axis])
        low[:, axis] = np.where(unsure, low[:, axis], high[:, axis])
    _warn_no_axis([bool(np.isnan(high[:, axis]).all()) for axis in range(m.shape[1])], axes)
    return Exposure(*(_by_axis(found, labels, axes) for found in (shares, low, high)))


def _greatest(sure: Array, loose: Array, exposed: Array) -> Array:
    """The largest weighted mean of `exposed`, weights being `sure` plus anything up to `loose`.

    It is reached with each loose weight at 0 or at its most, those of the most exposed at their
    most: only as many combinations as sectors.
    """
    order = np.argsort(-exposed, kind="stable")
    sure, loose, exposed = sure[:, order], loose[:, order], exposed[order]
    endless = np.isinf(loose)
    added = np.where(endless, 0.0, loose)
    none = np.zeros((len(sure), 1))
    above = (sure @ exposed)[:, None] + np.hstack([none, np.cumsum(added * exposed, axis=1)])
    below = sure.sum(axis=1)[:, None] + np.hstack([none, np.cumsum(added, axis=1)])
    ratios = np.full(above.shape, -np.inf)
    np.divide(above, below, out=ratios, where=below > 0)
    # A weight without limit brings the mean as near as one likes to its own sector's exposure.
    limits = np.where(endless, exposed, -np.inf).max(axis=1, initial=-np.inf)
    best = np.maximum(ratios.max(axis=1), limits)
    return np.where(np.isinf(best), np.nan, best)


def _turnover(
    starts: Array, stops: Array, confidence: float
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Intervals of the sum and of the difference of two Poisson counts."""
    (b_low, b_high), (d_low, d_high) = poisson(starts, confidence), poisson(stops, confidence)
    net = starts - stops
    low = net - np.sqrt((starts - b_low) ** 2 + (d_high - stops) ** 2)
    high = net + np.sqrt((b_high - starts) ** 2 + (stops - d_low) ** 2)
    return poisson(starts + stops, confidence), (low, high)


def _aligned(enterprises: Counts, starts: Counts, stops: Counts) -> tuple[Array, Array, Array]:
    counts: list[Array] = []
    for name, given in (("enterprises", enterprises), ("starts", starts), ("stops", stops)):
        ordered = _ordered(given, enterprises, name)
        if isinstance(ordered, (pd.Series, pd.DataFrame)):
            ordered = ordered.to_numpy(dtype=np.float64, na_value=np.nan)
        count = np.asarray(ordered, dtype=np.float64)
        if counts and count.shape != counts[0].shape:
            raise ValueError(f"{name} has shape {count.shape}, enterprises {counts[0].shape}")
        if (count < 0).any() or np.isinf(count).any():
            raise ValueError(f"{name} holds a negative or infinite count")
        counts.append(count)
    return counts[0], counts[1], counts[2]


def _ordered(given: Any, first: Any, name: str) -> Any:
    if isinstance(given, pd.Series) and isinstance(first, pd.Series):
        frame, like = given.to_frame("count"), first.to_frame("count")
        return in_order_of(frame, like, name)["count"]
    return in_order_of(given, first, name)


def _same_kind(values: NDArray[Any], like: Any) -> Any:
    if isinstance(like, pd.DataFrame):
        return pd.DataFrame(values, index=like.index, columns=like.columns)
    return pd.Series(values, index=like.index) if isinstance(like, pd.Series) else values


def _weights(membership: Any, labels: Labels, sectors: int) -> tuple[Array, pd.Index | None]:
    axes = None
    if isinstance(membership, pd.DataFrame):
        axes = membership.columns
        membership = _of_sectors(membership, labels, "membership")
        membership = membership.to_numpy(dtype=np.float64, na_value=np.nan)
    weights = np.asarray(membership, dtype=np.float64)
    if weights.ndim != 2 or len(weights) != sectors:
        raise ValueError(
            f"membership has shape {weights.shape}, expected {sectors} sectors by axes"
        )
    if not ((weights >= 0) & (weights <= 1)).all():
        raise ValueError("membership has a weight that is not known or not between 0 and 1")
    return weights, axes


def _exposed(exposed: Any, labels: Labels, sectors: int) -> Array:
    if isinstance(exposed, pd.Series):
        exposed = _of_sectors(exposed, labels, "exposed")
        exposed = exposed.to_numpy(dtype=np.float64, na_value=np.nan)
    array = np.asarray(exposed, dtype=np.float64)
    if array.shape != (sectors,):
        raise ValueError(f"exposed has shape {array.shape}, expected ({sectors},): one by sector")
    if (array < 0).any() or (array > 1).any():
        raise ValueError("exposed has a value that is not between 0 and 1")
    return array


def _of_sectors(given: Any, labels: Labels, what: str) -> Any:
    """In the order of the sectors; every sector must be there, others are left out."""
    if labels.sectors is None:
        return given
    if not given.index.is_unique:
        raise ValueError(f"{what} has the same sector twice")
    missing = labels.sectors.difference(given.index, sort=False)
    if len(missing):
        raise ValueError(f"{what} has no sector {missing.tolist()[0]!r}")
    return given.reindex(labels.sectors)


def _warn_no_axis(empty: list[bool], axes: pd.Index | None) -> None:
    if any(empty):
        at = np.flatnonzero(empty)
        names: list[Any] = at.tolist() if axes is None else axes[at].tolist()
        warnings.warn(EmptyWarning("axes", names), stacklevel=3)


def _by_axis(values: Array, labels: Labels, axes: pd.Index | None) -> Labelled:
    if labels.regions is None:
        return values
    return pd.DataFrame(values, index=labels.regions, columns=axes)

"""Structural breaks of a short yearly series: is there one, how many, and when.

A break is dated by the last year of the regime that it ends. The models fit a level (`Model.MEAN`)
or a straight line (`Model.TREND`) to each regime, by least squares, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special
from scipy.signal import lfilter

from perron.methods.economy.labels import Array
from perron.methods.economy.regimes import (
    EXACT,
    Model,
    best_splits,
    costs_of,
    f_profile,
    fit,
    stretches_of,
)

#: One value a year, as an array (years numbered from 0) or a Series with the years as index.
Yearly: TypeAlias = NDArray[np.float64] | pd.Series

#: Simulated series held in memory at once.
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Chow:
    """The test of a break at a date known beforehand."""

    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class SupF:
    """The test of a break at a date that is not known.

    `profile` is the statistic at each of the candidate `years`; `statistic` is its greatest value, at
    `year`, None if the series does not vary. `autocorrelation` is that of the residuals with one break,
    at one year's distance: well above 0, the p-value is too small.
    """

    statistic: float
    year: int | None
    p_value: float
    years: tuple[int, ...]
    profile: Array
    autocorrelation: float
    draws: int


@dataclass(frozen=True, slots=True)
class Regime:
    """A stretch of years: its level in the first year, and what is added each year (0 for a mean)."""

    first: int
    last: int
    level: float
    slope: float


@dataclass(frozen=True, slots=True)
class Partition:
    """The best split with a given number of breaks."""

    breaks: tuple[int, ...]
    rss: float
    bic: float


@dataclass(frozen=True, slots=True)
class Breaks:
    """The best split for each number of breaks, from none, and the one of least BIC."""

    model: Model
    partitions: tuple[Partition, ...]
    chosen: Partition
    regimes: tuple[Regime, ...]


def chow(values: Yearly, last: int, model: Model | str = Model.MEAN) -> Chow:
    r"""Chow's test of a break after the year `last`, chosen without looking at the series.

    .. math:: F = \frac{(S_0 - S_1) / p}{S_1 / (n - 2p)}

    with :math:`S_0, S_1` the sums of squares without and with the break, `p` the parameters of a
    regime. F follows Fisher's law with `p` and `n - 2p` degrees of freedom if errors are normal,
    independent and of one variance. A date picked on the graph needs `sup_f`.

    A series without variation has statistic 0 and p-value 1; one that the break explains exactly,
    infinity and 0.

    Source: Chow (1960), "Tests of equality between sets of coefficients in two linear
    regressions", Econometrica 28(3).

    >>> found = chow(np.array([1.0, 2.0, 3.0, 6.0, 7.0, 8.0]), last=2)
    >>> found.statistic, round(found.p_value, 6)
    (37.5, 0.003602)
    """
    chosen = Model(model)
    y, years = _series(values)
    p = chosen.parameters
    if last not in years:
        raise ValueError(f"last is {last}, expected a year from {years[0]} to {years[-1]}")
    before = years.index(last) + 1
    if min(before, len(y) - before) < p or len(y) <= 2 * p:
        raise ValueError(f"{before} years before and {len(y) - before} after {last} are too few")
    statistic = float(f_profile(y, chosen, np.array([before]))[0])
    return Chow(statistic, float(special.fdtrc(p, len(y) - 2 * p, statistic)))


def sup_f(
    values: Yearly,
    model: Model | str = Model.MEAN,
    *,
    minimum: int | None = None,
    draws: int = 9_999,
    seed: int = 0,
    autocorrelation: float = 0.0,
) -> SupF:
    r"""Is there a break, at a date that is not known? The greatest Chow statistic over the dates.

    .. math:: \sup_k F(k), \quad p = \frac{1 + \#\{\sup F^{(d)} \ge \sup F\}}{1 + D}

    The p-value is by simulation: `D` series of as many years without any break, of normal errors,
    through the same search. It is exact for any length, up to the draws, if errors are normal,
    independent and of one variance, since the statistic depends neither on level nor on scale; the
    tables of Andrews and Hansen hold for long series only. It is at least `1 / (draws + 1)`.

    Its limit: yearly levels follow each other, and a p-value that ignores it finds breaks that are
    not there. Test growth rates, or ask what is left of it with `autocorrelation`.

    Parameters
    ----------
    values : array, or Series with years as index
        In order, no year missing.
    model : Model
        What a regime looks like.
    minimum : int, optional
        Fewest years of a regime. By default 15 % of the series, and at least three (mean) or four
        (trend).
    draws, seed : int
        Simulated series, and the seed that makes the answer the same twice.
    autocorrelation : float
        Above -1, under 1. Errors are simulated as :math:`e_t = \rho e_{t-1} + u_t`.

    Returns
    -------
    SupF. For a series without variation: statistic 0, no year, p-value 1.

    Raises
    ------
    ValueError
        If a year is missing or not known, or the series is shorter than two minima.

    Source: Andrews (1993), "Tests for parameter instability and structural change with unknown
    change point", Econometrica 61(4) (his Wald statistic is `p` times this F); for the p-value,
    Dufour (2006), "Monte Carlo tests with nuisance parameters", Journal of Econometrics 133(2).

    >>> found = sup_f(pd.Series([5.0, 6, 5, 6, 9, 8, 9, 8], index=range(2011, 2019)))
    >>> found.year, found.statistic, found.p_value < 0.01
    (2014, 54.0, True)
    """
    chosen = Model(model)
    y, years = _series(values)
    shortest = _shortest(len(y), chosen, minimum)
    if draws < 1:
        raise ValueError(f"draws is {draws}, expected at least 1")
    if not -1 < autocorrelation < 1:
        raise ValueError(f"autocorrelation is {autocorrelation}, expected above -1 and under 1")
    sizes = np.arange(shortest, len(y) - shortest + 1)
    candidates = tuple(years[size - 1] for size in sizes)
    profile = f_profile(y, chosen, sizes)
    at, greatest = int(profile.argmax()), float(profile.max())
    if greatest == 0:
        return SupF(0.0, None, 1.0, candidates, profile, float("nan"), draws)
    residuals = y - fit(y, chosen, [int(sizes[at])])
    rng = np.random.default_rng(seed)
    beyond = 0
    for first in range(0, draws, BATCH):
        errors = rng.standard_normal((min(BATCH, draws - first), len(y)))
        if autocorrelation:
            # The first error has the variance that the others settle to.
            errors[:, 0] /= np.sqrt(1 - autocorrelation**2)
            errors = lfilter([1.0], [1.0, -autocorrelation], errors, axis=1)
        beyond += int((f_profile(errors, chosen, sizes).max(axis=1) >= greatest).sum())
    return SupF(
        greatest,
        candidates[at],
        (1 + beyond) / (1 + draws),
        candidates,
        profile,
        _autocorrelation(residuals, float(y.var())),
        draws,
    )


def breakpoints(
    values: Yearly,
    model: Model | str = Model.MEAN,
    *,
    minimum: int | None = None,
    most: int | None = None,
) -> Breaks:
    r"""The best dates for each number of breaks, and the number that BIC prefers.

    For `m` breaks the dates minimise the sum of squares :math:`S_m` over all splits, by dynamic
    programming; then

    .. math:: BIC_m = n \left(\ln \frac{S_m}{n} + 1 + \ln 2\pi\right) + (p + 1)(m + 1) \ln n

    which counts `p` parameters a regime, `m` dates and a variance. BIC finds too many breaks in series
    that are short or whose errors follow each other: begin with `sup_f`.

    Parameters
    ----------
    values, model, minimum :
        As in `sup_f`.
    most : int, optional
        Most breaks tried. By default as many as fit, up to five.

    Returns
    -------
    Breaks. A series that does not vary, or a perfect line with `Model.TREND`, has no break. Among
    splits that fit exactly, the one with fewest breaks is chosen (BIC minus infinity).

    Raises
    ------
    ValueError
        As `sup_f`, or if more breaks are asked than fit.

    Source: Bai and Perron (2003), "Computation and analysis of multiple structural change models",
    Journal of Applied Econometrics 18, sections 3 and 4; BIC: Yao (1988), "Estimating the number of
    change-points via Schwarz' criterion", Statistics and Probability Letters 6.

    >>> series = pd.Series([5.0, 6, 5, 6, 9, 8, 9, 8, 3, 2, 3, 2], index=range(2011, 2023))
    >>> breakpoints(series).chosen.breaks
    (2014, 2018)
    """
    chosen = Model(model)
    y, years = _series(values)
    shortest = _shortest(len(y), chosen, minimum)
    room = len(y) // shortest - 1
    most = min(room, 5) if most is None else most
    if not 0 <= most <= room:
        raise ValueError(
            f"most is {most}: {len(y)} years hold 0 to {room} breaks with regimes of at least"
            f" {shortest}"
        )
    costs = costs_of(y, chosen, shortest)
    partitions, splits = [], best_splits(costs, most)
    for ends in splits:
        rss = float(sum(costs[a, b - 1] for a, b in stretches_of(ends, len(y))))
        breaks = tuple(years[end - 1] for end in ends)
        partitions.append(Partition(breaks, rss, _bic(rss, len(y), len(ends), chosen)))
    # argmin keeps the first of equals: the fewest breaks.
    best = int(np.argmin([partition.bic for partition in partitions]))
    fitted = fit(y, chosen, splits[best])
    regimes = tuple(
        Regime(
            years[a],
            years[b - 1],
            float(fitted[a]),
            float(fitted[b - 1] - fitted[a]) / (b - a - 1),
        )
        for a, b in stretches_of(splits[best], len(y))
    )
    return Breaks(chosen, tuple(partitions), partitions[best], regimes)


def date_sets(
    values: Yearly,
    breaks: Sequence[int],
    model: Model | str = Model.MEAN,
    *,
    confidence: float = 0.95,
    minimum: int | None = None,
) -> tuple[tuple[int, ...], ...]:
    r"""Which years each break may as well be at: confidence sets, not always without holes.

    The years `k`, the other breaks staying where they are, that the likelihood ratio does not
    reject:

    .. math:: n \ln \frac{S(k)}{\min_j S(j)} \le -2 \ln\left(1 - \sqrt{\gamma}\right)

    with :math:`\gamma` the confidence (7.35 for 95 %). Unlike an interval around the estimate that
    supposes a large break, it widens to the whole series when the break is small. A set is read
    only if `sup_f` finds a break: it is right if there is one, and does not say that there is.

    Parameters
    ----------
    values, model, minimum :
        As in `sup_f`.
    breaks : sequence of years
        Last years of the regimes, such as `breakpoints(...).chosen.breaks`.
    confidence : float
        Between 0 and 1, both excluded.

    Returns
    -------
    A tuple of years for each break, in order. That of an exact fit is the dates that fit exactly.

    Source: Eo and Morley (2015), "Likelihood-ratio-based confidence sets for the timing of
    structural breaks", Quantitative Economics 6(2), p. 463-497 (independent normal errors of one
    variance).

    >>> date_sets(pd.Series([5.0, 6, 5, 6, 9, 8, 9, 8], index=range(2011, 2019)), [2014])
    ((2014,),)
    """
    chosen = Model(model)
    y, years = _series(values)
    shortest = _shortest(len(y), chosen, minimum)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected between 0 and 1")
    if missing := [year for year in breaks if year not in years]:
        raise ValueError(f"there is no year {missing[0]} in the series")
    ends = sorted(years.index(year) + 1 for year in breaks)
    stretches = stretches_of(ends, len(y))
    if any(b - a < shortest for a, b in stretches):
        raise ValueError(f"a regime is shorter than the minimum of {shortest} years")
    costs = costs_of(y, chosen, shortest)
    limit = -2 * np.log(1 - np.sqrt(confidence))
    sets = []
    for at in range(len(ends)):
        (a, _), (_, b) = stretches[at], stretches[at + 1]
        others = sum(costs[c, d - 1] for c, d in stretches if (c, d) not in stretches[at : at + 2])
        sizes = np.arange(a + shortest, b - shortest + 1)
        rss = others + costs[a, sizes - 1] + costs[sizes, b - 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = len(y) * np.log(rss / rss.min())
        kept = sizes[(ratio <= limit) | (rss == rss.min())]
        sets.append(tuple(years[size - 1] for size in kept))
    return tuple(sets)


def _series(values: Yearly) -> tuple[Array, list[int]]:
    years = list(range(len(values)))
    if isinstance(values, pd.Series):
        if not pd.api.types.is_integer_dtype(values.index):
            raise ValueError(f"the index is of {values.index.dtype}, expected whole years")
        years = [int(year) for year in values.index]
        values = values.to_numpy(dtype=np.float64, na_value=np.nan)
    y = np.asarray(values, dtype=np.float64)
    if y.ndim != 1:
        raise ValueError(f"values has {y.ndim} dimensions, expected one value a year")
    for before, after in pairwise(years):
        if after <= before:
            raise ValueError(
                f"year {after} comes after {before}: expected years in order, once each"
            )
        if after > before + 1:
            raise ValueError(
                f"no value between {before} and {after}: a break needs every year, so cut the series"
                " at the gap or use a longer step"
            )
    if not np.isfinite(y).all():
        year = years[int(np.flatnonzero(~np.isfinite(y))[0])]
        raise ValueError(f"the value of {year} is not known: a break needs every year")
    return y, years


def _shortest(n: int, model: Model, minimum: int | None) -> int:
    fewest = model.parameters + 1
    shortest = max(int(0.15 * n), fewest + 1) if minimum is None else minimum
    if shortest < fewest:
        raise ValueError(f"minimum is {shortest}, expected at least {fewest} with {model}")
    if n < 2 * shortest:
        raise ValueError(
            f"the series has {n} years, expected at least {2 * shortest}: two regimes of {shortest}"
        )
    return shortest


def _bic(rss: float, n: int, breaks: int, model: Model) -> float:
    if rss == 0:
        return -np.inf
    penalty = (model.parameters + 1) * (breaks + 1) * np.log(n)
    return float(n * (np.log(rss / n) + 1 + np.log(2 * np.pi)) + penalty)


def _autocorrelation(residuals: Array, variance: float) -> float:
    spread = float(residuals @ residuals)
    if spread <= EXACT * variance * len(residuals):
        return float("nan")
    return float(residuals[1:] @ residuals[:-1] / spread)

"""Does the entry model foretell what it has not seen? A back-test strictly out of sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import pandas as pd

from perron.methods.economy.entry import (
    FEWEST,
    FULL,
    MARGINS,
    EntryModel,
    NotMeasurableError,
    density_test,
    entries,
    entry_model,
)
from perron.methods.economy.labels import Array, Labelled, Matrix
from perron.methods.economy.quotients import specialised
from perron.methods.statistics.intervals import wilson

#: Regions under which resampling them says nothing.
FEWEST_REGIONS = 5


#: What a cell may do between two dates.
Event = Literal["entry", "exit"]


class Verdict(StrEnum):
    """What the intervals allow to say. The second and the third are valid answers."""

    BETTER_THAN_MARGINS = "better than the margins"
    BETTER_THAN_CHANCE = "better than chance, not than the margins"
    NO_BETTER_THAN_CHANCE = "no better than chance"


@dataclass(frozen=True, slots=True)
class Score:
    """A measure and its interval, NaN where it has none."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """What was foretold at the end of the training, and what happened.

    `measures` by name; `calibration_table` one row a tenth of the candidates; `predicted` the
    probabilities, made before the test year was looked at; `model` and `rival` the two fits;
    `density_p` the p-value of density in training.
    """

    measures: Mapping[str, Score]
    calibration_table: pd.DataFrame
    predicted: Labelled
    model: EntryModel
    rival: EntryModel
    density_p: float
    verdict: Verdict

    def scores(self) -> pd.DataFrame:
        """The measures as a table: measure, value, low, high."""
        rows = [(name, s.value, s.low, s.high) for name, s in self.measures.items()]
        return pd.DataFrame(rows, columns=["measure", "value", "low", "high"])

    def calibration(self) -> pd.DataFrame:
        """As `calibration_table`: predicted, observed, low, high, candidates, entries."""
        return self.calibration_table


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a score tells of the entries or exits to come, among how many candidates."""

    auc: Score
    candidates: int
    events: int

    @property
    def better_than_chance(self) -> bool:
        return self.auc.low > 0.5


def backtest(
    panels: Mapping[int, Matrix],
    train: tuple[int, int],
    test: int,
    *,
    threshold: float = 1.0,
    diagonal: float = 1.0,
    draws: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Backtest:
    r"""The entry model fitted on one period and judged on the next.

    The model learns the entries from :math:`Y_0` to :math:`Y_1` from the density at :math:`Y_0`, then
    foretells those from :math:`Y_1` to :math:`Y_2` from the density at :math:`Y_1`. Nothing of
    :math:`Y_2` reaches it. AUC is the probability that an entered cell was given more than one that
    was not, ties counted half:

    .. math:: AUC = P(\hat p_{entered} > \hat p_{other}) + \tfrac12 P(=), \quad
        BS = \overline{(\hat p - E)^2}, \quad skill = 1 - BS / BS_{base}

    with :math:`BS_{base}` that of the training's base rate given to all.

    Parameters
    ----------
    panels : mapping of years to arrays or DataFrames of shape (regions, sectors)
        Values (jobs, enterprises…) of the three years, NaN where not known.
    train, test : years
        ``(Y0, Y1)`` and ``Y2``, in increasing order.
    threshold, diagonal : float
        Of the specialisation and of the proximity.
    draws, seed : int
        Of the bootstrap, which resamples whole regions: the cells of a region are not independent.
    confidence : float

    Returns
    -------
    Backtest. Measures: `auc`, `auc_margins` (of the rival without density), `auc_gain` (their
    difference), `brier`, `brier_skill`, `base_rate` (Wilson's interval), `candidates`, `entries`. Its
    `verdict` is "better than the margins" if the interval of `auc_gain` is above 0 and that of `auc`
    above ½; "better than chance, not than the margins" if only the second; else "no better than
    chance".

    Raises
    ------
    NotMeasurableError
        If there are too few entries, other candidates or regions in training or in test.
    ValueError
        If a year is missing or they are not in order.

    Source: Hanley and McNeil (1982), "The meaning and use of the area under a ROC curve", Radiology
    143; Brier (1950), Monthly Weather Review 78; resampling of groups, Davison and Hinkley (1997),
    Bootstrap Methods, section 3.8.

    >>> rng = np.random.default_rng(0)
    >>> jobs = rng.poisson(20, (40, 30)).astype(float)
    >>> years = {y: rng.poisson(jobs).astype(float) for y in (2008, 2012, 2016)}
    >>> found = backtest(years, (2008, 2012), 2016, draws=200)
    >>> str(found.verdict), int(found.measures["candidates"].value)
    ('no better than chance', 634)
    """
    years = (*train, test)
    if missing := [str(year) for year in years if year not in panels]:
        raise ValueError(f"no panel of {', '.join(missing)}")
    if not train[0] < train[1] < test:
        raise ValueError(f"years {train[0]}, {train[1]}, {test}: expected an increasing order")
    first, second = (specialised(panels[year], threshold) for year in train)
    model = entry_model(first, second, FULL, diagonal=diagonal)
    rival = entry_model(first, second, MARGINS, diagonal=diagonal)
    predicted, margins = model.predict(second), rival.predict(second)
    # Here only, once both have spoken, is the test year opened.
    outcome = np.asarray(entries(second, specialised(panels[test], threshold)))
    there = ~np.isnan(outcome)
    y, region = outcome[there], np.nonzero(there)[0]
    p, q = (np.asarray(each, dtype=np.float64)[there] for each in (predicted, margins))
    enough = min(y.sum(), (1 - y).sum()) >= FEWEST
    if not enough or np.unique(region).size < FEWEST_REGIONS:
        raise NotMeasurableError(
            f"{int(y.sum())} entries among {y.size} candidates in {np.unique(region).size} regions from "
            f"{train[1]} to {test}: expected at least {FEWEST} of each kind in {FEWEST_REGIONS} regions",
            int(y.sum()),
            int(y.size),
        )
    rate = model.entries / model.candidates
    measures = _measures(y, p, q, region, rate, draws, seed, confidence)
    verdict = Verdict.NO_BETTER_THAN_CHANCE
    if measures["auc"].low > 0.5:
        verdict = Verdict.BETTER_THAN_CHANCE
        if measures["auc_gain"].low > 0:
            verdict = Verdict.BETTER_THAN_MARGINS
    return Backtest(
        measures,
        _calibration(y, p, confidence),
        predicted,
        model,
        rival,
        density_test(model, rival),
        verdict,
    )


def foretold(
    start: Matrix,
    end: Matrix,
    score: Matrix,
    event: Event = "entry",
    *,
    draws: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Foretold:
    r"""How well a score known at the start tells which cells are entered, or left. Nothing is fitted.

    .. math:: AUC_{entry} = P(S_{entered} > S_{other}) + \tfrac12 P(=), \quad
        AUC_{exit} = P(S_{left} < S_{kept}) + \tfrac12 P(=)

    Parameters
    ----------
    start, end : arrays or DataFrames of shape (regions, sectors)
        Specialisations at the two dates: 1, 0, NaN where not known.
    score : of the same shape
        Made from the start alone, NaN where it says nothing: such a cell is no candidate.
    event : "entry" or "exit"
        Among the cells not held at the start, or those held.
    draws, seed, confidence
        Of the bootstrap, which resamples whole regions.

    Returns
    -------
    Foretold.

    Raises
    ------
    NotMeasurableError
        If there are fewer than 10 events, 10 other candidates or 5 regions.
    ValueError
        If the shapes differ.

    Source: Hanley and McNeil (1982), Radiology 143; resampling of groups, Davison and Hinkley (1997),
    section 3.8.

    >>> rng = np.random.default_rng(0)
    >>> start = (rng.random((60, 40)) < 0.3).astype(float)
    >>> end = (rng.random((60, 40)) < 0.3).astype(float)
    >>> found = foretold(start, end, rng.random((60, 40)), draws=200)
    >>> round(found.auc.value, 2), found.candidates, found.better_than_chance
    (0.48, 1675, False)
    """
    first, second, values = (np.asarray(each, dtype=np.float64) for each in (start, end, score))
    if not first.shape == second.shape == values.shape:
        raise ValueError(f"shapes {first.shape}, {second.shape} and {values.shape} differ")
    sign, begun = (1.0, 0.0) if event == "entry" else (-1.0, 1.0)
    there = (first == begun) & ~np.isnan(second) & ~np.isnan(values)
    y = (second[there] != begun).astype(np.float64)
    region = np.nonzero(there)[0]
    enough = min(y.sum(), (1 - y).sum()) >= FEWEST
    if not enough or np.unique(region).size < FEWEST_REGIONS:
        raise NotMeasurableError(
            f"{int(y.sum())} events among {y.size} candidates in {np.unique(region).size} regions:"
            f" expected at least {FEWEST} of each kind in {FEWEST_REGIONS} regions",
            int(y.sum()),
            int(y.size),
        )
    area = _areas(sign * values[there])
    found = [area(y, weight) for weight in _by_region(region, draws, seed)]
    tail = 50 * (1 - confidence)
    low, high = np.nanpercentile(found, [tail, 100 - tail])
    auc = Score(area(y, np.ones(y.size)), float(low), float(high))
    return Foretold(auc, int(y.size), int(y.sum()))


def area_under_curve(outcome: Array, score: Array, weight: Array | None = None) -> float:
    """Area under the ROC curve, ties counted half; each case may weigh more or less than one.

    NaN where there are not both outcomes.

    >>> area_under_curve(np.array([1, 0, 1, 0.0]), np.array([0.9, 0.1, 0.4, 0.4]))
    0.875
    """
    return _areas(score)(outcome, np.ones(len(outcome)) if weight is None else weight)


def _areas(score: Array) -> Callable[[Array, Array], float]:
    """The area as a function of outcomes and weights; the scores are sorted once for all draws."""
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.diff(score[order], prepend=-np.inf))

    def area(outcome: Array, weight: Array) -> float:
        up, down = (outcome * weight)[order], ((1 - outcome) * weight)[order]
        ones, zeros = np.add.reduceat(up, starts), np.add.reduceat(down, starts)
        pairs = ones.sum() * zeros.sum()
        if not pairs:
            return np.nan
        below = np.cumsum(zeros) - zeros
        return float((ones * (below + zeros / 2)).sum() / pairs)

    return area


def _measures(
    y: Array,
    p: Array,
    q: Array,
    region: Any,
    rate: float,
    draws: int,
    seed: int,
    confidence: float,
) -> dict[str, Score]:
    area, rival_area = _areas(p), _areas(q)
    error, reference = (p - y) ** 2, (rate - y) ** 2

    def measured(weight: Array) -> list[float]:
        auc, other = area(y, weight), rival_area(y, weight)
        total = weight.sum()
        brier = float(weight @ error / total)
        return [auc, other, auc - other, brier, 1 - brier / float(weight @ reference / total)]

    found = [measured(weight) for weight in _by_region(region, draws, seed)]
    tail = 50 * (1 - confidence)
    low, high = np.nanpercentile(np.array(found), [tail, 100 - tail], axis=0)
    names = ("auc", "auc_margins", "auc_gain", "brier", "brier_skill")
    scores = {
        name: Score(value, float(low[at]), float(high[at]))
        for at, (name, value) in enumerate(zip(names, measured(np.ones(y.size)), strict=True))
    }
    least, most = wilson(np.array([y.sum()]), np.array([float(y.size)]), confidence)
    scores["base_rate"] = Score(float(y.mean()), float(least[0]), float(most[0]))
    scores["candidates"] = Score(float(y.size), np.nan, np.nan)
    scores["entries"] = Score(float(y.sum()), np.nan, np.nan)
    return scores


def _by_region(region: Any, draws: int, seed: int) -> Iterator[Array]:
    """How many times each case counts, whole regions being drawn with replacement."""
    here, place = np.unique(region, return_inverse=True)
    generator = np.random.default_rng(seed)
    for _ in range(draws):
        times = np.bincount(generator.integers(0, here.size, here.size), minlength=here.size)
        yield times[place].astype(np.float64)


def _calibration(y: Array, p: Array, confidence: float, tenths: int = 10) -> pd.DataFrame:
    """The candidates from the least to the most likely, in tenths: foretold, and seen."""
    rows = []
    for part in np.array_split(np.argsort(p, kind="stable"), tenths):
        if part.size:
            entered = float(y[part].sum())
            low, high = wilson(np.array([entered]), np.array([float(part.size)]), confidence)
            rows.append(
                (
                    float(p[part].mean()),
                    entered / part.size,
                    low[0],
                    high[0],
                    part.size,
                    int(entered),
                )
            )
    names = ["predicted", "observed", "low", "high", "candidates", "entries"]
    return pd.DataFrame(rows, columns=names)

"""Breaks: strucchange's published results on the Nile, a brute-force search, and stated answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from perron.methods.economy.breaks import breakpoints, chow, date_sets, sup_f
from perron.methods.economy.regimes import Model

DATA = Path(__file__).parents[2] / "conformity" / "data"
NILE = pd.read_csv(DATA / "breaks_nile.csv", index_col="year").volume.astype(float)
MODELS = list(Model)


def rss_of(y: np.ndarray, model: Model) -> float:
    """The sum of squares around a level or a line, by solving the normal equations."""
    columns = [np.ones(len(y))] + ([np.arange(float(len(y)))] if model is Model.TREND else [])
    design = np.column_stack(columns)
    coefficients = np.linalg.lstsq(design, y, rcond=None)[0]
    return float(((y - design @ coefficients) ** 2).sum())


def cut(y: np.ndarray, ends: tuple[int, ...]) -> list[np.ndarray]:
    return np.split(y, ends)


# Values from an independent source


def test_the_nile_breaks_where_strucchange_says() -> None:
    expected = pd.read_csv(DATA / "breaks_nile_expected.csv", keep_default_na=False)
    found = breakpoints(NILE)
    assert len(found.partitions) == len(expected) == 6
    for partition, row in zip(found.partitions, expected.itertuples(), strict=True):
        assert partition.breaks == tuple(int(year) for year in row.last_years.split())
        assert round(partition.rss) == row.rss
        assert round(partition.bic) == row.bic
    assert found.chosen.breaks == (1898,)
    first, second = found.regimes
    assert (first.first, first.last, first.level, first.slope) == (1871, 1898, 1097.75, 0)
    assert round(second.level, 4) == 849.9722


def test_the_nile_has_the_published_sup_f() -> None:
    found = sup_f(NILE)
    assert (round(found.statistic, 2), found.year) == (75.93, 1898)
    assert found.p_value == 1 / 10_000
    assert found.years == tuple(range(1885, 1956))
    assert found.profile.argmax() == found.years.index(1898)
    assert chow(NILE, 1898).statistic == found.statistic


@pytest.mark.slow
def test_p_values_of_long_series_near_the_tables_of_andrews() -> None:
    # Andrews (2003), "A corrigendum", Econometrica 71(1), table I, p = 1, trimming 15 %.
    # The greatest F is made to be the tabled value; the rest of the series does not matter.
    n, half = 400, 200
    for critical, level in ((7.12, 0.10), (8.68, 0.05), (12.16, 0.01)):
        step = np.repeat([0.0, 1.0], half)
        wave = np.tile([1.0, -1.0], half)
        between = n / 4
        noise = np.sqrt(between * (n - 2) / critical / n)
        found = sup_f(step + noise * wave, draws=19_999)
        assert found.statistic == pytest.approx(critical, rel=0.02)
        assert found.p_value == pytest.approx(level, rel=0.2)


# A second implementation, straight from the definition


def series(least: int, most: int) -> st.SearchStrategy[np.ndarray]:
    return arrays(
        np.float64, st.integers(least, most), elements=st.integers(-200, 200).map(lambda n: n / 8)
    )


@settings(max_examples=60, deadline=None)
@given(series(8, 12), st.sampled_from(MODELS))
def test_every_split_tried_gives_no_better(y: np.ndarray, model: Model) -> None:
    shortest = model.parameters + 1
    found = breakpoints(y, model, minimum=shortest)
    scale = 1e-9 * (1 + ((y - y.mean()) ** 2).sum())
    for m, partition in enumerate(found.partitions):
        best = min(
            sum(rss_of(part, model) for part in cut(y, ends))
            for ends in itertools.combinations(range(1, len(y)), m)
            if all(len(part) >= shortest for part in cut(y, ends))
        )
        assert partition.rss == pytest.approx(best, rel=1e-9, abs=scale)
        at = tuple(year + 1 for year in partition.breaks)
        own = sum(rss_of(part, model) for part in cut(y, at))
        assert own == pytest.approx(best, rel=1e-9, abs=scale)
        if partition.rss > 0:
            n, p = len(y), model.parameters
            likelihood = -n / 2 * (np.log(2 * np.pi * partition.rss / n) + 1)
            free = (m + 1) * p + m + 1  # coefficients, dates, a variance
            assert partition.bic == pytest.approx(-2 * likelihood + free * np.log(n))
    least = min(partition.bic for partition in found.partitions)
    assert found.chosen == next(part for part in found.partitions if part.bic == least)


@settings(max_examples=60, deadline=None)
@given(series(8, 20), st.sampled_from(MODELS))
def test_sup_f_is_the_greatest_chow_statistic(y: np.ndarray, model: Model) -> None:
    shortest, p = model.parameters + 2, model.parameters
    found = sup_f(y, model, minimum=shortest, draws=19)
    none = rss_of(y, model)
    seen = {}
    for size in range(shortest, len(y) - shortest + 1):
        one = sum(rss_of(part, model) for part in cut(y, (size,)))
        if one > 1e-9 * (1 + none):
            seen[size - 1] = ((none - one) / p) / (one / (len(y) - 2 * p))
    if none < 1e-9 * (1 + (y**2).sum()):
        assert (found.statistic, found.year, found.p_value) == (0, None, 1)
        return
    profile = dict(zip(found.years, found.profile, strict=True))
    for year, statistic in seen.items():
        assert profile[year] == pytest.approx(statistic, rel=1e-6, abs=1e-6)
    assert found.statistic == found.profile.max()
    assert 1 / 20 <= found.p_value <= 1


@settings(max_examples=40, deadline=None)
@given(series(8, 16), st.integers(-3, 3), st.sampled_from([0.5, 4.0, -2.0]))
def test_level_and_unit_do_not_matter(y: np.ndarray, level: int, scale: float) -> None:
    if np.ptp(y) == 0:
        return
    first, other = breakpoints(y), breakpoints(level + scale * y)
    for a, b in zip(first.partitions, other.partitions, strict=True):
        assert b.rss == pytest.approx(scale**2 * a.rss, rel=1e-9, abs=1e-9)
    f, g = sup_f(y, draws=99), sup_f(level + scale * y, draws=99)
    assert (g.p_value, g.year is None) == (f.p_value, f.year is None)


def test_chow_is_the_usual_f_test() -> None:
    rng = np.random.default_rng(5)
    y = rng.standard_normal(20) + np.repeat([0.0, 1.0], [8, 12])
    found = chow(pd.Series(y, index=range(2000, 2020)), last=2007)
    t, p = stats.ttest_ind(y[:8], y[8:])
    assert (found.statistic, found.p_value) == (pytest.approx(t**2), pytest.approx(p))


def test_dates_kept_are_those_that_the_likelihood_does_not_reject() -> None:
    limit = -2 * np.log(1 - np.sqrt(0.95))
    assert round(limit, 2) == 7.35  # Eo and Morley (2015)
    y = NILE.to_numpy()
    rss = {k: sum(rss_of(part, Model.MEAN) for part in cut(y, (k,))) for k in range(15, 86)}
    kept = [1870 + k for k in rss if 100 * np.log(rss[k] / min(rss.values())) <= limit]
    assert date_sets(NILE, [1898]) == (tuple(kept),) == ((1896, 1897, 1898, 1899),)


def test_date_sets_are_those_of_a_search_over_every_year() -> None:
    rng = np.random.default_rng(9)
    sizes = set()
    for confidence, step in itertools.product((0.8, 0.9, 0.95), (0.0, 1.0, 2.0)):
        y = rng.standard_normal(21) + np.repeat([0.0, step], [10, 11])
        rss = {k: sum(rss_of(part, Model.MEAN) for part in cut(y, (k,))) for k in range(3, 19)}
        limit = -2 * np.log(1 - np.sqrt(confidence))
        kept = [k - 1 for k in rss if 21 * np.log(rss[k] / min(rss.values())) <= limit]
        estimate = breakpoints(y, most=1).partitions[1].breaks
        assert date_sets(y, estimate, confidence=confidence) == (tuple(kept),)
        sizes.add(len(kept))
    assert {16} < sizes  # every year, and fewer


def test_sets_of_several_breaks_stay_between_their_neighbours() -> None:
    found = date_sets(NILE, (1898, 1953))
    assert 1898 in found[0] and 1953 in found[1]
    assert max(found[0]) + 15 <= 1953 and min(found[1]) - 15 >= 1898
    assert len(found[1]) > 20  # that break does nothing: it could be nearly anywhere


@pytest.mark.slow
def test_date_sets_hold_the_true_year_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    for step in (0.5, 1.0, 3.0):
        held = 0
        for y in rng.standard_normal((600, 30)):
            y[12:] += step
            estimate = breakpoints(y, most=1).partitions[1].breaks
            held += 11 in date_sets(y, estimate)[0]
        assert held / 600 > 0.93


@pytest.mark.slow
def test_without_a_break_one_in_twenty_is_found_and_more_if_years_follow_each_other() -> None:
    rng = np.random.default_rng(2)
    white = rng.standard_normal((400, 19))
    found = np.mean([sup_f(y, draws=199).p_value <= 0.05 for y in white])
    assert 0.025 < found < 0.08
    walk = np.cumsum(white, axis=1)
    assert np.mean([sup_f(y, draws=199).p_value <= 0.05 for y in walk]) > 0.7


def test_p_value_is_larger_when_errors_are_said_to_follow_each_other() -> None:
    y = np.random.default_rng(4).standard_normal(19) + np.repeat([0.0, 1.2], [9, 10])
    told = [sup_f(y, autocorrelation=rho, draws=1999).p_value for rho in (0.0, 0.4, 0.8)]
    assert told == sorted(told) and told[0] < told[2]


def test_the_same_seed_gives_the_same_p_value() -> None:
    y = np.random.default_rng(4).standard_normal(15)
    assert sup_f(y, draws=1500, seed=8).p_value == sup_f(y, draws=1500, seed=8).p_value
    assert sup_f(y, draws=1500, seed=8).p_value != sup_f(y, draws=1500, seed=9).p_value


# Stated answers


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("value", [0.0, 0.1 + 0.2, 1e12])
def test_a_constant_series_has_no_break(value: float, model: Model) -> None:
    y = np.full(19, value)
    found = sup_f(y, model)
    assert (found.statistic, found.year, found.p_value) == (0, None, 1)
    assert breakpoints(y, model).chosen.breaks == ()
    assert breakpoints(y, model).chosen.rss == 0
    assert (chow(y, 9, model).statistic, chow(y, 9, model).p_value) == (0, 1)


def test_a_perfect_line_has_no_break_of_trend() -> None:
    y = pd.Series(227_100 + 1_337.7 * np.arange(19), index=range(2000, 2019))
    assert sup_f(y, Model.TREND).year is None
    found = breakpoints(y, Model.TREND)
    assert found.chosen.breaks == ()
    assert found.regimes[0].slope == pytest.approx(1_337.7)
    assert found.regimes[0].level == pytest.approx(227_100)


def test_rounding_is_no_break() -> None:
    for slope in np.random.default_rng(7).uniform(-2, 2, 20):
        line = 1 / 3 + slope * np.arange(21)
        assert sup_f(line, Model.TREND, draws=1).statistic == 0
        found = breakpoints(line, Model.TREND)
        assert (found.chosen.breaks, found.chosen.rss) == ((), 0)
    nearly = np.tile([0.3, 0.1 + 0.2, 0.3], 7)  # the last digit differs
    assert np.ptp(nearly) > 0
    assert sup_f(nearly, draws=1).year is None
    assert breakpoints(nearly).chosen.breaks == ()


def test_a_perfect_step_is_found_once() -> None:
    y = pd.Series(np.repeat([3.1, 7.7], [8, 11]), index=range(2000, 2019))
    assert breakpoints(y).chosen.breaks == (2007,)
    found = sup_f(y, draws=99)
    assert (found.statistic, found.year, found.p_value) == (np.inf, 2007, 0.01)
    assert date_sets(y, [2007]) == ((2007,),)


def test_a_large_level_does_not_hide_a_small_break() -> None:
    noise = np.random.default_rng(6).standard_normal(30)
    y = noise + np.repeat([0.0, 5.0], 15)
    assert breakpoints(1e7 + y).partitions[1].rss == pytest.approx(breakpoints(y).partitions[1].rss)


def years(*found: int) -> pd.Series:
    return pd.Series(np.arange(float(len(found))), index=list(found))


LONG = pd.Series(np.arange(12.0) % 5, index=range(2000, 2012))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sup_f(years(2000, 2001, 2003, 2004)), "no value between 2001 and 2003"),
        (lambda: breakpoints(years(2000, 2001, 2001)), "year 2001 comes after 2001"),
        (lambda: sup_f(years(2001, 2000)), "year 2000 comes after 2001"),
        (lambda: sup_f(LONG.where(LONG.index != 2005)), "value of 2005 is not known"),
        (lambda: sup_f(pd.Series([1.0], index=["2001"])), "expected whole years"),
        (lambda: sup_f(np.ones((2, 2))), "2 dimensions, expected one value a year"),
        (lambda: sup_f(np.arange(5.0)), "5 years, expected at least 6: two regimes of 3"),
        (lambda: breakpoints(np.arange(7.0), "trend"), "7 years, expected at least 8"),
        (lambda: sup_f(np.array([])), "0 years, expected at least 6"),
        (lambda: sup_f(LONG, minimum=1), "minimum is 1, expected at least 2"),
        (lambda: sup_f(LONG, draws=0), "draws is 0"),
        (lambda: sup_f(LONG, autocorrelation=1.0), "autocorrelation is 1.0"),
        (lambda: sup_f(LONG, "median"), "median"),
        (lambda: breakpoints(LONG, most=9), "12 years hold 0 to 3 breaks"),
        (lambda: chow(LONG, 1999), "last is 1999, expected a year from 2000 to 2011"),
        (lambda: chow(LONG, 2011), "0 after 2011 are too few"),
        (lambda: date_sets(LONG, [1999]), "no year 1999"),
        (lambda: date_sets(LONG, [2000]), "shorter than the minimum of 3"),
        (lambda: date_sets(LONG, [2005], confidence=0), "confidence is 0"),
    ],
)
def test_bad_input_is_said_in_a_sentence(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()

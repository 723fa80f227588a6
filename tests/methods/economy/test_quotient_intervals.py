"""Intervals cover as often as they say, and bounds are exactly what hidden cells leave open."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm
from tests.methods.economy.panels_of_counts import MASKED, drawn
from tests.methods.economy.test_quotients import slow_quotients

from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.quotient_intervals import (
    quotient_of_counts,
    sampling_interval,
    suppression_bounds,
)
from perron.methods.economy.quotients import location_quotient

NAN = float("nan")


def wilson_by_hand(count: float, of: float, z: float) -> tuple[float, float]:
    share = count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return middle - half, middle + half


def slow_interval(x: float, region: float, sector: float, total: float) -> tuple[float, float]:
    """The two formulas of the docstring, for one cell."""
    z = norm.ppf(0.975)
    p1, p2 = x / region, (sector - x) / (total - region)
    l1, u1 = wilson_by_hand(x, region, z)
    l2, u2 = wilson_by_hand(sector - x, total - region, z)
    low = (p1 * p2 - np.sqrt((p1 * p2) ** 2 - l1 * (2 * p1 - l1) * u2 * (2 * p2 - u2))) / (
        u2 * (2 * p2 - u2)
    )
    high = (p1 * p2 + np.sqrt((p1 * p2) ** 2 - u1 * (2 * p1 - u1) * l2 * (2 * p2 - l2))) / (
        l2 * (2 * p2 - l2)
    )
    w = region / total
    return low / (w * low + 1 - w), high / (w * high + 1 - w)


def test_the_interval_is_that_of_the_formula() -> None:
    values = drawn(8, 6, seed=1) + 1
    low, high = sampling_interval(values)
    rows, columns, total = values.sum(axis=1), values.sum(axis=0), values.sum()
    for r, s in np.ndindex(values.shape):
        expected = slow_interval(values[r, s], rows[r], columns[s], total)
        assert (low[r, s], high[r, s]) == pytest.approx(expected, rel=1e-9)


def test_four_counts_give_the_cell_of_the_whole_table() -> None:
    values = drawn(8, 6, seed=2)
    rows, columns, total = values.sum(axis=1)[:, None], values.sum(axis=0), values.sum()
    value, low, high = quotient_of_counts(values, rows, columns, total)
    expected = location_quotient(values), *sampling_interval(values)
    for found, cell in zip((value, low, high), expected, strict=True):
        np.testing.assert_allclose(found, cell, rtol=1e-12)
    # Fabricated metal products in the province of Liège, Statbel 2019: the formulas by hand.
    found = quotient_of_counts(1050, 77_536, 9360, 989_091)
    assert float(found[0]) == pytest.approx(1050 / 77_536 * 989_091 / 9360)
    by_hand = slow_interval(1050, 77_536, 9360, 989_091)
    assert (float(found[1]), float(found[2])) == pytest.approx(by_hand)
    assert np.isnan(quotient_of_counts([np.nan, 3, 3], [10, 0, 10], [5, 5, 0], 100)).all()
    assert [float(f) for f in quotient_of_counts(50, 100, 50, 100)] == [1, 1, 1]
    with pytest.raises(ValueError, match="above that of its sector"):
        quotient_of_counts(6, 10, 5, 100)


@pytest.mark.slow
@pytest.mark.parametrize("size", [40, 400])
def test_it_holds_the_true_quotient_nineteen_times_in_twenty(size: int) -> None:
    generator = np.random.default_rng(0)
    shares = np.array([[0.3, 0.5, 0.2], [0.05, 0.75, 0.2], [0.1, 0.6, 0.3]])
    people = np.array([size, 5 * size, 3 * size])
    truth = location_quotient(shares * people[:, None])
    inside = np.zeros(shares.shape)
    rounds = 4_000
    for _ in range(rounds):
        counts = np.array(
            [generator.multinomial(n, p) for n, p in zip(people, shares, strict=True)]
        )
        low, high = sampling_interval(counts.astype(float))
        inside += (low <= truth) & (truth <= high)
    # Regions are drawn with their size given, so the quotient's own total varies too: about .95.
    assert (inside / rounds > 0.935).all()
    assert (inside / rounds < 0.975).all()


@given(MASKED)
def test_the_interval_is_around_the_quotient(values: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        quotients = location_quotient(values)
    low, high = sampling_interval(values)
    assert (np.isnan(low) == np.isnan(quotients)).all()
    there = ~np.isnan(quotients)
    assert (low[there] <= quotients[there] + 1e-9).all()
    assert (quotients[there] <= high[there] + 1e-9).all()
    assert (low[there] >= 0).all()


def test_more_people_give_a_narrower_interval() -> None:
    few = np.array([[3.0, 10.0], [9.0, 11.0]])
    widths = [np.subtract(*sampling_interval(few * k)[::-1]) for k in (1, 10, 100)]
    assert (widths[0] > widths[1]).all()
    assert (widths[1] > widths[2]).all()


def test_a_known_zero_has_an_interval_that_says_how_little() -> None:
    low, high = sampling_interval(np.array([[0.0, 50.0], [400.0, 5000.0]]))
    assert low[0, 0] == 0
    assert 0.5 < high[0, 0] < 1.5


# Bounds


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
        lambda shape: arrays(
            float, shape, elements=st.integers(0, 6).map(float) | st.just(float("nan"))
        )
    ),
    st.integers(0, 3),
    st.integers(0, 5),
)
def test_the_bounds_are_the_extremes_over_every_filling(
    values: np.ndarray, lower: int, spread: int
) -> None:
    hidden = np.argwhere(np.isnan(values))
    if len(hidden) > 3:
        return
    upper = lower + spread
    least, greatest = suppression_bounds(values, lower, upper)
    # Whole fillings on a fine grid: the extremes lie at its corners but for one cell's own optimum.
    steps = np.unique(np.concatenate([np.linspace(lower, upper, 9)]))
    found_low = np.full(values.shape, np.inf)
    found_high = np.full(values.shape, -np.inf)
    for filling in itertools.product(steps, repeat=len(hidden)):
        full = values.copy()
        for (r, s), value in zip(hidden, filling, strict=True):
            full[r, s] = value
        quotients = slow_quotients(full)
        found_low, found_high = np.fmin(found_low, quotients), np.fmax(found_high, quotients)
    for r, s in np.ndindex(values.shape):
        if np.isfinite(found_low[r, s]):
            assert least[r, s] <= found_low[r, s] + 1e-9
            assert greatest[r, s] >= found_high[r, s] - 1e-9
            # and no wider than the grid can tell
            if not np.isnan(values[r, s]):
                assert least[r, s] == pytest.approx(found_low[r, s], abs=1e-9)
                assert greatest[r, s] == pytest.approx(found_high[r, s], abs=1e-9)


def test_a_hidden_cell_reaches_its_greatest_inside_its_range() -> None:
    values = np.array([[30.0, 10.0], [NAN, 40.0]])
    least, greatest = suppression_bounds(values, upper=400)
    tried = np.linspace(0, 400, 400_001)
    quotient = tried * (80 + tried) / ((40 + tried) * (30 + tried))
    assert greatest[1, 0] == pytest.approx(quotient.max(), rel=1e-9)
    assert 0 < tried[quotient.argmax()] < 400
    assert least[1, 0] == 0


def test_where_nothing_is_hidden_the_bounds_are_the_quotient() -> None:
    values = drawn(7, 9, seed=2)
    least, greatest = suppression_bounds(values)
    np.testing.assert_allclose(least, location_quotient(values), rtol=1e-12)
    np.testing.assert_allclose(greatest, location_quotient(values), rtol=1e-12)


def test_a_wrong_range_is_refused() -> None:
    with pytest.raises(ValueError, match="row 0, column 1: expected 0 or more"):
        suppression_bounds(np.array([[1.0, NAN]]), lower=3, upper=2)


@given(MASKED)
def test_with_the_shipped_convention_every_known_quotient_is_within(values: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        quotients = location_quotient(values)
    least, greatest = suppression_bounds(values)
    there = ~np.isnan(quotients) & ~np.isnan(least) & ~np.isnan(greatest)
    # A quotient on known totals is that of hidden cells at zero, the lowest they may be.
    assert (least[there] <= quotients[there] + 1e-9).all()
    assert (greatest[there] >= quotients[there] - 1e-9).all()

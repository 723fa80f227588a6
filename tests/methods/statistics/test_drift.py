"""The drift forecast against a computation of its own, and against what simulated walks do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from perron.methods.statistics.drift import drift, proportional_drift

series = st.lists(st.floats(1, 1e6), min_size=4, max_size=30)


def by_regression(values: list[float], horizon: int, confidence: float) -> tuple[float, float]:
    """Half the width by ordinary least squares: steps on a constant, then a new sum of `horizon` steps."""
    steps = np.diff(values)
    design = np.ones((len(steps), 1))
    beta, *_rest = np.linalg.lstsq(design, steps, rcond=None)
    left = steps - design @ beta
    sigma = left @ left / (len(steps) - 1)
    ahead = np.full(1, float(horizon))
    variance = sigma * horizon + ahead @ (sigma * np.linalg.inv(design.T @ design)) @ ahead
    reach = stats.t(df=len(steps) - 1).isf((1 - confidence) / 2) * np.sqrt(variance)
    return float(values[-1] + horizon * beta[0]), float(reach)


@given(series, st.integers(1, 15), st.floats(0.5, 0.99))
@settings(max_examples=100, deadline=None)
def test_the_interval_is_that_of_the_regression_of_steps_on_a_constant(values, horizon, confidence):
    found = drift(values, horizon, confidence)
    middle, reach = by_regression(values, horizon, confidence)
    scale = max(map(abs, values))
    assert found.middle == pytest.approx(middle, rel=1e-9, abs=1e-6 * scale)
    assert (found.high - found.low) / 2 == pytest.approx(reach, rel=1e-7, abs=1e-6 * scale)


def test_the_formula_of_the_book_gives_the_same_by_hand():
    # Steps 2, 1, 2, 0: mean 1.25, squares around it 2.75, over 3 degrees of freedom.
    found = drift([1, 3, 4, 6, 6], horizon=2, confidence=0.95)
    assert found.middle == 8.5
    assert found.high - 8.5 == pytest.approx(3.1824463 * (2.75 / 3 * 2 * (1 + 2 / 4)) ** 0.5)


def test_eight_walks_in_ten_end_in_their_range():
    draw = np.random.default_rng(20101231)
    walks = np.cumsum(draw.normal(0.5, 2.0, (4000, 19)), axis=1)
    inside = 0
    for walk in walks:
        found = drift(walk[:11], 8, 0.8)
        inside += found.low <= walk[18] <= found.high
    assert inside / len(walks) == pytest.approx(0.8, abs=0.025)


@given(series, st.floats(0.1, 1000))
@settings(max_examples=50, deadline=None)
def test_a_change_of_unit_changes_nothing_else(values, factor):
    one = proportional_drift(values, 5)
    other = proportional_drift([factor * v for v in values], 5)
    assert other.low == pytest.approx(factor * one.low, rel=1e-6)
    assert other.high == pytest.approx(factor * one.high, rel=1e-6)
    assert 0 <= one.low <= one.middle <= one.high


@pytest.mark.parametrize(
    ("values", "horizon", "confidence", "said"),
    [
        ([1, 2, 3], 1, 0.8, "too few"),
        ([1, 2, float("nan"), 4], 1, 0.8, "missing"),
        ([1, 2, 3, 4], 0, 0.8, "horizon"),
        ([1, 2, 3, 4], 1, 1.0, "confidence"),
    ],
)
def test_what_is_not_a_series_is_refused(values, horizon, confidence, said):
    with pytest.raises(ValueError, match=said):
        drift(values, horizon, confidence)
    with pytest.raises(ValueError, match="zero"):
        proportional_drift([1, 2, 0, 4], 1)

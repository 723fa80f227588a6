"""Intervals agree with published values and with a slow, obvious second computation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perron.methods.statistics.intervals import poisson, wilson

Z95 = 1.959963984540054


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_values(x: int, n: int, low: float, high: float) -> None:
    found = wilson(x, n)
    assert [round(float(b), 4) for b in found] == [low, high]


@pytest.mark.parametrize(
    ("x", "low", "high"),
    [  # Garwood (1936), as tabulated by Ulm (1990), American Journal of Epidemiology 131(2)
        (0, 0.0, 3.689),
        (1, 0.025, 5.572),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (20, 12.217, 30.888),
    ],
)
def test_poisson_gives_the_published_values(x: int, low: float, high: float) -> None:
    found = poisson(x)
    assert [round(float(b), 3) for b in found] == [low, high]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10_000), st.data())
def test_wilson_bounds_are_where_the_score_test_changes_its_mind(
    n: int, data: st.DataObject
) -> None:
    x = data.draw(st.integers(0, n))
    low, high = (float(b) for b in wilson(x, n))
    assert 0.0 <= low <= x / n <= high <= 1.0
    for bound, far in ((low, x == 0), (high, x == n)):
        if far:
            assert bound in (0.0, 1.0)
        else:
            score = abs(x / n - bound) / math.sqrt(bound * (1 - bound) / n)
            assert score == pytest.approx(Z95, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 120))
def test_poisson_bounds_leave_two_and_a_half_percent_on_each_side(x: int) -> None:
    low, high = (float(b) for b in poisson(x))

    def at_most(k: int, mean: float) -> float:
        return math.fsum(
            math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(k + 1)
        )

    assert at_most(x, high) == pytest.approx(0.025, rel=1e-6)
    if x:
        assert 1 - at_most(x - 1, low) == pytest.approx(0.025, rel=1e-6)
    else:
        assert low == 0.0


def test_a_missing_count_gives_no_interval() -> None:
    low, high = wilson([3, np.nan, 0, 2], [10, 10, 0, np.nan])
    assert np.isnan(low).tolist() == [False, True, True, True]
    assert np.isnan(high).tolist() == [False, True, True, True]
    low, high = poisson([np.nan, 4])
    assert np.isnan(low).tolist() == [True, False]
    assert np.isnan(high).tolist() == [True, False]


def test_impossible_counts_are_refused() -> None:
    for x, n in ((-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="negative or above"):
            wilson(x, n)
    with pytest.raises(ValueError, match="negative"):
        poisson(-1)
    for confidence in (0.0, 1.0, 95.0):
        with pytest.raises(ValueError, match="confidence"):
            wilson(1, 2, confidence)
        with pytest.raises(ValueError, match="confidence"):
            poisson(1, confidence)

"""Density and gain are those of the formulas, and nothing is ever said of a hidden cell."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.methods.economy.panels_of_counts import HELD

from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.outlook import (
    density,
    density_bounds,
    distance,
    opportunity_gain,
    outlook_index,
)
from perron.methods.economy.relatedness import proximity

NAN = float("nan")


def near_of(held: np.ndarray, diagonal: float = 1.0) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        return proximity(held, diagonal)


def worth_of(held: np.ndarray) -> np.ndarray:
    return np.linspace(-1, 2, held.shape[1])


def slow_density(held: np.ndarray, near: np.ndarray) -> np.ndarray:
    result = np.full(held.shape, NAN)
    for r, i in np.ndindex(held.shape):
        known = [j for j in range(held.shape[1]) if not np.isnan(held[r, j])]
        around = sum(near[i, j] for j in known if not np.isnan(near[i, j]))
        here = sum(near[i, j] for j in known if held[r, j] == 1 and not np.isnan(near[i, j]))
        if i in known and around > 0:
            result[r, i] = here / around
    return result


def slow_gain(held: np.ndarray, near: np.ndarray, worth: np.ndarray) -> np.ndarray:
    result = np.full(held.shape, NAN)
    for r, i in np.ndindex(held.shape):
        if np.isnan(held[r, i]):
            continue
        gain = 0.0
        for j in range(held.shape[1]):
            total = np.nansum(near[j])
            if held[r, j] == 0 and total > 0 and not np.isnan(near[j, i]):
                gain += near[j, i] * worth[j] / total
        result[r, i] = 0.0 if held[r, i] == 1 else gain
    return result


@given(HELD, st.sampled_from([0.0, 1.0]))
def test_density_is_that_of_the_definition(held: np.ndarray, diagonal: float) -> None:
    near = near_of(held, diagonal)
    np.testing.assert_allclose(density(held, near), slow_density(held, near), rtol=1e-12)
    np.testing.assert_allclose(distance(held, near), 1 - slow_density(held, near), atol=1e-12)


@given(HELD)
def test_gain_and_outlook_are_those_of_the_definition(held: np.ndarray) -> None:
    near, worth = near_of(held), worth_of(held)
    expected = slow_gain(held, near, worth)
    np.testing.assert_allclose(opportunity_gain(held, near, worth), expected, atol=1e-12)
    around = slow_density(held, near)
    for r, found in enumerate(outlook_index(held, near, worth)):
        if np.isnan(held[r]).all():
            assert np.isnan(found)
            continue
        terms = [
            around[r, i] * worth[i]
            for i in range(held.shape[1])
            if held[r, i] == 0 and not np.isnan(around[r, i])
        ]
        assert found == pytest.approx(sum(terms), abs=1e-12)


@given(HELD)
def test_nothing_is_said_of_a_hidden_cell(held: np.ndarray) -> None:
    near, worth = near_of(held), worth_of(held)
    hidden = np.isnan(held)
    for found in (
        density(held, near),
        distance(held, near),
        opportunity_gain(held, near, worth),
        *density_bounds(held, near),
    ):
        assert np.isnan(found[hidden]).all()


@given(HELD)
def test_density_goes_from_none_to_all(held: np.ndarray) -> None:
    found = density(held, near_of(held))
    assert ((found[~np.isnan(found)] >= 0) & (found[~np.isnan(found)] <= 1 + 1e-12)).all()
    whole = np.ones((3, 4))
    np.testing.assert_allclose(density(whole, near_of(whole)), 1)


@given(HELD, st.randoms(use_true_random=False))
def test_the_order_changes_nothing(held: np.ndarray, random) -> None:
    rows, columns = list(range(held.shape[0])), list(range(held.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    turned = held[rows][:, columns]
    np.testing.assert_allclose(
        density(turned, near_of(turned)),
        density(held, near_of(held))[rows][:, columns],
        rtol=1e-12,
    )


@given(HELD)
def test_the_bounds_hold_every_filling_of_a_region(held: np.ndarray) -> None:
    near = near_of(held)
    low, high = density_bounds(held, near)
    hidden = np.flatnonzero(np.isnan(held[0]))
    if len(hidden) > 5:
        return
    found = []
    for filling in itertools.product([0.0, 1.0], repeat=len(hidden)):
        full = held.copy()
        full[0, hidden] = filling
        found.append(density(full, near)[0])
    for i in np.flatnonzero(~np.isnan(held[0]) & ~np.isnan(low[0])):
        values = [row[i] for row in found]
        assert min(values) == pytest.approx(low[0, i])
        assert max(values) == pytest.approx(high[0, i])


def test_the_diagonal_of_the_proximity_moves_density() -> None:
    held = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 1.0]])
    with_itself, without = density(held, near_of(held, 1.0)), density(held, near_of(held, 0.0))
    assert with_itself[0, 0] > without[0, 0]


def test_labels_are_put_in_the_same_order() -> None:
    held = pd.DataFrame([[1, 0, 1], [0, 1, 1.0]], index=["x", "y"], columns=["A", "B", "C"])
    near = proximity(held)
    turned = near.loc[["C", "A", "B"], ["B", "C", "A"]]
    pd.testing.assert_frame_equal(density(held, turned), density(held, near))
    worth = pd.Series([1.0, 2.0, 3.0], index=["A", "B", "C"])
    pd.testing.assert_frame_equal(
        opportunity_gain(held, turned, worth[::-1]), opportunity_gain(held, near, worth)
    )


@pytest.mark.parametrize(
    ("near", "said"),
    [
        (pd.DataFrame(np.eye(3), index=list("ABD"), columns=list("ABD")), "not the same sectors"),
        (np.eye(2), r"shape \(2, 2\), expected \(3, 3\)"),
        (-np.eye(3), "negative"),
        (np.triu(np.ones((3, 3))), "not symmetric"),
    ],
)
def test_another_proximity_is_refused(near, said: str) -> None:
    held = pd.DataFrame([[1, 0, 1.0]], columns=["A", "B", "C"])
    with pytest.raises(ValueError, match=said):
        density(held, near)


def test_a_sector_without_complexity_is_named() -> None:
    held = pd.DataFrame([[1, 0, 1], [0, 1, 1.0]], columns=["A", "B", "C"])
    with pytest.raises(ValueError, match="no value for C"):
        outlook_index(held, proximity(held), pd.Series({"A": 1.0, "B": 2.0}))

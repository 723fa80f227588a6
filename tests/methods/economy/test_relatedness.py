"""Relatedness gives EconGeo's figures, those of the formulas, and knows what was never seen together."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conformity.tables import matrix, table
from tests.methods.economy.panels_of_counts import HELD

from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.quotients import specialised
from perron.methods.economy.relatedness import (
    association,
    cooccurrence,
    cosine,
    jaccard,
    probability,
    proximity,
)

NAN = float("nan")
NORMALISED = (association, cosine, jaccard, probability)


def quietly(function, values, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        return function(values, *arguments)


def slow_proximity(held: np.ndarray, diagonal: float) -> np.ndarray:
    """The lower of P(i | j) and P(j | i), counting regions one by one where both are known."""
    regions, sectors = held.shape
    result = np.full((sectors, sectors), NAN)
    for i, j in np.ndindex(sectors, sectors):
        both = [r for r in range(regions) if held[r, i] == 1 and held[r, j] == 1]
        known = [r for r in range(regions) if not np.isnan(held[r, i]) and not np.isnan(held[r, j])]
        has_i = [r for r in known if held[r, i] == 1]
        has_j = [r for r in known if held[r, j] == 1]
        if not (held[:, i] == 1).any() or not (held[:, j] == 1).any():
            continue
        if i == j:
            result[i, j] = diagonal
        elif has_i and has_j:
            result[i, j] = min(len(both) / len(has_i), len(both) / len(has_j))
        elif has_i or has_j:
            result[i, j] = 0.0
    return result


def slow_normalised(name: str, held: np.ndarray) -> np.ndarray:
    """From the words of economy.md, pair by pair."""
    sectors = held.shape[1]
    c = np.zeros((sectors, sectors))
    for i, j in np.ndindex(sectors, sectors):
        if i != j:
            c[i, j] = sum(a == 1 and b == 1 for a, b in zip(held[:, i], held[:, j], strict=True))
    s = [sum(row) for row in c]
    t = sum(s)
    result = np.full(c.shape, NAN)
    for i, j in np.ndindex(sectors, sectors):
        if not s[i] or not s[j]:
            continue
        chance = t / 2 * (s[i] / t * s[j] / (t - s[i]) + s[j] / t * s[i] / (t - s[j]))
        result[i, j] = {
            "association": c[i, j] * t / (s[i] * s[j]),
            "cosine": c[i, j] / (s[i] * s[j]) ** 0.5,
            "jaccard": c[i, j] / (s[i] + s[j] - c[i, j]),
            "probability": c[i, j] / chance,
        }[name]
    return result


# Values from an independent source


@pytest.fixture(scope="module")
def held() -> pd.DataFrame:
    return specialised(matrix("us_cbp_2018_naics4"))


def test_two_thousand_pairs_of_industries_are_those_of_econgeo(held: pd.DataFrame) -> None:
    pairs = table("econgeo_relatedness_pairs")
    for function, column in ((cooccurrence, "cooc"), (probability, "prob"), (cosine, "cosine")):
        found = function(held)
        values = [found.loc[i, j] for i, j in zip(pairs["i"], pairs["j"], strict=True)]
        np.testing.assert_allclose(values, pairs[column], rtol=1e-12)


@pytest.mark.parametrize(
    ("function", "total"),
    [
        (probability, 96728.283943930524),
        (association, 97016.545595420786),
        (cosine, 250.617911252281),
        (jaccard, 112.521872950964),
    ],
)
def test_all_pairs_add_up_to_econgeo_s(held: pd.DataFrame, function, total: float) -> None:
    assert function(held).to_numpy().sum() == pytest.approx(total, rel=1e-12)


# A second implementation, and what follows from the definition


@given(HELD, st.sampled_from([0.0, 1.0]))
def test_proximity_is_that_of_the_definition(held: np.ndarray, diagonal: float) -> None:
    np.testing.assert_allclose(
        quietly(proximity, held, diagonal), slow_proximity(held, diagonal), rtol=1e-12
    )


@given(HELD)
@pytest.mark.parametrize("function", NORMALISED)
def test_normalised_cooccurrences_are_those_of_the_definition(function, held: np.ndarray) -> None:
    np.testing.assert_allclose(
        quietly(function, held), slow_normalised(function.__name__, held), rtol=1e-12
    )


@given(HELD)
def test_proximity_is_symmetric_and_between_none_and_all(held: np.ndarray) -> None:
    near = quietly(proximity, held)
    np.testing.assert_array_equal(near, near.T)
    assert ((near[~np.isnan(near)] >= 0) & (near[~np.isnan(near)] <= 1)).all()


@given(HELD, st.randoms(use_true_random=False))
@pytest.mark.parametrize("function", [*NORMALISED, proximity, cooccurrence])
def test_the_order_changes_nothing(function, held: np.ndarray, random) -> None:
    rows, columns = list(range(held.shape[0])), list(range(held.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    np.testing.assert_allclose(
        quietly(function, held[rows][:, columns]),
        quietly(function, held)[np.ix_(columns, columns)],
        rtol=1e-12,
    )


def test_a_cell_hidden_in_one_region_takes_that_region_out_of_the_pair_only() -> None:
    held = np.array([[1, 1, 1], [1, NAN, 0], [0, 1, 1.0]])
    near = proximity(held)
    # Sector 0 and 1 are compared on regions 0 and 2; sector 0 and 2 on all three.
    assert near[0, 1] == 1 / 2
    assert near[0, 2] == 1 / 2
    assert near[1, 2] == 1


def test_two_sectors_never_known_together_have_no_proximity() -> None:
    near = proximity(np.array([[1, NAN], [NAN, 1.0]]))
    assert np.isnan(near[0, 1])
    assert near[0, 0] == 1


def test_a_sector_nobody_holds_costs_only_itself() -> None:
    held = pd.DataFrame([[1, 0, 1], [1, 0, 0.0]], columns=["A", "B", "C"])
    with pytest.warns(EmptyWarning, match=r"1 empty sectors \(B\)"):
        near = proximity(held)
    assert near["B"].isna().all()
    assert near.loc["A", "C"] == 0.5


def test_what_is_not_a_matrix_of_specialisations_is_refused() -> None:
    with pytest.raises(ValueError, match="holds 2, expected 0, 1 or NaN"):
        proximity(np.array([[1.0, 2.0]]))
    with pytest.raises(ValueError, match=r"diagonal is 0.5, expected 0 or 1"):
        proximity(np.array([[1.0, 0.0]]), diagonal=0.5)

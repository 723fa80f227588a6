"""Quotients give EconGeo's, REAT's and ecomplexity's figures, and a hidden cell is never a zero."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conformity.tables import matrix, table
from tests.methods.economy.panels_of_counts import COUNTS, MASKED

from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.quotients import location_quotient, specialised

NAN = float("nan")


def slow_quotients(values: np.ndarray) -> np.ndarray:
    """Cell by cell, from the words of the definition."""
    regions, sectors = values.shape
    result = np.full(values.shape, NAN)
    known = [[not np.isnan(values[r, s]) for s in range(sectors)] for r in range(regions)]

    def total(cells: list[tuple[int, int]]) -> float:
        return sum(values[r, s] for r, s in cells if known[r][s])

    every = [(r, s) for r in range(regions) for s in range(sectors)]
    for r, s in every:
        in_region = total([(r, j) for j in range(sectors)])
        in_sector = total([(q, s) for q in range(regions)])
        if known[r][s] and in_region > 0 and in_sector > 0:
            result[r, s] = (values[r, s] / in_region) / (in_sector / total(every))
    return result


def quietly(function, values, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        return function(values, *arguments)


# Values from an independent source


def test_the_quotients_of_933_metropolitan_areas_add_up_to_those_of_econgeo() -> None:
    jobs = matrix("us_cbp_2018_naics4")
    assert location_quotient(jobs).to_numpy().sum() == pytest.approx(280427.847210117, rel=1e-12)
    assert specialised(jobs).to_numpy().sum() == 55_437
    expected = table("econgeo_cbsa_specialisation").set_index("cbsa")["diversity"]
    assert specialised(jobs).sum(axis=1).equals(expected.reindex(jobs.index))


def test_the_quotients_of_german_states_are_those_of_reat() -> None:
    quotients = location_quotient(matrix("reat_laender_2015"))
    expected = matrix("reat_laender_2015_quotients")
    pd.testing.assert_frame_equal(quotients, expected, rtol=1e-12, check_names=False)


# A second implementation, and what follows from the definition


@given(MASKED)
def test_the_quotients_are_those_of_the_definition(values: np.ndarray) -> None:
    np.testing.assert_allclose(
        quietly(location_quotient, values), slow_quotients(values), rtol=1e-12
    )


@given(COUNTS, st.sampled_from([0.001, 3.0, 1e6]))
def test_a_change_of_unit_changes_nothing(values: np.ndarray, factor: float) -> None:
    np.testing.assert_allclose(
        quietly(location_quotient, values * factor), quietly(location_quotient, values), rtol=1e-9
    )


@given(MASKED, st.randoms(use_true_random=False))
def test_the_order_of_regions_and_sectors_changes_nothing(values: np.ndarray, random) -> None:
    rows, columns = list(range(values.shape[0])), list(range(values.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    np.testing.assert_allclose(
        quietly(location_quotient, values[rows][:, columns]),
        quietly(location_quotient, values)[rows][:, columns],
        rtol=1e-12,
    )


@given(COUNTS)
def test_the_mean_of_the_quotients_weighted_by_the_regions_is_one(values: np.ndarray) -> None:
    quotients = quietly(location_quotient, values)
    weight = values.sum(axis=1) / max(values.sum(), 1)
    for s in np.flatnonzero(values.sum(axis=0) > 0):
        assert np.nansum(quotients[:, s] * weight) == pytest.approx(1.0)


def test_the_threshold_is_excluded() -> None:
    even = np.array([[10.0, 10.0], [10.0, 10.0]])
    assert not specialised(even).any()
    assert specialised(even, threshold=0.999).all()


# What is not known, and what holds nothing


def test_a_hidden_cell_has_no_quotient_and_no_specialisation() -> None:
    jobs = pd.DataFrame([[30, None], [20, 40]], index=["BE33", "BE32"], columns=["C", "H53"])
    assert np.isnan(location_quotient(jobs).loc["BE33", "H53"])
    assert np.isnan(specialised(jobs).loc["BE33", "H53"])
    assert location_quotient(jobs).notna().sum().sum() == 3


def test_an_empty_region_costs_only_itself_and_is_named() -> None:
    jobs = pd.DataFrame(
        [[30, 10, 0], [0, 0, 0], [20, 40, 0]], index=["a", "b", "c"], columns=["C", "J", "U"]
    )
    with pytest.warns(EmptyWarning) as caught:
        held = specialised(jobs)
        quotients = location_quotient(jobs)
    assert {warning.message.names for warning in caught} == {("b",), ("U",)}
    assert quotients.loc["b"].isna().all()
    assert quotients["U"].isna().all()
    assert held.loc[["a", "c"], ["C", "J"]].to_numpy().tolist() == [[1, 0], [0, 1]]


def test_a_single_region_is_like_itself_everywhere() -> None:
    assert location_quotient(np.array([[3.0, 5.0]])).tolist() == [[1.0, 1.0]]
    assert specialised(np.array([[3.0, 5.0]])).tolist() == [[0.0, 0.0]]


def test_a_single_sector_says_nothing_either() -> None:
    assert location_quotient(np.array([[3.0], [5.0]])).tolist() == [[1.0], [1.0]]


def test_all_hidden_is_all_unknown() -> None:
    hidden = np.full((3, 2), NAN)
    with pytest.warns(EmptyWarning):
        assert np.isnan(location_quotient(hidden)).all()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (pd.DataFrame([[1, -2]], index=["BE33"], columns=["A", "C"]), "-2.*'BE33'.*'C'"),
        (np.array([[1.0, np.inf]]), "infinite"),
        (np.array([1.0, 2.0]), "1 dimensions"),
        (pd.DataFrame([[1, 2]], columns=["A", "A"]), "'A' is there twice"),
    ],
)
def test_what_is_not_a_panel_is_refused_with_its_place(values, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        location_quotient(values)

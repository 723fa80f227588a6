"""Concentration gives EconGeo's and REAT's figures, agrees with the formulas, follows its rules."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.conformity.tables import matrix, table

from perron.methods.economy import specialisation
from perron.methods.economy.concentration import (
    gini_of_concentration,
    hoover_concentration,
    krugman_concentration,
    locational_gini,
    spatial_herfindahl,
)
from perron.methods.economy.labels import EmptyWarning

ALL = (
    gini_of_concentration,
    hoover_concentration,
    krugman_concentration,
    locational_gini,
    spatial_herfindahl,
)
NAN = float("nan")
PANELS = st.tuples(st.integers(2, 7), st.integers(1, 6)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(0, 9).map(float)).filter(
        lambda found: bool((found.sum(axis=0) > 0).all())
    )
)


# Values from an independent source


def test_econgeo_figures_of_288_industries() -> None:
    jobs = matrix("us_cbp_2018_naics4")
    expected = table("econgeo_naics_concentration").set_index("naics")["loc_gini"]
    pd.testing.assert_series_equal(
        locational_gini(jobs), expected.reindex(jobs.columns), rtol=1e-9, check_names=False
    )


@pytest.mark.parametrize(
    ("column", "function", "reference"),
    [
        ("H", hoover_concentration, "all"),
        ("G", gini_of_concentration, "all"),
        ("K", krugman_concentration, "mean_of_others"),
    ],
)
def test_reat_figures_of_german_industries(
    column: str, function: Callable[..., pd.Series], reference: str
) -> None:
    expected = table("reat_laender_2015_concentration").set_index("sector")[column]
    found = function(matrix("reat_laender_2015"), reference)
    pd.testing.assert_series_equal(found, expected, rtol=1e-13, check_names=False)


# A slow second implementation, straight from the formulas


def slow_locational_gini(sector: list[float], reference: list[float]) -> float:
    """Area under the diagonal less that under the curve, trapezium by trapezium."""
    total, all_of_it = sum(sector), sum(reference)
    pairs = [(x / total, t / all_of_it) for x, t in zip(sector, reference, strict=True) if t > 0]
    x = y = under = 0.0
    for share, width in sorted(pairs, key=lambda pair: pair[0] / pair[1]):
        under += width * (y + y + share) / 2
        x, y = x + width, y + share
    assert x == pytest.approx(1)
    return 0.5 - under


@settings(max_examples=80, deadline=None)
@given(panel=PANELS, data=st.data())
def test_the_locational_gini_is_the_area_of_its_curve(
    panel: np.ndarray, data: st.DataObject
) -> None:
    unknown = data.draw(arrays(bool, panel.shape, elements=st.sampled_from([False] * 6 + [True])))
    panel = np.where(unknown, np.nan, panel)
    totals = np.nansum(panel, axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        found = locational_gini(panel, missing="known")
        strict = locational_gini(panel)
    for at, sector in enumerate(panel.T):
        known = ~np.isnan(sector)
        if sector[known].sum() == 0:
            assert np.isnan(found[at])
            continue
        expected = slow_locational_gini(sector[known].tolist(), totals[known].tolist())
        assert found[at] == pytest.approx(expected, abs=1e-12)
        assert np.isnan(strict[at]) if not known.all() else strict[at] == found[at]


@settings(max_examples=60, deadline=None)
@given(panel=PANELS)
def test_concentration_is_specialisation_with_rows_for_columns(panel: np.ndarray) -> None:
    mirrors = {
        spatial_herfindahl: specialisation.herfindahl,
        krugman_concentration: specialisation.krugman,
        hoover_concentration: specialisation.coefficient_of_specialisation,
        gini_of_concentration: specialisation.gini_of_specialisation,
    }
    for function, mirror in mirrors.items():
        np.testing.assert_allclose(function(panel), mirror(panel.T), rtol=1e-12)


# Properties


@settings(max_examples=60, deadline=None)
@given(panel=PANELS, seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_and_columns_and_the_unit_change_nothing(
    panel: np.ndarray, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    rows, columns = draw.permutation(len(panel)), draw.permutation(panel.shape[1])
    for function in ALL:
        before = function(panel)
        np.testing.assert_allclose(function(panel[rows][:, columns]), before[columns], atol=1e-12)
        np.testing.assert_allclose(function(panel * 1000), before, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(panel=PANELS)
def test_the_locational_gini_is_within_its_bounds_and_below_hoover(panel: np.ndarray) -> None:
    found, unit = locational_gini(panel), locational_gini(panel, halved=False)
    assert ((found >= 0) & (found < 0.5)).all()
    np.testing.assert_array_equal(unit, 2 * found)
    # Hoover's index is the largest height between the diagonal and the curve: a triangle under it.
    assert (unit >= hoover_concentration(panel) - 1e-12).all()


@settings(max_examples=60, deadline=None)
@given(panel=PANELS, at=st.integers(0, 10))
def test_cutting_a_region_in_two_alike_changes_no_locational_gini(
    panel: np.ndarray, at: int
) -> None:
    at %= len(panel)
    cut = np.vstack([np.delete(panel, at, axis=0), panel[at] / 2, panel[at] / 2])
    np.testing.assert_allclose(locational_gini(cut), locational_gini(panel), atol=1e-12)


# Rules


def test_a_sector_spread_like_all_activity_is_not_concentrated() -> None:
    panel = np.outer([1.0, 5, 20, 3], [2.0, 7, 1])
    for function in ALL:
        if function is not spatial_herfindahl:
            np.testing.assert_allclose(function(panel), 0, atol=1e-12)


def test_an_unknown_region_costs_its_own_sector_only() -> None:
    panel = np.array([[5.0, 4, 6], [NAN, 2, 1], [3, 1, 2]])
    for function in ALL:
        assert np.isnan(function(panel)).tolist() == [True, False, False]
        assert np.isfinite(function(panel, missing="known")).all()


def test_an_empty_sector_costs_itself_only_with_a_warning() -> None:
    panel = pd.DataFrame([[5.0, 0, 1], [4, 0, 2], [1, 0, 1]], columns=["A", "B", "C"])
    for function in ALL:
        with pytest.warns(EmptyWarning) as told:
            found = function(panel)
        assert [warning.message.names for warning in told] == [("B",)]
        assert found.isna().to_dict() == {"A": False, "B": True, "C": False}


def test_a_reference_is_any_quantity_by_region_matched_by_label() -> None:
    panel = pd.DataFrame({"A": [5.0, 3, 0]}, index=["x", "y", "z"])
    population = pd.Series({"z": 50.0, "x": 100.0, "y": 100.0})
    assert locational_gini(panel, population)["A"] == pytest.approx(
        slow_locational_gini([5, 3, 0], [100, 100, 50])
    )
    with pytest.raises(ValueError, match="region 'z' is not in it"):
        locational_gini(panel, population.drop("z"))


def test_a_sector_where_the_reference_has_nothing_has_no_index() -> None:
    panel, nowhere = np.array([[1.0], [2.0]]), np.array([1.0, 0.0])
    assert np.isnan(locational_gini(panel, nowhere)).all()
    assert np.isnan(gini_of_concentration(panel, nowhere)).all()


def test_a_single_region_and_a_single_sector() -> None:
    assert locational_gini(np.array([[3.0, 4]])).tolist() == [0, 0]
    assert locational_gini(np.array([[3.0], [4]])).tolist() == [0]
    assert np.isnan(locational_gini(np.array([[3.0], [4]]), "others")).all()

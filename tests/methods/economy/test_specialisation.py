"""Specialisation gives EconGeo's and REAT's figures, agrees with the formulas, follows its rules."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.conformity.tables import matrix, table

from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.specialisation import (
    coefficient_of_specialisation,
    gini_of_shares,
    gini_of_specialisation,
    hachman,
    herfindahl,
    hoover,
    krugman,
    theil,
    theil_redundancy,
)

ALL = (
    coefficient_of_specialisation,
    gini_of_shares,
    gini_of_specialisation,
    hachman,
    herfindahl,
    hoover,
    krugman,
    theil,
    theil_redundancy,
)
COMPARED = (coefficient_of_specialisation, gini_of_specialisation, hachman, hoover, krugman)
NAN = float("nan")

#: Small whole numbers: many zeros and ties, and no row that is nothing.
PANELS = st.tuples(st.integers(1, 6), st.integers(2, 7)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(0, 9).map(float)).filter(
        lambda found: bool((found.sum(axis=1) > 0).all())
    )
)


# Values from an independent source


@pytest.mark.parametrize(
    ("function", "column"),
    [
        (krugman, "krugman"),
        (hachman, "hachman"),
        (coefficient_of_specialisation, "spec_coeff"),
        (herfindahl, "herfindahl"),
    ],
)
def test_econgeo_figures_of_933_us_areas(function: Callable[..., pd.Series], column: str) -> None:
    jobs = matrix("us_cbp_2018_naics4")
    expected = table("econgeo_cbsa_specialisation").set_index("cbsa")[column]
    pd.testing.assert_series_equal(
        function(jobs), expected.reindex(jobs.index), rtol=1e-9, check_names=False
    )


@pytest.mark.parametrize(
    ("column", "function", "reference"),
    [
        ("H", coefficient_of_specialisation, "all"),
        ("G", gini_of_specialisation, "all"),
        ("K", krugman, "mean_of_others"),
    ],
)
def test_reat_figures_of_the_german_laender(
    column: str, function: Callable[..., pd.Series], reference: str
) -> None:
    expected = table("reat_laender_2015_specialisation").set_index("region")[column]
    found = function(matrix("reat_laender_2015"), reference)
    pd.testing.assert_series_equal(found, expected, rtol=1e-13, check_names=False)


def test_reat_figures_of_freiburg() -> None:
    read = table("reat_freiburg").set_index("sector")
    region, germany = read[["freiburg_2014"]].T, read["germany_2014"]
    found = {
        "herf": herfindahl(region),
        "herf_norm": herfindahl(region, normalised=True),
        "gini": gini_of_shares(region),
        "gini_norm": gini_of_shares(region, normalised=True),
        "krugman_spec": krugman(region, germany),
        "gini_spec": gini_of_specialisation(region, germany),
        "theil": theil(region),
        "hoover": hoover(region, germany),
    }
    expected = table("reat_freiburg_expected").set_index("index")["value"]
    assert set(found) == set(expected.index)
    for name, value in found.items():
        assert value.item() == pytest.approx(expected[name], rel=1e-13), name


def test_reat_figures_of_liege_in_wallonia() -> None:
    inputs = table("shift_share_inputs")
    inputs = inputs[inputs.case == "liege"].set_index(["region", "sector"])
    expected = table("reat_liege_expected").set_index(["index", "year"])["value"]
    for year, date in ((2008, "start"), (2018, "end")):
        region = inputs.loc[["BE332"], date].unstack()
        wallonia = inputs.loc["base", date]
        assert krugman(region, wallonia).item() == pytest.approx(
            expected["krugman_spec", year], rel=1e-13
        )
        assert herfindahl(region).item() == pytest.approx(expected["herf", year], rel=1e-13)


def test_the_examples_of_textbooks_printed_in_reats_help() -> None:
    assert herfindahl(np.array([[20.0, 50, 20, 10]]))[0] == pytest.approx(0.34)
    assert herfindahl(np.array([[20.0, 50, 20, 10]]), normalised=True)[0] == pytest.approx(0.12)
    assert theil(np.array([[10.0, 10, 10, 20, 50]]))[0] == pytest.approx(0.2326302, abs=5e-8)


# A slow second implementation, straight from the formulas


def slow_gini(values: list[float]) -> float:
    """Mean difference of all pairs, over twice the mean."""
    mean = sum(values) / len(values)
    return sum(abs(a - b) for a in values for b in values) / len(values) ** 2 / (2 * mean)


def slow_reference(panel: np.ndarray, row: int, known: list[int], reference: str) -> list[float]:
    others = [r for r in range(len(panel)) if r != row]
    if reference == "equal":
        return [1 / len(known)] * len(known)
    if reference == "mean_of_others":
        complete = [r for r in others if not np.isnan(panel[r]).any() and panel[r].sum() > 0]
        if not complete:
            return [NAN] * len(known)
        shares = [sum(panel[r, i] / panel[r].sum() for r in complete) for i in known]
    else:
        rows = range(len(panel)) if reference == "all" else others
        shares = [sum(panel[r, i] for r in rows if not np.isnan(panel[r, i])) for i in known]
    total = sum(shares)
    return [share / total if total > 0 else NAN for share in shares]


def slow(name: str, panel: np.ndarray, row: int, reference: str) -> float:
    """The index of a row on its known cells."""
    known = [i for i, value in enumerate(panel[row]) if not np.isnan(value)]
    total = sum(panel[row, i] for i in known)
    if not known or total == 0:
        return NAN
    shares = [panel[row, i] / total for i in known]
    b = slow_reference(panel, row, known, reference)
    n = len(known)
    if name == "krugman":
        return sum(abs(s - x) for s, x in zip(shares, b, strict=True))
    if name in ("coefficient_of_specialisation", "hoover"):
        return sum(abs(s - x) for s, x in zip(shares, b, strict=True)) / 2
    if name == "hachman":
        if math.isnan(b[0]):
            return NAN
        if any(s > 0 and x == 0 for s, x in zip(shares, b, strict=True)):
            return 0.0
        return 1 / sum(s / x * s for s, x in zip(shares, b, strict=True) if s > 0)
    if name == "herfindahl":
        return sum(s**2 for s in shares)
    if name == "theil":
        above = [panel[row, i] for i in known if panel[row, i] > 0]
        mean = sum(above) / len(above)
        return sum(math.log(mean / x) for x in above) / len(above)
    if name == "theil_redundancy":
        return math.log(n) + sum(s * math.log(s) for s in shares if s > 0)
    if name == "gini_of_shares":
        return slow_gini([panel[row, i] for i in known])
    if math.isnan(b[0]) or any(s > 0 and x == 0 for s, x in zip(shares, b, strict=True)):
        return NAN
    return slow_gini([s / x for s, x in zip(shares, b, strict=True) if x > 0])


@settings(max_examples=60, deadline=None)
@given(panel=PANELS, data=st.data())
def test_each_index_is_its_formula(panel: np.ndarray, data: st.DataObject) -> None:
    unknown = data.draw(arrays(bool, panel.shape, elements=st.sampled_from([False] * 6 + [True])))
    panel = np.where(unknown, np.nan, panel)
    for function in ALL:
        compared = ["all", "others", "mean_of_others", "equal"] if function in COMPARED else ["all"]
        for reference in compared:
            arguments = (reference,) if function in COMPARED else ()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", EmptyWarning)
                strict = function(panel, *arguments)
                loose = function(panel, *arguments, missing="known")
            expected = [slow(function.__name__, panel, r, reference) for r in range(len(panel))]
            np.testing.assert_allclose(loose, expected, rtol=1e-9, atol=1e-12)
            hidden = np.isnan(panel).any(axis=1)
            np.testing.assert_array_equal(strict, np.where(hidden, np.nan, loose))


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
        np.testing.assert_allclose(function(panel[rows][:, columns]), before[rows], atol=1e-12)
        np.testing.assert_allclose(function(panel * 1000), before, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(panel=PANELS)
def test_each_index_stays_within_its_bounds(panel: np.ndarray) -> None:
    n = panel.shape[1]
    bounds = {
        krugman: (0, 2),
        coefficient_of_specialisation: (0, 1),
        hoover: (0, 1 - 1 / n),
        hachman: (0, 1),
        herfindahl: (1 / n, 1),
        theil: (0, np.inf),
        theil_redundancy: (0, np.log(n)),
        gini_of_shares: (0, 1 - 1 / n),
        gini_of_specialisation: (0, 1 - 1 / n),
    }
    for function, (low, high) in bounds.items():
        found = function(panel)
        assert (found >= low - 1e-12).all(), function
        assert (found <= high + 1e-12).all(), function


@settings(max_examples=60, deadline=None)
@given(row=arrays(float, 5, elements=st.integers(1, 9).map(float)), times=st.integers(1, 4))
def test_regions_of_one_structure_are_not_specialised(row: np.ndarray, times: int) -> None:
    panel = np.outer(np.arange(1, times + 1), row)
    for function in (krugman, coefficient_of_specialisation, gini_of_specialisation):
        np.testing.assert_allclose(function(panel), 0, atol=1e-12)
    np.testing.assert_allclose(hachman(panel), 1, rtol=1e-12)


# Rules


def test_an_unknown_cell_costs_its_own_region_only() -> None:
    panel = np.array([[5.0, NAN, 3], [4, 2, 1], [6, 1, 2]])
    for function in ALL:
        found = function(panel)
        assert np.isnan(found).tolist() == [True, False, False]
        assert np.isfinite(function(panel, missing="known")).all()


def test_an_unknown_cell_is_not_taken_for_zero() -> None:
    unknown, zero = np.array([[5.0, NAN, 3], [4, 2, 1]]), np.array([[5.0, 0, 3], [4, 2, 1]])
    assert krugman(unknown, missing="known")[0] != pytest.approx(krugman(zero)[0])
    assert herfindahl(unknown, normalised=True, missing="known")[0] != pytest.approx(
        herfindahl(zero, normalised=True)[0]
    )


def test_an_empty_region_costs_itself_only_with_a_warning() -> None:
    panel = pd.DataFrame([[5.0, 3, 1], [0, 0, 0], [4, 2, 1]], index=["a", "b", "c"])
    for function in ALL:
        with pytest.warns(EmptyWarning) as told:
            found = function(panel)
        assert [warning.message.names for warning in told] == [("b",)]
        assert found.index.tolist() == ["a", "b", "c"]
        assert found.isna().tolist() == [False, True, False]
        np.testing.assert_array_equal(found[["a", "c"]], function(panel.drop("b")))


def test_a_region_where_nothing_is_known_is_told_as_empty() -> None:
    panel = np.array([[NAN, NAN], [1, 2]])
    for function in ALL:
        with pytest.warns(EmptyWarning):
            assert np.isnan(function(panel, missing="known")).tolist() == [True, False]
    for function in (herfindahl, gini_of_shares):
        with pytest.warns(EmptyWarning):
            found = function(panel, normalised=True, missing="known")
        assert np.isnan(found).tolist() == [True, False]


def test_a_sector_that_nobody_has_changes_only_what_counts_sectors() -> None:
    panel = np.array([[5.0, 3, 1], [4, 2, 2]])
    wider = np.column_stack([panel, [0.0, 0]])
    for function in (krugman, hachman, herfindahl, theil, gini_of_specialisation):
        np.testing.assert_allclose(function(wider), function(panel), rtol=1e-12)
    for function in (hoover, gini_of_shares, theil_redundancy):
        assert (function(wider) > function(panel)).all()


def test_a_single_region_and_a_single_sector() -> None:
    region = np.array([[5.0, 3, 1]])
    assert krugman(region)[0] == 0
    assert hachman(region)[0] == pytest.approx(1)
    for reference in ("others", "mean_of_others"):
        assert np.isnan(krugman(region, reference)[0])
        assert np.isnan(hachman(region, reference)[0])
    sector = np.array([[5.0], [3.0]])
    for function, expected in ((krugman, 0), (herfindahl, 1), (theil, 0), (gini_of_shares, 0)):
        assert function(sector).tolist() == [expected, expected]
    assert np.isnan(herfindahl(sector, normalised=True)).all()
    assert np.isnan(gini_of_shares(sector, normalised=True)).all()


def test_a_sector_of_one_region_only_is_nothing_in_the_others() -> None:
    # Rounding must not leave a crumb that passes for a sector.
    panel = np.array([[0.1, 0.3, 0.7], [0.2, 0.0, 0.1], [0.3, 0.0, 0.9]])
    assert hachman(panel, "others")[0] == 0
    assert np.isnan(gini_of_specialisation(panel, "mean_of_others")[0])


def test_a_reference_is_matched_by_label() -> None:
    panel = pd.DataFrame([[5.0, 3, 1]], index=["r"], columns=["A", "B", "C"])
    country = pd.Series({"C": 10.0, "A": 20.0, "B": 70.0, "unused": 5.0})
    assert krugman(panel, country)["r"] == pytest.approx(
        krugman(np.array([[5.0, 3, 1]]), np.array([20.0, 70, 10]))[0]
    )
    with pytest.raises(ValueError, match="'B' is not in it"):
        krugman(panel, country.drop("B"))


def test_the_base_of_the_logarithm_is_an_argument() -> None:
    panel = np.array([[1.0, 3, 4]])
    for function in (theil, theil_redundancy):
        np.testing.assert_allclose(function(panel, base=2), function(panel) / np.log(2))
        with pytest.raises(ValueError, match="above 1"):
            function(panel, base=1)


@pytest.mark.parametrize(
    ("panel", "arguments", "told"),
    [
        ([[1.0, -2]], {}, "negative"),
        ([[1.0, np.inf]], {}, "infinite"),
        ([[1.0, 2]], {"reference": "world"}, "expected one of all"),
        ([[1.0, 2]], {"reference": np.array([1.0])}, "expected 2 sectors"),
        ([[1.0, 2]], {"reference": np.array([1.0, NAN])}, "not known"),
        ([[1.0, 2]], {"reference": np.array([0.0, 0])}, "nothing at all"),
        ([[1.0, 2]], {"missing": "zero"}, 'expected "nan" or "known"'),
        (np.empty((2, 0)), {}, "no cell"),
    ],
)
def test_what_is_wrong_is_told(panel: object, arguments: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told), warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        krugman(np.asarray(panel, dtype=float), **arguments)

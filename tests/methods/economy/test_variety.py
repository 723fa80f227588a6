"""Variety gives EconGeo's figures, agrees with the formulas of Frenken and others, follows its rules."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.conformity.tables import matrix, table

from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.variety import (
    entropy,
    parents_by_length,
    related_variety,
    unrelated_variety,
)

NAN = float("nan")
PANELS = st.tuples(st.integers(1, 6), st.integers(1, 8)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(0, 9).map(float)).filter(
        lambda found: bool((found.sum(axis=1) > 0).all())
    )
)


def groups(panel: np.ndarray, data: st.DataObject) -> list[str]:
    count = panel.shape[1]
    return data.draw(st.lists(st.sampled_from("ABC"), min_size=count, max_size=count))


# Values from an independent source


def test_econgeo_figures_of_933_us_areas() -> None:
    jobs = matrix("us_cbp_2018_naics4")
    merged = {"32": "31", "33": "31", "45": "44", "49": "48"}
    parents = parents_by_length(jobs.columns, 2).replace(merged)
    expected = table("econgeo_variety_frenken_log2").set_index("cbsa").reindex(jobs.index)
    for column, found in (
        ("total_variety", entropy(jobs)),
        ("unrelated_variety", unrelated_variety(jobs, parents)),
        ("related_variety", related_variety(jobs, parents)),
    ):
        pd.testing.assert_series_equal(found, expected[column], rtol=1e-9, check_names=False)


# A slow second implementation, straight from the formulas


def slow(row: list[float], parents: list[str]) -> tuple[float, float]:
    """Unrelated and related variety in bits."""
    total = sum(row)
    unrelated = related = 0.0
    for group in set(parents):
        shares = [x / total for x, parent in zip(row, parents, strict=True) if parent == group]
        of_group = sum(shares)
        if of_group > 0:
            unrelated += of_group * math.log2(1 / of_group)
            inner = [share / of_group for share in shares if share > 0]
            related += of_group * sum(p * math.log2(1 / p) for p in inner)
    return unrelated, related


@settings(max_examples=80, deadline=None)
@given(panel=PANELS, data=st.data())
def test_each_variety_is_its_formula(panel: np.ndarray, data: st.DataObject) -> None:
    parents = groups(panel, data)
    expected = np.array([slow(row.tolist(), parents) for row in panel])
    found = [unrelated_variety(panel, parents), related_variety(panel, parents)]
    np.testing.assert_allclose(np.column_stack(found), expected, rtol=1e-9, atol=1e-12)


# Properties


@settings(max_examples=80, deadline=None)
@given(panel=PANELS, data=st.data())
def test_related_and_unrelated_variety_add_up_to_the_total(
    panel: np.ndarray, data: st.DataObject
) -> None:
    parents = groups(panel, data)
    parts = unrelated_variety(panel, parents) + related_variety(panel, parents)
    np.testing.assert_allclose(parts, entropy(panel), atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(panel=PANELS, data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_and_columns_and_the_unit_change_nothing(
    panel: np.ndarray, data: st.DataObject, seed: int
) -> None:
    parents = np.array(groups(panel, data))
    draw = np.random.default_rng(seed)
    rows, columns = draw.permutation(len(panel)), draw.permutation(panel.shape[1])
    for function in (related_variety, unrelated_variety):
        before = function(panel, parents)
        mixed = function(panel[rows][:, columns] * 1000, parents[columns])
        np.testing.assert_allclose(mixed, before[rows], atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(panel=PANELS)
def test_one_group_leaves_no_unrelated_variety_and_lone_sectors_no_related_one(
    panel: np.ndarray,
) -> None:
    total = entropy(panel)
    one, each = ["g"] * panel.shape[1], list(range(panel.shape[1]))
    np.testing.assert_allclose(unrelated_variety(panel, one), 0, atol=1e-12)
    np.testing.assert_allclose(related_variety(panel, one), total, atol=1e-12)
    np.testing.assert_array_equal(related_variety(panel, each), 0)
    np.testing.assert_allclose(unrelated_variety(panel, each), total, atol=1e-12)
    assert (total <= np.log2(panel.shape[1]) + 1e-12).all()


# Rules


def test_equal_sectors_have_the_logarithm_of_their_number() -> None:
    assert entropy(np.ones((1, 8)))[0] == pytest.approx(3)
    assert entropy(np.ones((1, 8)), base=math.e)[0] == pytest.approx(math.log(8))
    assert entropy(np.array([[7.0, 0, 0]])).tolist() == [0]


def test_an_unknown_cell_costs_its_own_region_only() -> None:
    panel, parents = np.array([[5.0, NAN, 3], [4, 2, 1]]), ["A", "A", "B"]
    for found in (
        entropy(panel),
        unrelated_variety(panel, parents),
        related_variety(panel, parents),
    ):
        assert np.isnan(found).tolist() == [True, False]
    known = entropy(panel, missing="known")
    np.testing.assert_allclose(known, [slow([5, 3], ["A", "B"])[0], entropy(panel)[1]])
    assert related_variety(panel, parents, missing="known")[0] == 0


def test_an_empty_region_costs_itself_only_with_a_warning() -> None:
    panel = pd.DataFrame([[0.0, 0], [4, 2]], index=["a", "b"], columns=["A1", "A2"])
    parents = parents_by_length(panel.columns, 1)
    for function, arguments in (
        (entropy, ()),
        (unrelated_variety, (parents,)),
        (related_variety, (parents,)),
    ):
        with pytest.warns(EmptyWarning) as told:
            found = function(panel, *arguments)
        assert [warning.message.names for warning in told] == [("a",)]
        assert found.isna().to_dict() == {"a": True, "b": False}


def test_parents_are_matched_by_label() -> None:
    panel = pd.DataFrame([[1.0, 2, 3]], columns=["x", "y", "z"])
    for parents in ({"z": 1, "y": 1, "x": 2, "w": 9}, pd.Series({"z": 1, "y": 1, "x": 2})):
        assert related_variety(panel, parents)[0] == pytest.approx(slow([1, 2, 3], [2, 1, 1])[1])


@pytest.mark.parametrize(
    ("parents", "told"),
    [
        ({"x": 1, "y": 1}, "sector 'z' has none"),
        ({"x": 1, "y": 1, "z": None}, "sector 'z' has none"),
        ([1, 2], "expected 3 sectors"),
    ],
)
def test_a_sector_without_a_parent_is_told(parents: object, told: str) -> None:
    panel = pd.DataFrame([[1.0, 2, 3]], columns=["x", "y", "z"])
    with pytest.raises(ValueError, match=told):
        related_variety(panel, parents)


def test_codes_that_cannot_lie_within_a_parent_are_told() -> None:
    with pytest.raises(ValueError, match="'1' has 1 characters, expected 2 or more"):
        parents_by_length(["11", "1"], 2)
    with pytest.raises(ValueError, match="111 is not a text"):
        parents_by_length([111], 2)  # type: ignore[list-item]
    with pytest.raises(ValueError, match="expected 1 or more"):
        parents_by_length(["11"], 0)


def test_a_base_of_one_or_less_is_told() -> None:
    with pytest.raises(ValueError, match="above 1"), warnings.catch_warnings():
        entropy(np.ones((1, 2)), base=1)

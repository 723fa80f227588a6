"""Rows become one matrix a year; absent, hidden, unknown and zero stay apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perron.methods.economy.panels import LARGEST, DuplicateError, Status, panel

NAN = float("nan")
#: (region, sector, year) → value, hidden.
ROWS = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.sampled_from([2010, 2011, 2013])),
    st.tuples(st.integers(0, 5).map(float) | st.just(NAN), st.booleans()),
    min_size=1,
)


def made(rows: dict, absent: str = "zero"):
    keys, cells = list(rows), list(rows.values())
    return panel(
        [k[0] for k in keys],
        [k[1] for k in keys],
        [v for v, _ in cells],
        [k[2] for k in keys],
        [np.isnan(v) and hidden for v, hidden in cells],
        absent,
    )


@given(ROWS, st.sampled_from(["zero", "unknown"]))
def test_each_cell_is_what_its_row_says(rows: dict, absent: str) -> None:
    found = made(rows, absent)
    assert list(found.regions) == list(dict.fromkeys(k[0] for k in rows))
    assert found.years == tuple(sorted({k[2] for k in rows}))
    for year, sheet in found:
        for r, region in enumerate(found.regions):
            for s, sector in enumerate(found.sectors):
                value, state = sheet.values.iloc[r, s], Status(sheet.status[r, s])
                silent = not any(k[2] == year and k[0] == region for k in rows) or not any(
                    k[2] == year and k[1] == sector for k in rows
                )
                if (region, sector, year) in rows:
                    given_, hidden = rows[region, sector, year]
                    if np.isnan(given_):
                        expected = Status.SUPPRESSED if hidden else Status.UNKNOWN
                    else:
                        expected = Status.OBSERVED if given_ else Status.ZERO
                        assert value == given_
                else:
                    expected = Status.UNKNOWN if silent or absent == "unknown" else Status.ZERO
                assert state is expected
                assert np.isnan(value) == (state >= Status.SUPPRESSED)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_figure(rows: dict, random) -> None:
    keys = list(rows)
    random.shuffle(keys)
    one, other = made(rows), made({key: rows[key] for key in keys})
    for year, sheet in one:
        again = other.of(year).values.loc[sheet.values.index, sheet.values.columns]
        pd.testing.assert_frame_equal(again, sheet.values)


def test_the_same_cell_twice_is_refused_with_both_rows() -> None:
    with pytest.raises(DuplicateError) as caught:
        panel(["a", "b", "a"], ["x", "x", "x"], [1, 2, 3])
    assert caught.value.rows == (0, 2)
    with pytest.raises(DuplicateError) as caught:
        panel(["a", "a", "a", "a"], ["x"] * 4, [1, 2, 3, 4], [2010, 2011, 2012, 2011])
    assert caught.value.rows == (1, 3)
    assert caught.value.cell == ("a", "x", 2011)


def test_categories_are_read_as_texts() -> None:
    found = panel(pd.Categorical(["b", "a"], categories=["a", "b", "c"]), ["x", "y"], [1, 2])
    assert list(found.regions) == ["b", "a"]
    assert found.sheets[0].values.loc["b", "x"] == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [([-1.0], "value -1 at row 0"), ([np.inf], "value inf"), ([], "no row")],
)
def test_what_is_no_count_is_refused(values: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        panel(["a"] * len(values), ["x"] * len(values), values)


def test_columns_mistaken_for_others_are_refused_before_they_fill_the_memory() -> None:
    many = 1 + int(LARGEST**0.5)
    numbers = np.arange(many).astype(str)
    with pytest.raises(ValueError, match="are the columns of regions and sectors the right ones"):
        panel(numbers, numbers, np.ones(many))


def test_years_missing_in_the_middle_are_known() -> None:
    assert panel(["a"] * 3, ["x"] * 3, [1, 2, 3], [2010, 2013, 2014]).gaps() == [2011, 2012]
    assert panel(["a"], ["x"], [1]).gaps() == []


def test_a_total_among_the_regions_is_seen_by_its_name_or_its_figures() -> None:
    frame = pd.DataFrame([[5, 7, 1], [8, 3, 2], [13, 10, 3]], index=["BE32", "BE33", "BE3"])
    long = frame.stack().reset_index()
    found = panel(long["level_0"], long["level_1"].astype(str), long[0])
    assert found.sheets[0].totals() == (["BE3"], [])
    named = panel(["a", "TOTAL", "b"], ["x", "x", "x"], [1, 2, 4])
    assert named.sheets[0].totals()[0] == ["TOTAL"]
    assert panel(["a", "b", "c"], ["x", "y", "x"], [1, 1, 5]).sheets[0].totals() == ([], [])

"""A suppressed count can't be found again by subtraction, whatever the reader does."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from perron.methods.statistics.confidentiality import feasible, primary, protect

Table = NDArray[np.float64]

#: Mostly zeros and small counts, as in a commune's NACE classes.
COUNTS = st.sampled_from([0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 9, 30])
SHAPES = st.tuples(st.integers(2, 5), st.integers(2, 5))


def closed(inner: object) -> Table:
    table = np.asarray(inner, float)
    table = np.vstack([table, table.sum(axis=0)])
    return np.hstack([table, table.sum(axis=1, keepdims=True)])


TABLES = SHAPES.flatmap(lambda shape: arrays(float, shape, elements=COUNTS)).map(closed)


def solutions(table: Table, suppressed: NDArray[np.bool_], most: int) -> NDArray[np.int_]:
    """Every whole-number table that a reader can't exclude, by trying them all."""
    count = int(suppressed.sum())
    guesses = np.indices((most + 1,) * count).reshape(count, -1).T
    filled = np.repeat(table[None], len(guesses), axis=0)
    filled[:, suppressed] = guesses
    rows = np.all(filled[:, :, :-1].sum(axis=2) == filled[:, :, -1], axis=1)
    columns = np.all(filled[:, :-1, :].sum(axis=1) == filled[:, -1, :], axis=1)
    return guesses[rows & columns]


@settings(max_examples=80, deadline=None)
@given(TABLES)
def test_after_protection_no_suppressed_count_has_a_single_possible_value(table: Table) -> None:
    result = protect(table, primary(table))
    assert not result.exposed.any()  # any total may be hidden here, so anything can be protected
    assert np.all(result.suppressed[primary(table)])
    low, high = feasible(table, result.suppressed)
    assert np.all((high - low)[result.suppressed] > 1e-6)


@settings(max_examples=80, deadline=None)
@given(TABLES)
def test_margins_decided_elsewhere_are_never_added_and_exposure_is_said(table: Table) -> None:
    fixed = np.zeros(table.shape, bool)
    fixed[-1, :] = fixed[:, -1] = True
    hidden = primary(table)
    result = protect(table, hidden, fixed)
    assert not np.any(result.suppressed & fixed & ~hidden)
    low, high = feasible(table, result.suppressed)
    determined = result.suppressed & (high - low < 1e-6)
    # What is exposed is what the audit finds determined: neither more nor less.
    assert np.array_equal(determined, result.exposed)


@settings(max_examples=60, deadline=None)
@given(SHAPES.flatmap(lambda s: arrays(bool, (s[0] + 1, s[1] + 1))), st.data())
def test_an_unrepaired_mask_is_judged_as_the_linear_programs_judge_it(
    mask: NDArray[np.bool_], data: st.DataObject
) -> None:
    """With nothing free to add, the network says of each cell what the audit says."""
    inner = data.draw(arrays(float, (mask.shape[0] - 1, mask.shape[1] - 1), elements=COUNTS))
    table = closed(inner)
    result = protect(table, mask, np.ones_like(mask))
    low, high = feasible(table, mask)
    assert np.array_equal(result.suppressed, mask)
    assert np.array_equal(result.exposed, mask & (high - low < 1e-6))


@pytest.mark.parametrize(
    "inner",
    [
        [[1, 5, 4], [3, 0, 4], [5, 4, 3]],
        [[1, 0, 4], [0, 2, 3], [5, 4, 0]],
        [[1, 0], [0, 3]],
        [[2, 2], [2, 2]],
    ],
)
def test_trying_every_table_leaves_a_doubt_on_each_suppressed_count(
    inner: list[list[int]],
) -> None:
    """A slow and obvious second look: all whole-number tables that agree with what is shown."""
    table = closed(inner)
    fixed = np.zeros(table.shape, bool)
    fixed[-1, :] = fixed[:, -1] = True
    result = protect(table, primary(table), fixed)
    assert 0 < result.suppressed.sum() <= 7
    found = solutions(table, result.suppressed, most=5)
    doubted = found.max(axis=0) > found.min(axis=0)
    assert np.array_equal(doubted, ~result.exposed[result.suppressed])


def test_a_lone_small_count_takes_the_cheapest_three_others() -> None:
    table = closed([[1, 9, 80], [7, 60, 70], [90, 95, 99]])
    result = protect(table, primary(table))
    # 9 + 7 + 60 is less than any other rectangle or detour through (0, 0).
    assert np.argwhere(result.suppressed).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_zeros_may_be_hidden_so_that_totals_stay_shown() -> None:
    table = closed([[1, 0, 80], [0, 0, 70], [90, 95, 99]])
    result = protect(table, primary(table))
    assert not result.suppressed[-1].any()
    assert not result.suppressed[:, -1].any()
    low, high = feasible(table, result.suppressed)
    assert (low[0, 0], high[0, 0]) == (0.0, 1.0)


def test_nothing_small_hides_nothing() -> None:
    table = closed([[10, 20], [30, 0]])
    result = protect(table, primary(table))
    assert not result.suppressed.any()
    assert not result.exposed.any()


def test_a_table_of_one_cell_exposes_it_unless_its_totals_may_go() -> None:
    table = closed([[1]])
    margins = np.array([[False, True], [True, True]])
    assert protect(table, primary(table) & ~margins, margins).exposed[0, 0]
    assert not protect(table, primary(table)).exposed.any()


def test_the_same_table_always_hides_the_same_cells() -> None:
    table = closed(np.random.default_rng(3).poisson(2.5, (12, 9)))
    masks = [protect(table, primary(table)).suppressed for _ in range(3)]
    assert np.array_equal(masks[0], masks[1])
    assert np.array_equal(masks[0], masks[2])


def test_a_table_that_does_not_sum_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 does not sum"):
        protect([[1, 2, 3], [4, 5, 10], [5, 7, 12]], np.zeros((3, 3)))
    with pytest.raises(ValueError, match="two dimensions"):
        protect([1, 2, 3], [0, 0, 0])


def test_thresholds_and_dominance_are_both_asked() -> None:
    assert primary([0, 1, 4, 5], 5).tolist() == [False, True, True, False]
    assert primary([0, 9, 9, 9], 3, [1.0, 0.85, 0.86, np.nan]).tolist() == [
        False,
        False,
        True,
        False,
    ]
    assert primary([np.nan]).tolist() == [False]


def test_three_hundred_communes_are_protected_quickly() -> None:
    table = closed(np.random.default_rng(5).poisson(3.0, (300, 21)))
    start = time.process_time()
    result = protect(table, primary(table))
    assert time.process_time() - start < 5
    assert not result.exposed.any()

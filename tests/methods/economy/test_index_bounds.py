"""An index of a row with hidden cells lies within its bounds, whatever these hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from perron.methods.economy.index_bounds import entropy_bounds, krugman_bounds
from perron.methods.economy.specialisation import krugman
from perron.methods.economy.variety import entropy

ROWS = st.integers(2, 8).flatmap(
    lambda n: st.tuples(
        arrays(float, (n,), elements=st.integers(0, 40).map(float)),
        arrays(float, (n,), elements=st.integers(0, 40).map(float)),
        arrays(bool, (n,)),
        arrays(bool, (n,)),
    )
)


@given(ROWS)
def test_entropy_lies_within_its_bounds(drawn) -> None:
    row, _other, hidden, _rest = drawn
    assume(row.sum() > 0)
    masked = np.where(hidden, np.nan, row)[None, :]
    low, high = entropy_bounds(masked, [row.sum()])
    truth = entropy(row[None, :])[0]
    assert low[0] - 1e-9 <= truth <= high[0] + 1e-9
    if not hidden.any():
        assert low[0] == pytest.approx(high[0])


@given(ROWS)
def test_krugman_lies_within_its_bounds(drawn) -> None:
    row, other, hidden, rest = drawn
    assume(row.sum() > 0 and other.sum() > 0)
    low, high = krugman_bounds(
        np.where(hidden, np.nan, row)[None, :],
        [row.sum()],
        np.where(rest, np.nan, other),
        other.sum(),
    )
    truth = krugman(row[None, :], other)[0]
    assert low[0] - 1e-9 <= truth <= high[0] + 1e-9
    if not (hidden | rest).any():
        assert low[0] == pytest.approx(high[0])


def test_the_bounds_of_entropy_are_reached() -> None:
    low, high = entropy_bounds(np.array([[4.0, 2, np.nan, np.nan]]), [8.0])
    assert low[0] == pytest.approx(entropy(np.array([[4.0, 2, 2, 0]]))[0])
    assert high[0] == pytest.approx(entropy(np.array([[4.0, 2, 1, 1]]))[0])


def test_a_row_whose_total_is_not_known_has_no_bounds() -> None:
    for found in (
        *entropy_bounds(np.array([[4.0, np.nan]]), [np.nan]),
        *krugman_bounds(np.array([[4.0, np.nan]]), [np.nan], [1.0, 1.0], 2.0),
    ):
        assert np.isnan(found).all()


def test_cells_that_do_not_fit_their_total_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to 6, its total is 5"):
        entropy_bounds(np.array([[4.0, 2]]), [5.0])
    with pytest.raises(ValueError, match="add up to 6, its total is 8"):
        entropy_bounds(np.array([[4.0, 2]]), [8.0])
    with pytest.raises(ValueError, match="expected 2 sectors"):
        krugman_bounds(np.array([[4.0, 2]]), [6.0], [1.0], 1.0)

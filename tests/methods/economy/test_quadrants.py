"""A quadrant is where both intervals allow it, and nowhere else."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perron.methods.economy.quadrants import Position, Side, positions, sides

INTERVAL = st.tuples(st.floats(0, 3), st.floats(0, 3)).map(sorted)


def only(low: float, high: float, near_low: float, near_high: float) -> Position:
    return Position(positions(sides([low], [high]), sides([near_low], [near_high]))[0])


@given(INTERVAL, INTERVAL)
def test_nothing_is_put_in_a_quadrant_while_an_interval_crosses_its_line(held, near) -> None:
    found = only(*held, *near)
    crosses = any(low <= 1 < high for low, high in (held, near))
    assert (found is Position.UNDECIDED) == crosses
    assert found is not Position.UNASSESSED


@given(INTERVAL, INTERVAL)
def test_the_quadrant_is_that_of_both_ends_of_both_intervals(held, near) -> None:
    found = only(*held, *near)
    corners = {only(h, h, n, n) for h in held for n in near}
    assert corners == {found} if found is not Position.UNDECIDED else len(corners) > 1


def test_the_four_corners() -> None:
    assert only(1.1, 2, 1.1, 2) is Position.STRENGTH
    assert only(0.1, 0.9, 1.1, 2) is Position.OPPORTUNITY
    assert only(0.1, 0.9, 0.1, 0.9) is Position.WEAKNESS
    assert only(1.1, 2, 0.1, 0.9) is Position.THREAT


@pytest.mark.parametrize("bounds", [(math.nan, 2.0), (0.5, math.nan), (math.nan, math.nan)])
def test_what_is_not_known_is_assessed_nowhere(bounds) -> None:
    assert only(*bounds, 1.1, 2) is Position.UNASSESSED
    assert only(1.1, 2, *bounds) is Position.UNASSESSED
    # Even beside an interval that crosses: the reason is that nothing is known.
    assert only(0.5, 1.5, *bounds) is Position.UNASSESSED


def test_a_quotient_of_exactly_one_is_no_speciality() -> None:
    assert sides([1.0], [1.0])[0] is Side.UNDER
    assert sides([1.0], [1.5])[0] is Side.CROSSING


def test_bounds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="above its high bound"):
        sides(np.array([1.2]), np.array([1.1]))

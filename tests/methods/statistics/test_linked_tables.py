"""Tables that share cells tell no more together than each does alone."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.sparse import csr_array

from perron.methods.statistics.linked_tables import determined, interval, protect

#: Two communes of one district, one of another, and their country; two activities and their sum.
PLACES = {"a": "AB", "b": "AB", "c": "C", "AB": "ALL", "C": "ALL", "ALL": ""}
ACTIVITIES = {"1": "T", "2": "T", "T": ""}
KEYS = [(p, a) for p in PLACES for a in ACTIVITIES]


def equations() -> csr_array:
    lines = []
    for total in ("AB", "C", "ALL"):
        for activity in ACTIVITIES:
            parts = [(p, activity) for p, above in PLACES.items() if above == total]
            lines.append((parts, (total, activity)))
    lines += [([(place, "1"), (place, "2")], (place, "T")) for place in PLACES]
    matrix = np.zeros((len(lines), len(KEYS)))
    for row, (parts, total) in enumerate(lines):
        for part in parts:
            matrix[row, KEYS.index(part)] = 1
        matrix[row, KEYS.index(total)] = -1
    return csr_array(matrix)


def filled(inner: NDArray[np.float64]) -> NDArray[np.float64]:
    counts = {(p, a): inner[i, j] for i, p in enumerate("abc") for j, a in enumerate("12")}
    value: dict[tuple[str, str], float] = {}
    for place, activity in KEYS:
        below = {"AB": "ab", "C": "c", "ALL": "abc"}.get(place, place)
        within = "12" if activity == "T" else activity
        value[place, activity] = sum(counts[p, a] for p in below for a in within)
    return np.array([value[key] for key in KEYS])


INNER = arrays(float, (3, 2), elements=st.sampled_from([0, 1, 2, 3, 5]))


def by_trial(values: NDArray[np.float64], hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which hidden cells have one value in every whole-number filling that agrees with the rest."""
    whole = int(values.max())
    # Six numbers of a given sum: where five bars may stand among so many stars.
    bars = np.array(list(itertools.combinations(range(whole + 5), 5)))
    ends = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), whole + 5)])
    linear = np.array([filled(unit.reshape(3, 2)) for unit in np.eye(6)])
    found = (np.diff(ends, axis=1) - 1) @ linear
    found = found[np.all(found[:, ~hidden] == values[~hidden], axis=1)]
    return hidden & (found.max(axis=0) == found.min(axis=0))


@settings(max_examples=25, deadline=None)
@given(arrays(float, (3, 2), elements=st.sampled_from([0, 1, 2])), arrays(bool, len(KEYS)))
def test_determined_cells_are_those_that_every_filling_gives(
    inner: NDArray[np.float64], hidden: NDArray[np.bool_]
) -> None:
    values = filled(inner)
    hidden = hidden.copy()
    hidden[KEYS.index(("ALL", "T"))] = False  # else the fillings are without end
    assert np.array_equal(determined(values, equations(), hidden), by_trial(values, hidden))


@settings(max_examples=30, deadline=None)
@given(INNER)
def test_after_protection_no_small_count_has_a_single_possible_value(
    inner: NDArray[np.float64],
) -> None:
    values = filled(inner)
    small = (values > 0) & (values < 3)
    result = protect(values, equations(), small, small)
    for cell in np.flatnonzero(small):
        low, high = interval(values, equations(), result.suppressed, int(cell))
        assert high - low > 1e-6
    assert not np.any(result.exposed & small)
    assert np.all(result.suppressed[small])


@settings(max_examples=30, deadline=None)
@given(INNER)
def test_what_protects_nothing_can_be_shown_without_telling_anything(
    inner: NDArray[np.float64],
) -> None:
    values = filled(inner)
    small = (values > 0) & (values < 3)
    result = protect(values, equations(), small | (values == 5), small)
    shown = result.suppressed & ~result.exposed
    for cell in np.flatnonzero(small):
        before = interval(values, equations(), result.suppressed, int(cell))
        assert np.allclose(before, interval(values, equations(), shown, int(cell)))


def test_two_tables_safe_alone_that_betray_a_cell_together_are_repaired() -> None:
    """What blocks one by one miss: the hidden totals of AB are doubtful only if those of C are."""
    values = filled(np.array([[1, 9], [8, 7], [6, 4]], float))
    hidden = np.zeros(len(KEYS), bool)
    # In the table of AB's communes: (a, 1) against the district's total. In that of the districts,
    # AB's total against C's. But C's only commune is shown, hence C, hence AB, hence (a, 1).
    for key in [("a", "1"), ("a", "T"), ("AB", "1"), ("AB", "T"), ("C", "1"), ("C", "T")]:
        hidden[KEYS.index(key)] = True
    sensitive = np.array([key == ("a", "1") for key in KEYS])
    assert determined(values, equations(), hidden)[KEYS.index(("a", "1"))]
    result = protect(values, equations(), hidden, sensitive)
    assert not determined(values, equations(), result.suppressed)[KEYS.index(("a", "1"))]


def test_a_cell_hidden_at_the_source_may_be_anything() -> None:
    table = csr_array([[1, 1, 1, -1]])
    assert not determined([2, np.nan, 9, 16], table, [True, False, False, False]).any()
    assert interval([2, np.nan, 9, 16], table, [True, False, False, False], 0) == (0.0, np.inf)


def test_the_same_tables_always_hide_the_same_cells() -> None:
    values = filled(np.array([[1, 9], [8, 2], [1, 4]], float))
    small = (values > 0) & (values < 3)
    masks = [protect(values, equations(), small, small).suppressed for _ in range(3)]
    assert np.array_equal(masks[0], masks[1])
    assert np.array_equal(masks[0], masks[2])

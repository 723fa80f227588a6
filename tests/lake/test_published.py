"""What leaves the lake tells nothing of a small count, whoever subtracts what from what."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.optimize import linprog

from perron.lake.provenance import State
from perron.lake.published import HIDDEN, PERSONS, ZERO, Cell, Hierarchy, Key, Rule, mask, published

#: A country of two regions, the second of a single district; districts of two, one and three communes.
PLACES: dict[str, str | None] = {
    "be": None,
    **dict.fromkeys(["n", "s"], "be"),
    **dict.fromkeys(["n1", "n2"], "n"),
    "s1": "s",
    **{f"n1{i}": "n1" for i in range(2)},
    "n20": "n2",
    **{f"s1{i}": "s1" for i in range(3)},
}
ACTIVITIES: dict[str, str | None] = {
    "TOTAL": None,
    "A": "TOTAL",
    "B": "TOTAL",
    "01": "A",
    "10": "B",
    "11": "B",
}
COMMUNES = ["n10", "n11", "n20", "s10", "s11", "s12"]
CLASSES = ["01", "10", "11"]


def above(code: str | None, parents: dict[str, str | None]) -> list[str]:
    found = []
    while code is not None:
        found.append(code)
        code = parents[code]
    return found


def summed(
    inner: NDArray[np.float64],
    communes: list[str] = COMMUNES,
    classes: list[str] = CLASSES,
    places: dict[str, str | None] = PLACES,
    activities: dict[str, str | None] = ACTIVITIES,
) -> dict[Key, Cell]:
    """The counts of every level; a pair without enterprises is absent, as in a register."""
    values: dict[Key, float] = {}
    for (i, commune), (j, code) in itertools.product(enumerate(communes), enumerate(classes)):
        if inner[i, j]:
            for key in itertools.product(above(commune, places), above(code, activities)):
                values[key] = values.get(key, 0.0) + float(inner[i, j])
    return {key: Cell(value, State.OBSERVED) for key, value in values.items()}


def show(cells: dict[Key, Cell], rule: Rule | None = None) -> dict[Key, Cell]:
    return published(cells, Hierarchy(PLACES), Hierarchy(ACTIVITIES), rule or Rule())


def deduced(
    shown: dict[Key, Cell],
    asked: set[Key],
    places: dict[str, str | None] = PLACES,
    activities: dict[str, str | None] = ACTIVITIES,
) -> set[Key]:
    """The attack: cells with one possible value, given every published number and every sum."""
    keys = list(itertools.product(places, activities))
    rank = {key: i for i, key in enumerate(keys)}
    lines, known = [], []
    for place, activity in keys:
        for parts in (
            [(p, activity) for p, up in places.items() if up == place],
            [(place, a) for a, up in activities.items() if up == activity],
        ):
            if parts:
                line = np.zeros(len(keys))
                line[[rank[part] for part in parts]] = 1
                line[rank[place, activity]] = -1
                lines.append(line)
                known.append(0.0)
    bounds = [
        (0.0, None) if (cell := shown.get(key, ZERO)).value is None else (cell.value, cell.value)
        for key in keys
    ]
    found = set()
    for key in asked:
        goal = np.zeros(len(keys))
        goal[rank[key]] = 1
        low = linprog(goal, A_eq=np.array(lines), b_eq=known, bounds=bounds)
        high = linprog(-goal, A_eq=np.array(lines), b_eq=known, bounds=bounds)
        assert low.status == 0
        if high.status == 0 and -high.fun - low.fun < 1e-6:
            found.add(key)
    return found


INNER = arrays(float, (6, 3), elements=st.sampled_from([0, 0, 1, 2, 3, 4, 7, 20]))


@settings(max_examples=40, deadline=None)
@given(INNER)
def test_no_small_count_can_be_deduced_from_all_that_is_published(
    inner: NDArray[np.float64],
) -> None:
    cells = summed(inner)
    shown = show(cells)
    small = {key for key, cell in cells.items() if cell.value and cell.value < 3}
    assert all(shown[key] == HIDDEN for key in small)
    assert deduced(shown, small) == set()


@settings(max_examples=40, deadline=None)
@given(INNER)
def test_what_is_shown_is_what_was_counted(inner: NDArray[np.float64]) -> None:
    cells = summed(inner)
    for key, cell in show(cells).items():
        assert cell == HIDDEN or cell == cells.get(key, ZERO)


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    cells = summed(np.full((6, 3), 10.0))
    assert show(cells) == cells


def test_a_district_of_one_commune_does_not_betray_it() -> None:
    """n2 has one commune: its counts are the commune's, and must be hidden with them."""
    inner = np.full((6, 3), 10.0)
    inner[2, 1] = 2
    shown = show(summed(inner))
    assert shown["n20", "10"] == shown["n2", "10"] == HIDDEN
    assert shown["be", "TOTAL"].value is not None


def test_a_class_alone_in_its_section_does_not_betray_it() -> None:
    inner = np.full((6, 3), 10.0)
    inner[3, 0] = 1
    shown = show(summed(inner))
    assert shown["s10", "01"] == shown["s10", "A"] == HIDDEN


def test_the_rule_can_be_that_of_persons() -> None:
    inner = np.full((6, 3), 10.0)
    inner[0, 0] = 4
    cells = summed(inner)
    assert show(cells) == cells
    assert show(cells, PERSONS)["n10", "01"] == HIDDEN


def test_a_count_that_two_units_dominate_is_hidden() -> None:
    cells = summed(np.full((6, 3), 10.0))
    shares = {("n10", "10"): 0.9, ("n11", "10"): 0.85}
    shown = published(cells, Hierarchy(PLACES), Hierarchy(ACTIVITIES), Rule(), shares)
    assert shown["n10", "10"] == HIDDEN
    assert deduced(shown, {("n10", "10")}) == set()


def test_what_the_source_hides_stays_hidden_and_protects() -> None:
    inner = np.full((6, 3), 10.0)
    inner[0, 1] = 2
    cells = summed(inner)
    cells["n11", "10"] = HIDDEN
    cells["s12", "11"] = Cell(None, State.UNKNOWN)
    shown = show(cells)
    assert shown["n10", "10"] == shown["n11", "10"] == HIDDEN
    assert shown["s12", "11"].state is State.UNKNOWN


def test_an_empty_table_is_published_empty() -> None:
    assert show({}) == {}


def test_a_figure_made_of_a_masked_cell_is_masked() -> None:
    seen = Cell(4.0, State.OBSERVED)
    unknown, not_measured = Cell(None, State.UNKNOWN), Cell(None, State.NOT_MEASURED)
    assert mask(seen, ZERO) is None
    assert mask(seen, HIDDEN) is State.SUPPRESSED
    assert mask(HIDDEN, unknown) is State.UNKNOWN
    assert mask(seen, not_measured) is State.NOT_MEASURED
    assert mask() is None


@pytest.mark.slow
def test_all_belgian_communes_by_division_are_published_in_seconds() -> None:
    """581 communes and 88 divisions, as many small counts as a real register, every level."""
    draw = np.random.default_rng(4)
    districts, provinces = [f"d{i:02}" for i in range(43)], [f"p{i:02}" for i in range(11)]
    places: dict[str, str | None] = {"be": None, **dict.fromkeys(["r1", "r2", "r3"], "be")}
    places |= {p: f"r{i % 3 + 1}" for i, p in enumerate(provinces)}
    places |= {d: provinces[i % 11] for i, d in enumerate(districts)}
    communes = [f"c{i:03}" for i in range(581)]
    places |= {c: districts[i % 43] for i, c in enumerate(communes)}
    sections = [f"S{i:02}" for i in range(21)]
    activities: dict[str, str | None] = {"TOTAL": None, **dict.fromkeys(sections, "TOTAL")}
    divisions = [f"{i:02}" for i in range(88)]
    activities |= {d: sections[i % 21] for i, d in enumerate(divisions)}
    share = draw.lognormal(0, 1.8, 88)
    expected = np.outer(draw.lognormal(0, 1, 581), share / share.sum()) * 1000
    inner = draw.poisson(expected * draw.lognormal(0, 0.5, (581, 88))).astype(float)
    cells = summed(inner, communes, divisions, places, activities)
    start = time.process_time()
    shown = published(cells, Hierarchy(places), Hierarchy(activities), Rule())
    assert time.process_time() - start < 60
    assert all(shown[key] == HIDDEN for key, cell in cells.items() if cell.value in (1.0, 2.0))
    kept = sum(cell != HIDDEN for cell in shown.values()) / len(shown)
    assert kept > 0.6

"""The attack on what is shown of the real register, at every level at once: subtracting gives nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from perron.site.directory import business
from perron.site.directory.selectors import catalogue

HIDDEN = 2


@pytest.mark.slow
@pytest.mark.parametrize("measure", business.MEASURES)
def test_no_small_count_of_the_register_follows_from_all_that_is_shown(
    shipped_home: Path, measure: str
) -> None:
    held = catalogue()
    counts = business.counts(held)
    territories, codes, full = business._matrices(held, counts.period)
    true, hidden = full[measure].values, counts.states[measure] == HIDDEN
    small = hidden & (true > 0) & (true < 3)
    assert small.sum() > 20_000
    # Every sum that a reader can write: places in places, activities in activities, where both are shown.
    number = np.full(hidden.shape, -1)
    number[hidden] = np.arange(hidden.sum())
    rows, columns, signs, known = [], [], [], []
    shown = np.array(
        [[counts.shows(place, code) for code in codes.parent] for place in territories.parent]
    )

    def add(parts: list[tuple[int, int]], whole: tuple[int, int]) -> None:
        line = len(known)
        rest = 0.0
        for cell, sign in [*((p, 1.0) for p in parts), (whole, -1.0)]:
            if hidden[cell]:
                rows.append(line)
                columns.append(int(number[cell]))
                signs.append(sign)
            else:
                rest -= sign * true[cell]
        known.append(rest)

    for hierarchy, across in ((territories, False), (codes, True)):
        at = {code: i for i, code in enumerate(hierarchy.parent)}
        for above, below in hierarchy.children().items():
            parts, whole = [at[c] for c in below], at[above]
            for other in range(hidden.shape[0 if across else 1]):
                cells = [(other, p) if across else (p, other) for p in parts]
                top = (other, whole) if across else (whole, other)
                if shown[cells[0]] and (hidden[top] or any(hidden[c] for c in cells)):
                    add(cells, top)
    equations = csr_array((signs, (rows, columns)), shape=(len(known), int(hidden.sum())))
    chosen = np.random.default_rng(20261124).choice(
        np.flatnonzero(small.ravel()), 12, replace=False
    )
    for flat in chosen:
        cell = np.unravel_index(flat, hidden.shape)
        goal = np.zeros(int(hidden.sum()))
        goal[number[cell]] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(sign * goal, A_eq=equations, b_eq=known, bounds=(0, 50_000))
            assert found.status == 0
            ends.append(sign * found.fun)
        assert ends[1] - ends[0] > 0.5, (cell, ends)

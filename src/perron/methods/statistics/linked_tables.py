"""Suppression in tables that share cells: what all of them tell together, and its repair.

A hierarchy of territories crossed with one of activities is many two-way tables. Each can be safe
alone while two of them betray a cell, since a total hidden in one is a cell of the next. Here the
tables are one set of linear equations over all cells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array, hstack

from perron.methods.statistics.confidentiality import LEAST, ZERO_COST, Protection

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

#: A change smaller than this is the solver's rounding.
TOLERANCE = 1e-6


def determined(values: ArrayLike, equations: csr_array, suppressed: ArrayLike) -> Mask:
    r"""Suppressed cells whose exact value follows from what is published.

    With :math:`A x = 0` the equations, a reader can't tell :math:`x` from :math:`x + y` where
    :math:`A y = 0`, :math:`x + y \ge 0` and :math:`y = 0` on published cells. A cell is determined
    if and only if every such :math:`y` is 0 there, which linear programming decides.

    Parameters
    ----------
    values : array-like, shape (cells,)
        Counts; NaN where they are hidden from us too (such a cell may be anything).
    equations : sparse array, shape (equations, cells)
        In each row, 1 for the parts and -1 for their total.
    suppressed : array-like of bool, shape (cells,)
        What is not published. A NaN cell never is.

    Returns
    -------
    mask : array of bool, shape (cells,)

    Source: Fischetti and Salazar (2001), "Solving the cell suppression problem on tabular data with
    linear constraints", Management Science 47(7), the attacker's problem.

    >>> parts_and_total = csr_array([[1, 1, 1, -1]])
    >>> determined([2, 5, 9, 16], parts_and_total, [True, False, False, False]).tolist()
    [True, False, False, False]
    >>> determined([2, 5, 9, 16], parts_and_total, [True, True, False, False]).tolist()
    [False, False, False, False]
    """
    x = np.asarray(values, float)
    mask = np.asarray(suppressed, bool) | np.isnan(x)
    return _unmoved(x, equations, mask, mask)


def interval(
    values: ArrayLike, equations: csr_array, suppressed: ArrayLike, cell: int
) -> tuple[float, float]:
    """The least and greatest value that a suppressed cell may have for a reader.

    Parameters as in `determined`; infinity where nothing bounds the cell.

    >>> interval([2, 5, 9, 16], csr_array([[1, 1, 1, -1]]), [True, True, False, False], 0)
    (0.0, 7.0)
    """
    x = np.asarray(values, float)
    hidden = np.flatnonzero(np.asarray(suppressed, bool) | np.isnan(x))
    columns = _columns(equations, hidden)
    low = np.where(np.isnan(x[hidden]), -np.inf, LEAST - x[hidden])
    goal = (hidden == cell).astype(float)
    known = np.zeros(columns.shape[0])
    ends = []
    for sign in (1.0, -1.0):
        bounds = np.column_stack([low, np.full_like(low, np.inf)])
        found = linprog(sign * goal, A_eq=columns, b_eq=known, bounds=bounds, method="highs")
        ends.append(float(x[cell]) + sign * found.fun if found.status == 0 else sign * -np.inf)
    return ends[0], ends[1]


def protect(
    values: ArrayLike, equations: csr_array, suppressed: ArrayLike, sensitive: ArrayLike
) -> Protection:
    r"""Suppress a little more, until no sensitive cell is determined.

    The cheapest change :math:`y` that leaves all equations true and raises every sensitive cell that is
    determined, with the counts of the cells still published as costs, is found in one program; the
    cells that :math:`y` moves are suppressed. What it moves is safe, and the rest is asked again.

    Parameters
    ----------
    values, equations, suppressed
        As in `determined`.
    sensitive : array-like of bool, shape (cells,)
        The cells to protect.

    Returns
    -------
    Protection
        All suppressed cells, those given included; `exposed` are those that are determined all the
        same. None of these is sensitive: they protect nothing, and showing them tells nothing new.

    Notes
    -----
    Any total may be suppressed, the widest too, so that everything can be protected. All cells are
    repaired by one change that raises them: the result is safe, and not always the cheapest there is.

    Source: Kelly, Golden and Assad (1992), "Cell suppression", Networks 22(4); Fischetti and
    Salazar (2001).

    >>> table = csr_array([[1, 1, 1, -1]])
    >>> protect([2, 5, 9, 16], table, [1, 0, 0, 0], [1, 0, 0, 0]).suppressed.tolist()
    [True, True, False, False]
    """
    x = np.asarray(values, float)
    mask = np.array(suppressed, bool)
    exposed = determined(x, equations, mask)
    wanted = np.asarray(sensitive, bool)
    while (still := np.flatnonzero(exposed & wanted)).size:
        mask |= _cheapest(x, equations, mask, still)
        # What could be moved still can: only the cells that could not are asked again.
        exposed = _unmoved(x, equations, mask | np.isnan(x), exposed)
    return Protection(mask, exposed)


def _columns(equations: csr_array, cells: NDArray[np.intp]) -> csr_array:
    """The equations of these cells alone, the others being known."""
    columns = csr_array(csc_array(equations)[:, cells])
    return csr_array(columns[np.flatnonzero(np.diff(columns.indptr))])


def _unmoved(x: Floats, equations: csr_array, mask: Mask, asked: Mask) -> Mask:
    """Which of the cells asked no change moves.

    The changes make a cone. If it moves any cell asked, a sum of them with random weights is moved
    one way or the other, for all weights but a set of measure zero: so one pair of programs either
    finds cells that move, or settles all that are left.
    """
    hidden = np.flatnonzero(mask)
    fixed = asked[hidden].copy()
    columns = _columns(equations, hidden)
    known = np.zeros(columns.shape[0])
    # A small step says as much as a large one, and leaves every program bounded.
    down = np.where(np.isnan(x[hidden]), 1.0, np.minimum(x[hidden] - LEAST, 1.0))
    bounds = np.column_stack([-down, np.ones_like(down)])
    weights = np.random.default_rng(1)
    found_some = True
    while found_some and fixed.any():
        found_some = False
        goal = weights.uniform(0.5, 1.5, hidden.size) * weights.choice([-1.0, 1.0], hidden.size)
        for sign in (1.0, -1.0):
            aim = np.where(fixed, sign * goal, 0.0)
            found = linprog(aim, A_eq=columns, b_eq=known, bounds=bounds, method="highs")
            moved = fixed & (np.abs(found.x) > TOLERANCE)
            found_some |= bool(moved.any())
            fixed &= ~moved
    result = np.zeros(x.shape, bool)
    result[hidden[fixed]] = True
    return result


def _cheapest(x: Floats, equations: csr_array, mask: Mask, cells: NDArray[np.intp]) -> Mask:
    """The cells of the cheapest change that raises some cells, whether or not they are published.

    Sought among small cells first, since most tables are mended by them, then among all. A change that
    lowers a cell below zero is scaled down until it doesn't, so only zeros bound it.
    """
    shown = ~mask & ~np.isnan(x)
    price = np.where(shown, np.where(x > 0, x, ZERO_COST), 0.0)
    dearest = max(4.0 * float(np.nan_to_num(x[cells]).max()), 16.0)
    while True:
        wanted = price <= dearest
        wanted[cells] = True
        among = np.flatnonzero(wanted)
        moved = _change(
            x[among], _columns(equations, among), price[among], np.searchsorted(among, cells)
        )
        if moved is not None:
            result = np.zeros(x.shape, bool)
            result[among[moved]] = True
            return result
        assert among.size < x.size, "every cell can rise together with all its totals"
        dearest *= 16.0


def _change(x: Floats, equations: csr_array, price: Floats, cells: NDArray[np.intp]) -> Mask | None:
    """Which cells the cheapest change that raises `cells` by one or more moves; None if there is none."""
    matrix = csr_array(hstack([equations, -equations]))  # what goes up, and what goes down
    least = np.zeros(2 * x.size)
    most = np.concatenate([np.full(x.size, np.inf), np.where(x == LEAST, 0.0, np.inf)])
    least[cells] = 1.0
    most[x.size + cells] = 0.0
    found = linprog(
        np.concatenate([price, price]),
        A_eq=matrix,
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([least, most]),
        method="highs",
    )
    if found.status != 0:
        return None
    change = found.x[: x.size] - found.x[x.size :]
    return np.asarray(np.abs(change) > TOLERANCE)

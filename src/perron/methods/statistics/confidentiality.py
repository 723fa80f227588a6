"""Which cells of a table of counts may not be shown, and which others would betray them.

A table here is *closed*: its last row and last column are the totals of the others, so each line
sums to its total. Primary suppression hides what is too small; complementary suppression hides as
little more as makes the first useful, since a reader can subtract.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

#: What a suppressed count may be at least: zeros are hidden too where they protect others.
LEAST = 0.0
#: The cost of hiding a zero: less than any count, and not nothing, since a zero is an answer.
ZERO_COST = 0.5


def primary(
    counts: ArrayLike,
    minimum: float = 3,
    top_share: ArrayLike | None = None,
    dominance: float = 0.85,
) -> Mask:
    """Cells hidden for themselves: fewer than `minimum` units, or dominated by a few of them.

    Parameters
    ----------
    counts : array-like
        Units in each cell (enterprises, persons). Zero is shown: it says nothing about anyone.
        NaN (unknown or already suppressed at the source) is not hidden here, it has no value.
    minimum : float
        The threshold rule: 3 units or 5 persons are usual.
    top_share : array-like, optional
        Share of the cell that its two largest contributors make, between 0 and 1, NaN if unknown.
    dominance : float
        The (n, k) rule with n = 2: hidden where the share is above it.

    Returns
    -------
    mask : array of bool, shape of `counts`

    Source: Hundepool et al. (2012), *Statistical Disclosure Control*, section 4.2.

    >>> primary([0, 1, 2, 3, 40]).tolist()
    [False, True, True, False, False]
    >>> primary([40, 50], top_share=[0.9, 0.5]).tolist()
    [True, False]
    """
    units = np.asarray(counts, float)
    with np.errstate(invalid="ignore"):
        hidden = (units > 0) & (units < minimum)
        if top_share is not None:
            hidden |= (units > 0) & (np.asarray(top_share, float) > dominance)
    return hidden


@dataclass(frozen=True, slots=True)
class Protection:
    """Cells to suppress in a closed table; `exposed` are those no suppression here can protect."""

    suppressed: Mask
    exposed: Mask


def protect(counts: ArrayLike, hidden: ArrayLike, fixed: ArrayLike | None = None) -> Protection:
    r"""Complementary suppression in a closed two-way table.

    Seen as a network, rows and columns are nodes and a suppressed cell joins its row to its column;
    what a reader can't tell is a circulation. A cell is safe if and only if some circulation of
    suppressed cells through it changes no published number and leaves no count below zero. Where
    there is none, the cheapest cells (by their count) that make one are hidden, zeros included: a
    zero always shown would tell that whatever is hidden is not zero.

    Parameters
    ----------
    counts : array-like, shape (rows + 1, columns + 1)
        Whole counts, the last row and column being the totals.
    hidden : array-like of bool
        Cells suppressed for themselves, totals included.
    fixed : array-like of bool, optional
        Cells whose fate was decided elsewhere: they are never added (a margin already published).

    Returns
    -------
    Protection

    Raises
    ------
    ValueError
        If a line does not sum to its total: the table isn't closed.

    Notes
    -----
    Exact for one table. Tables that share cells are protected one by one, so what several of them
    tell together is not excluded. A protected count is not determined; it may still be bounded
    within a few units, which `feasible` measures.

    Source: Gusfield (1988), "A graph theoretic approach to statistical data security", SIAM J.
    Comput. 17(3); Kelly, Golden and Assad (1992), "Cell suppression", Networks 22(4).

    >>> table = [[1, 9, 7, 17], [8, 6, 5, 19], [9, 15, 12, 36]]
    >>> protect(table, primary(table)).suppressed.astype(int).tolist()
    [[1, 0, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0]]
    """
    values = _closed(counts)
    suppressed = np.array(hidden, bool)
    free = ~(np.zeros_like(suppressed) if fixed is None else np.asarray(fixed, bool))
    exposed = np.zeros_like(suppressed)
    network = _Network(values, suppressed, free)
    # The smallest first: their repairs often protect the larger ones for nothing.
    cells = sorted(zip(*np.nonzero(suppressed), strict=True), key=lambda p: (values[p], p))
    for row, column in cells:
        if network.determined(int(row), int(column)):
            path = network.cheapest(int(row), int(column))
            exposed[row, column] = path is None
            for cell in path or ():
                network.suppress(*cell)
    return Protection(suppressed, exposed)


def feasible(counts: ArrayLike, suppressed: ArrayLike) -> tuple[Floats, Floats]:
    """What a reader can deduce: the least and greatest value each suppressed cell may have.

    The audit of a protected table, by linear programming over everything published: independent
    of how the suppression was found, and slow. Published cells have both bounds equal to their
    value; an unbounded cell has infinity as its greatest.

    Source: Hundepool et al. (2012), section 4.3.

    >>> low, high = feasible([[1, 9, 10], [8, 6, 14], [9, 15, 24]], [[1, 1, 0], [1, 1, 0], [0, 0, 0]])
    >>> float(low[0, 0]), float(high[0, 0])
    (0.0, 9.0)
    """
    values = _closed(counts)
    mask = np.asarray(suppressed, bool)
    cells = list(zip(*np.nonzero(mask), strict=True))
    low, high = values.copy(), values.copy()
    if not cells:
        return low, high
    rows, columns = values.shape
    sign = np.ones_like(values)
    sign[-1, :] *= -1
    sign[:, -1] *= -1
    equations = np.zeros((rows + columns, len(cells)))
    for i, (r, c) in enumerate(cells):
        equations[r, i] = sign[r, c]
        equations[rows + c, i] = sign[r, c]
    shown = np.where(mask, 0.0, values * sign)
    known = -np.concatenate([shown.sum(axis=1), shown.sum(axis=0)])
    for i, cell in enumerate(cells):
        for direction, bound in ((1.0, low), (-1.0, high)):
            goal = np.zeros(len(cells))
            goal[i] = direction
            found = linprog(goal, A_eq=equations, b_eq=known, bounds=(LEAST, None), method="highs")
            bound[cell] = found.x[i] if found.status == 0 else np.inf
    return low, high


def _closed(counts: ArrayLike) -> Floats:
    values = np.asarray(counts, float)
    if values.ndim != 2:
        raise ValueError(f"expected a table of two dimensions, found {values.ndim}")
    for axis, name in ((1, "row"), (0, "column")):
        lines = values if axis == 1 else values.T
        wrong = np.flatnonzero(~np.isclose(lines[:, :-1].sum(axis=1), lines[:, -1]))
        if wrong.size:
            raise ValueError(f"{name} {wrong[0]} does not sum to its total: the table isn't closed")
    return values


class _Network:
    """Rows and columns as nodes; suppressed cells as arcs of no cost, others at their count.

    Raising an inner cell, or the grand total, is an arc from its row to its column; lowering it,
    possible above zero, is the reverse arc. Totals of rows and columns turn the other way, since
    they stand on the other side of their equation.
    """

    #: What a suppressed cell costs in the search for a path: next to nothing, yet an arc.
    FREE = 1e-6

    def __init__(self, values: Floats, suppressed: Mask, free: Mask) -> None:
        self.values, self.suppressed = values, suppressed
        self.rows, columns = values.shape
        size = self.rows + columns
        #: Arcs between suppressed cells as sets of bits, and the cost of every arc there may be.
        self.moves = [0] * size
        self.costs = np.zeros((size, size))
        for row, column in zip(*np.nonzero(suppressed | free), strict=True):
            cost = float(values[row, column]) or ZERO_COST
            cost = self.FREE if suppressed[row, column] else cost
            self._open(int(row), int(column), cost)

    def _arcs(self, row: int, column: int) -> list[tuple[int, int]]:
        """The arc that raises a cell, then the one that lowers it where it is above zero."""
        total_row, total_column = row == self.rows - 1, column == self.values.shape[1] - 1
        up = (row, self.rows + column)
        if total_row != total_column:
            up = up[::-1]
        return [up, up[::-1]] if self.values[row, column] > LEAST else [up]

    def _open(self, row: int, column: int, cost: float) -> None:
        for start, end in self._arcs(row, column):
            self.costs[start, end] = cost
            if cost == self.FREE:
                self.moves[start] |= 1 << end

    def suppress(self, row: int, column: int) -> None:
        """Hide one more cell."""
        self.suppressed[row, column] = True
        self._open(row, column, self.FREE)

    def determined(self, row: int, column: int) -> bool:
        """Whether what is published fixes this suppressed cell: no circulation can change it."""
        return not any(self._reaches(end, start) for start, end in self._arcs(row, column))

    def _reaches(self, start: int, end: int) -> bool:
        """Whether suppressed cells lead from one node to another, the direct arc left out."""
        goal = 1 << end
        seen = front = (self.moves[start] & ~goal) | (1 << start)
        front &= ~(1 << start)
        while front:
            node = (front & -front).bit_length() - 1
            front &= front - 1
            following = self.moves[node]
            if following & goal:
                return True
            front |= following & ~seen
            seen |= following
        return False

    def cheapest(self, row: int, column: int) -> list[tuple[int, int]] | None:
        """The cells to add so that (row, column) is no longer determined; None if nothing can."""
        best: tuple[float, list[tuple[int, int]]] | None = None
        for start, end in self._arcs(row, column):
            direct, self.costs[end, start] = self.costs[end, start], 0.0  # 0 is no arc
            graph = csr_array(self.costs)
            cost, before = dijkstra(graph, indices=end, return_predecessors=True)
            self.costs[end, start] = direct
            if np.isfinite(cost[start]):
                path = self._path(before, end, start)
                best = min(best or (np.inf, []), (float(cost[start]), path))
        return best[1] if best else None

    def _path(self, before: NDArray[np.int32], start: int, end: int) -> list[tuple[int, int]]:
        """The cells of a path that are not suppressed yet."""
        cells = []
        node = end
        while node != start:
            previous = int(before[node])
            row, column = min(node, previous), max(node, previous) - self.rows
            if not self.suppressed[row, column]:
                cells.append((row, column))
            node = previous
        return cells

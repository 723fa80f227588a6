"""Which cells of a table of counts may not be shown, and which others would betray them.

A table here is *closed*: its last row and last column are the totals of the others, so each line
sums to its total. Primary suppression hides what is too small; complementary suppression hides as
little more as makes the first useful, since a reader can subtract.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

#: A suppressed count is known not to be zero, since zeros are shown: it is one at least.
LEAST = 1.0


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
    suppressed cells through it changes no published number and leaves every suppressed count at
    one or more. Where there is none, the cheapest cells (by their count) that make one are hidden.

    Parameters
    ----------
    counts : array-like, shape (rows + 1, columns + 1)
        Whole counts, the last row and column being the totals. Zeros are never hidden.
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
    Comput. 17(3); Kelly, Golden and Assad (1992), "Cell suppression", Networks 22(4), with the
    knowledge that a suppressed count isn't zero.

    >>> table = [[1, 9, 7, 17], [8, 6, 5, 19], [9, 15, 12, 36]]
    >>> protect(table, primary(table)).suppressed.astype(int).tolist()
    [[1, 0, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0]]
    """
    values = _closed(counts)
    suppressed = np.array(hidden, bool) & (values > 0)
    free = (values > 0) & ~(np.zeros_like(suppressed) if fixed is None else np.asarray(fixed, bool))
    exposed = np.zeros_like(suppressed)
    network = _Network(values, suppressed, free)
    # The smallest first: their repairs often protect the larger ones for nothing.
    for row, column in sorted(
        zip(*np.nonzero(suppressed), strict=True), key=lambda p: (values[p], p)
    ):
        path = network.cheapest(int(row), int(column))
        if path is None:
            exposed[row, column] = True
            continue
        for cell in path:
            suppressed[cell] = True
    return Protection(suppressed, exposed)


def feasible(counts: ArrayLike, suppressed: ArrayLike) -> tuple[Floats, Floats]:
    """What a reader can deduce: the least and greatest value each suppressed cell may have.

    The audit of a protected table, by linear programming over everything published: independent
    of how the suppression was found, and slow. Published cells have both bounds equal to their
    value; an unbounded cell has infinity as its greatest.

    Source: Hundepool et al. (2012), section 4.3.

    >>> low, high = feasible([[1, 9, 10], [8, 6, 14], [9, 15, 24]], [[1, 1, 0], [1, 1, 0], [0, 0, 0]])
    >>> float(low[0, 0]), float(high[0, 0])
    (1.0, 8.0)
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
    possible above one, is the reverse arc. Totals of rows and columns turn the other way, since
    they stand on the other side of their equation.
    """

    def __init__(self, values: Floats, suppressed: Mask, free: Mask) -> None:
        self.values, self.suppressed, self.free = values, suppressed, free
        self.rows, self.columns = values.shape

    def cheapest(self, row: int, column: int) -> list[tuple[int, int]] | None:
        """The cells to add so that (row, column) is no longer determined; None if nothing can."""
        there, back = row, self.rows + column
        found = []
        for start, end, moves in (
            (back, there, self._raise(row, column)),
            (there, back, not self._raise(row, column)),
        ):
            # Raising the cell itself is always possible; lowering it needs more than one.
            if moves or self.values[row, column] > LEAST:
                path = self._path(start, end, (row, column))
                if path is not None:
                    found.append(path)
        return min(found)[1] if found else None

    def _raise(self, row: int, column: int) -> bool:
        """Whether raising this cell goes from its row to its column."""
        return (row == self.rows - 1) == (column == self.columns - 1)

    def _arcs(self, node: int) -> Iterator[tuple[int, tuple[int, int], float]]:
        """What can be moved from a node: (next node, cell, cost)."""
        from_row = node < self.rows
        for other in range(self.columns if from_row else self.rows):
            cell = (node, other) if from_row else (other, node - self.rows)
            hidden = self.suppressed[cell]
            if not hidden and not self.free[cell]:
                continue
            raising = self._raise(*cell) == from_row
            if raising or self.values[cell] > LEAST:
                yield (
                    (self.rows + other if from_row else other),
                    cell,
                    0.0 if hidden else float(self.values[cell]),
                )

    def _path(
        self, start: int, end: int, without: tuple[int, int]
    ) -> tuple[float, list[tuple[int, int]]] | None:
        """Dijkstra, leaving out the cell itself: (cost, cells to add)."""
        best = {start: 0.0}
        came: dict[int, tuple[int, tuple[int, int]]] = {}
        queue = [(0.0, start)]
        while queue:
            cost, node = heapq.heappop(queue)
            if node == end:
                break
            if cost > best[node]:
                continue
            for following, cell, price in self._arcs(node):
                if cell != without and cost + price < best.get(following, np.inf):
                    best[following] = cost + price
                    came[following] = (node, cell)
                    heapq.heappush(queue, (cost + price, following))
        if end not in best:
            return None
        cells = []
        node = end
        while node != start:
            node, cell = came[node]
            if not self.suppressed[cell]:
                cells.append(cell)
        return best[end], cells

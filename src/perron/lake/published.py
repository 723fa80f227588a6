"""Published views: what of a table of counts may leave the lake, under a rule of confidentiality.

Counts by territory and activity form nested tables: a block is the children of one territory by
the children of one activity, with both parents' counts as its margins. Blocks are protected from
the widest to the finest; a margin that no inner cell can protect is suppressed in its own block.
All blocks are then read together, as a reader may, and what that tells is repaired.
Methods compute on the full table; everything shown comes from here, and a figure made from a
masked cell is masked as well.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import current_process, get_context

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from perron.lake.provenance import SHOWN, State
from perron.methods.statistics import confidentiality, linked_tables

Key = tuple[str, str]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
#: Cells from which a process of its own is quicker than waiting for the other measures.
_WORTH = 500_000


@dataclass(frozen=True, slots=True)
class Rule:
    """When a count may not be shown.

    Fewer than `minimum` units (3 firms, 5 persons), or two of them making more than `dominance` of
    it where their share is known.
    """

    minimum: float = 3
    dominance: float = 0.85


PERSONS = Rule(minimum=5)


@dataclass(frozen=True, slots=True)
class Cell:
    """One count with its state; no value where it may not or cannot be shown."""

    value: float | None
    state: State


ZERO = Cell(0.0, State.ZERO)
HIDDEN = Cell(None, State.SUPPRESSED)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The parent of each code; a code without parent is a root."""

    parent: Mapping[str, str | None]

    def children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, above in sorted(self.parent.items()):
            if above is not None:
                found.setdefault(above, []).append(code)
        return found

    def depth(self, code: str) -> int:
        above = self.parent.get(code)
        return 0 if above is None else 1 + self.depth(above)


def published(
    cells: Mapping[Key, Cell],
    territories: Hierarchy,
    activities: Hierarchy,
    rule: Rule,
    top_shares: Mapping[Key, float] | None = None,
) -> dict[Key, Cell]:
    """The cells as they may be shown: suppressed for themselves, or for what they would betray.

    `cells` holds the counts of every level of both hierarchies; one that is missing is a zero. A cell
    that the source itself hides or lacks may be anything. `top_shares` is the share of a cell that its
    two largest units make, for the cells where it is known.
    """
    row = {place: i for i, place in enumerate(territories.parent)}
    column = {activity: i for i, activity in enumerate(activities.parent)}
    values = np.zeros((len(row), len(column)))
    shares = np.full(values.shape, np.nan)
    for (place, activity), cell in cells.items():
        known = cell.value if cell.state in SHOWN else None
        values[row[place], column[activity]] = np.nan if known is None else known
    for (place, activity), share in (top_shares or {}).items():
        shares[row[place], column[activity]] = share
    hidden = suppressed(values, territories, activities, rule, shares)
    places, codes = list(row), list(column)
    found = ((places[r], codes[c]) for r, c in zip(*np.nonzero(hidden), strict=True))
    # A zero that the table only implies may be hidden as well: it then appears, suppressed.
    return {**cells, **dict.fromkeys(found, HIDDEN)}


def suppressed(
    values: Floats,
    territories: Hierarchy,
    activities: Hierarchy,
    rule: Rule,
    top_shares: Floats | None = None,
    grain: Mask | None = None,
) -> Mask:
    """Which counts of a table of shape (territories, activities) may not be shown.

    Rows and columns are in the order of the two hierarchies, every level of both, NaN where the source
    hides or lacks a count. `grain` says which are shown at all: where fine activities are shown for
    wide territories only, what is never shown constrains nothing, and is False in the result.

    Blocks are protected one by one, which is quick, then what they tell together is repaired. No count
    too small can be deduced from all that is shown.
    """
    shown = np.ones(values.shape, bool) if grain is None else grain
    rows, columns = _Lines(territories), _Lines(activities)
    with np.errstate(invalid="ignore"):
        own = shown & confidentiality.primary(values, rule.minimum, top_shares, rule.dominance)
    forced = np.zeros(values.shape, bool)
    while True:
        hidden, exposed = _pass(values, rows, columns, shown, own | forced)
        if not (exposed & ~forced).any():
            break
        forced |= exposed
    return _repaired(values, rows, columns, shown, own, hidden)


def suppressed_each(
    tables: Sequence[Floats],
    territories: Hierarchy,
    activities: Hierarchy,
    rule: Rule,
    grain: Mask | None = None,
) -> list[Mask]:
    """`suppressed` for several measures of one shape, each on its own, on as many processors as help."""
    workers = min(len(tables), os.cpu_count() or 1)
    # A server's worker may not start processes; it computes one measure after the other.
    if workers == 1 or sum(t.size for t in tables) < _WORTH or current_process().daemon:
        return [suppressed(t, territories, activities, rule, grain=grain) for t in tables]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        asked = [
            pool.submit(suppressed, t, territories, activities, rule, None, grain) for t in tables
        ]
        return [answer.result() for answer in asked]


class _Lines:
    """A hierarchy by position: the parent of each code (-1 for a root), its children and its depth."""

    def __init__(self, hierarchy: Hierarchy) -> None:
        at = {code: i for i, code in enumerate(hierarchy.parent)}
        self.parent = [-1 if up is None else at[up] for up in hierarchy.parent.values()]
        below = hierarchy.children()
        self.children = {at[code]: [at[part] for part in parts] for code, parts in below.items()}
        self.depth = [hierarchy.depth(code) for code in hierarchy.parent]


def _pass(
    values: Floats, rows: _Lines, columns: _Lines, shown: Mask, start: Mask
) -> tuple[Mask, Mask]:
    """One descent from what is hidden: the cells to hide, and the margins to hide in the next one."""
    hidden, exposed = start.copy(), np.zeros(values.shape, bool)
    blocks = [
        (rows.depth[place], columns.depth[activity], place, activity)
        for place, below in rows.children.items()
        for activity, within in columns.children.items()
        if shown[below[0], within[0]]
    ]
    for _depth, _rank, place, activity in sorted(blocks):
        block = np.ix_([*rows.children[place], place], [*columns.children[activity], activity])
        mask = hidden[block]
        if not mask.any() or np.isnan(values[block]).any():
            continue
        fixed = np.zeros_like(mask)
        # A margin is decided in the block where it is an inner cell, and here if there is none.
        fixed[-1, :] = rows.parent[place] >= 0
        fixed[:, -1] = columns.parent[activity] >= 0
        fixed[-1, -1] = True
        found = confidentiality.protect(values[block], mask, fixed)
        hidden[block] |= found.suppressed
        for r, c in zip(*np.nonzero(found.exposed), strict=True):
            # The margin to give up for a cell that nothing inside can protect: the territory's first.
            wider, total = (place, block[1][0, c]), (block[0][r, 0], activity)
            exposed[wider if not hidden[wider] else total] = True
    return hidden, exposed


def _repaired(
    values: Floats, rows: _Lines, columns: _Lines, shown: Mask, own: Mask, hidden: Mask
) -> Mask:
    """What to hide once all blocks are read together."""
    if not hidden.any():
        return hidden
    rank = np.full(values.shape, -1)
    rank[shown] = np.arange(np.count_nonzero(shown))
    lines = [
        np.column_stack([rank[parts][:, kept].T, rank[place, kept]])
        for place, parts in rows.children.items()
        if (kept := shown[parts[0]]).any()
    ]
    lines += [
        np.column_stack([rank[kept][:, parts], rank[kept, activity]])
        for activity, parts in columns.children.items()
        if (kept := shown[:, parts[0]]).any()
    ]
    widths = np.concatenate([np.full(len(line), line.shape[1]) for line in lines])
    signs = np.concatenate(
        [np.tile([1.0] * (line.shape[1] - 1) + [-1.0], len(line)) for line in lines]
    )
    cells = np.concatenate([line.ravel() for line in lines])
    at = np.repeat(np.arange(len(widths)), widths)
    equations = csr_array((signs, (at, cells)), shape=(len(widths), np.count_nonzero(shown)))
    result = linked_tables.protect(values[shown], equations, hidden[shown], own[shown])
    # What is hidden and yet follows from the rest protects nothing: showing it tells nothing new.
    useful = np.zeros(values.shape, bool)
    # A cell that the source lacks is unknown, whatever the repair moved.
    useful[shown] = result.suppressed & ~result.exposed & ~np.isnan(values[shown])
    return useful


def mask(*cells: Cell) -> State | None:
    """The state that a figure made from these cells must take, or None where all are shown.

    >>> mask(Cell(4.0, State.OBSERVED), HIDDEN), mask(ZERO)
    (<State.SUPPRESSED: 'suppressed'>, None)
    """
    for state in (State.UNKNOWN, State.SUPPRESSED, State.NOT_MEASURED):
        if any(cell.state is state for cell in cells):
            return state
    return None

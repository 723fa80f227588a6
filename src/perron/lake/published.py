"""Published views: what of a table of counts may leave the lake, under a rule of confidentiality.

Counts by territory and activity form nested tables: a block is the children of one territory by
the children of one activity, with both parents' counts as its margins. Blocks are protected from
the widest to the finest; a margin that no inner cell can protect is suppressed in its own block.
Methods compute on the full table; everything shown comes from here, and a figure made from a
masked cell is masked as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from perron.lake.provenance import SHOWN, State
from perron.methods.statistics import confidentiality
from perron.methods.statistics.confidentiality import Protection

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """When a count is too small to be shown: fewer than `minimum` units (3 firms, 5 persons)."""

    minimum: float = 3


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
    cells: Mapping[Key, Cell], territories: Hierarchy, activities: Hierarchy, rule: Rule
) -> dict[Key, Cell]:
    """The cells as they may be shown: suppressed for themselves, or for what they would betray.

    `cells` holds the counts of every level of both hierarchies; one that is missing is a zero. In a
    block where the source itself hides or lacks a cell, the sums can't be checked: only the cells
    too small are suppressed there.
    """
    counted = {key: cell.value for key, cell in cells.items() if cell.value}
    small = confidentiality.primary(list(counted.values()), rule.minimum)
    own = {key for key, hidden in zip(counted, small, strict=True) if hidden}
    forced: set[Key] = set()
    known: dict[tuple[Key, bytes], Protection] = {}
    while True:
        hidden, exposed = _pass(cells, territories, activities, own | forced, known)
        wider = {key for key in exposed if key not in forced}
        if not wider:
            break
        forced |= wider
    # A zero that the table only implies may be hidden as well: it then appears, suppressed.
    return {**cells, **dict.fromkeys(hidden, HIDDEN)}


def _pass(
    cells: Mapping[Key, Cell],
    territories: Hierarchy,
    activities: Hierarchy,
    hidden: set[Key],
    known: dict[tuple[Key, bytes], Protection],
) -> tuple[set[Key], set[Key]]:
    """One descent from what is hidden: the cells to hide, and the margins to hide in the next one.

    `known` keeps what a block gave for a set of hidden cells: a margin changes few blocks.
    """
    exposed: set[Key] = set()
    below, within = territories.children(), activities.children()
    blocks = [
        (territories.depth(place), activities.depth(activity), place, activity)
        for place in below
        for activity in within
    ]
    for _depth, _rank, place, activity in sorted(blocks):
        rows, columns = [*below[place], place], [*within[activity], activity]
        keys = [[(row, column) for column in columns] for row in rows]
        block = [[cells.get(key, ZERO) for key in line] for line in keys]
        if any(cell.state not in SHOWN for line in block for cell in line):
            continue
        mask = np.array([[key in hidden for key in line] for line in keys])
        if not mask.any():
            continue
        fixed = np.zeros_like(mask)
        # A margin is decided in the block where it is an inner cell, and here if there is none.
        fixed[-1, :] = territories.parent.get(place) is not None
        fixed[:, -1] = activities.parent.get(activity) is not None
        fixed[-1, -1] = True
        found = confidentiality.protect(
            [[c.value or 0.0 for c in line] for line in block], mask, fixed
        )
        for r, line in enumerate(keys):
            for c, key in enumerate(line):
                if found.suppressed[r, c]:
                    hidden.add(key)
                if found.exposed[r, c]:
                    exposed.add(_margin(keys, r, c, hidden))
    return hidden, exposed


def _margin(keys: list[list[Key]], row: int, column: int, hidden: set[Key]) -> Key:
    """The margin to give up for a cell that nothing inside can protect: the territory's first."""
    wider, total = keys[-1][column], keys[row][-1]
    return wider if wider not in hidden else total


def mask(*cells: Cell) -> State | None:
    """The state that a figure made from these cells must take, or None where all are shown.

    >>> mask(Cell(4.0, State.OBSERVED), HIDDEN), mask(ZERO)
    (<State.SUPPRESSED: 'suppressed'>, None)
    """
    for state in (State.UNKNOWN, State.SUPPRESSED, State.NOT_MEASURED):
        if any(cell.state is state for cell in cells):
            return state
    return None

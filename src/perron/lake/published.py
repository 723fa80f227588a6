"""Published views: what of a table of counts may leave the lake, under a rule of confidentiality.

Counts by territory and activity form nested tables: a block is the children of one territory by
the children of one activity, with both parents' counts as its margins. Blocks are protected from
the widest to the finest; a margin that no inner cell can protect is suppressed in its own block.
All blocks are then read together, as a reader may, and what that tells is repaired.
Methods compute on the full table; everything shown comes from here, and a figure made from a
masked cell is masked as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from perron.lake.provenance import SHOWN, State
from perron.methods.statistics import confidentiality, linked_tables

Key = tuple[str, str]


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

    `cells` holds the counts of every level of both hierarchies; one that is missing is a zero.
    Blocks are protected one by one, which is quick, then what they tell together is repaired. No
    cell too small can be deduced from all that is shown. A cell that the source itself hides or
    lacks may be anything. `top_shares` is the share of a cell that its two largest units make, for the
    cells where it is known.
    """
    counted = {key: cell.value for key, cell in cells.items() if cell.value}
    shares = [(top_shares or {}).get(key, np.nan) for key in counted]
    small = confidentiality.primary(list(counted.values()), rule.minimum, shares, rule.dominance)
    own = {key for key, hidden in zip(counted, small, strict=True) if hidden}
    forced: set[Key] = set()
    while True:
        hidden, exposed = _pass(cells, territories, activities, own | forced)
        wider = {key for key in exposed if key not in forced}
        if not wider:
            break
        forced |= wider
    hidden = _repaired(cells, territories, activities, own, hidden)
    # A zero that the table only implies may be hidden as well: it then appears, suppressed.
    return {**cells, **dict.fromkeys(hidden, HIDDEN)}


def _pass(
    cells: Mapping[Key, Cell],
    territories: Hierarchy,
    activities: Hierarchy,
    hidden: set[Key],
) -> tuple[set[Key], set[Key]]:
    """One descent from what is hidden: the cells to hide, and the margins to hide in the next one."""
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


def _repaired(
    cells: Mapping[Key, Cell],
    territories: Hierarchy,
    activities: Hierarchy,
    own: set[Key],
    hidden: set[Key],
) -> set[Key]:
    """What to hide once all blocks are read together."""
    if not hidden:
        return hidden
    keys = [(place, activity) for place in territories.parent for activity in activities.parent]
    rank = {key: i for i, key in enumerate(keys)}
    lines = [
        [(rank[part, activity], 1.0) for part in parts] + [(rank[place, activity], -1.0)]
        for place, parts in territories.children().items()
        for activity in activities.parent
    ]
    lines += [
        [(rank[place, part], 1.0) for part in parts] + [(rank[place, activity], -1.0)]
        for activity, parts in activities.children().items()
        for place in territories.parent
    ]
    rows = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    columns, signs = zip(*(term for line in lines for term in line), strict=True)
    equations = csr_array((signs, (rows, columns)), shape=(len(lines), len(keys)))
    found = (cells.get(key, ZERO) for key in keys)
    values = np.array([cell.value if cell.state in SHOWN else np.nan for cell in found], float)
    suppressed = np.array([key in hidden for key in keys])
    sensitive = np.array([key in own for key in keys])
    result = linked_tables.protect(values, equations, suppressed, sensitive)
    # What is hidden and yet follows from the rest protects nothing: showing it tells nothing new.
    useful = result.suppressed & ~result.exposed
    return {key for key, shut in zip(keys, useful, strict=True) if shut}


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

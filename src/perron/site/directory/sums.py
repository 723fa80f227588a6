"""Figures of places that are made of others: they tell nothing that their parts do not."""

from __future__ import annotations

from collections.abc import Iterable

from perron.lake.provenance import State, state_of
from perron.lake.published import Cell, mask


def summed(cells: Iterable[Cell]) -> Cell:
    """The sum of published counts, or the state that one of them forces; unknown without any."""
    parts = list(cells)
    if hidden := mask(*parts):
        return Cell(None, hidden)
    if not parts:
        return Cell(None, State.UNKNOWN)
    value = sum(cell.value or 0.0 for cell in parts)
    return Cell(value, state_of(value))

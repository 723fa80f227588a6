"""Every sector of a territory assessed: computed once a state of the lake, read ever after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from perron.lake.derived import derived
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.methods.economy import Position, Side, positions, sides
from perron.methods.economy.surroundings import nearest, surroundings, surroundings_sweep
from perron.methods.economy.uncertainty import CUTS
from perron.site.directory.places import Place
from perron.site.economy.jobs import by_division
from perron.site.economy.options.basis import JOBS, Basis, basis
from perron.site.economy.reader import Reader

#: Neighbours kept for each sector.
_TOP = 6
_MEASURES = (
    "density",
    "expected",
    "ratio",
    "low",
    "high",
    "least",
    "greatest",
    "as_much",
    "known_share",
    "hidden_low",
    "hidden_high",
    "neighbours",
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A sector near another: its share of all that is near, and whether the territory holds it."""

    code: str
    share: float
    held: bool | None


@dataclass(frozen=True, slots=True)
class AtCut:
    """Where a sector falls, by its point alone, when specialities are cut at another quotient."""

    cut: float
    held: bool
    ratio: float | None
    position: Position


@dataclass(frozen=True, slots=True)
class Near:
    """What lies near a sector, as `methods.economy.surroundings` measures it."""

    density: float
    expected: float
    ratio: float
    low: float | None
    high: float | None
    least: float
    greatest: float
    as_much: float
    known_share: float
    hidden_low: float
    hidden_high: float
    neighbours: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """A sector with its two sides; `near` is None where nothing can be said of its surroundings."""

    code: str
    cell: Cell
    quotient: float | None
    low: float | None
    high: float | None
    near: Near | None
    held: Side
    surrounded: Side
    position: Position
    sweep: tuple[AtCut, ...] = field(repr=False)
    nearest: tuple[Neighbour, ...] = field(repr=False)

    @property
    def stays(self) -> int:
        """At how many cuts it falls where it falls at 1."""
        at_one = next((at.position for at in self.sweep if at.cut == 1.0), None)
        return sum(at.position is at_one for at in self.sweep)


@dataclass(frozen=True, slots=True)
class Assessed:
    """All sectors of a territory on a basis, in the order of their codes."""

    name: str
    depth: int
    period: str
    #: How many other territories say what is near.
    others: int
    sectors: tuple[Assessment, ...]

    def at(self, position: Position) -> tuple[Assessment, ...]:
        return tuple(sector for sector in self.sectors if sector.position is position)

    def of(self, code: str) -> Assessment | None:
        return next((sector for sector in self.sectors if sector.code == code), None)


@lru_cache(maxsize=32)
def assessed(held: Catalogue, place: str, name: str, depth: int) -> Assessed | None:
    """The assessment of a place; None where too few other territories can say what is near."""
    reader = Reader(held, "fr")
    where = reader.known[place]

    def make() -> pa.Table:
        found = basis(reader, where, name, depth)
        return _table(found, where) if found else pa.table({"code": pa.array([], pa.string())})

    slug = re.sub(r"[^a-z0-9]+", "_", place.casefold())
    table = derived(held, f"options_{name}_{depth}_{slug}", make)
    if not table.num_rows:
        return None
    told = table.schema.metadata or {}
    columns = {c: table.column(c).to_pylist() for c in table.column_names}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return Assessed(
        name,
        depth,
        told[b"period"].decode(),
        int(told[b"others"]),
        tuple(_assessment(row, _cell(reader, where, name, row["code"])) for row in rows),
    )


def _table(found: Basis, place: Place) -> pa.Table:
    """The numbers, without the counts: these are read where they are published."""
    near = surroundings(found.quotients, place.code)
    swept = surroundings_sweep(found.quotients, place.code)
    beside = nearest(found.quotients, place.code, top=_TOP)
    codes = [str(code) for code in found.quotients.columns]
    own = found.quotients.loc[place.code].to_numpy()
    columns: dict[str, Any] = {
        "code": codes,
        "quotient": own,
        "quotient_low": found.low.to_numpy(),
        "quotient_high": found.high.to_numpy(),
        **{name: near[name].to_numpy() for name in _MEASURES},
        "sweep": [list(row) for row in swept.to_numpy()],
        "near": [[str(code) for code, _share, _held in beside[c]] for c in codes],
        "near_share": [[share for _code, share, _held in beside[c]] for c in codes],
        "near_held": [[held for _code, _share, held in beside[c]] for c in codes],
    }
    order = np.argsort(codes, kind="stable")
    return (
        pa.table(columns)
        .take(pa.array(order))
        .replace_schema_metadata({"period": found.period, "others": str(found.others)})
    )


def _cell(reader: Reader, place: Place, name: str, code: str) -> Cell:
    """The published count of a sector."""
    if name == JOBS:
        return by_division(reader.held, place.code, code, reader.tree)[0]
    return reader.counts(place.code, "enterprises", code)


def _assessment(row: dict[str, Any], cell: Cell) -> Assessment:
    numbers = {name: _known(row[name]) for name in (*_MEASURES, "quotient")}
    low, high = _known(row["quotient_low"]), _known(row["quotient_high"])
    near = None
    if numbers["ratio"] is not None:
        near = Near(**{name: numbers[name] for name in _MEASURES})  # type: ignore[arg-type]
    held = sides([_nan(low)], [_nan(high)])[0]
    around = sides([_nan(near.low if near else None)], [_nan(near.high if near else None)])[0]
    # A hidden count is never assessed, whatever a table may hold of it.
    position = (
        Position.UNASSESSED if cell.value is None else Position(positions([held], [around])[0])
    )
    return Assessment(
        row["code"],
        cell,
        numbers["quotient"],
        low,
        high,
        near,
        held,
        around,
        position,
        _sweep(numbers["quotient"], row["sweep"]),
        tuple(
            Neighbour(code, share, None if was is None or was != was else bool(was))
            for code, share, was in zip(
                row["near"], row["near_share"], row["near_held"], strict=True
            )
        ),
    )


def _sweep(quotient: float | None, ratios: Sequence[float | None]) -> tuple[AtCut, ...]:
    found = []
    for cut, given in zip(CUTS, ratios, strict=True):
        ratio, value = _known(given), _nan(quotient)
        held = sides([value / cut], [value / cut])[0]
        around = sides([_nan(ratio)], [_nan(ratio)])[0]
        found.append(AtCut(cut, held is Side.OVER, ratio, positions([held], [around])[0]))
    return tuple(found)


def _known(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value

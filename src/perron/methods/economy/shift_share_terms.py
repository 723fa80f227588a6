"""The terms of each shift-share method, cell by cell: `perron.methods.economy.shift_share` says what
they mean and adds them up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from perron.methods.economy.labels import Array, Labels, Matrix, unlabelled

#: Jobs by sector.
Vector: TypeAlias = NDArray[np.float64] | pd.Series


@dataclass(frozen=True, slots=True)
class Terms:
    """What the formulas need; `x` and `y` are NaN together."""

    x: Array
    y: Array
    base: Array  # X_i, the base at the start
    pace: float  # G
    paces: Array  # G_i, NaN where the base had nothing
    grown: Array  # x_i (1 + G_i), the region's jobs had they moved as the base's
    labels: Labels

    @classmethod
    def of(cls, start: Matrix, end: Matrix, base_start: Vector, base_end: Vector) -> Terms:
        x, labels = unlabelled(start, what="start")
        y, _ = unlabelled(in_order_of(end, start, "end"), what="end")
        if x.shape != y.shape:
            raise ValueError(f"end has shape {y.shape}, expected that of start, {x.shape}")
        base = _base(base_start, labels, x.shape[1], "base_start")
        then = _base(base_end, labels, x.shape[1], "base_end")
        if not base.sum() > 0:
            raise ValueError("base_start holds nothing: it has no growth to compare with")
        unknown = np.isnan(x) | np.isnan(y)
        x, y = np.where(unknown, np.nan, x), np.where(unknown, np.nan, y)
        paces = np.full(base.shape, np.nan)
        np.divide(then, base, out=paces, where=base > 0)
        # Nothing grows to nothing, whatever the rate; some, at an unknown rate, to an unknown.
        grown = np.where((x == 0) & (base == 0), 0.0, x * paces)
        return cls(x, y, base, float(then.sum() / base.sum()) - 1, paces - 1, grown, labels)

    def homothetic(self) -> Array:
        """h_i: the region's total with the structure of the base."""
        totals: Array = self.x.sum(axis=1, keepdims=True)
        shares: Array = self.base / self.base.sum()
        return totals * shares


def in_order_of(matrix: Matrix, first: Matrix, what: str) -> Matrix:
    """The frame in the order of the first one."""
    if not (isinstance(matrix, pd.DataFrame) and isinstance(first, pd.DataFrame)):
        return matrix
    for name, found, expected in (
        ("region", matrix.index, first.index),
        ("sector", matrix.columns, first.columns),
    ):
        _same_labels(found, expected, f"{what}: the {name}")
    ordered: Matrix = matrix.reindex(index=first.index, columns=first.columns)
    return ordered


def _same_labels(found: pd.Index, expected: pd.Index, what: str) -> None:
    if not found.is_unique:
        raise ValueError(f"{what} {found[found.duplicated()].tolist()[0]!r} is there twice")
    for odd in (found.difference(expected, sort=False), expected.difference(found, sort=False)):
        if len(odd):
            raise ValueError(f"{what} {odd.tolist()[0]!r} is at one date and not the other")


def _base(vector: Vector, labels: Labels, sectors: int, what: str) -> Array:
    if isinstance(vector, pd.Series):
        if labels.sectors is not None:
            for name in labels.sectors.difference(vector.index, sort=False)[:1]:
                raise ValueError(f"{what} has no sector {name!r}")
            for name in vector.index.difference(labels.sectors, sort=False)[:1]:
                raise ValueError(f"{what} has a sector {name!r} that the regions do not have")
            if not vector.index.is_unique:
                raise ValueError(f"{what} has the same sector twice")
            vector = vector.reindex(labels.sectors)
        vector = vector.to_numpy(dtype=np.float64, na_value=np.nan)
    array = np.asarray(vector, dtype=np.float64)
    if array.shape != (sectors,):
        raise ValueError(f"{what} has shape {array.shape}, expected ({sectors},): one by sector")
    for wrong, sentence in (
        (np.isnan(array), "is not known"),
        (np.isinf(array), "is infinite"),
        (array < 0, "is negative"),
    ):
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            name = f"number {at}" if labels.sectors is None else repr(labels.sectors[at])
            raise ValueError(f"{what} {sentence} at sector {name}")
    return array


def dunn(data: Terms) -> Iterator[Array]:
    """The parts of the classical form, of each cell, in the order of `COMPONENTS`."""
    followed = data.x * (1 + data.pace)
    yield data.y - data.x
    yield data.x * data.pace
    yield data.grown - followed
    yield data.y - data.grown
    yield data.y - followed


def esteban(data: Terms) -> Iterator[Array]:
    """The parts with Esteban-Marquillas' homothetic change, of each cell."""
    own = data.y - data.grown
    regional = data.homothetic() * _ahead(data)
    yield data.y - data.x
    yield data.x * data.pace
    yield data.grown - data.x * (1 + data.pace)
    yield regional
    yield own - regional


def _ahead(data: Terms) -> Array:
    """g_i - G_i, taken as 0 where the region had none of the sector: it has no rate."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(data.x == 0, 0.0, (data.y - data.grown) / data.x)


def arcelus(data: Terms) -> Iterator[Array]:
    """The parts of Arcelus, of each cell."""
    x, y, homothetic = data.x, data.y, data.homothetic()
    total = x.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        # A region that had nothing has no pace: 0 puts all its growth into the last part.
        region = np.where(total == 0, 0.0, y.sum(axis=1, keepdims=True) / total - 1 - data.pace)
    mix = np.where((x == 0) & (data.base == 0), 0.0, data.paces - data.pace)
    last = np.where(x == 0, 0.0, _ahead(data) - region)
    yield y - x
    for effect in (data.pace, mix, region):
        yield homothetic * effect
        yield (x - homothetic) * effect
    yield homothetic * last
    yield np.where(x == 0, y, (x - homothetic) * last)


def gerfin(data: Terms) -> Iterator[Array]:
    """The indices of Gerfin, of each region: they multiply, they do not add up."""
    start, grown, end = (part.sum(axis=1) for part in (data.x, data.grown, data.y))
    yield _ratio(_ratio(grown, start), 1 + data.pace)
    yield _ratio(end, grown)
    yield _ratio(_ratio(end, start), 1 + data.pace)


def gerfin_by_sector(data: Terms) -> Iterator[Array]:
    """The indices of Gerfin, of each cell."""
    start = np.where(data.x > 0, data.x, np.nan)
    mix = np.where(np.isnan(start), np.nan, _ratio(1 + data.paces, 1 + data.pace))
    regional = _ratio(_ratio(data.y, start), 1 + data.paces)
    yield mix
    yield regional
    yield mix * regional


def _ratio(above: Array, below: Array | float) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(below) > 0, above / np.asarray(below), np.nan)

"""Arrays or labelled frames in, the same kind out; and what every matrix of this package must be.

A matrix has regions as rows and sectors as columns. A value that is not known, whether suppressed or
unknown, is NaN: the mask travels inside the matrix, and no function ever takes NaN for zero. Which
of the two it is stays beside the matrix (`perron.methods.economy.panels`).
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: A matrix of regions by sectors, sectors by sectors, or a vector; as an array or labelled.
Matrix = TypeVar("Matrix", NDArray[np.float64], pd.DataFrame)
#: What a labelled function gives back: the kind follows the input.
Labelled = Any


class EmptyWarning(UserWarning):
    """Some rows or columns hold nothing: their own results are NaN, and no others.

    `what` is "regions" or "sectors"; `names` are their labels, or positions of an array.
    """

    def __init__(self, what: str, names: Sequence[Hashable]) -> None:
        self.what, self.names = what, tuple(names)
        listed = ", ".join(str(name) for name in self.names[:5])
        more = ", …" if len(self.names) > 5 else ""
        super().__init__(f"{len(self.names)} empty {what} ({listed}{more}): their results are NaN")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels that came with a matrix, to give them back with each result."""

    regions: pd.Index | None = None
    sectors: pd.Index | None = None

    def cells(self, values: Array) -> Labelled:
        """A result for each region and sector."""
        if self.regions is None:
            return values
        return pd.DataFrame(values, index=self.regions, columns=self.sectors)

    def by_region(self, values: Array, name: str | None = None) -> Labelled:
        """A result for each region."""
        return values if self.regions is None else pd.Series(values, index=self.regions, name=name)

    def by_sector(self, values: Array, name: str | None = None) -> Labelled:
        """A result for each sector."""
        return values if self.sectors is None else pd.Series(values, index=self.sectors, name=name)

    def pairs(self, values: Array) -> Labelled:
        """A result for each pair of sectors."""
        if self.sectors is None:
            return values
        return pd.DataFrame(values, index=self.sectors, columns=self.sectors)

    def warn_empty(
        self, regions: NDArray[np.bool_] | None, sectors: NDArray[np.bool_] | None
    ) -> None:
        """Say which regions and sectors hold nothing, if any."""
        for what, empty, index in (
            ("regions", regions, self.regions),
            ("sectors", sectors, self.sectors),
        ):
            if empty is not None and empty.any():
                at = np.flatnonzero(empty)
                names = at.tolist() if index is None else index[at].tolist()
                warnings.warn(EmptyWarning(what, names), stacklevel=3)


def unlabelled(
    matrix: Matrix, *, what: str = "values", signed: bool = False
) -> tuple[Array, Labels]:
    """The matrix as an array of float64, and its labels.

    Parameters
    ----------
    matrix : array-like of shape (regions, sectors), or DataFrame with regions as index
        NaN where the value is not known. An array of float64 is not copied.
    what : str
        How an error names it.
    signed : bool
        Whether negative values are allowed.

    Raises
    ------
    ValueError
        If it has not two dimensions, holds an infinity, holds a negative value where none is
        allowed, or has the same label twice.

    >>> values, labels = unlabelled(pd.DataFrame([[1, None]], index=["BE33"], columns=["A", "C"]))
    >>> values.tolist(), labels.by_region(values[:, 0]).to_dict()
    ([[1.0, nan]], {'BE33': 1.0})
    """
    labels = Labels()
    if isinstance(matrix, pd.DataFrame):
        labels = Labels(matrix.index, matrix.columns)
        for name, index in (("region", matrix.index), ("sector", matrix.columns)):
            if not index.is_unique:
                twice = index[index.duplicated()][0]
                raise ValueError(f"{what}: the {name} {twice!r} is there twice")
        matrix = matrix.to_numpy(dtype=np.float64, na_value=np.nan)
    values = np.asarray(matrix, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"{what} has {values.ndim} dimensions, expected regions by sectors")
    if np.isinf(values).any():
        raise ValueError(f"{what} holds an infinite value")
    if not signed and (negative := values < 0).any():
        row, column = np.argwhere(negative)[0]
        raise ValueError(
            f"{what} is negative ({values[row, column]:g}) at region {_name(labels.regions, row)},"
            f" sector {_name(labels.sectors, column)}"
        )
    return values, labels


def _name(index: pd.Index | None, at: int) -> str:
    return f"number {at}" if index is None else repr(index[at])

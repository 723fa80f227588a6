"""The shares of each row of a matrix, and the shares that they are compared with.

The common part of specialisation (rows are regions), concentration (rows are sectors) and variety.
"""

from __future__ import annotations

import math
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from perron.methods.economy.labels import Array

#: What a row is compared with. "all": all rows taken together, itself included. "others": all rows
#: but itself, taken together. "mean_of_others": the mean of the shares of the other rows, each
#: counting as much. "equal": the same share for each cell. Or quantities by cell, of a country say.
Reference: TypeAlias = (
    Literal["all", "others", "mean_of_others", "equal"] | NDArray[np.float64] | pd.Series
)
#: The result of a row with a cell that is not known: NaN, or that of its known cells.
Missing = Literal["nan", "known"]
_NAMED = ("all", "others", "mean_of_others", "equal")


def empty_rows(values: Array) -> NDArray[np.bool_]:
    """Which rows have no known value above 0."""
    return np.asarray((values > 0).sum(axis=1) == 0)


def shares_of(values: Array, missing: Missing) -> tuple[Array, NDArray[np.bool_] | None]:
    """Each row over its sum, 0 where not known, and which cells are known (None: all are).

    A row that holds nothing is NaN; so is one with an unknown cell, unless `missing` is "known".
    """
    if missing not in ("nan", "known"):
        raise ValueError(f'missing is {missing!r}, expected "nan" or "known"')
    if not values.size:
        raise ValueError("values has no cell, expected a region and a sector at least")
    totals = values.sum(axis=1)
    known: NDArray[np.bool_] | None = None
    if np.isnan(totals).any():
        known = ~np.isnan(values)
        values = np.where(known, values, 0.0)
        totals = values.sum(axis=1)
        if missing == "nan":
            totals = np.where(known.all(axis=1), totals, np.nan)
    shares: Array = values / np.where(totals > 0, totals, np.nan)[:, None]
    return shares, known


def reference_of(
    values: Array, shares: Array, known: NDArray[np.bool_] | None, reference: Any
) -> Array:
    """The shares that each row is compared with: one row for all, or one for each.

    `shares` and `known` are those of `shares_of`. A row is compared over its known cells. Totals
    are those of the known cells of all rows; a mean is that of the complete rows. A reference that
    holds nothing is NaN.
    """
    cells = values if known is None else np.where(known, values, 0.0)
    compared: Array
    if not isinstance(reference, str):
        compared = reference[None, :]
    elif reference == "equal":
        compared = np.ones((1, values.shape[1]))
    elif reference == "mean_of_others":
        complete = ~np.isnan(shares[:, :1])
        if known is not None:
            complete &= known.all(axis=1, keepdims=True)
        own = np.where(complete, shares, 0.0)
        compared = (own.sum(axis=0) - own) / np.maximum(complete.sum() - complete, 1)
    elif reference == "others":
        # Exactly 0 where no other row has any: the sum of one value and zeros is that value.
        compared = cells.sum(axis=0) - cells
    else:
        compared = cells.sum(axis=0, keepdims=True)
    if known is not None:
        compared = np.where(known, compared, 0.0)
    totals = compared.sum(axis=1, keepdims=True)
    return compared / np.where(totals > 0, totals, np.nan)


def aligned(reference: Reference, names: pd.Index | None, count: int, what: str) -> Any:
    """The reference in the order of the sectors (or whatever `what` names), or its name."""
    if isinstance(reference, str):
        if reference not in _NAMED:
            raise ValueError(f"reference is {reference!r}, expected one of {', '.join(_NAMED)}")
        return reference
    if isinstance(reference, pd.Series) and names is not None:
        if not reference.index.is_unique:
            raise ValueError(f"reference: a {what} is there twice")
        if len(absent := names.difference(reference.index)):
            raise ValueError(f"reference: the {what} {absent[0]!r} is not in it")
        reference = reference.reindex(names)
    values = np.asarray(reference, dtype=np.float64)
    if values.shape != (count,):
        raise ValueError(f"reference has shape {values.shape}, expected {count} {what}s")
    if not np.isfinite(values).all() or (values < 0).any() or not values.any():
        raise ValueError("reference holds a value that is negative or not known, or nothing at all")
    return values


def distance_of(values: Array, reference: Any, missing: Missing) -> Array:
    """Sum over each row of the differences of its shares from the reference, without sign."""
    shares, known = shares_of(values, missing)
    shares -= reference_of(values, shares, known, reference)
    result: Array = np.abs(shares, out=shares).sum(axis=1)
    return result


def herfindahl_of(values: Array, normalised: bool, missing: Missing) -> Array:
    """Sum of the squared shares of each row."""
    shares, known = shares_of(values, missing)
    result: Array = np.einsum("ij,ij->i", shares, shares)
    if normalised:
        least = 1 / count_of(values, known)
        with np.errstate(divide="ignore", invalid="ignore"):
            result = np.where(least < 1, (result - least) / (1 - least), np.nan)
    return result


def gini_of(values: Array, normalised: bool = False) -> Array:
    """Gini coefficient of the values of each row that are not NaN; NaN for a row that has none."""
    ordered = np.sort(values, axis=1)  # NaN last
    count = count_of(values, ~np.isnan(ordered))
    rank = np.arange(1.0, values.shape[1] + 1)
    np.nan_to_num(ordered, copy=False, nan=0.0)
    totals = ordered.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Array = (2 * (ordered @ rank) / totals - count - 1) / count
        if normalised:
            result = np.where(count > 1, result * count / (count - 1), np.nan)
    # Equal values give 0 up to rounding, and an inequality is never below.
    np.maximum(result, 0.0, out=result)
    return result


def gini_of_quotients_of(values: Array, reference: Any, missing: Missing) -> Array:
    """Gini coefficient of each row's shares over the reference, where that is above 0."""
    shares, known = shares_of(values, missing)
    compared = reference_of(values, shares, known, reference)
    with np.errstate(divide="ignore", invalid="ignore"):
        quotients = shares / compared
    if known is not None:
        quotients[~known] = np.nan
    quotients[np.isinf(quotients).any(axis=1)] = np.nan
    return gini_of(quotients)


def count_of(values: Array, known: NDArray[np.bool_] | None) -> Array:
    """How many cells of each row are known; NaN for none."""
    if known is None:
        return np.full(len(values), float(values.shape[1]))
    count = known.sum(axis=1)
    return np.where(count > 0, count, np.nan)


def entropy_of(shares: Array) -> Array:
    """Entropy of each row of shares, in natural logarithm."""
    above = shares > 0
    logs = np.log(shares, out=np.zeros_like(shares), where=above)
    # A NaN share stays NaN times 0; and a single sector gives 0, not -0.
    result: Array = 0.0 - np.einsum("ij,ij->i", shares, logs)
    return result


def logarithm(base: float) -> float:
    """The natural logarithm of the base of another."""
    if not (base > 1 and math.isfinite(base)):
        raise ValueError(f"base is {base}, expected a number above 1")
    return math.log(base)

"""How sure a location quotient is: sampling interval, and bounds left by suppressed cells."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from perron.methods.economy.labels import Array, Labelled, Matrix, unlabelled
from perron.methods.statistics.intervals import wilson

#: What a cell that is not known may reach, where the caller knows no better.
Largest = Literal["largest"]


def sampling_interval(values: Matrix, confidence: float = 0.95) -> tuple[Labelled, Labelled]:
    r"""Interval of each location quotient, for values that are counts.

    With :math:`p_1` the share of the sector in the region, :math:`p_2` its share in the others and
    :math:`w` the region's part of the total, :math:`LQ = \rho / (w \rho + 1 - w)` where
    :math:`\rho = p_1 / p_2`. The interval is that of :math:`\rho`, a ratio of two independent
    proportions, carried through this increasing function. From Wilson's intervals
    :math:`[l_k, u_k]` of the two,

    .. math::
        \rho_{low} = \frac{p_1 p_2 - \sqrt{p_1^2 p_2^2 - l_1 (2 p_1 - l_1)\, u_2 (2 p_2 - u_2)}}
                          {u_2 (2 p_2 - u_2)}, \quad
        \rho_{high} = \frac{p_1 p_2 + \sqrt{p_1^2 p_2^2 - u_1 (2 p_1 - u_1)\, l_2 (2 p_2 - l_2)}}
                           {l_2 (2 p_2 - l_2)}

    It says something at 0, where the delta method has no width.

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        Counts (persons, enterprises), zero or more, NaN where not known. A value in thousands must
        be multiplied first: the width depends on the unit.
    confidence : float
        Between 0 and 1, both excluded.

    Returns
    -------
    low, high : the same kind and shape. NaN where the quotient is. For a single region, 1 and 1.
        A register counts everyone: the interval then says how much such a count varies by chance.

    Source: Donner and Zou (2012), "Closed-form confidence intervals for functions of the normal mean
    and standard deviation", Stat. Methods Med. Res. 21(4), equation 8 (method of variance estimates
    recovery); the relation of a quotient to a relative risk, Beyene and Moineddin (2005), BMC Med.
    Res. Methodol. 5:32.

    >>> low, high = sampling_interval(np.array([[30.0, 10.0], [20.0, 40.0]]))
    >>> low.round(2)[0].tolist(), high.round(2)[0].tolist()
    ([1.26, 0.31], [1.73, 0.74])
    """
    array, labels = unlabelled(values)
    known = np.where(np.isnan(array), 0.0, array)
    rows, columns = known.sum(axis=1)[:, None], known.sum(axis=0)[None, :]
    low, high = _interval(known, rows, columns, rows.sum(), confidence)
    undefined = np.isnan(array) | (rows == 0) | (columns == 0)
    for bound in (low, high):
        bound[undefined] = np.nan
    return labels.cells(low), labels.cells(high)


def quotient_of_counts(
    count: ArrayLike,
    in_region: ArrayLike,
    in_sector: ArrayLike,
    total: ArrayLike,
    confidence: float = 0.95,
) -> tuple[Array, Array, Array]:
    r"""Location quotient and its sampling interval from four counts, where there is no whole table.

    .. math:: LQ = \frac{x / R}{C / T}

    Parameters
    ----------
    count, in_region, in_sector, total : array-like, broadcast together
        :math:`x` in the sector and the region, :math:`R` in the region, :math:`C` in the sector and
        :math:`T` in all: the region is part of the whole. Zero or more, NaN where not known.
    confidence : float
        Between 0 and 1, both excluded.

    Returns
    -------
    value, low, high : arrays without unit, NaN where a count is not known, or where :math:`R`,
        :math:`C` or :math:`T` is 0. Where the region is the whole, all three are 1.

    Raises
    ------
    ValueError
        If a count is negative, or above what it is part of.

    Source: as `location_quotient` and `sampling_interval`, of which this is one cell.

    >>> [round(float(found), 3) for found in quotient_of_counts(30, 40, 50, 100)]
    [1.5, 1.257, 1.73]
    """
    x, rows, columns, whole = np.broadcast_arrays(
        *(np.asarray(each, np.float64) for each in (count, in_region, in_sector, total))
    )
    undefined = np.isnan(x + rows + columns + whole) | (rows == 0) | (columns == 0)
    x, rows, columns, whole = (
        np.where(undefined, fill, each)
        for each, fill in ((x, 1.0), (rows, 2.0), (columns, 2.0), (whole, 4.0))
    )
    for part, larger, name in ((x, rows, "region"), (x, columns, "sector")):
        if ((part < 0) | (part > larger)).any():
            raise ValueError(f"a count is negative or above that of its {name}")
    found = ((x / rows) / (columns / whole), *_interval(x, rows, columns, whole, confidence))
    value, low, high = (np.where(undefined, np.nan, each) for each in found)
    return value, low, high


def _interval(
    known: Array, rows: Array, columns: Array, total: Array, confidence: float
) -> tuple[Array, Array]:
    """The interval of each quotient from its count and three totals, which broadcast together."""
    rest = np.maximum(columns - known, 0.0)
    others = np.broadcast_to(total - rows, known.shape)
    # A sum may differ from its parts by rounding.
    low1, high1 = wilson(known, np.maximum(rows, known), confidence)
    low2, high2 = wilson(rest, np.maximum(others, rest), confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        p1, p2 = known / rows, np.where(others > 0, rest / others, np.nan)
        product = p1 * p2
        # The first form is that of the docstring multiplied by its conjugate: no division by zero
        # where u2 = 2 p2.
        a, b = low1 * (2 * p1 - low1), high2 * (2 * p2 - high2)
        least = a / (product + np.sqrt(np.maximum(product**2 - a * b, 0.0)))
        a, b = high1 * (2 * p1 - high1), low2 * (2 * p2 - low2)
        most = (product + np.sqrt(np.maximum(product**2 - a * b, 0.0))) / b
        weight = rows / total
        low = np.where(known > 0, least / (weight * least + 1 - weight), 0.0)
        # Where no other region has the sector, the ratio is infinite and the quotient 1 / w.
        high = np.where(low2 > 0, most / (weight * most + 1 - weight), 1 / weight)
    alone = np.broadcast_to(rows >= total, known.shape)
    for bound in (low, high):
        bound[alone] = 1.0
    return low, high


def largest_known(values: Array) -> Array:
    """The larger of the largest known value of the region and of the sector, for each cell."""
    known = np.where(np.isnan(values), 0.0, values)
    rows, columns = known.max(axis=1, initial=0), known.max(axis=0, initial=0)
    largest: Array = np.maximum(rows[:, None], columns[None, :])
    return largest


def suppression_bounds(
    values: Matrix, lower: ArrayLike = 0.0, upper: ArrayLike | Largest = "largest"
) -> tuple[Labelled, Labelled]:
    r"""The least and the greatest that each location quotient can be, whatever the hidden cells hold.

    Each cell that is not known may take any value of :math:`[l, u]`, independently. With :math:`R, C, T`
    the sums of the other cells of the row, of the column and of the table when hidden ones are at
    their lower bound, :math:`LQ = x (T + x) / ((R + x)(C + x))` falls when hidden cells of its row or
    column grow and rises with those elsewhere. The extremes are therefore reached exactly: for a
    known cell at the ends; for a hidden one with the greatest elsewhere, at
    :math:`x = \frac{RC + \sqrt{R^2 C^2 + E R C T}}{E}`, :math:`E = T - R - C`, brought within
    :math:`[l, u]`.

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        NaN where not known.
    lower, upper : number or array that fits the matrix
        What a hidden cell is at least and at most, for instance from published totals, or from the
        rule that hid it (fewer than 3: 1 and 2). "largest", for want of better, takes the larger of
        the largest known value of its region and of its sector: a convention, not a proof.

    Returns
    -------
    least, greatest : the same kind and shape; equal to the quotient where nothing is hidden.
        NaN where the region or the sector holds nothing, whatever the hidden cells. What a quotient
        only comes near, as a hidden cell alone in its region goes to 0, counts as its greatest; it is
        infinite where the cell may be all there is in its region and in its sector.

    Raises
    ------
    ValueError
        If a lower bound is negative or above its upper bound.

    Source: own derivation; checked in the tests against every corner and a grid.

    >>> least, greatest = suppression_bounds(np.array([[30.0, 10.0], [np.nan, 40.0]]), upper=20)
    >>> least.round(3).tolist(), greatest.round(3).tolist()
    ([[1.5, 0.4], [0.0, 1.333]], [[2.0, 0.5], [0.667, 1.6]])
    """
    array, labels = unlabelled(values)
    hidden = np.isnan(array)
    known = np.where(hidden, 0.0, array)
    low = np.where(hidden, np.broadcast_to(np.asarray(lower, float), array.shape), known)
    top = largest_known(array) if isinstance(upper, str) else np.asarray(upper, float)
    high = np.where(hidden, np.broadcast_to(top, array.shape), known)
    if (wrong := (low < 0) | (low > high)).any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(
            f"a hidden cell is bounded by {low[row, column]:g} and {high[row, column]:g} at row {row},"
            f" column {column}: expected 0 or more, and the lower bound first"
        )
    slack = high - low
    rows, columns = low.sum(axis=1)[:, None] - low, low.sum(axis=0)[None, :] - low
    row_slack, column_slack = (
        slack.sum(axis=1)[:, None] - slack,
        slack.sum(axis=0)[None, :] - slack,
    )
    elsewhere = low.sum() - rows - columns - low
    elsewhere_slack = slack.sum() - row_slack - column_slack - slack

    def quotient(x: Array, row: Array, column: Array, rest: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            # x / (x + row) is 1 in a row that holds nothing else, however little x is.
            value: Array = np.where(row > 0, x / (x + row), 1.0) * (x + row + column + rest)
            value /= x + column
            alone = (x == 0) & (row > 0) & (column == 0)
            return np.where(alone, 1 + rest / row, value)

    # Rounding may leave a hair below zero where a row has one cell.
    rows, columns = np.maximum(rows, 0.0), np.maximum(columns, 0.0)
    full = rows + row_slack, columns + column_slack, np.maximum(elsewhere, 0.0)
    least = np.fmin(quotient(low, *full), quotient(high, *full))
    rest = np.maximum(elsewhere + elsewhere_slack, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        product = rows * columns
        best = (product + np.sqrt(product**2 + rest * product * (rows + columns + rest))) / rest
    best = np.where(np.isfinite(best), np.clip(best, low, high), high)
    greatest = np.fmax(
        quotient(best, rows, columns, rest),
        np.fmax(quotient(low, rows, columns, rest), quotient(high, rows, columns, rest)),
    )
    nothing = (high.sum(axis=1) == 0)[:, None] | (high.sum(axis=0) == 0)[None, :]
    for bound in (least, greatest):
        bound[~hidden & (known == 0)] = 0.0
        bound[nothing] = np.nan
    return labels.cells(least), labels.cells(greatest)

r"""What an index of a region may be when some of its cells are hidden and their sum is not.

A published table gives the total of a region and all cells but a few: the hidden ones add up to a known
mass :math:`m`. The indices of `variety` and `specialisation` are then known within bounds, often close.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from perron.methods.economy.labels import Array, Labelled, Labels, Matrix, unlabelled
from perron.methods.economy.shares import entropy_of, logarithm


def entropy_bounds(
    values: Matrix, totals: ArrayLike, *, base: float = 2.0
) -> tuple[Labelled, Labelled]:
    r"""The least and the greatest `variety.entropy`, however the hidden mass is shared among hidden cells.

    .. math:: H_{known} + \mu \log \frac1\mu \;\le\; H \;\le\; H_{known} + \mu \log \frac{k}{\mu}

    with :math:`\mu = m / x_\cdot` the hidden share, :math:`k` the number of hidden cells, and
    :math:`H_{known}` the sum over the known ones: entropy is concave, so it is least when one cell has
    it all and greatest when all have as much.

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        Zero or more, NaN where hidden.
    totals : array-like of shape (regions,)
        The sum of all cells of each region, hidden ones included; NaN where not known.
    base : float
        Of the logarithm, above 1.

    Returns
    -------
    low, high : one value a region, in bits for base 2; equal where nothing is hidden. NaN where the total
    is not known or 0.

    Raises
    ------
    ValueError
        If the known cells add up to more than the total, or to less with none hidden.

    Source: own; the extremes of a concave symmetric function of a given sum.

    >>> low, high = entropy_bounds(np.array([[4.0, 2, np.nan, np.nan]]), [8.0])
    >>> low.tolist(), high.tolist()
    ([1.5], [1.75])
    """
    array, whole, mass, hidden, labels = _read(values, totals)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = entropy_of(np.nan_to_num(array) / whole[:, None])
        share = mass / whole
        alone = np.where(mass > 0, share * np.log(1 / share), 0.0)
        spread = np.where(mass > 0, share * np.log(np.maximum(hidden, 1) / share), 0.0)
    unit = logarithm(base)
    low, high = (known + alone) / unit, (known + spread) / unit
    return labels.by_region(low, "low"), labels.by_region(high, "high")


def krugman_bounds(
    values: Matrix, totals: ArrayLike, reference: ArrayLike, reference_total: float
) -> tuple[Labelled, Labelled]:
    r"""The least and the greatest `specialisation.krugman` against a reference, whatever hidden cells hold.

    .. math:: K_{known} + |\mu_r - \mu| \;\le\; K_r \;\le\; K_{known} + \mu_r + \mu

    where :math:`K_{known}` sums :math:`|s_{ri} - s_i|` over the sectors known in both, and
    :math:`\mu_r, \mu` are what the other sectors weigh in the region and in the reference.

    Parameters
    ----------
    values, totals
        As for `entropy_bounds`.
    reference : array-like of shape (sectors,)
        Quantities of the reference, in the order of the sectors; NaN where hidden.
    reference_total : float
        The sum of all its cells.

    Returns
    -------
    low, high : one value a region, from 0 to 2; NaN where a total is not known or 0.

    Raises
    ------
    ValueError
        As `entropy_bounds`, or if the reference has not as many sectors.

    Source: own; the triangle inequality on the sectors that are not known in both.

    >>> low, high = krugman_bounds(np.array([[4.0, 2, np.nan]]), [8.0], [10.0, 50, 40], 100.0)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.8], [1.3])
    """
    array, whole, _, _, labels = _read(values, totals)
    compared = np.asarray(reference, dtype=np.float64)
    if compared.shape != (array.shape[1],):
        raise ValueError(f"reference has shape {compared.shape}, expected {array.shape[1]} sectors")
    _check(compared[None, :], np.array([reference_total]))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares, theirs = array / whole[:, None], compared / reference_total
        both = ~np.isnan(shares) & ~np.isnan(theirs)[None, :]
        known = np.where(both, np.abs(shares - theirs), 0.0).sum(axis=1)
        rest = 1 - np.where(both, shares, 0.0).sum(axis=1)
        other = 1 - np.where(both, theirs, 0.0).sum(axis=1)
    unknown = np.isnan(whole) if reference_total > 0 else np.ones(len(whole), dtype=bool)
    # Rounding may leave a hair below nothing where all is known.
    rest, other = np.maximum(rest, 0.0), np.maximum(other, 0.0)
    low = np.where(unknown, np.nan, known + np.abs(rest - other))
    high = np.where(unknown, np.nan, known + rest + other)
    return labels.by_region(low, "low"), labels.by_region(high, "high")


def _read(
    values: Matrix, totals: ArrayLike
) -> tuple[Array, Array, Array, NDArray[np.intp], Labels]:
    """The cells, the totals, the hidden mass and the number of hidden cells of each region."""
    array, labels = unlabelled(values)
    whole = np.asarray(totals, dtype=np.float64)
    if whole.shape != (len(array),):
        raise ValueError(f"totals has shape {whole.shape}, expected {len(array)} regions")
    _check(array, whole)
    whole = np.where(whole > 0, whole, np.nan)
    mass = np.maximum(whole - np.nansum(array, axis=1), 0.0)
    return array, whole, mass, np.isnan(array).sum(axis=1), labels


def _check(array: Array, whole: Array) -> None:
    """That what is known fits in the total, and is the total where nothing is hidden."""
    known, hidden = np.nansum(array, axis=1), np.isnan(array).any(axis=1)
    slack = 1e-9 * np.maximum(whole, 1.0)
    with np.errstate(invalid="ignore"):
        wrong = (known > whole + slack) | (~hidden & (known < whole - slack))
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"the known cells of region number {at} add up to {known[at]:g}, its total is {whole[at]:g}"
        )

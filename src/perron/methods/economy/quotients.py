"""Location quotient, and which activities a region is specialised in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perron.methods.economy.labels import Array, Matrix, unlabelled


def quotients_of(values: Array) -> Array:
    """The location quotients of an array already checked; NaN where a value or a total is missing."""
    known = np.where(np.isnan(values), 0.0, values)
    rows, columns = known.sum(axis=1), known.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        quotients: Array = (values / rows[:, None]) / (columns / columns.sum())
    return quotients


def specialised_of(quotients: Array, threshold: float) -> Array:
    """1, 0, or NaN where the quotient is: a known zero is not a specialisation."""
    with np.errstate(invalid="ignore"):
        held = (quotients > threshold).astype(np.float64)
    held[np.isnan(quotients)] = np.nan
    return held


def emptiness(values: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows and columns have no known value above 0."""
    positive = values > 0
    return np.asarray(~positive.any(axis=1)), np.asarray(~positive.any(axis=0))


def location_quotient(values: Matrix) -> Matrix:
    r"""Share of a sector in a region, over its share in all regions: Balassa's index (RCA).

    .. math:: LQ_{ri} = \frac{x_{ri} / x_{r\cdot}}{x_{\cdot i} / x_{\cdot\cdot}}

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        Jobs, enterprises, exports…: any quantity that adds up, zero or more, NaN where not known.

    Returns
    -------
    The same kind and shape, without unit. Totals are those of the known values; how far the others
    could change a quotient is `suppression_bounds`. NaN where the value is not known, and in a region
    or a sector that holds nothing, with an `EmptyWarning`.

    Raises
    ------
    ValueError
        If a value is negative or infinite, or a label is there twice.

    Source: Balassa (1965), "Trade liberalisation and revealed comparative advantage", The Manchester
    School 33(2), p. 105; as a location quotient, Isard (1960), Methods of Regional Analysis, p. 124.

    >>> location_quotient(np.array([[30.0, 10.0], [20.0, 40.0]])).round(3).tolist()
    [[1.5, 0.5], [0.667, 1.333]]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(*emptiness(array))
    result: Matrix = labels.cells(quotients_of(array))
    return result


def specialised(values: Matrix, threshold: float = 1.0) -> Matrix:
    r"""Which sectors a region is specialised in: the matrix `M` of the other methods.

    .. math:: M_{ri} = 1 \text{ if } LQ_{ri} > t \text{ else } 0

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        As for `location_quotient`.
    threshold : float
        The cut :math:`t`, excluded: a quotient of exactly `t` is not a specialisation.

    Returns
    -------
    The same kind and shape: 1, 0, or NaN where the quotient is, not known or of an empty region or
    sector.

    Source: Hidalgo, Klinger, Barabási, Hausmann (2007), "The product space conditions the
    development of nations", Science 317, supporting material, section 2.

    >>> specialised(np.array([[30.0, 10.0, np.nan], [20.0, 40.0, 5.0]])).tolist()
    [[1.0, 0.0, nan], [0.0, 1.0, 1.0]]
    """
    if not threshold > 0:
        raise ValueError(f"threshold is {threshold}, expected a number above 0")
    array, labels = unlabelled(values)
    result: Matrix = labels.cells(specialised_of(quotients_of(array), threshold))
    return result

"""What a region could do next: relatedness density, distance, opportunity gain, complexity outlook.

Nothing is said of a cell that is not known: a suppressed sector may be there already.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from perron.methods.economy.labels import Array, Labelled, Labels, Matrix
from perron.methods.economy.relatedness import binary


def density_of(held: Array, known: NDArray[np.bool_] | None, near: Array) -> Array:
    """As `density`, from arrays; `near` is a proximity, symmetric, with 0 for what is not defined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if known is None:
            return np.asarray((held @ near) / near.sum(axis=0))
        result: Array = (held @ near) / (known.astype(np.float64) @ near)
    result[~known] = np.nan
    return result


def gain_of(held: Array, known: NDArray[np.bool_] | None, near: Array, complexity: Array) -> Array:
    """As `opportunity_gain`, from arrays; NaN where not known."""
    absent = 1.0 - held if known is None else known - held
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(near.any(axis=1), complexity / near.sum(axis=1), 0.0)
    result: Array = absent @ (near * weight[:, None])
    result *= absent
    if known is not None:
        result[~known] = np.nan
    return result


def density(specialised: Matrix, proximity: Any) -> Matrix:
    r"""How much of what is near a sector the region already holds: relatedness density.

    .. math:: \omega_{ri} = \frac{\sum_j M_{rj} \phi_{ij}}{\sum_j \phi_{ij}}

    Parameters
    ----------
    specialised : array or DataFrame of shape (regions, sectors)
        1, 0, or NaN where not known: the sums go over the sectors known in the region.
    proximity : array or DataFrame of shape (sectors, sectors)
        Symmetric, zero or more, NaN where not defined (counted 0): `relatedness.proximity`, or any
        other relatedness. Its diagonal counts.

    Returns
    -------
    The kind and shape of `specialised`, from 0 to 1. NaN where the cell is not known, and for a
    sector that is near no other. How far hidden cells could move it is `density_bounds`.

    Raises
    ------
    ValueError
        If the sectors of the two differ, or a proximity is negative.

    Source: Hidalgo, Klinger, Barabási, Hausmann (2007), Science 317, "density".

    >>> from perron.methods.economy.relatedness import proximity
    >>> M = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    >>> density(M, proximity(M)).round(3)[0].tolist()
    [0.769, 0.714, 0.538]
    """
    held, known, near, labels = aligned(specialised, proximity)
    result: Matrix = labels.cells(density_of(held, known, near))
    return result


def distance(specialised: Matrix, proximity: Any) -> Matrix:
    r"""How much of what is near a sector the region does not hold.

    .. math:: d_{ri} = \frac{\sum_j (1 - M_{rj}) \phi_{ij}}{\sum_j \phi_{ij}} = 1 - \omega_{ri}

    Parameters, missing values and errors are those of `density`.

    Source: Hausmann, Hidalgo and others (2014), The Atlas of Economic Complexity, MIT Press, the
    technical box on distance, outlook and gain.

    >>> from perron.methods.economy.relatedness import proximity
    >>> M = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    >>> distance(M, proximity(M)).round(3)[0].tolist()
    [0.231, 0.286, 0.462]
    """
    held, known, near, labels = aligned(specialised, proximity)
    result: Matrix = labels.cells(1.0 - density_of(held, known, near))
    return result


def density_bounds(specialised: Matrix, proximity: Any) -> tuple[Labelled, Labelled]:
    r"""The least and the greatest density, whatever the region's hidden cells hold.

    .. math:: \frac{\sum_{j\,known} M_{rj} \phi_{ij}}{\sum_j \phi_{ij}} \le \omega_{ri} \le
        \frac{\sum_{j\,known} M_{rj} \phi_{ij} + \sum_{j\,hidden} \phi_{ij}}{\sum_j \phi_{ij}}

    The proximity is taken as given: it rests on all regions, where a hidden cell of one weighs little.
    Parameters and errors are those of `density`, and so are the missing values: a hidden cell has no
    bounds, since it is never an option.

    Source: own; the range of a share with some terms in [0, 1].

    >>> M = np.array([[1, np.nan, 0], [1, 1, 1], [0, 1, 1.0]])
    >>> near = np.array([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]])
    >>> low, high = density_bounds(M, near)
    >>> low[0].tolist(), high[0].tolist()
    ([0.5, nan, 0.25], [0.75, nan, 0.5])
    """
    held, known, near, labels = aligned(specialised, proximity)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = near.sum(axis=0)
        low = (held @ near) / total
        high = low
        if known is not None:
            high = ((held + ~known) @ near) / total
            low[~known] = high[~known] = np.nan
    return labels.cells(low), labels.cells(high)


def opportunity_gain(specialised: Matrix, proximity: Any, complexity: Any) -> Matrix:
    r"""What holding a sector would bring near, weighted by how complex it is.

    .. math:: g_{ri} = (1 - M_{ri}) \sum_j (1 - M_{rj}) \phi_{ji} \frac{c_j}{\sum_k \phi_{jk}}

    Parameters
    ----------
    specialised, proximity
        As for `density`. Sums go over the sectors known in the region.
    complexity : array or Series of shape (sectors,)
        :math:`c_j`, PCI usually; NaN counts 0.

    Returns
    -------
    The kind and shape of `specialised`, in the unit of the complexity; 0 where the region holds the
    sector, NaN where not known. The package ecomplexity calls it COG: it takes :math:`c` before its
    mean is removed, and divides the gain by the standard deviation of ECI (`Complexity.raw`,
    `Complexity.scale`).

    Source: Hausmann, Hidalgo and others (2014), The Atlas of Economic Complexity, the same box.
    The package leaves out the term :math:`-(1 - \omega_{ri})\,c_i` of some editions, as here.

    >>> from perron.methods.economy.relatedness import proximity
    >>> M = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    >>> opportunity_gain(M, proximity(M), np.array([-1, 0, 1.0])).round(3)[0].tolist()
    [0.0, 0.0, 0.462]
    """
    held, known, near, labels = aligned(specialised, proximity)
    worth = np.nan_to_num(np.asarray(_by_sector(complexity, labels), dtype=np.float64))
    result: Matrix = labels.cells(gain_of(held, known, near, worth))
    return result


def outlook_index(specialised: Matrix, proximity: Any, complexity: Any) -> Labelled:
    r"""How many complex sectors are near those a region holds: the complexity outlook index (COI).

    .. math:: COI_r = \sum_i \omega_{ri} (1 - M_{ri})\, c_i

    Parameters and errors are those of `opportunity_gain`; the sum goes over the sectors known in the
    region. One value a region, in the unit of the complexity, not standardised; NaN where nothing is
    known.

    Source: Hausmann, Hidalgo and others (2014), The Atlas of Economic Complexity, the same box.

    >>> from perron.methods.economy.relatedness import proximity
    >>> M = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    >>> outlook_index(M, proximity(M), np.array([-1, 0, 1.0])).round(3).tolist()
    [0.538, 0.0, -0.538]
    """
    held, known, near, labels = aligned(specialised, proximity)
    worth = np.nan_to_num(np.asarray(_by_sector(complexity, labels), dtype=np.float64))
    around = density_of(held, known, near)
    return labels.by_region(outlook_of(held, known, around, worth), "coi")


def outlook_of(held: Array, known: NDArray[np.bool_] | None, around: Array, worth: Array) -> Array:
    """As `outlook_index`, from arrays; `around` is the density."""
    absent = 1.0 - held
    absent *= around if known is None and not np.isnan(around).any() else np.nan_to_num(around)
    result: Array = absent @ worth
    if known is not None:
        result[~known.any(axis=1)] = np.nan
    return result


def _by_sector(given: Any, labels: Labels) -> Any:
    if isinstance(given, pd.Series) and labels.sectors is not None:
        if missing := sorted(map(str, set(labels.sectors) - set(given.index))):
            raise ValueError(f"complexity has no value for {', '.join(missing[:5])}")
        return given.reindex(labels.sectors)
    return given


def aligned(
    specialised: Matrix, proximity: Any
) -> tuple[Array, NDArray[np.bool_] | None, Array, Labels]:
    """What is held, what is known, and the proximity in the order of the sectors, 0 where not defined."""
    held, known, labels = binary(specialised)
    if isinstance(proximity, pd.DataFrame) and labels.sectors is not None:
        sectors = labels.sectors
        if set(proximity.index) != set(sectors) or set(proximity.columns) != set(sectors):
            raise ValueError("proximity and specialised have not the same sectors")
        proximity = proximity.loc[sectors, sectors]
    near = np.nan_to_num(np.asarray(proximity, dtype=np.float64))
    count = held.shape[1]
    if near.shape != (count, count):
        raise ValueError(f"proximity has shape {near.shape}, expected ({count}, {count})")
    if (near < 0).any():
        raise ValueError(f"proximity is negative ({near.min():g}), expected zero or more")
    if not np.allclose(near, near.T, rtol=0, atol=1e-12):
        raise ValueError("proximity is not symmetric")
    return held, known, near, labels

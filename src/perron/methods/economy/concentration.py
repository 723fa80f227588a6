"""How concentrated each sector is in space: the mirror of specialisation, sectors instead of regions.

A sector with a region that is not known has no index, unless `missing="known"` computes it on its
known regions, compared with the reference over those same regions.
"""

from __future__ import annotations

import numpy as np

from perron.methods.economy.labels import Array, Labelled, Matrix, unlabelled
from perron.methods.economy.shares import (
    Missing,
    Reference,
    aligned,
    distance_of,
    empty_rows,
    gini_of_quotients_of,
    herfindahl_of,
    reference_of,
    shares_of,
)


def locational_gini(
    values: Matrix,
    reference: Reference = "all",
    *,
    halved: bool = True,
    missing: Missing = "nan",
) -> Labelled:
    r"""Krugman's locational Gini: how far a sector lies from where all activity lies.

    Regions are put in the order of their location quotient :math:`c_{ri} / c_r`. The curve of the
    cumulated shares :math:`C_k` of the sector against those :math:`T_k` of the reference lies below
    the diagonal, and the index is the area between the two:

    .. math:: \tfrac12 - \sum_k \frac{C_k + C_{k-1}}{2} \left( T_k - T_{k-1} \right)

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        Jobs, enterprises…: any quantity that adds up, zero or more, NaN where not known.
    reference : "all", "others", "mean_of_others", "equal", or quantities by region
        Where activity lies: by default all sectors together. A Series is matched by label; it can be
        the population or the area of the regions.
    halved : bool
        The area itself, from 0 to 1/2, as Krugman and EconGeo take it. Otherwise twice that, from 0 to
        1, as other Gini coefficients are.
    missing : "nan" or "known"
        What a sector with an unknown region gets: NaN, or the index of its known regions.

    Returns
    -------
    One value a sector, without unit: 0 where it is spread like the reference. NaN where the sector
    holds nothing, with an `EmptyWarning`, or lies where the reference has nothing.

    Raises
    ------
    ValueError
        If a value is negative or infinite, or the reference is not one.

    Source: Krugman (1991), Geography and Trade, chapter 2, p. 56.

    >>> locational_gini(np.array([[30.0, 10.0], [20.0, 40.0]])).round(4).tolist()
    [0.1, 0.1]
    """
    array, labels = unlabelled(values)
    cells = np.ascontiguousarray(array.T)
    labels.warn_empty(None, empty_rows(cells))
    compared = aligned(reference, labels.regions, cells.shape[1], "region")
    area = _area(cells, compared, missing)
    return labels.by_sector(area if halved else 2 * area, "locational_gini")


def _area(cells: Array, compared: Array, missing: Missing) -> Array:
    shares, known = shares_of(cells, missing)
    reference = np.broadcast_to(reference_of(cells, shares, known, compared), shares.shape)
    area = np.full(len(shares), np.nan)
    for at in np.flatnonzero(~np.isnan(shares[:, 0] + reference[:, 0])):
        # Where the sector is not, the curve runs along the axis: nothing to sort nor to add.
        held = np.flatnonzero(shares[at])
        heights, widths = shares[at, held], reference[at, held]
        if (widths > 0).all():
            order = np.argsort(heights / widths)
            heights, widths = heights[order], widths[order]
            # The mean of the curve at both ends of a step, from the curve at its right end.
            area[at] = 0.5 - (np.cumsum(heights) - heights / 2) @ widths
    # Spread like the reference gives 0 up to rounding, and the curve is never above the diagonal.
    np.maximum(area, 0.0, out=area)
    return area


def spatial_herfindahl(
    values: Matrix, *, normalised: bool = False, missing: Missing = "nan"
) -> Labelled:
    r"""Herfindahl's index of a sector: the chance that two of its jobs drawn at random are neighbours.

    .. math:: \sum_r c_{ri}^2, \quad c_{ri} = x_{ri} / \textstyle\sum_q x_{qi},
        \quad \text{normalised: } \frac{H_i - 1/R}{1 - 1/R}

    Parameters are those of `locational_gini` and `specialisation.herfindahl`. One value a sector, from
    1/R, or 0 normalised, for equal shares in the `R` regions known, to 1 for a single one. It takes no
    account of the size of regions: a large one alone makes it high.

    Source: Hirschman (1964), "The paternity of an index", The American Economic Review 54(5).

    >>> spatial_herfindahl(np.array([[30.0, 10.0], [20.0, 40.0]])).round(4).tolist()
    [0.52, 0.68]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(None, empty_rows(array.T))
    return labels.by_sector(herfindahl_of(array.T, normalised, missing), "spatial_herfindahl")


def krugman_concentration(
    values: Matrix, reference: Reference = "all", *, missing: Missing = "nan"
) -> Labelled:
    r"""Krugman's index of a sector: how much of it would have to move to lie like the reference, twice.

    .. math:: K_i = \sum_r \left| c_{ri} - c_r \right|

    with :math:`c_r` the share of the region in the reference. Parameters are those of
    `locational_gini`; REAT's `conc` takes the mean of the other sectors. One value a sector, from 0 to
    2, without unit.

    Source: Farhauer and Kröll (2013), Standorttheorien, whose example this is (0.8619 for mining).

    >>> jobs = np.array([[4320, 7811, 3900, 2300, 47560], [20000, 11000, 31000, 8000, 20000],
    ...     [40000, 10000, 25000, 9000, 16000], [10000, 11000, 14000, 14000, 13000],
    ...     [7000, 7500, 11000, 1500, 36000]]).T
    >>> krugman_concentration(jobs, "mean_of_others").round(4)[0]
    np.float64(0.8619)
    """
    array, labels = unlabelled(values)
    labels.warn_empty(None, empty_rows(array.T))
    compared = aligned(reference, labels.regions, len(array), "region")
    distance = distance_of(array.T, compared, missing)
    return labels.by_sector(distance, "krugman_concentration")


def hoover_concentration(
    values: Matrix, reference: Reference = "all", *, missing: Missing = "nan"
) -> Labelled:
    r"""Hoover's index of a sector: share of it that would have to move for it to lie like the reference.

    .. math:: \tfrac12 \sum_r \left| c_{ri} - c_r \right|

    Half of `krugman_concentration`, whose parameters it has; from 0 to 1. With "equal", regions
    are expected to have the same share each, whatever their size.

    Source: Hoover (1936), "The measurement of industrial localization", The Review of Economic
    Statistics 18(4).

    >>> hoover_concentration(np.array([[30.0, 10.0], [20.0, 40.0]])).round(4).tolist()
    [0.2, 0.2]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(None, empty_rows(array.T))
    compared = aligned(reference, labels.regions, len(array), "region")
    distance = distance_of(array.T, compared, missing)
    return labels.by_sector(distance / 2, "hoover_concentration")


def gini_of_concentration(
    values: Matrix, reference: Reference = "all", *, missing: Missing = "nan"
) -> Labelled:
    r"""Gini coefficient of the location quotients of a sector: each region counts as much.

    .. math:: G_i = \frac{2}{R^2 \bar Q_i} \sum_k k \left( Q_{i(k)} - \bar Q_i \right), \quad
        Q_{ri} = c_{ri} / c_r

    with :math:`Q_{i(k)}` the `k`-th smallest of `R` quotients. `locational_gini` weighs regions by
    their size instead; the two can rank sectors differently. Parameters are those of
    `locational_gini`; regions where the reference has nothing have no quotient and are left out. One
    value a sector, from 0 to :math:`1 - 1/R`; NaN where it lies where the reference has nothing.

    Source: Farhauer and Kröll (2013), Standorttheorien, whose example this is (0.4069).

    >>> sector, all_sectors = [[500.0, 500, 1000, 7000, 1000]], [20e3, 15e3, 20e3, 40e3, 5e3]
    >>> gini_of_concentration(np.array(sector).T, np.array(all_sectors)).round(7).tolist()
    [0.4068966]
    """
    array, labels = unlabelled(values)
    cells = np.ascontiguousarray(array.T)
    labels.warn_empty(None, empty_rows(cells))
    compared = aligned(reference, labels.regions, cells.shape[1], "region")
    result = gini_of_quotients_of(cells, compared, missing)
    return labels.by_sector(result, "gini_of_concentration")

"""How specialised each region is: how far its sectors are from a reference, or from equal shares.

A region with a cell that is not known has no index: which sectors it has is not known either, and
its other cells alone would look more specialised than it is. `missing="known"` computes it on its
known cells all the same, and compares with the reference over those same sectors.
"""

from __future__ import annotations

import math

import numpy as np

from perron.methods.economy.labels import Labelled, Matrix, unlabelled
from perron.methods.economy.shares import (
    Missing,
    Reference,
    aligned,
    count_of,
    distance_of,
    empty_rows,
    entropy_of,
    gini_of,
    gini_of_quotients_of,
    herfindahl_of,
    logarithm,
    reference_of,
    shares_of,
)


def krugman(values: Matrix, reference: Reference = "all", *, missing: Missing = "nan") -> Labelled:
    r"""Krugman's index: how much of a region would have to change to look like the reference, twice.

    .. math:: K_r = \sum_i \left| s_{ri} - s_i \right|, \quad s_{ri} = x_{ri} / \textstyle\sum_j x_{rj}

    with :math:`s_i` the share of the sector in the reference.

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        Jobs, enterprises…: any quantity that adds up, zero or more, NaN where not known.
    reference : "all", "others", "mean_of_others", "equal", or quantities by sector
        See `Reference`. EconGeo takes all regions, itself included; REAT's `spec` takes the mean of
        the others; Krugman compares two regions: give the other one. A Series is matched by label.
    missing : "nan" or "known"
        What a region with unknown cells gets: NaN, or the index of its known cells.

    Returns
    -------
    One value a region, from 0 (like the reference) to 2 (no sector in common), without unit. NaN
    where the region holds nothing, with an `EmptyWarning`.

    Raises
    ------
    ValueError
        If a value is negative or infinite, or the reference is not one.

    Source: Krugman (1991), Geography and Trade, MIT Press; mean of the others: Farhauer and
    Kröll (2013), Standorttheorien, whose example this is (0.1595 for Sweden).

    >>> jobs = np.array([[45, 15, 32, 10, 30], [35, 12, 30, 8, 22], [40, 10, 25, 9, 18],
    ...                  [30, 11, 18, 3, 13], [40, 6, 11, 2, 12]]) * 1000.0
    >>> krugman(jobs, "mean_of_others").round(4)[0]
    np.float64(0.1595)
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    compared = aligned(reference, labels.sectors, array.shape[1], "sector")
    return labels.by_region(distance_of(array, compared, missing), "krugman")


def coefficient_of_specialisation(
    values: Matrix, reference: Reference = "all", *, missing: Missing = "nan"
) -> Labelled:
    r"""Share of a region that would have to change sector for it to look like the reference.

    .. math:: \tfrac12 \sum_i \left| s_{ri} - s_i \right|

    Half of `krugman`, whose parameters and missing values it has; from 0 to 1, without unit.

    Source: Hoover and Giarratani (1985), An Introduction to Regional Economics,
    3rd edition, table 9-4.

    >>> coefficient_of_specialisation(np.array([[30.0, 10.0], [20.0, 40.0]])).round(4).tolist()
    [0.25, 0.1667]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    compared = aligned(reference, labels.sectors, array.shape[1], "sector")
    halves = distance_of(array, compared, missing) / 2
    return labels.by_region(halves, "coefficient_of_specialisation")


def hoover(values: Matrix, reference: Reference = "equal", *, missing: Missing = "nan") -> Labelled:
    r"""Hoover's index: share of a region that would have to change sector for all to be equal.

    .. math:: \tfrac12 \sum_i \left| s_{ri} - 1/n \right|

    With another reference it is `coefficient_of_specialisation`, whose parameters it has. `n` counts
    the sectors known in the region, those it has not included: it depends on the classification.

    Source: Hoover (1936), "The measurement of industrial localization", The Review of Economic
    Statistics 18(4); Huang and Leung (2009), The Open Geography Journal 2.

    >>> hoover(np.array([[10.0, 10, 10, 20, 50]])).round(4).tolist()
    [0.3]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    compared = aligned(reference, labels.sectors, array.shape[1], "sector")
    return labels.by_region(distance_of(array, compared, missing) / 2, "hoover")


def hachman(values: Matrix, reference: Reference = "all", *, missing: Missing = "nan") -> Labelled:
    r"""Hachman's index: how much a region looks like the reference.

    .. math:: \frac{1}{\sum_i LQ_{ri} s_{ri}}, \quad LQ_{ri} = s_{ri} / s_i

    Parameters, missing values and errors are those of `krugman`. One value a region, without unit:
    1 is the same structure as the reference, and the nearer to 0 the more specialised; 0 where the
    region has a sector that the reference has not. Squares make it lean on the largest quotients.

    Source: the index of F. Hachman, Bureau of Economic and Business Research, University of Utah;
    formula in Kem C. Gardner Policy Institute (2020), Measuring Economic Diversity: The Hachman Index.

    >>> hachman(np.array([[30.0, 10.0], [20.0, 40.0]])).round(4).tolist()
    [0.8, 0.9]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    compared = aligned(reference, labels.sectors, array.shape[1], "sector")
    shares, known = shares_of(array, missing)
    compared = reference_of(array, shares, known, compared)
    with np.errstate(divide="ignore", invalid="ignore"):
        # A sector of neither is no difference; one of the region only makes the sum infinite.
        weighted = np.divide(shares**2, compared, out=np.zeros_like(shares), where=shares > 0)
        inverse = 1 / weighted.sum(axis=1)
    undefined = np.isnan(compared).all(axis=1) | np.isnan(shares[:, 0])
    return labels.by_region(np.where(undefined, np.nan, inverse), "hachman")


def herfindahl(values: Matrix, *, normalised: bool = False, missing: Missing = "nan") -> Labelled:
    r"""Herfindahl's index: the chance that two jobs of a region drawn at random are of one sector.

    .. math:: H_r = \sum_i s_{ri}^2, \quad \text{normalised: } \frac{H_r - 1/n}{1 - 1/n}

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        As for `krugman`.
    normalised : bool
        From 0 for equal shares to 1, whatever the number `n` of sectors known in the region; NaN
        for a single sector. Otherwise from 1/n to 1.
    missing : "nan" or "known"
        As for `krugman`.

    Returns
    -------
    One value a region, without unit; NaN where the region holds nothing.

    Source: Herfindahl (1950), Concentration in the US Steel Industry; Hirschman (1964), "The
    paternity of an index", The American Economic Review 54(5).

    >>> herfindahl(np.array([[30.0, 10.0], [20.0, 40.0]])).round(4).tolist()
    [0.625, 0.5556]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    return labels.by_region(herfindahl_of(array, normalised, missing), "herfindahl")


def theil(values: Matrix, *, base: float = math.e, missing: Missing = "nan") -> Labelled:
    r"""Mean log deviation of the sectors that a region has: Theil's second measure, as in REAT.

    .. math:: \frac1m \sum_{i:\, x_{ri} > 0} \ln \frac{\bar x_r}{x_{ri}}

    with :math:`m` the number of sectors above 0 and :math:`\bar x_r` their mean: sectors that the
    region has not are left out, so it says how unequal those it has are, small ones above all.

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        As for `krugman`.
    base : float
        Of the logarithm, above 1.
    missing : "nan" or "known"
        As for `krugman`.

    Returns
    -------
    One value a region, 0 for equal sectors and without upper bound. NaN where it holds nothing.

    Source: Theil (1967), Economics and Information Theory, chapter 4; Störmann (2009),
    Regionalökonomik, whose example this is.

    >>> theil(np.array([[10.0, 10, 10, 20, 50]])).round(7).tolist()
    [0.2326302]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    shares, _ = shares_of(array, missing)
    above = shares > 0
    logs = np.log(shares, out=np.zeros_like(shares), where=above).sum(axis=1)
    count = np.where(np.isnan(shares[:, 0]), np.nan, above.sum(axis=1))
    result = (-np.log(count) - logs / count) / logarithm(base)
    return labels.by_region(np.maximum(result, 0.0), "theil")


def theil_redundancy(values: Matrix, *, base: float = math.e, missing: Missing = "nan") -> Labelled:
    r"""Theil's first measure: what the entropy of a region lacks of that of equal sectors.

    .. math:: \ln n - H_r = \sum_i s_{ri} \ln (n s_{ri})

    `n` counts the sectors known in the region, those it has not included. Parameters and missing
    values are those of `theil`; from 0 for equal sectors to :math:`\ln n` for a single one.

    Source: Theil (1967), Economics and Information Theory, chapter 4.

    >>> theil_redundancy(np.array([[30.0, 10.0], [20.0, 20.0]])).round(4).tolist()
    [0.1308, 0.0]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    shares, known = shares_of(array, missing)
    spread = np.log(count_of(array, known)) - entropy_of(shares)
    return labels.by_region(np.maximum(spread / logarithm(base), 0.0), "theil_redundancy")


def gini_of_shares(
    values: Matrix, *, normalised: bool = False, missing: Missing = "nan"
) -> Labelled:
    r"""Gini coefficient of the sectors of a region: how unequal they are.

    .. math:: G_r = \frac{\sum_k (2k - n - 1)\, x_{r(k)}}{n \sum_i x_{ri}}, \quad
        \text{normalised: } \frac{n}{n-1} G_r

    with :math:`x_{r(k)}` the `k`-th smallest of the `n` sectors known, those it has not included.

    Parameters are those of `herfindahl`. One value a region, from 0 for equal sectors to
    :math:`1 - 1/n`, or 1 normalised, for a single one; NaN where it holds nothing.

    Source: Gini (1914), "Sulla misura della concentrazione e della variabilità dei caratteri"; the
    normalised form as in REAT.

    >>> gini_of_shares(np.array([[10.0, 10, 10, 20, 50]])).round(4).tolist()
    [0.36]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    shares, _ = shares_of(array, missing)
    unequal = gini_of(array, normalised)
    return labels.by_region(np.where(np.isnan(shares[:, 0]), np.nan, unequal), "gini_of_shares")


def gini_of_specialisation(
    values: Matrix, reference: Reference = "all", *, missing: Missing = "nan"
) -> Labelled:
    r"""Gini coefficient of the location quotients of a region: how unequally it is specialised.

    .. math:: G_r = \frac{2}{n^2 \bar R_r} \sum_k k \left( R_{r(k)} - \bar R_r \right), \quad
        R_{ri} = s_{ri} / s_i

    with :math:`R_{r(k)}` the `k`-th smallest quotient. Each sector counts as much, whatever its size;
    sectors that the reference has not have no quotient and are left out.

    Parameters are those of `krugman`. One value a region, from 0 for the structure of the reference to
    :math:`1 - 1/n`; NaN where the region holds nothing, or has a sector that the reference has not.

    Source: Farhauer and Kröll (2013), Standorttheorien, whose example this is (0.6222).

    >>> region, all_regions = [[700.0, 600, 500, 10000, 40000]], [30e3, 15e3, 10e3, 60e3, 50e3]
    >>> gini_of_specialisation(np.array(region), np.array(all_regions)).round(7).tolist()
    [0.6222222]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    compared = aligned(reference, labels.sectors, array.shape[1], "sector")
    result = gini_of_quotients_of(array, compared, missing)
    return labels.by_region(result, "gini_of_specialisation")

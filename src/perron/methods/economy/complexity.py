r"""Economic complexity of regions and sectors: ECI and PCI by eigenvector, and Fitness.

Made for countries. Below them it is secondary evidence: on European NUTS 2 regions by divisions it
puts Brussels last. Read the eigenvalues and the correlation with size before the index.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, eigsh
from threadpoolctl import ThreadpoolController

from perron.methods.economy.labels import Array, Labelled, Matrix
from perron.methods.economy.relatedness import binary

#: What fixes the sign of the eigenvector.
Anchor = Literal["diversity", "ubiquity"]
Reason = Literal["small", "alike", "pieces"]
#: Below this many regions, sectors, or share of cells held, an eigenvector says nothing.
LEAST_REGIONS, LEAST_SECTORS, LEAST_FILL = 5, 5, 0.02
#: A second eigenvalue this near 1 is a matrix in two pieces.
_IN_PIECES = 1 - 1e-9
#: One this near 0 is rounding: rows and columns are proportional.
_NOTHING_LEFT = 1e-12
#: Under this many rows a dense solver is as quick and needs no start.
_SMALL = 20


class ComplexityWarning(UserWarning):
    """The index is refused, or covers a part of the matrix only; the message says why.

    `reason` is "small" (too few regions, sectors or cells held), "alike" (the regions do not differ) or
    "pieces" (the matrix is in separate pieces, the index is that of the largest); `regions`, `sectors`
    and `fill` are those it was, or would have been, computed on.
    """

    def __init__(
        self, message: str, reason: Reason, regions: int, sectors: int, fill: float
    ) -> None:
        super().__init__(message)
        self.reason, self.regions, self.sectors, self.fill = reason, regions, sectors, fill


@dataclass(frozen=True, slots=True)
class Complexity:
    """ECI and PCI, and what says how far to trust them.

    `eci` has mean 0 and standard deviation 1 over the regions; `pci` is on the same scale, so that the
    ECI of a region is the mean PCI of the sectors it holds. `raw` is the eigenvector of the sectors
    before that, `scale` the standard deviation of the regions' one (for `opportunity_gain`).
    `eigenvalue` is the second of the matrix, `gap` its distance to the third: near 0, another sample
    would give another order. `anchor` names what fixed the sign and `anchor_correlation` how firmly;
    `size_correlation` is Spearman's between ECI and the size given, NaN without one. `refused` says why
    nothing was computed, "" if it was.
    """

    eci: Labelled
    pci: Labelled
    raw: Labelled
    scale: float
    eigenvalue: float
    gap: float
    anchor: str
    anchor_correlation: float
    size_correlation: float
    refused: str


@dataclass(frozen=True, slots=True)
class Fitness:
    """Fitness of the regions and complexity of the sectors, each with mean 1.

    `change` is the largest relative move of the last update: far from 0, the values depend on how many
    updates were made.
    """

    fitness: Labelled
    product_fitness: Labelled
    updates: int
    change: float


def eci_pci(
    specialised: Matrix,
    anchor: Anchor | Any = "diversity",
    size: Any = None,
    least: tuple[int, int, float] = (LEAST_REGIONS, LEAST_SECTORS, LEAST_FILL),
) -> Complexity:
    r"""Economic and product complexity indices, with one shared sign.

    With :math:`D, U` the diagonal matrices of diversity and ubiquity, :math:`k_p` is the eigenvector of
    :math:`U^{-1} M^T D^{-1} M` for its second eigenvalue and :math:`k_c = D^{-1} M k_p`. Then

    .. math:: ECI = \frac{k_c - \bar k_c}{\sigma(k_c)}, \quad PCI = \frac{k_p - \bar k_c}{\sigma(k_c)}

    computed on the symmetric :math:`D^{-1/2} M U^{-1/2}`, which has the same eigenvalues.

    Parameters
    ----------
    specialised : array or DataFrame of shape (regions, sectors)
        1, 0, or NaN where not known; what is not known is left out of the means.
    anchor : "diversity", "ubiquity", or values of shape (regions,)
        The sign, which an eigenvector has not: ECI correlates positively with diversity (as the
        package ecomplexity), PCI negatively with ubiquity, or ECI positively with the values given.
    size : array or Series of shape (regions,), optional
        For `size_correlation`.
    least : tuple
        The index is refused under so many regions, sectors and share of cells held: all NaN, with a
        `ComplexityWarning`.

    Returns
    -------
    Complexity. NaN for a region that holds nothing and a sector that no region holds, and only for
    them. Where the matrix is in separate pieces, the index is that of the largest, NaN elsewhere, with
    a `ComplexityWarning`: between two pieces nothing can be compared.

    Raises
    ------
    ValueError
        If a cell is neither 0, 1 nor NaN, or the anchor is unknown or has another length.

    Source: Hidalgo and Hausmann (2009), "The building blocks of economic complexity", PNAS 106(26);
    as an eigenvector, Hausmann, Hidalgo and others (2014), The Atlas of Economic Complexity, technical
    box 2.1; standardised as in the package ecomplexity 0.5.3.

    >>> result = eci_pci(np.tri(6, 5))
    >>> result.eci.round(2).tolist(), round(result.eigenvalue, 3)
    ([-1.63, -0.87, -0.16, 0.5, 1.08, 1.08], 0.215)
    """
    held, _, labels = binary(specialised)
    diversity, ubiquity = held.sum(axis=1), held.sum(axis=0)
    regions, sectors = diversity > 0, ubiquity > 0
    labels.warn_empty(~regions, ~sectors)
    named = anchor if isinstance(anchor, str) else "values given"
    if isinstance(anchor, str):
        if anchor not in ("diversity", "ubiquity"):
            raise ValueError(f"anchor is {anchor!r}, expected diversity, ubiquity or values")
    else:
        anchor = _of_regions(anchor, labels.regions, len(held), "anchor")
    if size is not None:
        size = _of_regions(size, labels.regions, len(held), "size")
    eci, pci = np.full(held.shape[0], np.nan), np.full(held.shape[1], np.nan)
    raw, numbers = pci.copy(), (np.nan, np.nan, np.nan, np.nan)
    warned = _too_small(held, regions, sectors, least)
    if warned is None:
        kc, kp, value, gap = _second(_links(held, regions, sectors))
        if value > _IN_PIECES:
            regions, sectors = _largest_piece(held, regions, sectors)
            warned = _too_small(held, regions, sectors, least)
            if warned is None:
                kc, kp, value, gap = _second(_links(held, regions, sectors))
                found = int(regions.sum()), int(sectors.sum())
                part = f"the index covers {found[0]} regions and {found[1]} sectors"
                told = f"the matrix is in separate pieces: {part}"
                warnings.warn(ComplexityWarning(told, "pieces", *found, 1.0), stacklevel=2)
        if warned is None and value < _NOTHING_LEFT:
            told = "complexity is not computed: the regions do not differ in what they hold"
            warned = ComplexityWarning(
                told, "alike", int(regions.sum()), int(sectors.sum()), float(held.mean())
            )
    refused = "" if warned is None else str(warned)
    if warned is not None:
        warnings.warn(warned, stacklevel=2)
    if not refused:
        if isinstance(anchor, str):
            anchored = (
                _correlation(diversity[regions], kc)
                if anchor == "diversity"
                else -_correlation(ubiquity[sectors], kp)
            )
        else:
            anchored = _correlation(anchor[regions], kc)
        # Where the anchor says nothing, the region furthest from the mean is given a positive index:
        # a rule that does not hang on the order of the rows.
        turn = anchored if anchored else (kc - kc.mean())[np.argmax(np.abs(kc - kc.mean()))]
        kc, kp = np.copysign(1.0, turn) * kc, np.copysign(1.0, turn) * kp
        mean, scale = float(kc.mean()), float(kc.std())
        eci[regions], pci[sectors], raw[sectors] = (kc - mean) / scale, (kp - mean) / scale, kp
        numbers = scale, value, gap, abs(anchored)
    return Complexity(
        labels.by_region(eci, "eci"),
        labels.by_sector(pci, "pci"),
        labels.by_sector(raw, "raw"),
        *numbers[:3],
        named,
        numbers[3],
        np.nan if size is None else _rank_correlation(size, eci),
        refused,
    )


def fitness(specialised: Matrix, updates: int = 19) -> Fitness:
    r"""Fitness of regions and complexity of sectors, by the non-linear map of Tacchella and others.

    .. math:: \tilde F_r = \sum_i M_{ri} Q_i, \quad \tilde Q_i = \frac1{\sum_r M_{ri} / F_r}, \quad
        F = \tilde F / \overline{\tilde F}, \; Q = \tilde Q / \overline{\tilde Q}

    both from the values of the update before, starting at 1.

    Parameters
    ----------
    specialised : array or DataFrame of shape (regions, sectors)
        1, 0, or NaN where not known (counted as not held).
    updates : int
        The map converges slowly, and to zero for some matrices: the number of updates is a convention,
        to be stated with the values. 19 is that of the R package economiccomplexity.

    Returns
    -------
    Fitness. Without unit, zero or more, mean 1 over the regions and sectors that hold or are held; NaN
    for the others, with an `EmptyWarning`.

    Raises
    ------
    ValueError
        If a cell is neither 0, 1 nor NaN, or `updates` is not 1 or more.

    Source: Tacchella, Cristelli, Caldarelli, Gabrielli, Pietronero (2012), "A new metrics for
    countries' fitness and products' complexity", Scientific Reports 2:723, equation 1. Convergence:
    Pugliese, Zaccaria, Pietronero (2016), Eur. Phys. J. Special Topics 225.

    >>> result = fitness(np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0.0]]), updates=2)
    >>> result.fitness.round(3).tolist(), result.product_fitness.round(3).tolist()
    ([1.833, 0.833, 0.333], [0.345, 0.759, 1.897])
    """
    if updates < 1:
        raise ValueError(f"updates is {updates}, expected 1 or more")
    held, _, labels = binary(specialised)
    regions, sectors = held.sum(axis=1) > 0, held.sum(axis=0) > 0
    labels.warn_empty(~regions, ~sectors)
    links = _links(held, regions, sectors)
    turned = csr_array(links.T)
    f, q, change = np.ones(links.shape[0]), np.ones(links.shape[1]), np.nan
    # A fitness that goes to zero takes its inverse to infinity, and that of the sector to zero.
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for _ in range(updates if links.nnz else 0):
            last = f
            f, q = links @ q, 1 / (turned @ (1 / f))
            f, q = f / f.mean(), q / q.mean()
        if links.nnz:
            change = float(np.nanmax(np.abs(f / last - 1)))
    by_region, by_sector = np.full(held.shape[0], np.nan), np.full(held.shape[1], np.nan)
    by_region[regions], by_sector[sectors] = f, q
    return Fitness(
        labels.by_region(by_region, "fitness"),
        labels.by_sector(by_sector, "product_fitness"),
        updates,
        change,
    )


def _links(held: Array, regions: NDArray[np.bool_], sectors: NDArray[np.bool_]) -> csr_array:
    kept = held if regions.all() and sectors.all() else held[np.ix_(regions, sectors)]
    return csr_array(kept)


def _second(links: csr_array) -> tuple[Array, Array, float, float]:
    """The vectors of regions and of sectors for the second eigenvalue, that one, and the gap."""
    diversity, ubiquity = links.sum(axis=1), links.sum(axis=0)
    turned = csr_array(links.T)
    by_region = links.shape[0] <= links.shape[1]
    across, back = (turned, links) if by_region else (links, turned)
    own, other = (diversity, ubiquity) if by_region else (ubiquity, diversity)
    root = 1 / np.sqrt(own)
    # The first eigenvector is known: the root of the sums. Without it the second comes first.
    first = np.sqrt(own / own.sum())

    def without_first(vector: Array) -> Array:
        vector = vector.ravel()
        moved: Array = root * (back @ ((across @ (root * vector)) / other))
        moved -= first * (first @ vector)
        return moved

    size = own.size
    if size < _SMALL:
        columns = [without_first(each) for each in np.eye(size)]
        values, vectors = np.linalg.eigh(np.array(columns))
    else:
        # A start that depends on nothing but the size: two runs give the same figures.
        start = np.random.default_rng(0).standard_normal(size)
        operator = LinearOperator((size, size), matvec=without_first, dtype=np.float64)
        # Its steps are too short to share out: a second thread would only wait.
        with _threads().limit(limits=1, user_api="blas"):
            values, vectors = eigsh(operator, k=2, which="LA", v0=start)
    value, gap, vector = float(values[-1]), float(values[-1] - values[-2]), vectors[:, -1]
    if by_region:
        kp = (turned @ (vector / np.sqrt(diversity))) / ubiquity
    else:
        kp = vector / np.sqrt(ubiquity)
    return (links @ kp) / diversity, kp, value, gap


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _largest_piece(
    held: Array, regions: NDArray[np.bool_], sectors: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The regions and sectors of the largest connected piece of the matrix."""
    many = len(held)
    rows, columns = np.nonzero(held)
    size = many + held.shape[1]
    graph = csr_array((np.ones(rows.size), (rows, columns + many)), shape=(size, size))
    _, piece = connected_components(graph, directed=False)
    largest = np.bincount(piece).argmax()
    return regions & (piece[:many] == largest), sectors & (piece[many:] == largest)


def _too_small(
    held: Array,
    regions: NDArray[np.bool_],
    sectors: NDArray[np.bool_],
    least: tuple[int, int, float],
) -> ComplexityWarning | None:
    rows, columns = int(regions.sum()), int(sectors.sum())
    fill = float(held[regions][:, sectors].mean()) if rows and columns else 0.0
    if rows >= least[0] and columns >= least[1] and fill >= least[2]:
        return None
    told = (
        f"complexity is not computed on {rows} regions and {columns} sectors of which {fill:.1%}"
        f" of the cells are held: expected at least {least[0]}, {least[1]} and {least[2]:.0%}"
    )
    return ComplexityWarning(told, "small", rows, columns, fill)


def _of_regions(given: Any, regions: pd.Index | None, count: int, what: str) -> Array:
    if isinstance(given, pd.Series) and regions is not None:
        given = given.reindex(regions)
    values = np.asarray(given, dtype=np.float64)
    if values.shape != (count,):
        raise ValueError(f"{what} has shape {values.shape}, expected a value for each region")
    return values


def _correlation(one: Array, other: Array) -> float:
    """Pearson's, over what both know; 0 if one does not vary."""
    both = ~(np.isnan(one) | np.isnan(other))
    a, b = one[both] - one[both].mean(), other[both] - other[both].mean()
    size = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / size) if size > 0 else 0.0


def _rank_correlation(one: Array, other: Array) -> float:
    both = ~(np.isnan(one) | np.isnan(other))
    if both.sum() < 3:
        return np.nan
    ranks = (pd.Series(values[both]).rank().to_numpy() for values in (one, other))
    return _correlation(*ranks)

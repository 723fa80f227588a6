r"""Which sectors are found in the same regions: proximity and the normalised co-occurrences.

All start from `M`, the matrix of specialisations (`perron.methods.economy.quotients.specialised`), and
from :math:`C = M^T M`, the number of regions that hold both sectors. Whether a link is more than what
the sizes of sectors and regions give by chance is `perron.methods.economy.significance`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perron.methods.economy.labels import Array, Labelled, Matrix, unlabelled

#: Counts of regions are exact in single precision up to here, at half the time of double.
_EXACT_IN_SINGLE = 2**24


def binary(specialised: Matrix) -> tuple[Array, NDArray[np.bool_] | None, Labelled]:
    """The specialisations with 0 where not known, the mask of what is known or None if all is, labels.

    Raises
    ------
    ValueError
        If a cell is neither 0, 1 nor NaN.
    """
    values, labels = unlabelled(specialised, what="specialised")
    known = ~np.isnan(values)
    held = values if known.all() else np.where(known, values, 0.0)
    if not ((held == 0) | (held == 1)).all():
        odd = held[(held != 0) & (held != 1)][0]
        raise ValueError(f"specialised holds {odd:g}, expected 0, 1 or NaN")
    return held, None if known.all() else known, labels


def counts_of(held: Array) -> Array:
    """In how many regions each pair of sectors is held: exact, with ubiquity on the diagonal."""
    if len(held) >= _EXACT_IN_SINGLE:
        return np.asarray(held.T @ held)
    narrow = held.astype(np.float32)
    return np.asarray(narrow.T @ narrow, dtype=np.float64)


def ubiquity_where_known(held: Array, known: NDArray[np.bool_]) -> Array:
    """[i, j]: how many regions hold i, among those where j is known."""
    return np.asarray(held.astype(np.float32).T @ known.astype(np.float32), dtype=np.float64)


def proximity_of(
    held: Array, known: NDArray[np.bool_] | None, counts: Array, diagonal: float
) -> Array:
    """As `proximity`, from arrays; NaN in the row and column of a sector that no region holds."""
    if known is None:
        ubiquity = np.diagonal(counts)
        most = np.maximum(ubiquity[:, None], ubiquity[None, :])
    else:
        among = ubiquity_where_known(held, known)
        most = np.maximum(among, among.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Array = counts / most
    # Two sectors never known together have no proximity that could be measured; 0 would be a claim.
    np.fill_diagonal(result, diagonal)
    never = np.diagonal(counts) == 0
    result[never, :] = np.nan
    result[:, never] = np.nan
    return result


def cooccurrence(specialised: Matrix) -> Labelled:
    r"""Number of regions that are specialised in both sectors.

    .. math:: C_{ij} = \sum_r M_{ri} M_{rj}, \quad C_{ii} = 0

    Parameters
    ----------
    specialised : array or DataFrame of shape (regions, sectors)
        1, 0, or NaN where not known; a region counts for a pair where both are known.

    Returns
    -------
    Sectors by sectors, symmetric, in regions, with a zero diagonal. NaN for a sector that no region
    holds, with an `EmptyWarning`.

    Raises
    ------
    ValueError
        If a cell is neither 0, 1 nor NaN.

    Source: Hidalgo, Klinger, Barabási, Hausmann (2007), Science 317, the joint count of equation 1.

    >>> M = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    >>> cooccurrence(M).tolist()
    [[0.0, 2.0, 1.0], [2.0, 0.0, 2.0], [1.0, 2.0, 0.0]]
    """
    counts, labels = _counted(specialised)
    return labels.pairs(counts)


def proximity(specialised: Matrix, diagonal: float = 1.0) -> Labelled:
    r"""The lower of the two probabilities to hold one sector, given that the other is held.

    .. math:: \phi_{ij} = \frac{\sum_r M_{ri} M_{rj}}{\max(u_i, u_j)}, \quad u_i = \sum_r M_{ri}

    Parameters
    ----------
    specialised : array or DataFrame of shape (regions, sectors)
        1, 0, or NaN where not known. Each pair is then compared on the regions where both are known:
        :math:`u_i` counts those only.
    diagonal : float
        1 as in the original, where a sector is near itself, or 0 to leave it out of its own density:
        density moves by up to 0.1 between the two.

    Returns
    -------
    Sectors by sectors, symmetric, from 0 to 1. NaN for a sector that no region holds, with an
    `EmptyWarning`, and for two that are held but never known in a same region.

    Raises
    ------
    ValueError
        If a cell is neither 0, 1 nor NaN, or the diagonal neither 0 nor 1.

    Source: Hidalgo, Klinger, Barabási, Hausmann (2007), "The product space conditions the development
    of nations", Science 317, equation 1.

    >>> M = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    >>> proximity(M).round(3).tolist()
    [[1.0, 0.667, 0.5], [0.667, 1.0, 0.667], [0.5, 0.667, 1.0]]
    """
    if diagonal not in (0.0, 1.0):
        raise ValueError(f"diagonal is {diagonal}, expected 0 or 1")
    held, known, labels = binary(specialised)
    counts = counts_of(held)
    labels.warn_empty(None, np.diagonal(counts) == 0)
    return labels.pairs(proximity_of(held, known, counts, diagonal))


def cosine(specialised: Matrix) -> Labelled:
    r"""Co-occurrence over the geometric mean of the two sectors' co-occurrences.

    .. math:: \frac{C_{ij}}{\sqrt{S_i S_j}}, \quad S_i = \sum_j C_{ij}

    Parameter, missing values and errors are those of `cooccurrence`; from 0 to 1, zero diagonal. NaN
    for a sector that is never with another. It is built on co-occurrences, so it is not the cosine of
    two columns of `M`.

    Source: van Eck and Waltman (2009), "How to normalize co-occurrence data? An analysis of some
    well-known similarity measures", JASIST 60(8), the cosine among
    its direct measures.

    >>> cosine(np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])).round(3)[0].tolist()
    [0.0, 0.577, 0.333]
    """
    counts, labels = _counted(specialised)
    return labels.pairs(cosine_of(counts))


def jaccard(specialised: Matrix) -> Labelled:
    r"""Co-occurrence over the co-occurrences of one sector or the other.

    .. math:: \frac{C_{ij}}{S_i + S_j - C_{ij}}, \quad S_i = \sum_j C_{ij}

    Parameter, missing values and errors are those of `cooccurrence`; from 0 to 1, zero diagonal. NaN
    for a sector that is never with another. It is not the Jaccard index of two sets of regions.

    Source: van Eck and Waltman (2009), the Jaccard index among their direct measures.

    >>> jaccard(np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])).round(3)[0].tolist()
    [0.0, 0.4, 0.2]
    """
    counts, labels = _counted(specialised)
    return labels.pairs(jaccard_of(counts))


def association(specialised: Matrix) -> Labelled:
    r"""Co-occurrence over what two independent sectors would have: the association strength.

    .. math:: \frac{C_{ij} T}{S_i S_j}, \quad S_i = \sum_j C_{ij}, \; T = \sum_i S_i

    Parameter, missing values and errors are those of `cooccurrence`; zero or more, 1 where
    independent, zero diagonal. NaN for a sector that is never with another.

    Source: van Eck and Waltman (2009), the association strength, multiplied by `T`.

    >>> association(np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])).round(3)[0].tolist()
    [0.0, 1.667, 1.111]
    """
    counts, labels = _counted(specialised)
    return labels.pairs(association_of(counts))


def probability(specialised: Matrix) -> Labelled:
    r"""Co-occurrence over what drawing two different sectors would give, without replacement.

    .. math:: \frac{C_{ij}}{\frac{T}{2} \left( \frac{S_i}{T} \frac{S_j}{T - S_i} + \frac{S_j}{T}
        \frac{S_i}{T - S_j} \right)}, \quad S_i = \sum_j C_{ij}, \; T = \sum_i S_i

    Parameter, missing values and errors are those of `cooccurrence`; zero or more, 1 where
    independent, zero diagonal. NaN for a sector that is never with another.

    Source: Steijn (2021), "Improvement on the association strength: implementing a probabilistic
    measure based on combinations without repetition", Quantitative Science Studies 2(2).

    >>> probability(np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])).round(3)[0].tolist()
    [0.0, 1.077, 0.778]
    """
    counts, labels = _counted(specialised)
    return labels.pairs(probability_of(counts))


def alone(counts: Array) -> Array:
    """Co-occurrences with a zero diagonal, NaN for a sector that no region holds."""
    result = counts.copy()
    never = np.diagonal(counts) == 0
    np.fill_diagonal(result, 0.0)
    result[never, :] = np.nan
    result[:, never] = np.nan
    return result


def cosine_of(counts: Array) -> Array:
    """As `cosine`, from co-occurrences."""
    sums, _ = _sums(counts)
    return np.asarray(counts / np.sqrt(sums[:, None] * sums[None, :]))


def jaccard_of(counts: Array) -> Array:
    """As `jaccard`, from co-occurrences."""
    sums, _ = _sums(counts)
    return np.asarray(counts / (sums[:, None] + sums[None, :] - counts))


def association_of(counts: Array) -> Array:
    """As `association`, from co-occurrences."""
    sums, total = _sums(counts)
    return np.asarray(counts * total / (sums[:, None] * sums[None, :]))


def probability_of(counts: Array) -> Array:
    """As `probability`, from co-occurrences."""
    sums, total = _sums(counts)
    one, other = sums[:, None], sums[None, :]
    chance = (
        total / 2 * (one / total * other / (total - one) + other / total * one / (total - other))
    )
    return np.asarray(counts / chance)


def _sums(counts: Array) -> tuple[Array, float]:
    sums = np.nansum(counts, axis=1)
    total = float(sums.sum())
    # A sector that is never with another has nothing to be compared with.
    return np.where(sums > 0, sums, np.nan), total


def _counted(specialised: Matrix) -> tuple[Array, Labelled]:
    held, _, labels = binary(specialised)
    counts = counts_of(held)
    labels.warn_empty(None, np.diagonal(counts) == 0)
    return alone(counts), labels

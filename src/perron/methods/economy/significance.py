"""Which pairs of sectors are found in the same regions more often than their sizes explain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betainc

from perron.methods.economy.labels import Array, Labelled, Labels, Matrix, unlabelled
from perron.methods.statistics.false_discovery import Control, q_values
from perron.methods.statistics.null_models import bicm, curveball_moments

Model = Literal["bicm", "curveball"]

#: Up to this many regions the tail is summed exactly; beyond, from three moments.
EXACT_REGIONS = 100


@dataclass(frozen=True, slots=True)
class Links:
    """What a null model says of each pair of sectors.

    Arrays or frames of shape (sectors, sectors), symmetric, NaN on the diagonal and for a sector that
    no region holds: `cooccurrence`, regions that hold both; `expected`, the same under the model; `z`,
    their difference in standard deviations of the model, NaN too where it cannot vary; `p_value`, the
    probability of as many or more; `q_value`, the same adjusted for the number of distinct pairs.
    `model`, `control` and `draws` (0 for "bicm") say how they were made.
    """

    cooccurrence: Labelled
    expected: Labelled
    z: Labelled
    p_value: Labelled
    q_value: Labelled
    model: Model
    control: Control
    draws: int


def link_significance(
    specialised: Matrix,
    model: Model = "bicm",
    draws: int = 1000,
    seed: int = 0,
    control: Control = "bh",
    threads: int = 2,
) -> Links:
    r"""Test each pair of sectors against a null model that keeps how many sectors a region holds, and
    how many regions hold a sector.

    .. math:: C_{ij} = \sum_r M_{ri} M_{rj}, \qquad z_{ij} = \frac{C_{ij} - E_{ij}}{\sigma_{ij}}

    With "bicm" the sums are kept on average and the cells are independent, so :math:`C_{ij}` is a sum
    of independent trials of probability :math:`\pi_r = p_{ri} p_{rj}`:

    .. math:: E_{ij} = \sum_r \pi_r, \qquad \sigma_{ij}^2 = \sum_r \pi_r (1 - \pi_r)

    Its upper tail is exact up to `EXACT_REGIONS` regions. Beyond, it is that of the shifted binomial with
    the same first three moments. With "curveball" the sums are kept exactly, :math:`E` and
    :math:`\sigma` are those of the draws, and :math:`p = (1 + \#\{C^* \ge C\}) / (1 + draws)`.

    The standard deviation is larger with "bicm", since the sums vary there: its z are smaller and it
    finds fewer links. A threshold on z is to be read with its model.

    Parameters
    ----------
    specialised : array or DataFrame of shape (regions, sectors)
        0, 1, or NaN where not known (`quotients.specialised`).
    model : "bicm" or "curveball"
        NaN cells need "bicm": the sums are those of the known cells, and a pair is counted over the
        regions where both are known.
    draws, seed, threads : int
        For "curveball". No p-value is below 1 / (1 + draws): with `m` pairs, fewer than
        :math:`m / q (1 + draws)` links of that p-value cannot be significant at `q`, however strong.
    control : "bh" or "by"
        False-discovery control, over the distinct pairs (`false_discovery.q_values`).

    Returns
    -------
    Links, labelled by sector where the input is labelled. A sector that no region holds gives NaN for
    itself, with an `EmptyWarning`. A pair whose co-occurrence cannot vary has p = 1.

    Raises
    ------
    ValueError
        If a cell is not 0, 1 or NaN; if the model is not one of the two; as `null_models.curveball`.

    Source: Saracco, Straka, Di Clemente, Gabrielli, Caldarelli, Squartini (2017), "Inferring
    monopartite projections of bipartite networks", New Journal of Physics 19, 053022, sections 2.2 and
    2.3; tail: Peköz, Röllin, Čekanavičius, Shwartz (2009), "A three-parameter binomial approximation",
    Journal of Applied Probability 46(4).

    >>> links = link_significance(np.kron(np.eye(2), np.ones((9, 2))))
    >>> [round(float(of[0, 1]), 3) for of in (links.cooccurrence, links.expected, links.z)]
    [9.0, 4.5, 2.449]
    """
    held, labels = unlabelled(specialised, what="specialised")
    if model == "bicm":
        draws = 0
        found = _from_probabilities(held, bicm(held))
    elif model == "curveball":
        found = _from_draws(held, draws, seed, threads)
    else:
        raise ValueError(f"model is {model!r}, expected 'bicm' or 'curveball'")
    nobody = ~(held == 1).any(axis=0)
    labels.warn_empty(None, nobody)
    for values in found:
        np.fill_diagonal(values, np.nan)
        values[nobody] = np.nan
        values[:, nobody] = np.nan
    cooccurrence, expected, z, p = found
    upper = np.triu_indices(p.shape[0], 1)
    q = np.full(p.shape, np.nan)
    q[upper] = q_values(p[upper], control)
    q.T[upper] = q[upper]
    return _labelled(labels, (cooccurrence, expected, z, p, q), model, control, draws)


def _labelled(
    labels: Labels, values: tuple[Array, ...], model: Model, control: Control, draws: int
) -> Links:
    cooccurrence, expected, z, p, q = (labels.pairs(each) for each in values)
    return Links(cooccurrence, expected, z, p, q, model, control, draws)


def significant(links: Links, q: float = 0.05) -> Labelled:
    """Which pairs are significant at a false-discovery rate.

    Parameters
    ----------
    links : Links
    q : float
        The rate, above 0 and up to 1: the expected share of false links among those kept.

    Returns
    -------
    Array or DataFrame of bool, (sectors, sectors): False where there was no test.

    Raises
    ------
    ValueError
        If the rate is out of range.

    >>> links = link_significance(np.kron(np.eye(2), np.ones((9, 2))))
    >>> int(significant(links, q=0.1).sum()) // 2
    2
    """
    if not 0 < q <= 1:
        raise ValueError(f"q is {q}, expected above 0 and up to 1")
    return links.q_value <= q


def links_by_chance(
    specialised: Matrix, z: float = 1.96, draws: int = 20, seed: int = 0
) -> tuple[float, float]:
    r"""How many pairs of sectors are above a z-score, and how many would be by chance alone.

    Matrices are drawn from the probabilities of `bicm`, each cell by itself; the same pairs are
    counted in each. A z-score counts deviations and is no probability: the co-occurrence of rare
    sectors is skewed, and far more pairs than 2.5 in a hundred are above 1.96 by chance.

    Parameters
    ----------
    specialised : array or DataFrame of shape (regions, sectors)
        As for `link_significance`.
    z : float
        The threshold, excluded.
    draws, seed : int
        How many matrices, 1 or more.

    Returns
    -------
    The number observed, and the mean number over the draws.

    Raises
    ------
    ValueError
        As `link_significance`, and without a draw.

    Source: Saracco, Straka, Di Clemente, Gabrielli, Caldarelli, Squartini (2017), New Journal of
    Physics 19, 053022, section 2.2.

    >>> links_by_chance(np.kron(np.eye(2), np.ones((9, 2))))
    (2.0, 0.15)
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}, expected 1 or more")
    held, _labels_of = unlabelled(specialised, what="specialised")
    chance = bicm(held)
    known = ~np.isnan(chance)
    held, chance = np.nan_to_num(held), np.nan_to_num(chance)
    expected = chance.T @ chance
    variance = expected - np.square(chance).T @ np.square(chance)
    above = expected + z * np.sqrt(np.maximum(variance, 0.0))
    upper = np.triu_indices(held.shape[1], 1)
    # A co-occurrence that cannot vary is no link, whatever rounding leaves of it.
    varies = (variance > 1e-13 * expected)[upper]

    def count(matrix: Array) -> float:
        return float((((matrix.T @ matrix) > above)[upper] & varies).sum())

    generator = np.random.default_rng(seed)
    drawn = [
        count(((generator.random(chance.shape) < chance) & known).astype(np.float64))
        for _draw in range(draws)
    ]
    return count(held), float(np.mean(drawn))


def _from_probabilities(held: Array, chance: Array) -> tuple[Array, Array, Array, Array]:
    known = (~np.isnan(chance)).astype(np.float64)
    ones, chance = np.nan_to_num(held), np.nan_to_num(chance)
    cooccurrence, expected = ones.T @ ones, chance.T @ chance
    squares = np.square(chance)
    cubes = squares * chance
    second, third = squares.T @ squares, cubes.T @ cubes
    variance = expected - second
    # What rounding leaves of a co-occurrence that cannot vary.
    variance[variance <= 1e-13 * expected] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (cooccurrence - expected) / np.sqrt(variance), np.nan)
    if held.shape[0] <= EXACT_REGIONS:
        p = _exact_tail(chance, cooccurrence)
    else:
        p = _shifted_binomial_tail(cooccurrence, expected, second, third, known.T @ known)
    p[variance == 0] = 1.0
    return cooccurrence, expected, z, p


def _exact_tail(chance: Array, cooccurrence: Array) -> Array:
    """P(C >= c) for each pair, adding one region at a time to the distribution of the count."""
    first, second = np.triu_indices(chance.shape[1])
    counts = cooccurrence[first, second].astype(np.intp)
    tail = np.ones(counts.size)
    # Pairs of like counts together: each batch keeps the probabilities of 0 to its largest count.
    order = np.argsort(counts, kind="stable")
    order = order[np.searchsorted(counts[order], 1) :]
    for start in range(0, order.size, 4096):
        batch = order[start : start + 4096]
        last, pairs = counts[batch] - 1, np.arange(batch.size)
        below = np.zeros((last[-1] + 1, batch.size))
        below[0] = 1.0
        reached = np.zeros(batch.size)
        for row in chance:
            trial = row[first[batch]] * row[second[batch]]
            # The region by which the count is reached: a sum of positive terms, precise however small.
            reached += trial * below[last, pairs]
            below[1:] += trial * (below[:-1] - below[1:])
            below[0] *= 1 - trial
        tail[batch] = np.minimum(reached, 1.0)
    answer = np.empty(cooccurrence.shape)
    answer[first, second] = tail
    answer[second, first] = tail
    return answer


def _shifted_binomial_tail(
    count: Array, mean: Array, second: Array, third: Array, regions: Array
) -> Array:
    r"""P(C >= c) of a sum of independent trials, from their sums of powers.

    :math:`s + B(n, \pi)` has its mean, variance and third moment for :math:`\pi = \sum \pi_r^2 (1 -
    \pi_r) / \sigma^2`, :math:`n = \sigma^2 / \pi (1 - \pi)`, :math:`s = E - n \pi`. Its support can end
    before the count: there, the binomial of all regions at their mean probability, which Hoeffding
    (1956) proved to be above the tail.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = mean - second
        chance = np.clip((second - third) / variance, 0.0, 1.0)
        trials = variance / (chance * (1 - chance))
        above = count - (mean - trials * chance)
        beyond = trials - above + 1
        tail = betainc(np.maximum(above, 1e-300), np.maximum(beyond, 1e-300), chance)
        bound = betainc(np.maximum(count, 1e-300), regions - count + 1, mean / regions)
    tail = np.where(above > 0, tail, 1.0)
    # `beyond` under 1, or a ratio of two zeros.
    tail = np.where((beyond >= 1) & ~np.isnan(tail), tail, bound)
    answer: Array = np.where(count <= 0, 1.0, tail)
    return answer


def _from_draws(
    held: Array, draws: int, seed: int, threads: int
) -> tuple[Array, Array, Array, Array]:
    moments = curveball_moments(held, draws, seed, threads=threads)
    cooccurrence = held.T @ held
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(moments.variance)
        z = np.where(spread > 0, (cooccurrence - moments.mean) / spread, np.nan)
    p = (1 + moments.at_least) / (1 + draws)
    return cooccurrence, moments.mean, z, p

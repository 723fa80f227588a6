"""Groups of sectors that are linked to each other more than to the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from perron.methods.economy.labels import Array, Labelled, Labels, Matrix, unlabelled
from perron.methods.economy.significance import Links, significant

Weight = Literal["z", "association", "equal", "given"]


@dataclass(frozen=True, slots=True)
class Communities:
    """Communities of a graph of links.

    `membership` gives each sector the number of its community, from 1, largest first and, between two
    of a size, the one that holds the first sector; NaN for a sector without a link.
    `sizes` are theirs in that order. `modularity` is that of this partition, NaN without a link.
    `agreement` is the mean adjusted Rand index between the partitions of `runs` seeds, two by two: 1
    if all are the same, about 0 if they are no more alike than chance; NaN with a single run.
    `firmness` is that of each community: the share of its pairs of sectors that the other runs keep
    together, 1 if none ever parts them; NaN with a single run.
    """

    membership: Labelled
    sizes: tuple[int, ...]
    modularity: float
    agreement: float
    firmness: tuple[float, ...]
    runs: int
    weight: Weight


def communities(
    links: Links,
    q: float = 0.05,
    weight: Weight = "z",
    resolution: float = 1.0,
    runs: int = 10,
    seed: int = 0,
) -> Communities:
    r"""Louvain communities of the significant links only.

    The partition is the one of greatest modularity among `runs` runs of the method of Louvain:

    .. math:: Q = \frac{1}{2m} \sum_{ij} \Big( w_{ij} - \gamma \frac{k_i k_j}{2m} \Big) \delta(c_i, c_j)

    where :math:`k_i = \sum_j w_{ij}` and :math:`2m = \sum_i k_i`.

    Parameters
    ----------
    links : Links
        From `significance.link_significance`.
    q : float
        False-discovery rate of the links kept.
    weight : "z", "association" or "equal"
        Of a link kept: its z-score; its association strength :math:`C_{ij} T / S_i S_j`, over all
        co-occurrences with a zero diagonal; or 1.
    resolution : float
        :math:`\gamma`, above 0: more gives smaller communities.
    runs, seed : int
        How many runs, 1 or more, and the seed of the first; the others follow.

    Returns
    -------
    Communities. With a frame, permuting the sectors permutes the answer and changes nothing else: the
    method visits sectors in the order of their labels.

    Raises
    ------
    ValueError
        If the rate, the weight, the resolution or the number of runs is not one of those above.

    Source: Blondel, Guillaume, Lambiotte, Lefebvre (2008), "Fast unfolding of communities in large
    networks", Journal of Statistical Mechanics P10008; resolution: Reichardt, Bornholdt (2006), Physical
    Review E 74, 016110; association strength: van Eck, Waltman (2009), JASIST 60(8), equation 6.

    >>> from perron.methods.economy.significance import link_significance
    >>> found = communities(link_significance(np.kron(np.eye(3), np.ones((8, 2)))))
    >>> found.membership.tolist(), round(found.modularity, 3), found.agreement
    ([1.0, 1.0, 2.0, 2.0, 3.0, 3.0], 0.667, 1.0)
    """
    weights, labels = _weights(links, q, weight)
    return _partitioned(weights, labels, resolution, runs, seed, weight)


def weighted_communities(
    weights: Matrix, resolution: float = 1.0, runs: int = 10, seed: int = 0
) -> Communities:
    r"""Louvain communities of any graph whose links have a weight: flows, shared skills.

    The same as `communities`, with :math:`w_{ij}` given.

    Parameters
    ----------
    weights : array or DataFrame of shape (sectors, sectors)
        Symmetric. Pairs above 0 are linked; 0 and NaN are not. The diagonal does not count.
    resolution, runs, seed
        As for `communities`.

    Returns
    -------
    Communities, whose `weight` is "given".

    Raises
    ------
    ValueError
        If the table is not square and symmetric, a weight is negative, or as `communities`.

    Source: Blondel, Guillaume, Lambiotte, Lefebvre (2008), "Fast unfolding of communities in large
    networks", Journal of Statistical Mechanics P10008.

    >>> found = weighted_communities(np.kron(np.eye(2), np.ones((3, 3))))
    >>> found.membership.tolist(), found.firmness
    ([1.0, 1.0, 1.0, 2.0, 2.0, 2.0], (1.0, 1.0))
    """
    values, labels = unlabelled(weights, what="weights", signed=True)
    if values.shape[0] != values.shape[1]:
        raise ValueError(f"weights has shape {values.shape}, expected as many rows as columns")
    known = np.nan_to_num(values)
    if (known < 0).any():
        raise ValueError(f"weights is negative ({known.min():g}), expected zero or more")
    if not np.array_equal(known, known.T):
        raise ValueError(
            "weights is not symmetric: a link has one weight, whichever end it is read from"
        )
    np.fill_diagonal(known, 0.0)
    return _partitioned(known, labels, resolution, runs, seed, "given")


def _partitioned(
    weights: Array, labels: Labels, resolution: float, runs: int, seed: int, weight: Weight
) -> Communities:
    """The best of the partitions of `runs` seeds, and how alike they are."""
    if not resolution > 0:
        raise ValueError(f"resolution is {resolution}, expected a number above 0")
    if runs < 1:
        raise ValueError(f"runs is {runs}, expected 1 or more")
    order = _order(labels, weights.shape[0])
    position = np.empty_like(order)
    position[order] = np.arange(order.size)
    first, second = np.nonzero(np.triu(weights[np.ix_(order, order)], 1))
    graph: nx.Graph[Any] = nx.Graph()
    linked = np.unique(np.r_[first, second])
    graph.add_nodes_from(linked.tolist())
    values = weights[order[first], order[second]]
    graph.add_weighted_edges_from(
        zip(first.tolist(), second.tolist(), values.tolist(), strict=True)
    )
    if not first.size:
        nothing = labels.by_sector(np.full(order.size, np.nan), "community")
        return Communities(nothing, (), np.nan, np.nan, (), runs, weight)

    partitions = []
    scores = []
    for run in range(runs):
        groups = nx.community.louvain_communities(graph, resolution=resolution, seed=seed + run)
        partitions.append(_numbered(groups, order.size))
        scores.append(nx.community.modularity(graph, groups, resolution=resolution))
    best = int(np.argmax(scores))
    pairs = [
        adjusted_rand(partitions[one][linked], partitions[other][linked])
        for one in range(runs)
        for other in range(one)
    ]
    membership = partitions[best][position]
    sizes = np.bincount(membership[~np.isnan(membership)].astype(np.intp))[1:]
    others = [partition for run, partition in enumerate(partitions) if run != best]
    return Communities(
        membership=labels.by_sector(membership, "community"),
        sizes=tuple(sizes.tolist()),
        modularity=float(scores[best]),
        agreement=float(np.mean(pairs)) if pairs else np.nan,
        firmness=_firmness(partitions[best], others, sizes.size),
        runs=runs,
        weight=weight,
    )


def _firmness(best: Array, others: list[Array], count: int) -> tuple[float, ...]:
    """For each community of a partition, the share of its pairs that the others keep together."""
    if not others:
        return (np.nan,) * count
    answer = []
    for number in range(1, count + 1):
        members = np.flatnonzero(best == number)
        pairs = members.size * (members.size - 1) / 2
        kept = [
            sum(n * (n - 1) / 2 for n in np.unique(other[members], return_counts=True)[1])
            for other in others
        ]
        answer.append(float(np.mean(kept) / pairs))
    return tuple(answer)


def _weights(links: Links, q: float, weight: Weight) -> tuple[Array, Labels]:
    """The weight of each significant link, 0 elsewhere."""
    kept = np.asarray(significant(links, q))
    labels = Labels()
    if isinstance(links.z, pd.DataFrame):
        labels = Labels(links.z.index, links.z.columns)
    if weight == "z":
        values, _ = unlabelled(links.z, what="z", signed=True)
    elif weight == "association":
        count = np.nan_to_num(np.asarray(links.cooccurrence, dtype=np.float64))
        strength = count.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = count * strength.sum() / np.outer(strength, strength)
    elif weight == "equal":
        values = np.ones(kept.shape)
    else:
        raise ValueError(f"weight is {weight!r}, expected 'z', 'association' or 'equal'")
    # A link seen in no draw and never varying in them has no z: it weighs nothing.
    return np.where(kept & (values > 0), values, 0.0), labels


def _order(labels: Labels, size: int) -> NDArray[np.intp]:
    """Sectors in the order of their labels, whatever the order of the table."""
    if labels.sectors is None:
        return np.arange(size)
    names = list(labels.sectors)
    try:
        return np.array(sorted(range(size), key=lambda at: names[at]), dtype=np.intp)
    except TypeError:  # labels of several types have no order of their own
        return np.array(sorted(range(size), key=lambda at: str(names[at])), dtype=np.intp)


def _numbered(groups: list[set[int]], size: int) -> Array:
    """Each sector's community, numbered by size, then by first sector."""
    answer = np.full(size, np.nan)
    for number, group in enumerate(sorted(groups, key=lambda each: (-len(each), min(each))), 1):
        answer[list(group)] = number
    return answer


def adjusted_rand(one: ArrayLike, other: ArrayLike) -> float:
    r"""How alike two partitions of the same things are, corrected for chance.

    With :math:`n_{ij}` things in group `i` of one and `j` of the other, and :math:`a_i, b_j, n` the
    sums,

    .. math:: \frac{\sum_{ij} \binom{n_{ij}}{2} - e}{\tfrac12 \big[ \sum_i \binom{a_i}{2} +
        \sum_j \binom{b_j}{2} \big] - e}, \quad
        e = \sum_i \binom{a_i}{2} \sum_j \binom{b_j}{2} \Big/ \binom{n}{2}

    Parameters
    ----------
    one, other : array-like of shape (things,)
        The group of each thing; names of groups do not matter.

    Returns
    -------
    1 for the same partition, about 0 for two drawn at random, below 0 for less alike than that.
    Two partitions that are both a single group, or both made of single things, are the same: 1.

    Raises
    ------
    ValueError
        If the two have not the same length.

    Source: Hubert, Arabie (1985), "Comparing partitions", Journal of Classification 2, equation 5.

    >>> round(adjusted_rand([1, 1, 2, 2, 3], ["a", "a", "b", "c", "c"]), 4)
    0.375
    """
    _, first = np.unique(np.asarray(one), return_inverse=True)
    _, second = np.unique(np.asarray(other), return_inverse=True)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"partitions have shapes {first.shape} and {second.shape}, expected one")
    table = np.zeros((first.max(initial=-1) + 1, second.max(initial=-1) + 1))
    np.add.at(table, (first, second), 1.0)

    def couples(counts: Array) -> float:
        return float((counts * (counts - 1)).sum() / 2)

    both, rows, columns = couples(table), couples(table.sum(axis=1)), couples(table.sum(axis=0))
    total = first.size * (first.size - 1) / 2
    expected = rows * columns / total if total else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)

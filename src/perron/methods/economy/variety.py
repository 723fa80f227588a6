"""How varied each region is, and how much of it lies within groups of related sectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from perron.methods.economy.labels import Array, Labelled, Matrix, unlabelled
from perron.methods.economy.shares import Missing, empty_rows, entropy_of, logarithm, shares_of

#: The group of each sector: a Series or a mapping by sector, or labels in the order of the sectors.
Parents: TypeAlias = pd.Series | dict[Any, Any] | Sequence[Any] | NDArray[Any]


def parents_by_length(codes: Iterable[str], length: int) -> pd.Series:
    """The parent of each sector as the first characters of its code.

    Parameters
    ----------
    codes : texts
        Codes of a classification whose longer codes lie within the shorter, as NACE or NAICS.
    length : int
        How many characters the parent has, at least 1.

    Returns
    -------
    Series of parents, with the codes as index, as `related_variety` takes it.

    Raises
    ------
    ValueError
        If a code is not a text, or is shorter than the parent: it could not lie within it.

    Some parents have several codes: NAICS 31-33 is one sector. Merge them afterwards.

    >>> parents = parents_by_length(["3111", "3211", "4411"], 2)
    >>> parents.replace({"32": "31"}).to_dict()
    {'3111': '31', '3211': '31', '4411': '44'}
    """
    if length < 1:
        raise ValueError(f"length is {length}, expected 1 or more")
    index = pd.Index(list(codes), dtype=object)
    for code in index:
        if not isinstance(code, str):
            raise ValueError(f"code {code!r} is not a text, expected one such as '0111'")
        if len(code) < length:
            raise ValueError(f"code {code!r} has {len(code)} characters, expected {length} or more")
    return pd.Series([code[:length] for code in index], index=index, name="parent", dtype=object)


def entropy(values: Matrix, *, base: float = 2.0, missing: Missing = "nan") -> Labelled:
    r"""Shannon's entropy of the sectors of a region: its total variety.

    .. math:: H_r = \sum_i s_{ri} \log \frac1{s_{ri}}, \quad s_{ri} = x_{ri} / \textstyle\sum_j x_{rj}

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        Jobs, enterprises…: any quantity that adds up, zero or more, NaN where not known.
    base : float
        Of the logarithm, above 1: 2 gives bits, as Frenken and others take it.
    missing : "nan" or "known"
        What a region with unknown cells gets: NaN, or the entropy of its known cells.

    Returns
    -------
    One value a region, from 0 (one sector) to :math:`\log n` (`n` equal sectors); its power of the
    base is the number of equal sectors that would be as varied. NaN where the region holds nothing,
    with an `EmptyWarning`.

    Raises
    ------
    ValueError
        If a value is negative or infinite, or the base is not above 1.

    Source: Shannon (1948), "A mathematical theory of communication", section 6; as the variety of a
    region, Frenken, Van Oort and Verburg (2007), "Related variety, unrelated variety and regional
    economic growth", Regional Studies 41(5).

    >>> entropy(np.array([[1.0, 1, 1, 1], [1, 1, 2, 0]])).tolist()
    [2.0, 1.5]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    shares, _ = shares_of(array, missing)
    return labels.by_region(entropy_of(shares) / logarithm(base), "entropy")


def unrelated_variety(
    values: Matrix, parents: Parents, *, base: float = 2.0, missing: Missing = "nan"
) -> Labelled:
    r"""Entropy between groups of sectors: the variety that shields a region from a shock to one group.

    .. math:: UV_r = \sum_g P_{rg} \log \frac1{P_{rg}}, \quad P_{rg} = \sum_{i \in g} s_{ri}

    Parameters
    ----------
    values, base, missing
        As for `entropy`.
    parents : Series or dict by sector, or labels in the order of the sectors
        The group of each sector: `parents_by_length` gives the first characters of its code.

    Returns
    -------
    One value a region. With `related_variety` it adds up to `entropy`.

    Raises
    ------
    ValueError
        As for `entropy`, or if a sector has no parent.

    Source: Frenken, Van Oort and Verburg (2007), Regional Studies 41(5), 685-697.

    >>> unrelated_variety(np.array([[1.0, 1, 1, 1], [1, 1, 2, 0]]), ["A", "A", "C", "C"]).tolist()
    [1.0, 1.0]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    groups = _groups(parents, labels.sectors, array.shape[1])
    shares, _ = shares_of(array, missing)
    grouped = _group_shares(shares, groups)
    return labels.by_region(entropy_of(grouped) / logarithm(base), "unrelated_variety")


def related_variety(
    values: Matrix, parents: Parents, *, base: float = 2.0, missing: Missing = "nan"
) -> Labelled:
    r"""Entropy within groups of sectors: the variety among sectors that can learn from each other.

    .. math:: RV_r = \sum_g P_{rg} \sum_{i \in g} \frac{s_{ri}}{P_{rg}} \log \frac{P_{rg}}{s_{ri}}
        = \sum_i s_{ri} \log \frac{P_{rg(i)}}{s_{ri}}

    Parameters, result and errors are those of `unrelated_variety`.

    Source: Frenken, Van Oort and Verburg (2007), Regional Studies 41(5), 685-697.

    >>> related_variety(np.array([[1.0, 1, 1, 1], [1, 1, 2, 0]]), ["A", "A", "C", "C"]).tolist()
    [1.0, 0.5]
    """
    array, labels = unlabelled(values)
    labels.warn_empty(empty_rows(array), None)
    groups = _groups(parents, labels.sectors, array.shape[1])
    shares, _ = shares_of(array, missing)
    grouped = _group_shares(shares, groups)[:, groups]
    above = shares > 0
    ratios = np.divide(grouped, shares, out=np.ones_like(shares), where=above)
    within = np.einsum("ij,ij->i", shares, np.log(ratios, out=ratios))
    # A group of one sector gives 0 up to rounding, and an entropy is never below.
    return labels.by_region(np.maximum(within / logarithm(base), 0.0), "related_variety")


def _groups(parents: Parents, sectors: pd.Index | None, count: int) -> NDArray[np.intp]:
    """The number of the group of each sector."""
    if isinstance(parents, dict):
        parents = pd.Series(parents)
    if isinstance(parents, pd.Series) and sectors is not None:
        if not parents.index.is_unique:
            twice = parents.index[parents.index.duplicated()][0]
            raise ValueError(f"parents: the sector {twice!r} is there twice")
        if len(absent := sectors.difference(parents.index)):
            raise ValueError(f"parents: the sector {absent[0]!r} has none")
        parents = parents.reindex(sectors)
    labels = np.asarray(parents, dtype=object)
    if labels.shape != (count,):
        raise ValueError(f"parents has shape {labels.shape}, expected {count} sectors")
    numbers: NDArray[np.intp] = pd.factorize(labels)[0]
    if (numbers < 0).any():
        at = int(np.flatnonzero(numbers < 0)[0])
        name = f"number {at}" if sectors is None else repr(sectors[at])
        raise ValueError(f"parents: the sector {name} has none")
    return numbers


def _group_shares(shares: Array, groups: NDArray[np.intp]) -> Array:
    """The share of each group, one column a group."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    grouped: Array = np.add.reduceat(shares[:, order], starts, axis=1)
    return grouped

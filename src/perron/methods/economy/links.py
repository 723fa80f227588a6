"""Links between sectors that do not come from being in the same places: flows and shared skills.

Co-location cannot tell why two sectors are found together. A flow of goods or a skill that both need
can, and each link comes with its reason: the flow that makes it, or the skills.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from perron.methods.economy.labels import Array, Labelled, Labels, Matrix, unlabelled
from perron.methods.economy.shares import aligned, empty_rows

#: A pair of sectors: their labels, or their positions where the matrix is an array.
Pair = tuple[Hashable, Hashable]
#: Which shares make a link: those of what is bought, of what is sold, or both.
Direction = Literal["both", "inputs", "outputs"]


def input_shares(flows: Matrix, inputs: Any = None) -> Labelled:
    r"""Share of what each sector buys that comes from each other.

    .. math:: I_{ij} = \frac{f_{ji}}{\sum_k f_{ki}}

    Parameters
    ----------
    flows : array or DataFrame of shape (sectors, sectors)
        :math:`f_{ij}` is what sector `i` (row) sells to sector `j` (column): the intermediate part of
        an input-output table. Zero or more, NaN where not known.
    inputs : values by sector, optional
        All that each sector buys, where the table does not hold it all (imports, other sectors);
        by default what it buys in the table, itself included.

    Returns
    -------
    The same kind, buyers as rows and sellers as columns; from 0 to 1. NaN where the flow or the
    total is not known (by default, one flow not known makes the total so), and for a sector that
    buys nothing, with an `EmptyWarning`.

    Raises
    ------
    ValueError
        If the table is not square with the same sectors in the same order, or a flow is negative,
        or above the total.

    Source: Ellison, Glaeser and Kerr (2010), "What causes industry agglomeration? Evidence from
    coagglomeration patterns", American Economic Review 100(3), 1195-1213.

    >>> input_shares(np.array([[0.0, 30.0], [20.0, 10.0]])).tolist()
    [[0.0, 1.0], [0.75, 0.25]]
    """
    values, labels = _square(flows)
    bought = values.T
    shares, empty = _over_totals(bought, _totals(inputs, labels, bought, "inputs"))
    labels.warn_empty(None, empty)
    return labels.pairs(shares)


def output_shares(flows: Matrix, outputs: Any = None) -> Labelled:
    r"""Share of what each sector sells that goes to each other.

    .. math:: O_{ij} = \frac{f_{ij}}{\sum_k f_{ik}}

    Parameters, missing values and errors are those of `input_shares`; `outputs` is all that each
    sector sells, final demand included where it is to count. The result has sellers as rows and
    buyers as columns.

    Source: Ellison, Glaeser and Kerr (2010), American Economic Review 100(3), 1195-1213.

    >>> output_shares(np.array([[0.0, 30.0], [20.0, 20.0]])).tolist()
    [[0.0, 1.0], [0.5, 0.5]]
    """
    values, labels = _square(flows)
    shares, empty = _over_totals(values, _totals(outputs, labels, values, "outputs"))
    labels.warn_empty(None, empty)
    return labels.pairs(shares)


def input_output_links(
    flows: Matrix,
    *,
    direction: Direction = "both",
    inputs: Any = None,
    outputs: Any = None,
    diagonal: float = 0.0,
) -> Labelled:
    r"""How much the two sectors of each pair trade: the largest of their shares.

    .. math:: L_{ij} = \max( I_{ij}, I_{ji}, O_{ij}, O_{ji} )

    with :math:`I` the `input_shares` and :math:`O` the `output_shares`: a link is strong where one of
    the two depends on the other, even if the other does not.

    Parameters
    ----------
    flows, inputs, outputs
        As for `input_shares` and `output_shares`.
    direction : "both", "inputs" or "outputs"
        Which shares count: one depends on the other as a supplier, as a customer, or either.
    diagonal : float
        The link of a sector with itself; what it sells to itself counts in the totals only.

    Returns
    -------
    The same kind, symmetric, from 0 to 1. NaN where one of the shares is not known: the largest is
    not known then. A sector that only buys, or only sells, has the shares it can have; one that does
    neither has no link (NaN), with an `EmptyWarning`.

    Source: Ellison, Glaeser and Kerr (2010), American Economic Review 100(3), 1195-1213.

    >>> input_output_links(np.array([[0.0, 30.0, 0.0], [20, 0, 20], [60, 0, 20]])).round(3).tolist()
    [[0.0, 1.0, 0.75], [1.0, 0.0, 0.5], [0.75, 0.5, 0.0]]
    """
    values, labels = _square(flows)
    shares, empty = _four(values, labels, direction, inputs, outputs)
    labels.warn_empty(None, empty)
    links = np.maximum.reduce(shares)
    links[np.diag_indices(len(links))] = np.where(empty, np.nan, diagonal)
    return labels.pairs(links)


def strongest_flows(
    flows: Matrix,
    pairs: Iterable[Pair],
    *,
    direction: Direction = "both",
    inputs: Any = None,
    outputs: Any = None,
) -> pd.DataFrame:
    """The flow that makes the link of each pair, in words a page can show.

    Parameters
    ----------
    flows, direction, inputs, outputs
        As for `input_output_links`.
    pairs : iterable of pairs of sectors
        Labels of a DataFrame, positions of an array.

    Returns
    -------
    DataFrame, one row a pair in the order given: sector_a, sector_b, seller, buyer, share_of ("inputs"
    of the buyer or "outputs" of the seller), share (the link), flow. Where the link is NaN or 0, the
    reason is empty. Of equal shares, inputs come first, then sector_a as the one that depends.

    >>> flows = pd.DataFrame([[0.0, 30], [20, 0]], index=["farm", "food"], columns=["farm", "food"])
    >>> strongest_flows(flows, [("farm", "food")], outputs=[40, 100]).to_numpy().tolist()
    [['farm', 'food', 'food', 'farm', 'inputs', 1.0, 20.0]]
    """
    values, labels = _square(flows)
    shares, _ = _four(values, labels, direction, inputs, outputs)
    kinds = [k for k in ("inputs", "outputs") if direction in ("both", k) for _ in range(2)]
    rows = []
    for (a, b), i, j in _positions(pairs, labels.sectors, len(values)):
        found = [float(table[i, j]) for table in shares]
        share = max(found) if not np.isnan(found).any() else np.nan
        seller, buyer, kind, flow = None, None, None, np.nan
        if share > 0 and i != j:
            at = found.index(share)
            kind = kinds[at]
            # The first of each kind is the share of a, the second that of b.
            depends, other = ((i, a), (j, b)) if at % 2 == 0 else ((j, b), (i, a))
            sells, buys = (other, depends) if kind == "inputs" else (depends, other)
            seller, buyer, flow = sells[1], buys[1], float(values[sells[0], buys[0]])
        rows.append((a, b, seller, buyer, kind, share, flow))
    columns = ["sector_a", "sector_b", "seller", "buyer", "share_of", "share", "flow"]
    # Object first: a position beside an empty reason would turn into a float.
    made = pd.DataFrame(rows, columns=columns, dtype=object)
    return made.astype({"share": float, "flow": float})


def shared_skill_links(needs: Matrix, *, reference: Any = "all", diagonal: float = 1.0) -> Labelled:
    r"""How alike the skills, or occupations, of two sectors are, once what all need is taken off.

    .. math:: L_{ij} = \frac{\sum_o d_{io} d_{jo}}{\sqrt{\sum_o d_{io}^2} \sqrt{\sum_o d_{jo}^2}},
        \quad d_{io} = \frac{x_{io}}{\sum_p x_{ip}} - b_o

    With "equal" (:math:`b_o = 1/n`) it is the correlation of the shares of Ellison, Glaeser and
    Kerr; there, cleaners and clerks make most sectors alike. By default :math:`b_o` is the share in all
    sectors together: a link means that two sectors lean the same way from the common profile.

    Parameters
    ----------
    needs : array or DataFrame of shape (sectors, skills)
        Jobs by occupation, or weights by skill: zero or more, NaN where not known.
    reference : "all", "equal", "none", or quantities by skill
        What is taken off: the profile of all sectors known throughout, taken together, equal shares, nothing (the cosine of Jaffe
        1986), or the profile of a country, say. A Series is matched by label.
    diagonal : float
        The link of a sector with itself.

    Returns
    -------
    The same kind, sectors by sectors, symmetric, from -1 (they lean opposite ways) to 1. NaN for a
    sector with a skill that is not known, or that is just like the reference (no direction), and for
    one that needs nothing, with an `EmptyWarning`.

    Raises
    ------
    ValueError
        If a need is negative or infinite, or the reference is not one.

    Source: Ellison, Glaeser and Kerr (2010), American Economic Review 100(3), 1195-1213; cosine of
    profiles: Jaffe (1986), "Technological opportunity and spillovers of R&D", American Economic
    Review 76(5).

    >>> needs = np.array([[60.0, 40.0, 0.0], [50.0, 50.0, 0.0], [10.0, 10.0, 80.0]])
    >>> shared_skill_links(needs).round(2).tolist()
    [[1.0, 0.91, -0.98], [0.91, 1.0, -0.98], [-0.98, -0.98, 1.0]]
    """
    values, labels = _profiles(needs)
    labels.warn_empty(empty_rows(values), None)
    leanings, _ = _leanings(values, labels, reference)
    links: Array = leanings @ leanings.T
    np.clip(links, -1.0, 1.0, out=links)
    links[np.diag_indices(len(links))] = np.where(np.isnan(links.diagonal()), np.nan, diagonal)
    sectors = Labels(labels.regions, labels.regions)
    return sectors.pairs(links)


def strongest_skills(
    needs: Matrix, pairs: Iterable[Pair], *, top: int = 5, reference: Any = "all"
) -> pd.DataFrame:
    """The skills, or occupations, that make the link of each pair: those both need more than others do.

    Parameters
    ----------
    needs, reference
        As for `shared_skill_links`.
    pairs : iterable of pairs of sectors
        Labels of a DataFrame, positions of an array.
    top : int
        How many skills a pair at most, at least 1.

    Returns
    -------
    DataFrame, pairs in the order given and the strongest skill first: sector_a, sector_b, skill, part
    (what it adds to the link: the parts of all skills, shown or not, add up to it), share_a,
    share_b, share_reference. Only skills that both need more than the reference; none where the link
    is NaN. That both lack a skill adds to the link too, and is not a reason to show.

    >>> needs = pd.DataFrame([[60.0, 40, 0], [50, 50, 0], [10, 10, 80]],
    ...     index=["farm", "food", "bank"], columns=["drive", "pack", "count"])
    >>> found = strongest_skills(needs, [("farm", "food")])
    >>> found[["skill", "part", "share_a", "share_b"]].round(2).to_numpy().tolist()
    [['drive', 0.18, 0.6, 0.5], ['pack', 0.1, 0.4, 0.5]]
    """
    if top < 1:
        raise ValueError(f"top is {top}, expected 1 or more")
    values, labels = _profiles(needs)
    leanings, compared = _leanings(values, labels, reference)
    names = range(values.shape[1]) if labels.sectors is None else labels.sectors
    rows = []
    for (a, b), i, j in _positions(pairs, labels.regions, len(values)):
        both = np.flatnonzero((leanings[i] > 0) & (leanings[j] > 0))
        parts = leanings[i, both] * leanings[j, both]
        for at in np.argsort(-parts, kind="stable")[:top]:
            skill = both[at]
            share_a, share_b = (
                values[i, skill] / values[i].sum(),
                values[j, skill] / values[j].sum(),
            )
            rows.append((a, b, names[skill], parts[at], share_a, share_b, compared[skill]))
    columns = ["sector_a", "sector_b", "skill", "part", "share_a", "share_b", "share_reference"]
    return pd.DataFrame(rows, columns=columns)


def _leanings(values: Array, labels: Labels, reference: Any) -> tuple[Array, Array]:
    """Each profile less the reference, of length 1; and the reference."""
    totals = values.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = values / np.where(totals > 0, totals, np.nan)[:, None]
    count = values.shape[1]
    compared: Array
    if not isinstance(reference, str):
        compared = aligned(reference, labels.sectors, count, "skill")
        compared = compared / compared.sum()
    elif reference == "all":
        known = values[~np.isnan(totals)].sum(axis=0)
        compared = known / np.where(known.sum() > 0, known.sum(), np.nan)
    elif reference in ("equal", "none"):
        compared = np.full(count, 1 / count if reference == "equal" else 0.0)
    else:
        raise ValueError(f"reference is {reference!r}, expected all, equal, none or a profile")
    leanings = shares - compared
    lengths = np.sqrt(np.einsum("ij,ij->i", leanings, leanings))
    # A profile equal to the reference up to rounding leans nowhere: its direction would be noise.
    lengths = np.where(lengths > 1e-12, lengths, np.nan)
    return leanings / lengths[:, None], compared


def _profiles(needs: Matrix) -> tuple[Array, Labels]:
    values, labels = unlabelled(needs, what="needs", signed=True)
    if (values < 0).any():
        raise ValueError(f"needs is negative ({np.nanmin(values):g}), expected zero or more")
    if not values.size:
        raise ValueError("needs has no cell, expected a sector and a skill at least")
    return values, labels


def _square(flows: Matrix) -> tuple[Array, Labels]:
    if isinstance(flows, pd.DataFrame) and not flows.index.equals(flows.columns):
        raise ValueError("flows: rows and columns are not the same sectors in the same order")
    values, labels = unlabelled(flows, what="flows", signed=True)
    if values.shape[0] != values.shape[1]:
        raise ValueError(f"flows has shape {values.shape}, expected as many rows as columns")
    if (values < 0).any():
        seller, buyer = np.argwhere(values < 0)[0]
        names = range(len(values)) if labels.sectors is None else labels.sectors
        raise ValueError(
            f"flows is negative ({values[seller, buyer]:g}) from {names[seller]} to {names[buyer]}"
        )
    return values, labels


def _totals(given: Any, labels: Labels, rows: Array, what: str) -> Array:
    """What each row adds up to, or the totals given in the order of the sectors."""
    if given is None:
        return np.asarray(rows.sum(axis=1))
    if isinstance(given, pd.Series) and labels.sectors is not None:
        given = given.reindex(labels.sectors)
    totals = np.asarray(given, dtype=np.float64)
    if totals.shape != (len(rows),):
        raise ValueError(f"{what} has shape {totals.shape}, expected {len(rows)} sectors")
    # Published tables are rounded: a total may be a little below the sum of its parts.
    if (np.nan_to_num(rows) > totals[:, None] * (1 + 1e-6)).any():
        raise ValueError(f"{what}: a flow is above the total of its sector")
    return totals


def _over_totals(rows: Array, totals: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Each row over its total, and which totals are 0 (known, and nothing)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return rows / np.where(totals > 0, totals, np.nan)[:, None], np.asarray(totals == 0)


def _four(
    values: Array, labels: Labels, direction: Direction, inputs: Any, outputs: Any
) -> tuple[list[Array], NDArray[np.bool_]]:
    """The shares that a link is the largest of, and which sectors have none at all."""
    if direction not in ("both", "inputs", "outputs"):
        raise ValueError(f"direction is {direction!r}, expected both, inputs or outputs")
    tables, empty = [], np.ones(len(values), dtype=bool)
    for kind, rows, given in (("inputs", values.T, inputs), ("outputs", values, outputs)):
        shares, nothing = _over_totals(rows, _totals(given, labels, rows, kind))
        # Who buys nothing depends on no supplier: not unknown, and no link on that side.
        shares[nothing] = 0.0
        empty &= nothing
        if direction in ("both", kind):
            tables += [shares, shares.T]
    for shares in tables:
        shares[empty, :] = shares[:, empty] = np.nan
    return tables, empty


def _positions(
    pairs: Iterable[Pair], names: pd.Index | None, count: int
) -> Iterable[tuple[Pair, int, int]]:
    """Each pair with the positions of its two sectors."""
    for pair in pairs:
        found: list[int] = []
        name: Any
        for name in pair:
            if names is None:
                known = isinstance(name, int | np.integer) and 0 <= name < count
            else:
                known = name in names
            if not known:
                raise ValueError(f"pairs: there is no sector {name!r}")
            found.append(int(name) if names is None else names.get_loc(name))
        yield pair, found[0], found[1]

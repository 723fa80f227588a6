"""The networks of links between activities, each computed once a state of the lake and kept.

Three kinds of evidence, never added up: enterprises of the same municipalities, jobs of the same
European regions, and what branches sell to one another. Every link says its reason. Links that chance
explains are kept too, down to a z-score of 1.96, for the reader who asks for the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from perron.lake.derived import derived
from perron.lake.provenance import Origin
from perron.lake.snapshots import Catalogue
from perron.methods.economy import (
    Communities,
    communities,
    link_significance,
    links_by_chance,
    proximity,
    specialised,
    weighted_communities,
)
from perron.site.directory.activities import CLASS, DIVISION
from perron.site.directory.business import TABLE as REGISTER
from perron.site.directory.jobs import JOBS
from perron.site.directory.places import Place, places
from perron.site.directory.selectors import steered
from perron.site.economy.links.flows import FLOWS, branch_links, branches
from perron.site.economy.panels import enterprises_by_place, jobs_by_region, quotients

ENTERPRISES, EMPLOYMENT, TRADE = "entreprises", "emplois", "flux"
NETWORKS = (ENTERPRISES, EMPLOYMENT, TRADE)
#: The tables that each network needs.
NEEDS = {ENTERPRISES: (REGISTER,), EMPLOYMENT: (JOBS,), TRADE: FLOWS}

#: The false-discovery rate of the links that are shown and of the communities.
RATE = 0.05
#: Below this z-score a link is not even kept.
LEAST_Z = 1.96
#: The level of activities that the network of enterprises joins. Classes (4 digits) and subclasses (5)
#: give as many links (473 and 482 of Belgium, 2019), but subclasses need 2.3 times as many tests, their
#: communities depend more on the seed (agreement .66 against .80), and most of their counts in a
#: territory may not be shown. Groups (3) give fewer links and hide which class makes them.
GRAIN = CLASS
#: The level of territories. Among 43 districts not one pair is significant: 581 municipalities are needed.
AMONG = "municipality"


@dataclass(frozen=True, slots=True)
class Node:
    """An activity with a link at least. `community` is 0 without a significant one."""

    code: str
    community: int
    #: Links that are significant, or at the threshold for flows.
    degree: int


@dataclass(frozen=True, slots=True)
class Link:
    """Two activities and the reason. What does not apply to a network is NaN, or empty.

    Co-location: `cooccurrence` territories are specialised in both, where chance expects `expected`;
    `regions` is how many hold the first and the second, `proximity` the lower of the two
    probabilities to hold one where the other is held. Flows: `seller` sells for `flow` (million euros)
    to `buyer`, which is `share` of its purchases ("inputs") or of its sales ("outputs").
    """

    a: str
    b: str
    #: Whether the link is above chance at the rate, or above the threshold for flows.
    kept: bool
    strength: float
    z: float
    q: float
    proximity: float
    cooccurrence: float
    expected: float
    regions: tuple[float, float]
    seller: str = ""
    buyer: str = ""
    share_of: str = ""
    share: float = np.nan
    flow: float = np.nan

    def other(self, code: str) -> str:
        return self.b if code == self.a else self.a


@dataclass(frozen=True, slots=True)
class Community:
    """Activities linked to one another more than to the rest; `members` most linked inside first."""

    number: int
    members: tuple[str, ...]
    #: Share of its pairs of members that the other runs keep together.
    firmness: float


@dataclass(frozen=True, slots=True)
class Network:
    """A network with what it was made from. `territories` is 0 for flows, `tests` how many pairs."""

    name: str
    period: str
    origins: tuple[Origin, ...]
    nodes: dict[str, Node] = field(repr=False)
    links: tuple[Link, ...] = field(repr=False)
    communities: tuple[Community, ...] = field(repr=False)
    modularity: float
    agreement: float
    territories: int
    #: What holds them all: the widest place that the territory's file compares with.
    whole: Place
    tests: int
    #: Pairs above `LEAST_Z`, and how many chance alone would put there.
    above: int
    by_chance: float

    @property
    def kept(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.kept)

    def of(self, code: str) -> tuple[Link, ...]:
        """The links of an activity of the network, the surest first."""
        return tuple(link for link in self.links if code in (link.a, link.b))

    def community_of(self, code: str) -> Community | None:
        number = self.nodes[code].community if code in self.nodes else 0
        return self.communities[number - 1] if number else None


@lru_cache(maxsize=8)
def network(held: Catalogue, name: str) -> Network | None:
    """A network in the version that `held` holds; None where the lake lacks a table that it needs."""
    if name not in NEEDS:
        raise ValueError(f"network is {name!r}, expected one of {', '.join(NETWORKS)}")
    if any(table not in held.tables for table in NEEDS[name]):
        return None
    made = _once(lambda: _MAKERS[name](held))
    nodes = derived(held, f"links_{name}_nodes", lambda: made()[0])
    links = derived(held, f"links_{name}_links", lambda: made()[1])
    said = json.loads((nodes.schema.metadata or {})[b"perron"])
    ours = steered().place
    members: dict[int, list[tuple[int, str]]] = {}
    for row in nodes.to_pylist():
        members.setdefault(row["community"], []).append((-row["inside"], row["code"]))
    return Network(
        name=name,
        period=said["period"],
        origins=tuple(held.snapshot(table).origin() for table in NEEDS[name]),
        whole=places(held)[[ours.code, *ours.comparators][-1]],
        nodes={
            row["code"]: Node(row["code"], row["community"], row["degree"])
            for row in nodes.to_pylist()
        },
        links=tuple(_link(row) for row in links.to_pylist()),
        communities=tuple(
            Community(number, tuple(code for _inside, code in sorted(members[number])), firmness)
            for number, firmness in enumerate(said["firmness"], 1)
        ),
        **{k: said[k] for k in ("modularity", "agreement", "territories", "tests", "above", "by_chance")},
    )  # fmt: skip


def _link(row: dict[str, Any]) -> Link:
    """A link as it was stored, where what does not apply is null."""
    said: dict[str, Any] = {k: np.nan if v is None else v for k, v in row.items()}
    regions = said.pop("regions_a"), said.pop("regions_b")
    return Link(**said, regions=regions)


def _once(make: Callable[[], tuple[pa.Table, pa.Table]]) -> Callable[[], tuple[pa.Table, pa.Table]]:
    """Both tables of a network come from one computation, made only if one of them is missing."""
    return lru_cache(maxsize=1)(make)


# --- co-location ----------------------------------------------------------------------------------


def _enterprises(held: Catalogue) -> tuple[pa.Table, pa.Table]:
    table = enterprises_by_place(held, AMONG, GRAIN)
    table = table.loc[:, table.sum() > 0]
    held_by = (quotients(table) > 1).astype(float)
    return _colocated(held_by, _register_period(held))


def _employment(held: Catalogue) -> tuple[pa.Table, pa.Table]:
    period, table = jobs_by_region(held)
    return _colocated(specialised(table), period)


def _register_period(held: Catalogue) -> str:
    from perron.lake.engines import connect

    return str(connect(held).table(REGISTER).period.max().to_pyarrow().as_py())


_COLUMNS = (
    *("a", "b", "kept", "strength", "z", "q", "proximity", "cooccurrence", "expected"),
    *("regions_a", "regions_b"),
)
#: What is said of a network of less than two activities.
_NOTHING = {"tests": 0, "above": 0, "by_chance": 0.0}


def _colocated(held_by: pd.DataFrame, period: str) -> tuple[pa.Table, pa.Table]:
    """The links of a matrix of specialisations: territories by activities, NaN where not known."""
    held_by = held_by.loc[:, (held_by == 1).any()]
    said: dict[str, Any] = {"period": period, "territories": len(held_by)}
    if held_by.shape[1] < 2:
        nothing = Communities(pd.Series(dtype=float), (), np.nan, np.nan, (), 0, "z")
        return _stored(pd.DataFrame(columns=_COLUMNS), nothing, said | _NOTHING)
    tested = link_significance(held_by)
    found = communities(tested, RATE)
    above, by_chance = links_by_chance(held_by, LEAST_Z)
    z, q = (np.asarray(each, dtype=float) for each in (tested.z, tested.q_value))
    first, second = np.nonzero(np.triu(np.nan_to_num(z) > LEAST_Z, 1))
    codes = np.array(held_by.columns, dtype=object)
    ubiquity = np.nansum(held_by.to_numpy(), axis=0)
    at = first, second
    frame = pd.DataFrame(
        {
            "a": codes[first],
            "b": codes[second],
            "kept": q[at] <= RATE,
            "strength": z[at],
            "z": z[at],
            "q": q[at],
            "proximity": np.asarray(proximity(held_by))[at],
            "cooccurrence": np.asarray(tested.cooccurrence)[at],
            "expected": np.asarray(tested.expected)[at],
            "regions_a": ubiquity[first],
            "regions_b": ubiquity[second],
        }
    )
    said |= {
        "tests": int(np.isfinite(q[np.triu_indices(len(q), 1)]).sum()),
        "above": int(above),
        "by_chance": by_chance,
    }
    return _stored(frame, found, said)


# --- flows ----------------------------------------------------------------------------------------


def _trade(held: Catalogue) -> tuple[pa.Table, pa.Table]:
    period, frame, weights = branch_links(held)
    said = {
        "period": period,
        "territories": 0,
        "tests": len(weights) * (len(weights) - 1) // 2,
        "above": len(frame),
        "by_chance": float("nan"),
    }
    return _stored(frame, weighted_communities(weights), said)


_MAKERS: dict[str, Callable[[Catalogue], tuple[pa.Table, pa.Table]]] = {
    ENTERPRISES: _enterprises,
    EMPLOYMENT: _employment,
    TRADE: _trade,
}


def _stored(
    frame: pd.DataFrame, found: Communities, said: dict[str, Any]
) -> tuple[pa.Table, pa.Table]:
    """Both tables, the surest links first; what is true of the whole goes with the nodes."""
    frame = frame.sort_values(["q", "strength", "a", "b"], ascending=[True, False, True, True])
    community = found.membership
    assert isinstance(community, pd.Series)
    community = community.fillna(0).astype(int)
    kept = frame[frame["kept"].astype(bool)]
    inner = kept[kept["a"].map(community) == kept["b"].map(community)]
    codes = sorted({*frame["a"], *frame["b"]})
    degree, inside = (_ends(each) for each in (kept, inner))
    nodes = pa.table(
        {
            "code": codes,
            "community": pa.array([int(community.get(code, 0)) for code in codes], pa.int32()),
            "degree": pa.array([degree.get(code, 0) for code in codes], pa.int32()),
            "inside": pa.array([inside.get(code, 0) for code in codes], pa.int32()),
        }
    )
    said = said | {
        "modularity": found.modularity,
        "agreement": found.agreement,
        "firmness": list(found.firmness),
    }
    links = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    return nodes.replace_schema_metadata({"perron": json.dumps(said)}), links


def _ends(links: pd.DataFrame) -> dict[str, int]:
    counted = pd.concat([links["a"], links["b"]]).value_counts()
    return {str(code): int(n) for code, n in counted.items()}


# --- what the other pages ask -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Near:
    """An activity linked to the one asked for.

    `of` is the activity of the network that has the link: the one asked for, the wider one that it
    lies in, or one of the finer ones that it contains. `significant`: above chance at the rate.
    """

    of: str
    code: str
    proximity: float
    z: float
    q: float
    cooccurrence: float
    expected: float
    #: How many territories were compared.
    regions: int
    significant: bool


def grain(held: Catalogue, code: str, name: str = ENTERPRISES) -> tuple[str, ...]:
    """The activities of a network in which `code` counts: itself, the one around it, those inside it.

    Empty where the network is absent or none of them has a link. An unknown code is an InputError.
    """
    from perron.site.directory.activities import activities

    found = network(held, name)
    tree = activities(held)
    asked = tree[code] if name != TRADE or code not in (found.nodes if found else {}) else None
    if found is None:
        return ()
    if asked is None:
        return (code,)
    if name == TRADE:
        division = {a.code for a in tree.lineage(code)} if asked.level >= DIVISION else set()
        inside = [
            branch
            for branch, divisions in branches(held).items()
            if division.intersection(divisions)
            or (asked.level < DIVISION and any(tree.lineage(d)[-1].code == code for d in divisions))
        ]
        return tuple(branch for branch in inside if branch in found.nodes)
    level = GRAIN if name == ENTERPRISES else DIVISION
    if asked.level >= level:
        above = tree.above(code, level).code
        return (above,) if above in found.nodes else ()
    return tuple(node for node in found.nodes if any(a.code == code for a in tree.lineage(node)))


def near(held: Catalogue, code: str, name: str = ENTERPRISES, *, rest: bool = False) -> list[Near]:
    """What lies near an activity by co-location, the farthest from chance (largest z) first.

    An activity finer or coarser than the network's grain is answered at that grain: `Near.of` says for
    which activity. Links inside the one asked for are left out, and a neighbour of several of its parts
    is given once, by its largest z. Significant links only, unless `rest` asks for all above a z of
    1.96. Nothing is found where the lake lacks the network's tables (`network` is None there).
    """
    if name == TRADE:
        raise ValueError("flows are not co-located: ask `flows`")
    found = network(held, name)
    own = set(grain(held, code, name))
    if found is None or not own:
        return []
    best: dict[str, Near] = {}
    for link in found.links:
        ends = own.intersection((link.a, link.b))
        if len(ends) != 1 or not (rest or link.kept):
            continue
        of = ends.pop()
        other = link.other(of)
        if other not in best or link.z > best[other].z:
            best[other] = Near(
                of, other, link.proximity, link.z, link.q, link.cooccurrence, link.expected,
                found.territories, link.kept,
            )  # fmt: skip
    return sorted(best.values(), key=lambda each: (-each.z, each.code))


def communities_of(held: Catalogue, name: str = ENTERPRISES) -> tuple[Community, ...]:
    """The communities of a network, largest first; none where it is absent."""
    found = network(held, name)
    return found.communities if found else ()

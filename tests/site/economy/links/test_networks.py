"""Links are those that a second, slower computation finds, and each says its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.site.directory.selectors import catalogue
from perron.site.economy.links.flows import branch_of, branches, flows
from perron.site.economy.links.naming import community_name, core, tag
from perron.site.economy.links.networks import (
    EMPLOYMENT,
    ENTERPRISES,
    NETWORKS,
    TRADE,
    communities_of,
    grain,
    near,
    network,
)


@pytest.fixture
def held(shipped_home: object) -> Catalogue:
    return catalogue()


@pytest.fixture
def bare(held: Catalogue) -> Catalogue:
    """The same lake without the tables of jobs and of flows."""
    gone = ("regional_jobs", "io_flows")
    return replace(
        held,
        versions=tuple(each for each in held.versions if each[0] not in gone),
        tables={name: table for name, table in held.tables.items() if name not in gone},
    )


def _rows(held: Catalogue, table: str) -> Iterator[dict[str, object]]:
    yield from pq.read_table(held.snapshot(table).path).to_pylist()


@pytest.fixture(scope="module")
def specialists(shipped_home: object) -> dict[str, set[str]]:
    """For each class, the municipalities whose quotient is above 1: from the files, by plain sums."""
    held = catalogue()
    towns = {r["code"] for r in _rows(held, "refnis") if r["level"] == "municipality"}
    classes = {r["code"] for r in _rows(held, "nace") if r["version"] == "2008" and r["level"] == 4}
    cells: dict[tuple[str, str], float] = defaultdict(float)
    for row in _rows(held, "statbel_vat"):
        code = str(row["activity"])[:4]
        if row["territory"] in towns and code in classes:
            cells[str(row["territory"]), code] += float(row["enterprises"] or 0)  # type: ignore[arg-type]
    rows: dict[str, float] = defaultdict(float)
    columns: dict[str, float] = defaultdict(float)
    for (town, code), n in cells.items():
        rows[town] += n
        columns[code] += n
    whole = sum(rows.values())
    found: dict[str, set[str]] = defaultdict(set)
    for (town, code), n in cells.items():
        if n / rows[town] > columns[code] / whole:
            found[code].add(town)
    return found


PAIRS = [("0146", "2511"), ("2511", "2562"), ("6202", "7022"), ("2814", "2594")]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_a_link_counts_the_municipalities_that_a_plain_sum_counts(
    held: Catalogue, specialists: dict[str, set[str]], a: str, b: str
) -> None:
    found = network(held, ENTERPRISES)
    assert found is not None
    link = next(k for k in found.links if {k.a, k.b} == {a, b})
    both = specialists[a] & specialists[b]
    assert link.cooccurrence == len(both)
    assert link.regions == (len(specialists[link.a]), len(specialists[link.b]))
    assert link.proximity == pytest.approx(
        len(both) / max(map(len, (specialists[a], specialists[b])))
    )
    assert found.territories == 581


def test_what_chance_expects_is_what_a_fixed_point_of_the_model_expects(
    held: Catalogue, specialists: dict[str, set[str]]
) -> None:
    """The model solved by plain iteration of its own equations, on the sums alone."""
    held_by = {code: towns for code, towns in specialists.items() if towns}
    degree: dict[str, int] = defaultdict(int)
    for towns in held_by.values():
        for town in towns:
            degree[town] += 1
    total = sum(degree.values())
    x = {town: d / total**0.5 for town, d in degree.items()}
    y = {code: len(towns) / total**0.5 for code, towns in held_by.items()}
    for _step in range(120):
        x = {t: degree[t] / sum(b / (1 + x[t] * b) for b in y.values()) for t in x}
        y = {c: len(held_by[c]) / sum(a / (1 + a * y[c]) for a in x.values()) for c in y}
    found = network(held, ENTERPRISES)
    assert found is not None
    for a, b in PAIRS:
        link = next(k for k in found.links if {k.a, k.b} == {a, b})
        chance = [x[t] * y[a] / (1 + x[t] * y[a]) * x[t] * y[b] / (1 + x[t] * y[b]) for t in x]
        expected, spread = sum(chance), sum(p * (1 - p) for p in chance) ** 0.5
        assert link.expected == pytest.approx(expected, rel=1e-3)
        assert link.z == pytest.approx((link.cooccurrence - expected) / spread, rel=5e-3)


def test_the_shipped_networks_are_as_large_as_the_guide_says(held: Catalogue) -> None:
    made = {name: network(held, name) for name in NETWORKS}
    sizes = {name: len(found.kept) for name, found in made.items() if found}
    assert sizes == {ENTERPRISES: 473, EMPLOYMENT: 143, TRADE: 161}
    first = made[ENTERPRISES]
    assert first is not None
    assert (first.tests, first.above, sum(n.degree > 0 for n in first.nodes.values())) == (
        181_503, 15_878, 231,
    )  # fmt: skip
    assert first.by_chance == pytest.approx(6_400, rel=0.05)


@pytest.mark.parametrize("name", [ENTERPRISES, EMPLOYMENT])
def test_kept_links_are_those_of_the_rate_and_the_rest_is_above_the_z_score(
    held: Catalogue, name: str
) -> None:
    found = network(held, name)
    assert found is not None
    assert all(k.kept == (k.q <= 0.05) and k.z > 1.96 for k in found.links)
    # The surest first: in the table, in the picture and in the file.
    assert [k.q for k in found.links] == sorted(k.q for k in found.links)


def test_a_flow_is_that_of_the_table_and_its_share_that_of_all_sales_or_purchases(
    held: Catalogue,
) -> None:
    sales: dict[tuple[str, str], float] = {
        (str(r["branch"]), str(r["use"])): float(r["amount"] or 0)  # type: ignore[arg-type]
        for r in _rows(held, "io_flows")
    }
    imports = {r["branch"]: float(r["imports"] or 0) for r in _rows(held, "io_accounts")}  # type: ignore[arg-type]
    found = network(held, TRADE)
    assert found is not None
    for link in found.links[:40]:
        assert link.flow == sales[link.seller, link.buyer]
        sold = sum(n for (branch, _use), n in sales.items() if branch == link.seller)
        bought = imports[link.buyer] + sum(n for (_b, use), n in sales.items() if use == link.buyer)
        assert link.share == pytest.approx(
            link.flow / (bought if link.share_of == "inputs" else sold)
        )
        assert link.kept == (link.share >= 0.05)


def test_metal_products_sell_first_to_construction(held: Catalogue) -> None:
    """The amounts that the mock-up of the sector's sheet shows, from the same table."""
    found = flows(held, "2511", "fr")
    assert found is not None
    assert found.branch == "25"
    sold = [(flow.name, round(flow.amount.value or 0)) for flow in found.sells_to]
    assert sold == [
        ("Construction", 1706),
        ("Métallurgie", 523),
        ("Fabrication de machines et d'équipements n.c.a.", 265),
    ]
    assert [round(flow.amount.value or 0) for flow in found.buys_from] == [631, 466, 404]
    assert found.sells_to[0].amount.territory == "Belgique"
    assert found.sells_to[0].amount.unit == "M€"


def test_each_branch_is_its_divisions_and_imputed_rents_are_of_nobody(held: Catalogue) -> None:
    found = branches(held)
    assert found["10-12"] == ("10", "11", "12")
    assert found["05-09"] == ("05", "06", "07", "08", "09")
    assert (found["68_"], found["68a"]) == (("68",), ())
    assert branch_of(held, "1107") == "10-12"
    assert branch_of(held, "C") == ""


# --- what the other pages ask ---------------------------------------------------------------------


def test_what_lies_near_comes_from_the_farthest_from_chance(held: Catalogue) -> None:
    found = near(held, "2511")
    assert [each.z for each in found] == sorted((each.z for each in found), reverse=True)
    assert all(each.significant and each.of == "2511" and each.regions == 581 for each in found)
    more = near(held, "2511", rest=True)
    assert set(found) < set(more)
    assert not all(each.significant for each in more)


def test_a_finer_or_coarser_activity_is_answered_at_the_grain_of_the_network(
    held: Catalogue,
) -> None:
    assert grain(held, "25110") == ("2511",)
    assert near(held, "25110") == near(held, "2511")
    assert all(code.startswith("25") for code in grain(held, "25"))
    division = near(held, "25")
    assert {each.of for each in division} <= set(grain(held, "25"))
    # Its own parts are not near it, and each neighbour is there once.
    assert not any(each.code.startswith("25") for each in division)
    assert len({each.code for each in division}) == len(division)
    assert near(held, "2511", EMPLOYMENT) == near(held, "25", EMPLOYMENT)
    assert grain(held, "2511", TRADE) == ("25",)
    assert grain(held, "10-12", TRADE) == ("10-12",)


def test_an_unknown_activity_is_an_error_and_an_absent_network_says_nothing(
    held: Catalogue, bare: Catalogue
) -> None:
    with pytest.raises(InputError):
        near(held, "9999")
    assert network(bare, EMPLOYMENT) is None
    assert network(bare, TRADE) is None
    assert network(bare, ENTERPRISES) is not None
    assert near(bare, "25", EMPLOYMENT) == []
    assert communities_of(bare, TRADE) == ()
    assert flows(bare, "25", "fr") is None


def test_communities_hold_every_linked_activity_once_and_are_named_by_the_most_linked(
    held: Catalogue,
) -> None:
    found = network(held, ENTERPRISES)
    assert found is not None
    groups = communities_of(held, ENTERPRISES)
    members = [code for group in groups for code in group.members]
    assert sorted(members) == sorted(c for c, node in found.nodes.items() if node.degree)
    assert [len(g.members) for g in groups] == sorted(
        (len(g.members) for g in groups), reverse=True
    )
    first = groups[0]
    inside = {
        code: sum(k.other(code) in first.members for k in found.kept if code in (k.a, k.b))
        for code in first.members
    }
    assert [inside[c] for c in first.members] == sorted(inside.values(), reverse=True)
    assert "Sécurité sociale obligatoire" in community_name(held, ENTERPRISES, first)
    assert all(0 < g.firmness <= 1 for g in groups)


@pytest.mark.parametrize(
    ("label", "short", "whole"),
    [
        ("Usinage", "Usinage", "Usinage"),
        ("Commerce de gros de céréales, de tabac non manufacturé", "Céréales (gros)", "Céréales (gros)"),
        ("Fabrication d'autres produits minéraux non métalliques n.c.a.", "Autres produits minéraux non…", ""),
        ("Fabrication de papier et de carton", "Papier et carton", "Papier et carton"),
        ("Élevage de porcins", "Élevage de porcins", "Élevage de porcins"),
    ],
)  # fmt: skip
def test_names_lose_what_tells_nothing_apart(label: str, short: str, whole: str) -> None:
    assert tag(label) == short
    assert len(tag(label)) <= 30
    assert not whole or core(label) == whole

"""Figures written in the codes of another year: added up where they can be, unknown where they cannot."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest
from django.test import Client

from perron.lake.provenance import State
from perron.lake.published import Cell
from perron.site.directory import selectors
from perron.site.directory.changes import Changes, Group
from perron.site.directory.municipal import Series, series
from perron.site.directory.places import places
from perron.site.directory.population import population
from perron.site.directory.selectors import territory_page

UNKNOWN = Cell(None, State.UNKNOWN)
#: In 2019 a and b became ab and c got another code; in 2025 ab and d became d, and e was cut in two.
CHANGES = Changes(
    {
        2019: {"a": ("ab",), "b": ("ab",), "c": ("c9",)},
        2025: {"ab": ("d",), "d": ("d",), "e": ("e1", "e2")},
    },
    {
        (2019, "ab"): {"fr": "AB"},
        (2019, "c9"): {"fr": "C"},
        (2025, "d"): {"fr": "D"},
        (2025, "e1"): {"fr": "E1"},
        (2025, "e2"): {"fr": "E2"},
    },
)
OF_2019 = ("ab", "c9", "d", "e", "f")


@pytest.mark.parametrize(
    ("codes", "period", "year"),
    [
        ({"a", "d", "f"}, "2015", 2015),
        ({"ab", "d", "f"}, "2015", 2019),  # written later, about an earlier year
        ({"a", "f"}, "2021", 2018),  # an old list kept in use
        ({"d", "e1", "f"}, "2018", 2025),
        ({"d", "e", "f"}, "2030", 2024),
        ({"d", "f"}, "2022", 2022),  # nothing tells: the codes of its year
    ],
)
def test_the_codes_of_a_table_say_of_which_year_they_are(
    codes: set[str], period: str, year: int
) -> None:
    assert CHANGES.vintage(codes, period) == year


def grouped(of: int) -> set[tuple[str, str]]:
    found = CHANGES.groups(of, OF_2019, 2019)
    return {("+".join(sorted(g.written)), "+".join(sorted(g.reference))) for g in found}


def test_groups_are_the_smallest_grounds_that_both_divisions_count() -> None:
    assert grouped(2019) == {(code, code) for code in OF_2019}
    assert grouped(2015) == {("a+b", "ab"), ("c", "c9"), ("d", "d"), ("e", "e"), ("f", "f")}
    assert grouped(2025) == {("d", "ab+d"), ("c9", "c9"), ("e1+e2", "e"), ("f", "f")}


def test_a_group_joins_codes_that_meet_only_through_others() -> None:
    # From 2015 to 2025 and back to a reference of 2025: everything that touches is one ground.
    assert CHANGES.groups(2015, ("d",), 2025) == [
        Group(frozenset({"a", "b", "d"}), frozenset({"d"}))
    ]


def test_municipalities_made_later_are_named_with_their_parts_and_a_piece_is_no_part() -> None:
    made = {m.code: (m.year, m.parts) for m in CHANGES.made_after(OF_2019, 2019)}
    assert made == {"d": (2025, ("ab", "d"))}
    older = CHANGES.made_after(("a", "b", "c", "d", "e", "f"), 2015)
    assert {m.code: m.parts for m in older} == {"c9": ("c",), "d": ("a", "b", "d")}


def written(table: str, measure: str) -> dict[tuple[str, str], Cell]:
    rows = pq.read_table(selectors.catalogue().snapshot(table).path).to_pylist()
    return {
        (r["territory"], r["period"]): Cell(r[measure], State(r[f"{measure}_status"])) for r in rows
    }


@pytest.fixture
def establishments(reader: Client) -> Series:
    return series(selectors.catalogue(), written("establishments", "establishments"))


@pytest.fixture
def declarations(reader: Client) -> Series:
    return series(selectors.catalogue(), written("income", "declarations"))


def test_figures_in_codes_of_2025_are_known_of_what_they_cover(establishments: Series) -> None:
    rows = written("establishments", "establishments")
    # Liège did not change: Statbel, 2023.
    assert establishments("62000").value == 59_310
    for code, parts in (("82039", ("82039",)), ("11002-2025", ("11002",))):
        assert establishments(code).value == sum(rows[p, "2023"].value or 0 for p in parts)
    assert establishments("82003") == establishments("11002") == UNKNOWN
    # Zwijndrecht left its province for another: neither is known, and what holds both is.
    for cut in ("10000", "40000", "11000", "46000"):
        assert establishments(cut) == UNKNOWN
    whole = sum(c.value or 0 for (code, p), c in rows.items() if p == "2023" and code != "XXXXX")
    assert establishments("01000").value == whole
    regions = [establishments(code).value or 0 for code in ("02000", "03000", "04000")]
    assert sum(regions) == whole
    assert establishments("70000").value is not None
    assert establishments.periods == ("2018", "2019", "2020", "2021", "2022", "2023")


def test_figures_in_codes_before_2019_are_added_up(declarations: Series) -> None:
    rows = written("income", "declarations")
    assert declarations("55086", "2013").value == rows["52043", "2013"].value
    merged = sum(rows[code, "2013"].value or 0 for code in ("44036", "44072", "44080"))
    assert declarations("44085", "2013").value == merged
    for period in declarations.periods:
        whole = sum(cell.value or 0 for (_code, p), cell in rows.items() if p == period)
        assert declarations("01000", period).value == whole
        provinces = [
            declarations(p.code, period).value or 0
            for p in places(selectors.catalogue()).within("03000", "province")
        ]
        assert sum(provinces) == declarations("03000", period).value
    # From 589 municipalities to those of 2025, by way of those of the reference.
    assert declarations("82039", "2013").value == sum(
        rows[code, "2013"].value or 0 for code in ("82003", "82005")
    )


def test_a_municipality_without_a_row_makes_its_sums_unknown_and_never_smaller(
    reader: Client,
) -> None:
    rows = written("income", "declarations")
    del rows["52043", "2013"]
    found = series(selectors.catalogue(), rows)
    assert found("55086", "2013") == found("50000", "2013") == found("01000", "2013") == UNKNOWN
    assert found("55086", "2012").value
    assert found("60000", "2013").value
    assert found("60000", "1999") == UNKNOWN


def test_inhabitants_of_2015_are_known_of_every_place(reader: Client) -> None:
    people = population(selectors.catalogue())
    known = places(selectors.catalogue())
    unknown = [
        p.code for p in known if p.level != "outside" and people.at(p.code, "2015").value is None
    ]
    assert unknown == []
    # Statbel, 1 January 2015: Neerpelt 16,836 and Overpelt 14,848.
    assert people.at("72043", "2015").value == 16_836 + 14_848
    assert people.at("01000", "2015").value == 11_209_044


def test_the_municipalities_of_2025_stand_beside_the_tree(reader: Client) -> None:
    known = places(selectors.catalogue())
    made = [p for p in known if p.level == "municipality" and p.parts]
    assert len(made) == 14
    assert {p.vintage for p in made} == {2025}
    assert known["82039"].parts == ("82003", "82005")
    assert known["82039"].parent == "82000"
    assert known["46030"].parent == "02000"  # of two provinces
    # Antwerp kept its code and is another place: the bare code is that of the reference.
    assert known["11002"].parts == ()
    assert known["11002-2025"].parts == ("11002", "11007")
    assert known.became("11002") == known["11002-2025"]
    assert known.became("62063") is None
    assert len(known.within("01000", "municipality")) == 581
    assert len([p for p in known.tree() if p.level == "municipality"]) == 581


def test_a_municipality_of_2025_adds_up_to_what_is_published_of_its_parts(reader: Client) -> None:
    page = territory_page(selectors.catalogue(), "fr", "82039")
    parts = [
        territory_page(selectors.catalogue(), "fr", code).profile for code in ("82003", "82005")
    ]
    assert page.profile.enterprises.value == sum(p.enterprises.value or 0 for p in parts)
    assert page.profile.population.value == sum(p.population.value or 0 for p in parts)
    assert [u.place.code for u in page.units] == ["82003", "82005"]
    assert page.peers[0].place.code == "82039"
    assert {p.place.code for p in page.peers}.isdisjoint({"82003", "82005"})


def test_the_page_of_a_merged_municipality_says_what_it_became_and_leads_there(
    reader: Client,
) -> None:
    old = reader.get("/diversifier/territoire/82005/").content.decode()
    assert "Bertogne (commune jusqu’en 2024)" in old
    assert "Depuis le 1er janvier 2025, ce territoire est dans la commune de" in old
    assert '<a href="/diversifier/territoire/82039/">Bastogne</a>' in old
    new = reader.get("/diversifier/territoire/82039/").content.decode()
    assert "Bastogne (commune depuis 2025)" in new
    for code, name in (("82003", "Bastogne"), ("82005", "Bertogne")):
        assert f'<a href="/diversifier/territoire/{code}/">{name}</a>' in new
    antwerp = reader.get("/diversifier/territoire/11002-2025/")
    assert antwerp.status_code == 200
    assert (
        "ce territoire est dans"
        not in reader.get("/diversifier/territoire/62063/").content.decode()
    )


def test_the_search_finds_both_and_says_which_is_which(reader: Client) -> None:
    text = reader.get("/recherche/", {"q": "bastogne"}).content.decode()
    assert "commune jusqu’en 2024" in text
    assert "commune depuis 2025" in text
    assert "Tongres-Looz" in reader.get("/recherche/", {"q": "looz"}).content.decode()
    assert "Tongres-Looz" in reader.get("/recherche/", {"q": "73111"}).content.decode()

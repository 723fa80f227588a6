"""Basins: unions of places, with figures that add up and tell nothing that their parts do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from perron.errors import InputError
from perron.lake.provenance import State
from perron.lake.published import HIDDEN, ZERO, Cell
from perron.site.directory import places as reference
from perron.site.directory import selectors
from perron.site.directory.places import Place, Places, places
from perron.site.directory.population import population
from perron.site.directory.selectors import territory_page
from perron.site.directory.sums import summed
from perron.territory import Basin, load, territory

BASIN, DISTRICT, PROVINCE = "EFE-LIEGE", "62000", "60000"
KNOWN = Places(
    {
        "C": Place("C", "country", None, {"fr": "Pays"}),
        "P": Place("P", "province", "C", {"fr": "Province"}),
        "D1": Place("D1", "district", "P", {"fr": "Un"}),
        "D2": Place("D2", "district", "P", {"fr": "Deux"}),
        "a": Place("a", "municipality", "D1", {"fr": "a"}),
        "b": Place("b", "municipality", "D1", {"fr": "b"}),
        "c": Place("c", "municipality", "D2", {"fr": "c"}),
        "B": Place("B", "basin", "P", {"fr": "Bassin"}, ("b", "D2")),
    }
)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([Cell(4.0, State.OBSERVED), Cell(3.0, State.OBSERVED), ZERO], Cell(7.0, State.OBSERVED)),
        ([ZERO, ZERO], ZERO),
        ([Cell(4.0, State.OBSERVED), HIDDEN], HIDDEN),
        ([HIDDEN, Cell(None, State.UNKNOWN)], Cell(None, State.UNKNOWN)),
        ([Cell(None, State.NOT_MEASURED), ZERO], Cell(None, State.NOT_MEASURED)),
        ([], Cell(None, State.UNKNOWN)),
    ],
)
def test_a_sum_takes_the_state_that_one_of_its_parts_forces(
    cells: list[Cell], expected: Cell
) -> None:
    assert summed(iter(cells)) == expected


def test_a_basin_is_outside_the_tree_and_has_no_children() -> None:
    assert "B" not in {place.code for place in KNOWN.tree()}
    assert [p.code for p in KNOWN.lineage("B")] == ["B", "P", "C"]
    assert [p.code for p in KNOWN.lineage("b")] == ["b", "D1", "P", "C"]
    assert KNOWN.made_of("B") == ("b", "D2")
    assert KNOWN.made_of("D1") == ("D1",)
    assert [p.code for p in KNOWN.within("B", "municipality")] == ["b", "c"]
    assert [p.code for p in KNOWN.within("B", "district")] == ["D2"]
    assert [p.code for p in KNOWN.within("P", "basin")] == []
    assert "B" not in {code for pair in KNOWN.municipalities_to_all() for code in pair}


@pytest.mark.parametrize(
    ("codes", "around"), [(("b", "c"), "P"), (("a", "b"), "D1"), (("D2",), "P"), (("C",), None)]
)
def test_the_parent_of_a_union_is_the_smallest_place_that_contains_all_of_it(
    codes: tuple[str, ...], around: str | None
) -> None:
    assert KNOWN.smallest_around(codes) == around


@pytest.mark.parametrize(
    ("code", "parts", "said"),
    [
        ("B9", ("a", "z9"), "z9 n'est pas dans la référence"),
        ("D1", ("a",), "porte le code d'un territoire"),
        ("B9", ("D1", "a"), "a est dans D1, qui y est aussi"),
    ],
)
def test_a_basin_that_cannot_be_added_up_is_refused(
    code: str, parts: tuple[str, ...], said: str
) -> None:
    ours = territory("liege").model_copy(
        update={"basins": (Basin(code=code, name={"fr": "x"}, parts=parts, source="y"),)}
    )
    with pytest.raises(InputError, match=said):
        reference._basins(ours, KNOWN)


def test_a_basin_without_parts_or_source_is_named_with_its_field(tmp_path: Path) -> None:
    text = Path(territory("liege").folder / "liege.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text.replace('parts = ["62000"]', "parts = []"), encoding="utf-8")
    with pytest.raises(InputError, match=r"basins\.0\.parts"):
        load(wrong)


def test_the_basin_of_liege_adds_up_to_what_is_published_of_its_parts(reader: Client) -> None:
    held = selectors.catalogue()
    basin, district = territory_page(held, "fr", BASIN), territory_page(held, "fr", DISTRICT)
    assert len(basin.units) == 24
    # Statbel, 2019 and 2020: the arrondissement of Liège.
    assert basin.profile.enterprises.value == 39_810
    assert basin.profile.population.value == 625_765
    assert basin.profile.growth.value == district.profile.growth.value
    for ours, theirs in zip(basin.sections, district.sections, strict=True):
        assert ours.enterprises.state is theirs.enterprises.state
        assert ours.enterprises.value == theirs.enterprises.value
    assert population(held).latest(BASIN) == population(held).latest(DISTRICT)


def test_the_page_of_a_basin_has_its_map_its_lineage_its_peers_and_its_source(
    reader: Client,
) -> None:
    page = territory_page(selectors.catalogue(), "fr", BASIN)
    assert page.drawing is not None
    assert len(page.drawing.shapes) == 24
    assert [p.code for p in page.lineage] == ["01000", "03000", PROVINCE]
    assert page.peers[0].place.code == BASIN
    others = [p.place for p in page.peers[1:]]
    assert all(p.level == "district" for p in others)
    assert DISTRICT not in {p.code for p in others}
    text = reader.get(f"/diversifier/territoire/{BASIN}/").content.decode()
    assert "bassinefe-liege.be/ibefe" in text
    assert "24 communes" in text
    everyone = reader.get(f"/diversifier/territoire/{BASIN}/?arrondissements=tous")
    assert everyone.status_code == 200
    assert "Arr. de Virton" in everyone.content.decode()


def test_a_basin_is_not_a_child_of_anything(reader: Client) -> None:
    known = places(selectors.catalogue())
    assert BASIN in known
    for level in ("basin", "district", "municipality"):
        assert BASIN not in {p.code for p in known.within("01000", level)}
    assert len(known.within(PROVINCE, "municipality")) == 84


@pytest.mark.parametrize("asked", ["bassin", "EFE-LIEGE", "bassin efe", "bekken"])
def test_the_search_finds_basins_and_says_what_they_are(reader: Client, asked: str) -> None:
    text = reader.get("/recherche/", {"q": asked}).content.decode()
    assert ">Bassin EFE de Liège</a>" in text
    assert "bassin" in text.partition(">Bassin EFE de Liège</a>")[2][:60]


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("61010", "Burdinne (commune)"),
        ("61031", "Huy (commune)"),
        ("61000", "Arrondissement de Huy</p>"),
        (BASIN, "Bassin EFE de Liège</p>"),
        ("03000", "Région wallonne</p>"),
        ("01000", "Belgique (pays)"),
    ],
)
def test_the_page_always_says_which_level_it_is_about(
    reader: Client, code: str, where: str
) -> None:
    text = reader.get(f"/diversifier/territoire/{code}/").content.decode()
    assert where in text


@pytest.mark.parametrize("table", ["chiffres", "comparaison", "communes", "sections"])
def test_the_tables_of_a_basin_download(reader: Client, table: str) -> None:
    response = reader.get(f"/diversifier/territoire/{BASIN}/{table}.csv")
    assert response.status_code == 200
    assert BASIN in response.content.decode() or table == "communes"

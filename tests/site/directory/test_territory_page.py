"""The page Territoire: figures that match what Statbel publishes, states, sources, downloads."""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import openpyxl
import pytest
from django.test import Client

from perron.lake.provenance import State
from perron.site.directory import business, selectors
from perron.site.directory.activities import ALL, UNKNOWN
from perron.site.directory.places import places
from perron.site.directory.population import population
from perron.site.directory.selectors import territory_page

LIEGE, HUY, BURDINNE, HERSTAPPE = "60000", "61000", "61010", "73028"


@pytest.fixture
def page(reader: Client) -> selectors.TerritoryPage:
    return territory_page(selectors.catalogue(), "fr")


def test_the_province_has_the_counts_that_statbel_publishes(page: selectors.TerritoryPage) -> None:
    profile = page.profile
    assert profile.enterprises.value == 77_555
    assert profile.starts.value == 7_176
    assert profile.stops.value == 5_709
    assert profile.balance.value == 1_467
    assert profile.population.value == 1_109_800
    assert len(page.units) == 84


def test_the_reference_is_the_sum_of_its_municipalities_and_says_what_is_left_out(
    page: selectors.TerritoryPage,
) -> None:
    # 1,010,635 in all, less 21,351 abroad and 32 nowhere known (Statbel, 2019).
    assert page.reference.enterprises.value == 1_010_635 - 21_351 - 32
    assert sorted(f.value or 0 for f in page.outside) == [32, 21_351]


def test_activities_that_are_not_known_are_counted_apart(page: selectors.TerritoryPage) -> None:
    unknown = next(row for row in page.sections if row.section.code == UNKNOWN)
    assert unknown.enterprises.value == 77_555 - 77_536


def test_districts_and_municipalities_add_up(page: selectors.TerritoryPage) -> None:
    assert sum(u.enterprises.value or 0 for u in page.units) == page.profile.enterprises.value
    own = [p for p in page.peers if p.place.parent == LIEGE]
    assert [p.place.code for p in own] == ["61000", "62000", "63000", "64000"]
    assert sum(p.enterprises.value or 0 for p in own) == 77_555


def test_a_rate_carries_wilsons_interval(page: selectors.TerritoryPage) -> None:
    rate = page.profile.start_rate
    assert rate.value == pytest.approx(100 * 7176 / 77555)
    # Computed apart with the formula written out.
    n, p, z = 77555, 7176 / 77555, 1.959963984540054
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    assert rate.low == pytest.approx(100 * (middle - half))
    assert rate.high == pytest.approx(100 * (middle + half))


def test_every_figure_can_answer_where_from(reader: Client) -> None:
    text = reader.get("/diversifier/territoire/").content.decode()
    panels = re.findall(r'<details class="prov.*?</details>', text, re.S)
    assert len(panels) >= 4
    for panel in panels:
        for asked in ("Territoire", "Période", "Source", "Licence", "Extrait le", "Méthode", "Âge"):
            assert f"<dt>{asked}</dt>" in panel
        assert "Statbel" in panel


def test_no_count_of_one_or_two_is_ever_shown(reader: Client) -> None:
    counts = business.counts(selectors.catalogue())
    for measure in business.MEASURES:
        assert not np.isin(counts.values[measure], (1, 2)).any()
        assert counts.hidden(measure) > 1000


def test_a_masked_count_masks_its_share_and_its_rate(reader: Client) -> None:
    held = selectors.catalogue()
    small = territory_page(held, "fr", BURDINNE)
    hidden = [row for row in small.sections if row.enterprises.state is State.SUPPRESSED]
    assert hidden
    assert all(row.share.state is State.SUPPRESSED and row.share.value is None for row in hidden)
    tiny = territory_page(held, "fr", HERSTAPPE)
    assert tiny.profile.starts.state is State.SUPPRESSED
    assert tiny.profile.start_rate.state is State.SUPPRESSED
    assert tiny.profile.balance.state is State.SUPPRESSED


def test_totals_people_come_for_stay_shown(reader: Client) -> None:
    counts = business.counts(selectors.catalogue())
    hidden = {
        place
        for place in counts.rows
        for measure in business.MEASURES
        if counts(place, measure, ALL).value is None
    }
    # Herstappe has 71 inhabitants; one neighbour hides it from subtraction.
    assert HERSTAPPE in hidden
    assert len(hidden) <= 2


def test_a_population_is_compared_through_mergers(reader: Client) -> None:
    people = population(selectors.catalogue())
    assert people.growth(LIEGE).value == pytest.approx(
        100 * (1_109_800 - 1_094_791) / 1_094_791, abs=0.01
    )
    # Statbel: 11,209,044 inhabitants on 1 January 2015, 11,492,641 on 1 January 2020.
    assert people.growth("01000").value == pytest.approx(
        100 * (11_492_641 - 11_209_044) / 11_209_044
    )
    assert people.latest("01000").value == 11_492_641


def test_a_municipality_is_compared_with_its_neighbours_in_size(reader: Client) -> None:
    page = territory_page(selectors.catalogue(), "fr", BURDINNE)
    assert page.drawing is None
    assert page.peers[0].place.code == BURDINNE
    assert all(p.place.level == "municipality" and p.place.parent == HUY for p in page.peers)


def test_all_districts_are_shown_on_demand(reader: Client) -> None:
    page = territory_page(selectors.catalogue(), "fr", all_peers=True)
    assert len(page.peers) == 43
    text = reader.get("/diversifier/territoire/?arrondissements=tous").content.decode()
    assert "Arr. de Virton" in text


def test_the_map_draws_each_municipality_once_and_leads_to_its_row(reader: Client) -> None:
    text = reader.get("/diversifier/territoire/").content.decode()
    for place in places(selectors.catalogue()).within(LIEGE, "municipality"):
        assert text.count(f'href="#communes-{place.code}"') == 1
        assert text.count(f'id="communes-{place.code}"') == 1


@pytest.mark.parametrize("theme", ["creation", "densite", "inconnue"])
def test_the_map_shows_what_is_asked_or_its_first_measure(reader: Client, theme: str) -> None:
    response = reader.get(f"/diversifier/territoire/?carte={theme}")
    assert response.status_code == 200
    wanted = "1 000 habitants, 2019" if theme == "densite" else "Créations de l’année pour 100"
    assert wanted in response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("table", ["chiffres", "comparaison", "communes", "sections"])
def test_a_table_is_downloaded_with_states_and_sources(reader: Client, table: str) -> None:
    response = reader.get(f"/diversifier/territoire/{LIEGE}/{table}.csv")
    assert response["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert rows
    for row in rows:
        assert row["enterprises_state"] in {"observed", "zero", "suppressed", "unknown"}
        assert (row["enterprises"] == "") == (row["enterprises_state"] in {"suppressed", "unknown"})
        assert "Statbel" in row["source"]
        assert row["licence"]
    book = openpyxl.load_workbook(
        io.BytesIO(reader.get(f"/diversifier/territoire/{LIEGE}/{table}.xlsx").content)
    )
    assert book.worksheets[0].max_row == len(rows) + 1
    assert "Statbel" in str([c.value for r in book["Sources"].iter_rows() for c in r])


def test_a_download_of_municipalities_has_all_of_them(reader: Client) -> None:
    response = reader.get(f"/diversifier/territoire/{LIEGE}/communes.csv")
    rows = {r["code"]: r for r in csv.DictReader(io.StringIO(response.content.decode()))}
    assert len(rows) == 84
    assert rows["62063"]["territory"] == "Liège"


@pytest.mark.parametrize("wrong", ["autre.csv", "communes.exe", "communes.json"])
def test_a_download_that_does_not_exist_is_not_found(reader: Client, wrong: str) -> None:
    assert reader.get(f"/diversifier/territoire/{LIEGE}/{wrong}").status_code == 404

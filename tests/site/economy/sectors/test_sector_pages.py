"""The sheet of a sector: published counts, intervals, proxies named, states, sources, files."""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pytest
from django.test import Client

from perron.lake.provenance import State
from perron.site.directory import business
from perron.site.directory.activities import ALL, activities
from perron.site.directory.selectors import catalogue
from perron.site.economy.sectors import charts, words
from perron.site.economy.sectors.selectors import sector_page, sector_rows
from perron.site.economy.sizes import sizes

SHEET = "/diversifier/secteurs/{code}/"


def sheet(code: str, territory: str = ""):
    return sector_page(catalogue(), "fr", code, territory)


def test_metal_products_are_the_speciality_that_the_mock_ups_read(reader: Client) -> None:
    page = sheet("25")
    assert page.here.enterprises.value == 1050
    assert (page.here.starts.value, page.here.stops.value, page.here.balance.value) == (62, 47, 15)
    # 1,050 of 77,555 here; 9,360 of 989,252 in Belgium (Statbel 2019, seats abroad left out).
    quotient = page.here.quotient
    assert quotient.value == pytest.approx((1050 / 77_555) / (9360 / 989_252))
    assert quotient.low is not None
    assert 1.3 < quotient.low < quotient.value < quotient.high < 1.55
    assert "une spécialité" in words.title(page)
    # Eurostat 2015: 7,862 of 210,602 jobs, 54,621 of 2,761,876.
    assert page.division_jobs.value == 7862
    assert page.jobs_quotient.value == pytest.approx(
        (7862 / 210_602) / (54_621 / 2_761_876), abs=0.01
    )


def test_counts_of_every_level_add_up_where_they_are_shown(reader: Client) -> None:
    counts = business.counts(catalogue())
    tree = activities(catalogue())
    checked = 0
    for place in ("60000", "62000", "03000"):
        for activity in tree:
            parts = [counts(place, "enterprises", code) for code in activity.children]
            whole = counts(place, "enterprises", activity.code)
            if parts and whole.value is not None and all(p.value is not None for p in parts):
                # What the register only knows less finely is in the whole and in none of the parts.
                assert sum(p.value or 0 for p in parts) <= whole.value
                checked += 1
    assert checked > 300


def test_a_finer_sector_names_the_division_that_its_map_and_jobs_are_of(reader: Client) -> None:
    page = sheet("2511")
    assert page.here.jobs.state is State.NOT_MEASURED
    assert page.division.code == page.unit_activity.code == "25"
    assert page.division_jobs.value == 7862
    text = reader.get(SHEET.format(code="2511")).content.decode()
    assert "la carte montre la division 25 entière" in text
    assert "division 25 entière · 2015" in text


def test_the_trend_is_that_of_the_accounts_and_its_proxy_is_named(reader: Client) -> None:
    page = sheet("25")
    assert page.trend is not None
    assert page.trend.group == "C"
    assert not page.trend.exact
    assert page.trend.base == "2001"
    last = {place.code: line[-1].value for place, line in page.trend.lines}
    assert round(last["60000"] or 0) == 83
    assert round(last["01000"] or 0) == 77
    assert (
        "on montre ce qui l’entoure" in reader.get(SHEET.format(code="25")).content.decode().lower()
    )
    assert sheet("C").trend.exact  # type: ignore[union-attr]


def test_a_municipality_is_not_shown_below_divisions(reader: Client) -> None:
    page = sheet("2511", "62063")
    assert page.here.enterprises.state is State.NOT_MEASURED
    assert reader.get(SHEET.format(code="2511"), {"territoire": "62063"}).status_code == 200


def test_a_basin_reads_as_the_municipalities_it_is_made_of(reader: Client) -> None:
    basin, district = sheet("25", "EFE-LIEGE"), sheet("25", "62000")
    assert basin.here.enterprises.value == district.here.enterprises.value == 494
    assert "(bassin)" in words.where(basin.place) or "assin" in words.where(basin.place)


def test_unknown_sectors_and_territories_are_not_found(reader: Client) -> None:
    assert reader.get(SHEET.format(code="9999")).status_code == 404
    assert reader.get(SHEET.format(code="25"), {"territoire": "99999"}).status_code == 404
    assert reader.get(SHEET.format(code="25"), {"territoire": "-----"}).status_code == 404


def test_a_masked_count_masks_its_quotient_and_its_balance(reader: Client) -> None:
    masked = 0
    for row in sector_rows(catalogue(), "fr", "64000", level=4, within="C"):
        if row.enterprises.state is State.SUPPRESSED:
            assert row.quotient.state is State.SUPPRESSED
            masked += 1
        if State.SUPPRESSED in (row.starts.state, row.stops.state):
            assert row.balance.value is None
    assert masked > 20


def test_nothing_small_is_kept_even_on_the_disk(reader: Client) -> None:
    counts = business.counts(catalogue())
    for measure in business.MEASURES:
        assert not np.isin(counts.values[measure], (1, 2)).any()
        assert (counts.values[measure][counts.states[measure] == 2] != 0).sum() == np.isnan(
            counts.values[measure][counts.states[measure] == 2]
        ).sum()


@pytest.mark.parametrize("code", ["24", "25", "2410", "C", "H", "5610"])
@pytest.mark.parametrize("territory", ["", "62000", "61010"])
def test_no_page_shows_a_count_of_one_or_two(reader: Client, code: str, territory: str) -> None:
    page = sheet(code, territory)
    for row in (*page.compared, *page.units, *page.children, page.here):
        for figure in (row.enterprises, row.starts, row.stops):
            assert figure.value not in (1.0, 2.0), (row.place.code, row.activity.code, figure.name)
    for row in page.size:
        assert not any(f.value in (1.0, 2.0) for f in (row.total, *row.groups))


def test_sizes_are_those_of_the_publisher_and_small_ones_are_hidden(reader: Client) -> None:
    table = sizes(catalogue())
    assert table.period == "2024"
    assert table("62000", ALL).value == 45_264
    assert table("64000", "C").state is State.NOT_MEASURED
    shown = [table(p, s, g) for p, s, g in table.cells]
    assert any(cell.state is State.SUPPRESSED for cell in shown)
    assert not any(cell.value in (1.0, 2.0) for cell in shown)


def test_the_tree_is_read_in_four_languages(reader: Client) -> None:
    for language, label in (
        ("nl", "Vervaardiging van metalen in primaire vorm"),
        ("de", "Metallerzeugung und -bearbeitung"),
        ("en", "Manufacture of basic metals"),
    ):
        text = reader.get("/diversifier/secteurs/", {"libelles": language}).content.decode()
        assert label in text
        assert f'<ul class="tree" lang="{language}">' in text


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_each_level_is_handed_over_whole(reader: Client, level: int) -> None:
    answer = reader.get(f"/diversifier/secteurs/niveau-{level}.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(lines) == {1: 21, 2: 88, 3: 272, 4: 615, 5: 943}[level]
    assert all(line["Licence"] for line in lines)
    assert not any(line["Entreprises"] in ("1", "2") for line in lines)


def test_every_table_of_the_sheet_is_a_file_with_its_sources(reader: Client) -> None:
    text = reader.get(SHEET.format(code="24")).content.decode()
    files = sorted(set(re.findall(r'href="(/diversifier/secteurs/24/[a-z]+\.(?:csv|xlsx))"', text)))
    assert len([f for f in files if f.endswith(".csv")]) >= 7
    for path in files:
        answer = reader.get(path)
        assert answer.status_code == 200, path
        if path.endswith(".csv"):
            head = answer.content.decode().splitlines()[0]
            assert "Source" in head, path
            assert "Licence" in head, path
    assert reader.get("/diversifier/secteurs/24/rien.csv").status_code == 404


def test_what_lies_beside_says_its_network_and_chance(reader: Client) -> None:
    page = sheet("25")
    drawn = charts.neighbours(page)
    assert drawn is not None
    assert all(row.figure.value is not None and 0 < row.figure.value <= 1 for row in drawn.rows)
    gaps = [row.cells[0].value for row in drawn.rows]  # type: ignore[union-attr]
    assert gaps == sorted(gaps, reverse=True)
    assert min(gaps) > 1.96  # type: ignore[type-var]
    assert "NUTS 2" in drawn.says
    sold = charts.sales(page)
    assert sold is not None
    # The Federal Planning Bureau's table: division 25 sells most to construction, 1,706 million.
    assert round(sold.rows[0].cells[0].value) == 1706  # type: ignore[union-attr]

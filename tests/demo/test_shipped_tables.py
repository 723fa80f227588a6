"""The tables in the package: published totals, and nothing out of place in any municipality."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from perron.demo.build import RECIPES, TABLES
from perron.territory import SHIPPED, territory

#: Rows that are known to be damaged in the file at hand: thirty cells of Iceland hold a time of day.
REJECTED = {"sbs_r_nuts06_r2.csv": 30}
NAMES = [r.table.name for r in RECIPES]


def table(name: str) -> pl.DataFrame:
    return pl.read_parquet(TABLES / f"{name}.parquet")


@pytest.fixture(scope="module")
def vat() -> pl.DataFrame:
    places = table("refnis").select("code", "parent", "level")
    districts = places.filter(level="district").select(district="code", province="parent")
    units = places.filter(level="municipality").select(territory="code", district="parent")
    return table("statbel_vat").join(
        units.join(districts, on="district"), on="territory", how="left"
    )


@pytest.mark.parametrize(
    ("column", "code", "published"),
    [
        (None, None, (1_010_635, 103_747, 69_421)),
        ("province", "60000", (77_555, 7_176, 5_709)),
        ("district", "62000", (39_810, None, None)),
        ("territory", "-----", (21_351, None, None)),
        ("territory", "XXXXX", (32, None, None)),
    ],
)
def test_enterprises_add_up_to_the_published_totals(vat, column, code, published):
    rows = vat if column is None else vat.filter(pl.col(column) == code)
    found = rows.select(pl.sum("enterprises", "starts", "stops")).row(0)
    assert [f for f, p in zip(found, published, strict=True) if p is not None] == [
        p for p in published if p is not None
    ]


def test_inhabitants_add_up_to_the_published_totals():
    people = table("population").filter(period="2020", sex="total")
    district = pl.col("territory").str.starts_with("62")
    province = pl.col("territory").str.starts_with("6")
    assert people["population"].sum() == 11_492_641
    assert people.filter(territory="62063")["population"].item() == 197_217
    assert people.filter(district)["population"].sum() == 625_765
    assert people.filter(province)["population"].sum() == 1_109_800
    assert table("population").filter(period="2015", sex="total")["population"].sum() == 11_209_044


def test_men_and_women_make_the_total_everywhere():
    wide = table("population").pivot("sex", index=["territory", "period"], values="population")
    assert wide.filter(pl.col("men") + pl.col("women") != pl.col("total")).is_empty()
    assert wide["total"].min() > 50


def test_every_municipality_has_enterprises_inhabitants_and_an_outline(vat):
    places = table("refnis")
    units = set(places.filter(level="municipality")["code"])
    assert len(units) == 581
    assert set(vat["territory"]) == units | {"-----", "XXXXX"}
    assert set(table("population").filter(period="2020")["territory"]) == units
    assert set(table("refnis_geometry")["code"]) == units
    per_head = (
        vat.group_by("territory").agg(pl.sum("enterprises"))
        .join(table("population").filter(period="2020", sex="total"), on="territory")
        .select(pl.col("enterprises") / pl.col("population"))
    )  # fmt: skip
    assert per_head["enterprises"].is_between(0.02, 0.25).all()


def test_the_province_of_liege_has_its_84_municipalities_in_four_districts():
    places = table("refnis")
    districts = places.filter(parent="60000")
    assert sorted(districts["code"]) == ["61000", "62000", "63000", "64000"]
    assert places.filter(pl.col("parent").is_in(districts["code"].to_list())).height == 84
    shown = territory("liege").place
    assert {shown.code, *shown.comparators, *shown.labels} <= set(places["code"])


def kilometres(degrees: np.ndarray) -> np.ndarray:
    """Longitude and latitude as kilometres near the middle of Belgium, good to one in a hundred."""
    scale = np.array([111.32 * np.cos(np.radians(50.6)), 111.2])
    return degrees * scale


def test_outlines_are_valid_share_their_borders_and_cover_the_country():
    rows = table("refnis_geometry")
    assert set(rows["crs"]) == {"EPSG:4326"}
    shapes = shapely.transform(shapely.from_wkb(rows["wkb"].to_list()), kilometres)
    assert shapely.is_valid(shapes).all()
    country = shapely.union_all(shapes)
    assert country.area == pytest.approx(30_689, rel=0.01)
    assert shapely.area(shapes).sum() == pytest.approx(country.area, rel=1e-9)  # no overlap
    assert sum(len(p.interiors) for p in shapely.get_parts(country)) == 0  # no sliver
    by_code = dict(zip(rows["code"], shapes, strict=True))
    assert by_code["62063"].area == pytest.approx(69.4, rel=0.1)  # drawn, not measured


def test_every_activity_of_the_enterprises_has_a_label(vat):
    codes = set(table("nace").filter(version="2008")["code"])
    activities = set(vat["activity"]) - {"XXXXX"}
    assert {a.removesuffix("X") for a in activities} <= codes
    divisions = table("nace").filter(pl.col("level") == 2)
    assert divisions["parent"].null_count() == 0


@pytest.mark.parametrize("name", NAMES)
def test_each_table_says_where_it_comes_from(name):
    said = json.loads((TABLES / f"{name}.json").read_text(encoding="utf-8"))
    content = (TABLES / f"{name}.parquet").read_bytes()
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert said["rows"] == table(name).height
    assert all(said[field] for field in ("source", "title", "publisher", "licence", "url", "years"))
    for file in said["files"]:
        assert len(file["sha256"]) == 64
        assert file["rows_rejected"] == REJECTED.get(file["name"], 0)


def test_the_package_stays_small_and_names_every_table():
    assert sum(p.stat().st_size for p in TABLES.iterdir()) < 2_000_000
    listed = [t.file for t in territory("liege").tables]
    assert sorted(listed) == sorted(f"tables/{n}.parquet" for n in NAMES)
    assert all((SHIPPED / f).is_file() for f in listed)
    assert {p.name for p in TABLES.iterdir()} == {Path(f).with_suffix(s).name for f in listed for s in (".json", ".parquet")}  # fmt: skip


def test_jobs_of_european_regions_are_those_that_eurostat_published():
    jobs = table("regional_jobs")
    accounts = jobs.filter(dataset="nama_10r_3empers")
    liege = accounts.filter(territory="BE332", period="2018")
    # The ten branches of the arrondissement, as in the check made with REAT on the same figures.
    ten = ["A", "B-E", "F", "G-I", "J", "K", "L", "M-N", "O-Q", "R-U"]
    assert liege.filter(pl.col("activity").is_in(ten))["jobs"].sum() == 241_500
    assert liege.filter(activity="B-E")["jobs"].item() == 26_600
    firms = jobs.filter(dataset="sbs_r_nuts06_r2", period="2015")
    metal = firms.filter(activity="C25")
    assert metal.filter(territory="BE33")["jobs"].item() == 7_862
    assert metal.filter(territory="BE")["jobs"].item() == 54_621
    # Confidential in Liège, and never zero.
    hidden = firms.filter(pl.col("territory") == "BE33", pl.col("jobs").is_null())
    assert {"B08", "B09", "C19", "C31", "H51", "H53"} <= set(hidden["activity"])
    assert (hidden["jobs_status"] == "unknown").all()
    survey = jobs.filter(dataset="lfst_r_lfe2en2", territory="BE33", activity="A", period="2008")
    assert survey.select("jobs", "flag").row(0) == (4_900, "bu")
    assert survey.height == 1


def test_establishments_income_and_census_are_those_of_the_publisher():
    units = table("establishments").filter(period="2023")
    liege = units.filter(pl.col("territory").str.starts_with("62"))
    assert liege["establishments"].sum() == 59_310
    income = table("income").filter(territory="11001", period="2005")
    figures = income.select("net_taxable_income", "declarations", "residents").row(0)
    assert figures == (260_615_502.8, 8_065, 14_375)
    # The same census by place of work and section, published apart.
    work = table("census_jobs").filter(territory="BE33").group_by("activity").agg(pl.sum("persons"))
    by_section = dict(work.rows())
    assert (by_section["C"], by_section["G"], by_section["Q"]) == (43_754, 50_137, 49_891)
    assert sum(by_section.values()) == 363_879


def test_every_code_that_changed_is_explained_once_and_by_nothing_else():
    changes = table("refnis_changes")
    reference = set(table("refnis").filter(level="municipality")["code"])
    people = table("population").filter(sex="total")
    codes = {year: set(people.filter(period=year)["territory"]) for year in ("2015", "2020")}
    of = {year: changes.filter(period=year) for year in ("2019", "2025")}
    # 589 municipalities in 2015, 581 in 2019: 15 merged into 7, and 11 have another code.
    assert set(of["2019"]["old"]) == codes["2015"] - reference
    assert set(of["2019"]["new"]) == reference - codes["2015"]
    parts = of["2019"].group_by("new").len()["len"].to_list()
    assert (sum(n for n in parts if n > 1), len([n for n in parts if n > 1])) == (15, 7)
    assert len([n for n in parts if n == 1]) == 11
    # 30 municipalities became 14 in 2025; the file of establishments is written in the new codes.
    written = set(table("establishments")["territory"]) - {"XXXXX"}
    assert (of["2025"].height, of["2025"]["new"].n_unique(), len(written)) == (30, 14, 565)
    assert written == (reference - set(of["2025"]["old"])) | set(of["2025"]["new"])
    assert set(table("income")["territory"]) == codes["2015"]
    assert changes["old"].is_unique().all()


def test_the_inhabitants_of_2015_fit_the_municipalities_that_they_became():
    changes = table("refnis_changes").filter(period="2019")
    people = table("population").filter(sex="total").select("territory", "period", "population")
    before = people.filter(period="2015").join(changes, left_on="territory", right_on="old")
    sums = before.group_by("new").agg(pl.sum("population").alias("before"))
    both = sums.join(people.filter(period="2020"), left_on="new", right_on="territory")
    assert both.height == 18
    assert (both["population"] / both["before"] - 1).abs().max() < 0.05
    # Nobody is lost: all of 2015 is in a municipality of 2020.
    kept = people.filter(
        pl.col("period") == "2015", ~pl.col("territory").is_in(changes["old"].to_list())
    )
    assert kept["population"].sum() + before["population"].sum() == 11_209_044


def test_territories_have_the_nuts_codes_that_the_national_bank_gives_them():
    nuts = table("refnis_nuts").group_by("code").agg(pl.col("nuts").sort())
    by_place = {code: tuple(codes) for code, codes in nuts.iter_rows()}
    # Names of the code list NUTS of NBB.Stat: 331 Huy, 332 Liège, 334 Waremme, 335 and 336 Verviers…
    expected = {
        "01000": ("BE",), "02000": ("BE2",), "03000": ("BE3",), "04000": ("BE1",),
        "60000": ("BE33",), "61000": ("BE331",), "62000": ("BE332",), "64000": ("BE334",),
        "63000": ("BE335", "BE336"), "52000": ("BE32B",), "58000": ("BE329",), "57000": ("BE328",),
        "20002": ("BE31",), "21000": ("BE100",), "93000": ("BE353",),
    }  # fmt: skip
    assert {code: by_place[code] for code in expected} == expected
    wide = table("refnis").filter(~pl.col("level").is_in(["municipality", "outside"]))
    assert set(by_place) == set(wide["code"])
    districts = wide.filter(level="district")["code"].to_list()
    nuts3 = [code for district in districts for code in by_place[district]]
    assert (len(districts), len(nuts3), len(set(nuts3))) == (43, 44, 44)


def test_jobs_of_the_districts_add_up_to_those_of_the_province_through_their_nuts_codes():
    nuts = table("refnis_nuts")
    jobs = table("regional_jobs").filter(
        dataset="nama_10r_3empers", period="2018", activity="TOTAL"
    )
    by_code = dict(jobs.select("territory", "jobs").iter_rows())
    inside = table("refnis").filter(parent="60000")["code"].to_list()
    codes = nuts.filter(pl.col("code").is_in(inside))["nuts"].to_list()
    assert sum(by_code[code] for code in codes) == pytest.approx(by_code["BE33"], abs=300)


def test_size_classes_are_those_of_statbel_and_what_was_not_read_is_not_zero():
    rows = table("size_structure")
    sums = rows.group_by("territory").agg(pl.sum("enterprises"))
    by_place = dict(sums.iter_rows())
    # Totals of the arrondissements in the same publication.
    assert (by_place["61000"], by_place["62000"], by_place["63000"]) == (10_306, 45_264, 26_105)
    assert rows.height == 4 * 22 * 16
    liege = rows.filter(territory="62000").group_by("size_class").agg(pl.sum("enterprises"))
    by_class = dict(liege.iter_rows())
    assert (by_class["00"], by_class["01"], by_class["05"], by_class["15"]) == (
        35_916,
        6_050,
        151,
        0,
    )
    farms = rows.filter(territory="01000", section="A")
    counted = farms.filter(pl.col("enterprises").is_not_null())
    assert dict(counted.select("size_class", "enterprises").iter_rows()) == {
        "02": 491, "03": 241, "04": 135, "05": 33, "06": 5, "08": 3,
    }  # fmt: skip
    assert counted["derived"].all()
    assert set(farms.filter(pl.col("enterprises").is_null())["enterprises_status"]) == {"unknown"}
    elsewhere = rows.filter((pl.col("territory") != "01000") | (pl.col("section") != "A"))
    assert set(elsewhere["enterprises_status"]) == {"observed", "zero"}
    assert not elsewhere["derived"].any()


def test_the_domestic_input_output_table_balances_as_published():
    flows, accounts = table("io_flows"), table("io_accounts")
    assert accounts["output"].sum() == pytest.approx(847_248.05, abs=0.01)
    assert accounts["value_added"].sum() == pytest.approx(373_301.66, abs=0.01)
    sold = flows.group_by("branch").agg(pl.sum("amount")).join(accounts, on="branch")
    assert sold.height == 64
    assert (sold["amount"] - sold["output"]).abs().max() < 0.02
    # The mean type I output multiplier known of this table.
    branches = accounts["branch"].to_list()
    wide = flows.filter(pl.col("use").is_in(branches)).pivot("use", index="branch", values="amount")
    z = wide.sort("branch").select(sorted(branches)).to_numpy()
    output = accounts.sort("branch")["output"].to_numpy()
    multipliers = np.linalg.inv(np.eye(64) - z / output).sum(axis=0)
    assert multipliers.mean() == pytest.approx(1.56, abs=0.005)

"""Size classes: every variant of the file gives the real totals of 2024, and jobs only as bounds."""

from __future__ import annotations

import io
import sqlite3
from datetime import date
from itertools import cycle, pairwise
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook
from tests.conformity.tables import table

from perron.errors import InputError
from perron.lake.snapshots import Lake
from perron.lake.validation import check
from perron.sources.load import load
from perron.sources.statbel_vat_size import SIZE_CLASSES, StatbelVatSize, jobs_bounds

#: One activity of each section, some with a leading zero, some with an unknown last digit.
ACTIVITY = {
    "A": "01110",
    "B": "08111",
    "C": "25620",
    "D": "35110",
    "E": "38110",
    "F": "41201",
    "G": "47110",
    "H": "49410",
    "I": "56101",
    "J": "62010",
    "K": "64200",
    "L": "68201",
    "M": "71121",
    "N": "81210",
    "O": "84110",
    "P": "8559X",
    "Q": "86210",
    "R": "90010",
    "S": "96021",
    "T": "97000",
    "U": "99000",
    "X": "XXXXX",
}
COMMUNES = {"61000": ("61031", "61043"), "62000": ("62063", "62003"), "63000": ("63079", "63023")}
HEADER = ("CD_MUNTY_REFNIS", "CD_NACE_LVL5", "TX_NACE_NL_LVL1", "CD_NIS_STAT_UNT_CLS", "MS_NUM_VAT")
Row = tuple[str, str, str, str, int]


@pytest.fixture(scope="module")
def generated() -> list[Row]:
    """Each real total shared between two municipalities."""
    rows: list[Row] = []
    for record in table("vat_2024_size_margins").itertuples():
        total, places = int(record.enterprises), cycle(COMMUNES[record.region])
        label = "Onbekende economische activiteit" if record.sector == "X" else f"{record.sector} é"
        for part in (total - total // 3, total // 3):
            if part:
                place = next(places)
                rows.append((place, ACTIVITY[record.sector], label, record.size_class, part))
    return rows


def text(rows: list[Row], encoding: str) -> bytes:
    lines = ["|".join(HEADER), *("|".join(map(str, row)) for row in rows)]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def database(rows: list[Row]) -> bytes:
    """Codes as numbers, which lose their zeros, and a view that is never run."""
    base = sqlite3.connect(":memory:")
    base.executescript(
        f"CREATE TABLE TF_VAT_NACE_EMPL_2024 ({', '.join(HEADER)});"
        "CREATE VIEW VF_VAT_NACE_EMPL_2024 AS SELECT * FROM TF_VAT_NACE_EMPL_2024;"
    )
    base.executemany("INSERT INTO TF_VAT_NACE_EMPL_2024 VALUES (?,?,?,?,?)", rows)
    return base.serialize()


def numbers(rows: list[Row]) -> list[tuple[object, ...]]:
    """What a spreadsheet makes of codes: numbers, where they are digits."""
    return [tuple(int(c) if isinstance(c, str) and c.isdigit() else c for c in r) for r in rows]


def workbook(rows: list[Row]) -> bytes:
    book = Workbook()
    book.active.title = "Lisez-moi"
    sheet = book.create_sheet("VF_VAT_NACE_EMPL_2024")
    sheet.append(HEADER)
    for row in numbers(rows):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "variant",
    ["text", "latin", "zip", "sqlite", "sqlite of numbers", "workbook", "zipped workbook"],
)
def test_every_variant_gives_the_real_totals(read, files, generated, variant: str):
    made = {
        "text": lambda: ("TF_VAT_NACE_EMPL_2024.txt", text(generated, "utf-8-sig")),
        "latin": lambda: ("TF_VAT_NACE_EMPL_2024.txt", text(generated, "cp1252")),
        "zip": lambda: (
            "TF_VAT_NACE_EMPL_2024.zip",
            files.zipped({"TF_VAT_NACE_EMPL_2024.txt": text(generated, "utf-8-sig")}),
        ),
        "sqlite": lambda: (
            "TF_VAT_NACE_EMPL_SQ_2024.zip",
            files.zipped({"TF_VAT_NACE_EMPL_2024.sqlite": database(generated)}),
        ),
        "sqlite of numbers": lambda: ("VF_VAT_NACE_EMPL_2024.sqlite", database(numbers(generated))),
        "workbook": lambda: ("TF_VAT_NACE_EMPL_2024.xlsx", workbook(generated)),
        "zipped workbook": lambda: (
            "TF_VAT_NACE_EMPL_2024.zip",
            files.zipped({"TF_VAT_NACE_EMPL_2024.xlsx": workbook(generated)}),
        ),
    }[variant]()
    (reading,), report = read(StatbelVatSize(), *made)
    check(reading.table, reading.data)
    assert reading.periods == ("2024",)
    assert report.rejected == 0
    rows = pl.DataFrame(pl.from_arrow(reading.data))
    found = (
        rows.group_by(pl.col("territory").str.slice(0, 2), "activity", "size_class")
        .agg(pl.sum("enterprises"))
        .rows()
    )
    expected = {
        (r.region[:2], ACTIVITY[r.sector], r.size_class): int(r.enterprises)
        for r in table("vat_2024_size_margins").itertuples()
        if r.enterprises
    }
    assert {(place, activity, size): n for place, activity, size, n in found} == expected
    # The arrondissement of Liège, as Statbel's own total.
    liege = rows.filter(pl.col("territory").str.starts_with("62"))
    assert liege["enterprises"].sum() == sum(n for k, n in expected.items() if k[0] == "62")


def test_a_file_by_district_keeps_its_districts_and_says_so(read):
    """The years whose file has the labels in four levels and three languages have no municipality."""
    header = "CD_NIS_STAT_UNT_CLS|CD_NACE|TX_NACE_NL_LVL1|CD_ADM_DSTR_REFNIS|CD_PROV_REFNIS|MS_NUM_VAT|MS_NUM_VAT_START"
    lines = ["00|25620|C Industrie|62000|60000|41|3", "01|2562X|C Industrie|61000|60000|2|0"]
    lines += ["00|XXXXX|Onbekende economische activiteit|-----|-----|7|0"]
    content = "\n".join([header, *lines, ""]).encode()
    (reading,), report = read(StatbelVatSize(), "TF_VAT_NACE_EMPL_2018.txt", content)
    data = pl.DataFrame(pl.from_arrow(reading.data))
    assert dict(data.select("territory", "enterprises").iter_rows()) == {
        "62000": 41, "61000": 2, "-----": 7,
    }  # fmt: skip
    assert any("par arrondissement" in warning for warning in report.warnings)


def test_the_municipality_is_read_where_the_file_has_both(read):
    content = b"CD_ADM_DSTR_REFNIS|CD_REFNIS|CD_NACE|CD_NIS_STAT_UNT_CLS|MS_NUM_VAT\n62000|62063|25620|00|4\n"
    (reading,), report = read(StatbelVatSize(), "TF_VAT_NACE_EMPL_2018.txt", content)
    assert pl.DataFrame(pl.from_arrow(reading.data))["territory"].to_list() == ["62063"]
    assert report.warnings == []


def test_an_activity_that_statbel_does_not_know_is_kept_apart(read):
    rows = [
        ("62063", "", "Onbekende economische activiteit", "00", 7),
        ("62063", "25620", "C", "01", 3),
    ]
    (reading,), report = read(StatbelVatSize(), "TF_VAT_NACE_EMPL_2020.txt", text(rows, "utf-8"))
    data = pl.DataFrame(pl.from_arrow(reading.data))
    assert data.filter(activity="XXXXX")["enterprises"].item() == 7
    assert report.accepted == 2


def test_a_year_loaded_keeps_the_others(tmp_path: Path):
    lake = Lake(tmp_path / "lake")
    for year, count in ((2019, 5), (2020, 8)):
        path = tmp_path / f"TF_VAT_NACE_EMPL_{year}.txt"
        path.write_bytes(text([("62063", "25620", "C", "03", count)], "utf-8"))
        load("statbel-vat-size", path, lake, date(2026, 1, year - 2010))
    rows = pl.read_parquet(lake.current().tables["statbel_vat_size"].path)
    assert dict(rows.select("period", "enterprises").iter_rows()) == {"2019": 5, "2020": 8}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("62063", "25620", "C", "16", 3)], "classe de taille inconnue"),
        ([("62063", "2562", "C", "01", 3), ("62063", "01110", "A", "01", 3)], "cinq positions"),
        ([("Liège", "25620", "C", "01", 3)], "code de commune inconnu"),
        ([("62063", "25620", "C", "01", 3), ("62063", "25620", "C", "01", 4)], "plusieurs fois"),
    ],
)
def test_what_cannot_be_placed_refuses_the_file(read, rows: list[Row], said: str):
    with pytest.raises(InputError, match=said):
        read(StatbelVatSize(), "TF_VAT_NACE_EMPL_2020.txt", text(rows, "utf-8"))


def test_another_workbook_is_refused_with_its_sheets(read):
    book = Workbook()
    book.active.title = "Feuil1"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(InputError, match=r"0 feuilles dont le nom contient VAT_NACE_EMPL.*Feuil1"):
        read(StatbelVatSize(), "TF_VAT_NACE_EMPL_2024.xlsx", stream.getvalue())


def test_a_workbook_that_unfolds_beyond_measure_is_refused(read, files):
    content = {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}
    bomb = files.zipped(content | {"xl/worksheets/sheet1.xml": b" " * (32 << 20)})
    with pytest.raises(InputError, match="hors de toute mesure"):
        read(StatbelVatSize(), "TF_VAT_NACE_EMPL_2024.xlsx", bomb)


def test_jobs_are_bounds_and_never_a_figure():
    assert [each.code for each in SIZE_CLASSES] == [f"{n:02}" for n in range(16)]
    # Classes follow each other without a hole.
    for one, other in pairwise(SIZE_CLASSES):
        assert one.most is not None
        assert other.least == one.most + 1
    assert jobs_bounds({}) == (0, 0)
    assert jobs_bounds({"00": 5, "02": 4}) == (20, 36)
    assert jobs_bounds({"01": 1, "15": 1}) == (10_001, None)
    assert jobs_bounds({"01": 1, "15": 0}) == (1, 4)

"""A table leaves Perron whole, exact, with its sources, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from perron.errors import InputError
from perron.exports import Export, Format, encode, shown
from perron.lake.provenance import Origin

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    '=HYPERLINK("http://example.org","x")',
]
PLAIN = ["Liège", "01000", "-----", "-5", "+32 4", "3,5", "a=b", "", "été; «oui»", 'dit "non"']
ORIGIN = Origin("refnis", "2026-11-23", "refnis", "Statbel", "CC BY 4.0", date(2026, 11, 23))


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_run_as_a_formula_by_a_spreadsheet(text: str):
    table = Export(["x"], [(text,)])
    assert csv_rows(encode(table, Format.CSV))[1] == ["'" + text]
    cell = load_workbook(io.BytesIO(encode(table, Format.XLSX))).active["A2"]
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_column_name_is_not_run_either(text: str):
    assert csv_rows(encode(Export([text], []), Format.CSV))[0] == ["'" + text]


def test_ordinary_texts_come_back_as_they_were():
    content = encode(Export(["x"], [(text,) for text in PLAIN]), Format.CSV)
    assert [row[0] if row else "" for row in csv_rows(content)[1:]] == PLAIN


def test_doubles_come_back_to_the_last_bit_in_every_format():
    random = Random(1936)
    values = [random.uniform(-1, 1) * 10.0 ** random.randint(-12, 12) for _ in range(300)]
    values += [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, 39810.0, -0.5]
    table = Export(["v"], [(v,) for v in values])
    assert [float(row[0]) for row in csv_rows(encode(table, Format.CSV))[1:]] == values
    assert [row["v"] for row in json.loads(encode(table, Format.JSON))["rows"]] == values
    sheet = load_workbook(io.BytesIO(encode(table, Format.XLSX)), read_only=True).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == values
    read = pq.read_table(io.BytesIO(encode(table, Format.PARQUET)))
    assert read["v"].to_pylist() == values


def test_a_missing_value_is_an_empty_cell_and_zero_is_zero():
    table = Export(["v", "s"], [(None, "unknown"), (0.0, "zero"), (float("nan"), "unknown")])
    assert [row[0] for row in csv_rows(encode(table, Format.CSV))[1:]] == ["", "0", ""]
    sheet = load_workbook(io.BytesIO(encode(table, Format.XLSX))).active
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == [None, 0, None]
    assert [r["v"] for r in json.loads(encode(table, Format.JSON))["rows"]] == [None, 0.0, None]
    read = pq.read_table(io.BytesIO(encode(table, Format.PARQUET)))
    assert read["v"].to_pylist() == [None, 0.0, None]


def test_the_sources_travel_with_the_figures():
    def table() -> Export:
        return Export(["v"], [(1.0,)], "Entreprises: 2019/60000", [ORIGIN])

    assert json.loads(encode(table(), Format.JSON))["sources"][0]["publisher"] == "Statbel"
    book = load_workbook(io.BytesIO(encode(table(), Format.XLSX)))
    assert book.sheetnames == ["Entreprises  2019 60000", "Sources"]
    assert [c.value for c in book["Sources"][2]][3:6] == ["Statbel", "CC BY 4.0", "2026-11-23"]
    metadata = pq.read_schema(io.BytesIO(encode(table(), Format.PARQUET))).metadata
    assert json.loads(metadata[b"perron.sources"])[0]["licence"] == "CC BY 4.0"


def test_an_arrow_table_keeps_its_types_in_parquet_and_its_rows_elsewhere():
    table = pa.table({"code": ["01000", "02000"], "n": pa.array([1, None], pa.int32())})
    assert encode(Export.of(table), Format.CSV) == b"code,n\n01000,1\n02000,\n"
    assert pq.read_table(io.BytesIO(encode(Export.of(table), Format.PARQUET))).equals(table)


def test_a_text_that_a_sheet_cannot_hold_is_refused_with_a_sentence():
    with pytest.raises(InputError, match="32767"):
        encode(Export(["x"], [("x" * 40_000,)]), Format.XLSX)


def test_control_characters_never_reach_a_sheet_or_a_terminal():
    sheet = load_workbook(io.BytesIO(encode(Export(["x"], [("a\x00b\x1b[2J",)]), Format.XLSX)))
    assert sheet.active["A2"].value == "a\ufffdb\ufffd[2J"
    assert shown("a\x1b[2J\u202e") == "a\\x1b[2J\\u202e"


def test_columns_of_mixed_types_are_refused_in_parquet_and_written_elsewhere():
    table = Export(["v"], [(1.0,), ("supprimé",)])
    with pytest.raises(InputError, match="Colonne v"):
        encode(table, Format.PARQUET)
    assert csv_rows(encode(table, Format.CSV)) == [["v"], ["1"], ["supprimé"]]


def test_a_table_that_comes_in_parts_holds_what_it_would_whole():
    random = Random(1)
    texts = [*HOSTILE, *PLAIN, None]
    figures = [random.uniform(-1, 1) * 10.0 ** random.randint(-300, 300) for _text in texts]
    figures[:3] = [0.1 + 0.2, 39810.0, 2.0**53 + 2]
    parts = [
        pa.table(
            {
                "text": pa.array(texts[at : at + 7], pa.string()),
                "code": pa.array(texts[at : at + 7], pa.string()).dictionary_encode(),
                "year": pa.array([2018, None] * 4, pa.int64())[: len(texts[at : at + 7])],
                "figure": pa.array(figures[at : at + 7]),
            }
        )
        for at in range(0, len(texts), 7)
    ]
    names = parts[0].column_names
    whole = pa.concat_tables(parts, promote_options="permissive")
    rows = list(zip(*(column.to_pylist() for column in whole.columns), strict=True))
    one = csv_rows(encode(Export.streamed(names, iter(parts)), Format.CSV))
    other = csv_rows(encode(Export(names, rows), Format.CSV))
    assert [row[:3] for row in one] == [row[:3] for row in other]
    assert [float(row[3]) for row in one[1:]] == figures
    for form in (Format.JSON, Format.XLSX):
        made, plain = (
            encode(export, form)
            for export in (Export.streamed(names, iter(parts)), Export(names, rows))
        )
        if form is Format.JSON:
            assert json.loads(made) == json.loads(plain)
        else:
            read = [list(load_workbook(io.BytesIO(book)).active.values) for book in (made, plain)]
            assert read[0] == read[1]
    read = pq.read_table(io.BytesIO(encode(Export.streamed(names, iter(parts)), Format.PARQUET)))
    assert read.column("figure").to_pylist() == figures
    assert read.column("code").to_pylist() == texts

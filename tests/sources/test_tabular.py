"""A person's table is read by its content, and what is wrong is said with its row."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from perron.errors import InputError
from perron.sources.tabular import read

ROWS = [("01", "C", "2018", "5"), ("01", "J", "2018", ""), ("62063", "C", "2018", "0.1")]
COLUMNS = ["geo", "nace", "year", "jobs"]


def csv_of(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


# The same table, whatever the file


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["panel.csv", "panel.txt", "panel.xlsx"])
def test_a_text_table_is_known_by_its_content(
    tmp_path: Path, delimiter: str, mark: str, name: str
) -> None:
    lines = [delimiter.join(row) for row in [COLUMNS, *ROWS]]
    found = read(csv_of(tmp_path / name, mark + "\n".join(lines)), COLUMNS)
    assert list(found.identifiers("geo")) == ["01", "01", "62063"]
    assert found.whole_numbers("year").tolist() == [2018] * 3
    np.testing.assert_array_equal(found.figures("jobs").values, [5, np.nan, 0.1])
    assert not found.warnings


def test_parquet_and_xlsx_give_the_same_table(tmp_path: Path) -> None:
    typed = {
        "geo": ["01", "01", "62063"],
        "nace": ["C", "J", "C"],
        "year": pa.array([2018, 2018, 2018], pa.int32()),
        "jobs": [5.0, None, 0.1],
    }
    pq.write_table(pa.table(typed), tmp_path / "panel.csv")
    book = [COLUMNS, ["01", "C", 2018, 5], ["01", "J", 2018, None], ["62063", "C", 2018, 0.1]]
    workbook(tmp_path / "panel.parquet", book)
    for name in ("panel.csv", "panel.parquet"):
        found = read(tmp_path / name, COLUMNS)
        assert list(found.identifiers("geo")) == ["01", "01", "62063"]
        assert found.whole_numbers("year").tolist() == [2018] * 3
        np.testing.assert_array_equal(found.figures("jobs").values, [5, np.nan, 0.1])


def test_a_code_typed_as_a_number_is_text_without_decimals(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", [COLUMNS, [62063, 1.0, 2018.0, 2]])
    found = read(path, COLUMNS)
    assert found.frame.row(0) == (2, "62063", "1", "2018", "2")
    pq.write_table(pa.table({"geo": [1.0], "jobs": [float("nan")]}), tmp_path / "p.parquet")
    floats = read(tmp_path / "p.parquet", ["geo", "jobs"])
    assert list(floats.identifiers("geo")) == ["1"]
    assert np.isnan(floats.figures("jobs").values).all()


def test_accents_of_an_old_spreadsheet_are_kept_and_said(tmp_path: Path) -> None:
    found = read(csv_of(tmp_path / "p.csv", "région;n\nLiège;1\n", "cp1252"), ["région", "n"])
    assert list(found.identifiers("région")) == ["Liège"]
    assert "Windows-1252" in found.warnings[0]


def test_capitals_and_spaces_in_a_column_s_name_do_not_matter(tmp_path: Path) -> None:
    found = read(csv_of(tmp_path / "p.csv", " Geo ,JOBS\nBE33,1\n"), ["geo", "jobs"])
    assert found.figures("jobs").values.tolist() == [1]


# Figures


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("12", ".", 12),
        ("12.5", ".", 12.5),
        ("1e3", ".", 1000),
        ("12,5", ",", 12.5),
        ("1\u202f234", ".", 1234),
        ("1\u00a0234,5", ",", 1234.5),
        (".5", ".", 0.5),
        ("+3", ".", 3),
    ],
)
def test_figures_are_read_as_people_write_them(
    tmp_path: Path, text: str, decimal: str, value: float
) -> None:
    path = csv_of(tmp_path / "p.csv", f"n;x\n{text};1\n")
    assert read(path, ["n"]).figures("n", decimal).values.tolist() == [value]


@pytest.mark.parametrize(
    ("text", "decimal", "said"),
    [
        ("12,5", ".", "« 12,5 » n'est pas un nombre. Si la virgule sépare"),
        ("1.234,5", ",", "« 1.234,5 » n'est pas un nombre"),
        ("12.5", ",", "« 12.5 » n'est pas un nombre"),
        ("1 234", ".", "« 1 234 » n'est pas un nombre"),
        ("c", ".", "« c » n'est pas un nombre"),
        ("-3", ".", "-3 est négatif"),
        ("inf", ".", "« inf » n'est pas un nombre"),
        ("nan", ".", "« nan » n'est pas un nombre"),
        ("1e999", ".", "1e999 est négatif ou infini"),
        ("12 jobs", ".", "« 12 jobs » n'est pas un nombre"),
        ("#REF!", ".", "« #REF! » n'est pas un nombre"),
    ],
)
def test_what_is_not_a_figure_is_said_with_its_row(
    tmp_path: Path, text: str, decimal: str, said: str
) -> None:
    path = csv_of(tmp_path / "p.csv", f"n;x\n1;1\n\n{text};1\n")
    with pytest.raises(InputError, match=r"p\.csv, ligne 4, colonne n : ") as caught:
        read(path, ["n"]).figures("n", decimal)
    assert said in str(caught.value)


def test_a_mark_is_suppressed_and_an_empty_cell_unknown(tmp_path: Path) -> None:
    found = read(csv_of(tmp_path / "p.csv", "n,x\n1,a\n:,b\n,c\n0,d\n"), ["n"]).figures(
        "n", suppressed=":"
    )
    np.testing.assert_array_equal(found.values, [1, np.nan, np.nan, 0])
    assert found.suppressed.tolist() == [False, True, False, False]


def test_the_row_of_a_wrong_cell_counts_line_ends_inside_quotes(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "p.csv", 'geo,n\n"Liège\nville",1\nHuy,x\n')
    with pytest.raises(InputError, match="ligne 4, colonne n"):
        read(path, ["geo", "n"]).figures("n")


def test_a_year_that_is_none_is_said(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "p.csv", "year\n2018\n2018-19\n")
    with pytest.raises(InputError, match="ligne 3, colonne year : « 2018-19 » n'est pas une année"):
        read(path, ["year"]).whole_numbers("year")


def test_a_year_with_idle_decimals_is_a_year(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "p.csv", "year;n\n2018.0;1\n2019,00;1\n 2020 ;1\n")
    assert read(path, ["year"]).whole_numbers("year").tolist() == [2018, 2019, 2020]


def test_an_empty_code_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ligne 3 : la colonne geo est vide"):
        read(csv_of(tmp_path / "p.csv", "geo,n\nBE33,1\n ,2\n"), ["geo", "n"]).identifiers("geo")


# Files that are not tables


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "est vide"),
        (b"geo,n\n", "aucune ligne de donn"),
        (b"PAR1 and then nothing", "Parquet"),
        (b"PK\x03\x04 and then nothing", "XLSX"),
        (b"<!DOCTYPE html><html>", "page web"),
        (b"geo,n\nBE33,1,2\n", "nombre de colonnes"),
        (b"geo,geo,n\na,b,1\n", "deux fois"),
        (b"regoin,n\nBE33,1\n", "pas de colonne"),
    ],
)
def test_another_file_is_refused_with_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "panel.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        read(path, ["geo", "n"])
    assert "panel.csv" in str(caught.value)


def test_a_near_name_is_proposed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Vouliez-vous dire « region » \?"):
        read(csv_of(tmp_path / "p.csv", "region,n\na,1\n"), ["regoin"])


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="n'existe pas"):
        read(tmp_path / "none.csv", ["geo"])
    with pytest.raises(InputError, match="est un dossier"):
        read(tmp_path, ["geo"])


def test_a_code_that_a_spreadsheet_made_a_date_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", [["geo", "n"], ["BE33", 1], [datetime(2020, 1, 2), 2]])
    with pytest.raises(InputError, match="ligne 3, colonne geo : le tableur a fait une date"):
        read(path, ["geo", "n"])


def test_a_list_in_parquet_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    pl.DataFrame({"geo": [["a"]]}).write_parquet(stream)
    (tmp_path / "p.parquet").write_bytes(stream.getvalue())
    with pytest.raises(InputError, match="colonne geo : du type"):
        read(tmp_path / "p.parquet", ["geo"])

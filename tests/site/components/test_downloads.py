"""Any table or chart of a page leaves as a file that says what the page says, sources included."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.http import Http404

from perron import exports
from perron.lake.provenance import Figure, Origin, State, state_of
from perron.site.components import specimens
from perron.site.components.charts import LineChart, Row, RowChart, Series
from perron.site.components.downloads import answer, export_of, origins
from perron.site.components.tables import Column, Table, TableRow

REGISTER = Origin("statbel_vat", "v1", "Entreprises", "Statbel", "CC BY", date(2026, 11, 23))
CENSUS = Origin("population", "v2", "Population", "Statbel", "CC0", date(2026, 11, 20))


def figure(value: float | None, **given: Any) -> Figure:
    fields: dict[str, Any] = {
        "name": "n",
        "state": state_of(value, State.SUPPRESSED),
        "territory": "Huy",
        "period": "2019",
        "origin": REGISTER,
    }
    return Figure(value=value, **(fields | given))


def read(export: exports.Export) -> list[dict[str, str]]:
    text = exports.encode(export, exports.Format.CSV).decode()
    return list(csv.DictReader(io.StringIO(text)))


def table(rows: Sequence[TableRow], columns: Sequence[Column], **more: Any) -> Table:
    return Table("Titre.", "Dit.", "Commune", columns, rows, about="communes", **more)


def test_a_figure_gives_its_full_value_its_state_bounds_and_source() -> None:
    rate = figure(9.252788, low=9.0, high=9.5, unit="%")
    lines = read(export_of(table([TableRow("Huy", [rate], code="61031")], [Column("Taux, %")])))
    assert lines == [
        {
            "Commune": "Huy",
            "Code": "61031",
            "Taux, %": "9.252788",
            "Taux, %, état": "observé",
            "Taux, %, bas": "9",
            "Taux, %, haut": "9.5",
            "Territoire du chiffre": "Huy",
            "Période": "2019",
            "Source": "Statbel, entreprises",
            "Licence": "CC BY",
            "Extrait le": "2026-11-23",
        }
    ]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State.SUPPRESSED, "supprimé"),
        (State.UNKNOWN, "inconnu"),
        (State.NOT_MEASURED, "non mesuré"),
        (State.ZERO, "zéro"),
    ],
)
def test_each_state_is_a_word_and_only_zero_is_a_number(state: State, word: str) -> None:
    value = 0.0 if state is State.ZERO else None
    shown = figure(value, state=state)
    (line,) = read(export_of(table([TableRow("Huy", [shown])], [Column("n")])))
    assert line["n, état"] == word
    assert line["n"] == ("0" if state is State.ZERO else "")


def test_a_figure_of_another_period_and_source_says_so_in_its_own_columns() -> None:
    people = figure(21_000, period="2024", origin=CENSUS)
    export = export_of(
        table([TableRow("Huy", [figure(12), people])], [Column("Entreprises"), Column("Habitants")])
    )
    (line,) = read(export)
    assert line["Habitants, période"] == "2024"
    assert line["Habitants, source"] == "Statbel, population"
    assert line["Habitants, licence"] == "CC0"
    assert line["Habitants, extrait le"] == "2026-11-20"
    assert line["Période"] == "2019"
    assert "Habitants, territoire du chiffre" not in line
    assert not [name for name in line if name.startswith("Entreprises, p")]


def test_every_origin_is_a_source_those_behind_a_ratio_included() -> None:
    density = figure(3.1, others=(CENSUS,))
    export = export_of(table([TableRow("Huy", [density])], [Column("Densité")]))
    assert list(export.sources) == [REGISTER, CENSUS]
    (line,) = read(export)
    assert line["Source"] == "Statbel, entreprises ; Statbel, population"
    assert line["Extrait le"] == "2026-11-20 ; 2026-11-23"
    book = openpyxl.load_workbook(io.BytesIO(exports.encode(export, exports.Format.XLSX)))
    assert [row[0].value for row in book["Sources"].iter_rows(min_row=2)] == [
        "statbel_vat",
        "population",
    ]
    assert origins(figure(1, origin=CENSUS), density) == [CENSUS, REGISTER]


def test_an_interval_shown_in_a_column_of_its_own_is_given_once() -> None:
    rate = figure(9.2, low=9.0, high=9.5)
    columns = [Column("Taux"), Column("Intervalle 95 %", interval_of=True)]
    (line,) = read(export_of(table([TableRow("Huy", [rate, rate])], columns)))
    assert [name for name in line if "Intervalle" in name] == []
    assert (line["Taux, bas"], line["Taux, haut"]) == ("9", "9.5")


def test_texts_numbers_and_empty_cells_have_no_state() -> None:
    columns = [Column("Secteur", numeric=False), Column("Rang"), Column("n")]
    rows = [TableRow("Huy", ["métaux", 2.0, figure(5)]), TableRow("Spa", [None, None, None])]
    lines = read(export_of(table(rows, columns)))
    assert lines[0]["Secteur"] == "métaux"
    assert "Secteur, état" not in lines[0]
    assert "Rang, état" not in lines[0]
    assert (lines[1]["n"], lines[1]["n, état"], lines[1]["Source"]) == ("", "", "")


def test_two_columns_under_one_label_stay_apart() -> None:
    export = export_of(
        table([TableRow("Huy", [figure(1.0), figure(2.0)])], [Column("n"), Column("n")])
    )
    assert len(set(export.columns)) == len(export.columns)
    (line,) = read(export)
    assert (line["n"], line["n (2)"]) == ("1", "2")


def test_a_row_chart_gives_its_figure_then_its_columns() -> None:
    row = Row("Huy", figure(1.38, low=1.15, high=1.65), sub="district", cells=(figure(114), "fort"))
    chart = RowChart("T.", "d", [row], "Territoire", "Quotient", columns=("Entreprises", "Avis"))
    (line,) = read(export_of(chart))
    assert line["Territoire"] == "Huy"
    assert line["Territoire, précision"] == "district"
    assert (line["Quotient"], line["Quotient, haut"]) == ("1.38", "1.65")
    assert (line["Entreprises"], line["Entreprises, état"]) == ("114", "observé")
    assert line["Avis"] == "fort"


def test_a_line_chart_gives_one_row_a_series_and_period_and_says_what_is_missing() -> None:
    ours = [figure(100, period="2008", unit="%"), None, figure(None, period="2010")]
    chart = LineChart("T.", "d", ["2008", "2009", "2010"], [Series("Liège", ours)])
    lines = read(export_of(chart))
    assert [
        (x["Série"], x["Période de la série"], x["Valeur"], x["Valeur, état"]) for x in lines
    ] == [
        ("Liège", "2008", "100", "observé"),
        ("Liège", "2009", "", "inconnu"),
        ("Liège", "2010", "", "supprimé"),
    ]
    assert lines[0]["Unité"] == "%"


@pytest.mark.parametrize("made", ["dotplot", "bars", "line", "choropleth", "table"])
def test_every_piece_of_the_page_of_components_downloads_in_both_forms(made: str) -> None:
    drawn = getattr(specimens, made)()
    for suffix in ("csv", "xlsx"):
        response = answer(export_of(drawn), suffix, f"exemple {made}")
        assert response["Content-Disposition"].endswith(f'"perron-exemple-{made}.{suffix}"')
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames[-1] == "Sources"


def test_a_map_gives_each_unit_with_its_code_and_hides_what_it_hides() -> None:
    lines = read(export_of(specimens.choropleth()))
    assert len(lines) == 12
    (hidden,) = [line for line in lines if line["Valeur, état"] == "supprimé"]
    assert hidden["Valeur"] == ""
    assert hidden["Code"] == "u6"


def test_the_total_of_a_table_comes_last() -> None:
    assert read(export_of(specimens.table()))[-1]["Unité"] == "Ensemble"


def test_a_form_that_is_not_offered_is_a_page_not_found() -> None:
    with pytest.raises(Http404):
        answer(export_of(specimens.table()), "pdf", "x")

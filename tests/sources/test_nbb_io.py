"""The input-output workbook: found by what its index says, exact to the cell, imbalances said."""

from __future__ import annotations

import io

import polars as pl
import pytest
from openpyxl import Workbook

from perron.errors import InputError
from perron.lake.validation import check
from perron.sources.nbb_io import NbbIo

HEADER = [None, None, "01", "10-12", None, "P.31/S14", "P3./S13", "P.52+P.53"]
NAMES = [None, None, None, None, "Totaal", "Consumptie", "Overheid", "Voorraden"]
#: Sales of each branch: to both, to households, government and stocks; they make the output.
FLOWS = [["01", None, 10.5, 60, 70.5, 25, 0, 4.5], ["10-12", None, 5, 20, 25, 190, 1.5, -16.5]]
BELOW = [
    [None, "Intermediair/finaal verbruik (invoer)", 7, 30.25],
    ["D.1", "Beloning werknemers", 12, 40],
    ["B.1g", "Toegevoegde waarde (bruto)", 60, 90],
    ["P.1", "Output (basisprijzen)", 100, 200],
]
HOURS = [None, "Arbeidsvolume (miljoen uren)", 1.25, 3.5]
INDEX = [
    ["tbl_9bis", "Symmetrische input-outputtabel van de invoer (bedrijfstak x bedrijfstak)"],
    ["tbl_8bis", "Symmetrische input-outputtabel (bedrijfstak x bedrijfstak)"],
    ["tbl_10", "Symmetrische input-outputtabel van de binnenlandse productie (product x product)"],
    [
        "tbl_10bis",
        "Symmetrische input-outputtabel van de binnenlandse productie (bedrijfstak x bedrijfstak)",
    ],
]


def workbook(**changed: list) -> bytes:
    made = {"Index": INDEX} | {
        name: [HEADER, NAMES, *FLOWS, *BELOW, *([HOURS] if name == "tbl_8bis" else [])]
        for name in ("tbl_8bis", "tbl_9bis", "tbl_10", "tbl_10bis")
    }
    book = Workbook()
    book.remove(book.active)
    for name, rows in (made | changed).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_flows_and_accounts_are_those_of_the_domestic_table_by_branch(read):
    wrong = [[v * 9 if isinstance(v, float | int) else v for v in row] for row in FLOWS]
    other = [HEADER, NAMES, *wrong, *BELOW]
    (flows, accounts), report = read(
        NbbIo(), "vR64_nl_20191213.xlsx", workbook(tbl_10=other, tbl_9bis=other), "2015"
    )
    for reading in (flows, accounts):
        check(reading.table, reading.data)
        assert reading.periods == ("2015",)
    rows = pl.DataFrame(pl.from_arrow(flows.data))
    found = {(r["branch"], r["use"]): (r["amount"], r["amount_status"]) for r in rows.to_dicts()}
    assert len(found) == 2 * 5
    assert found["01", "10-12"] == (60.0, "observed")
    assert found["01", "P3./S13"] == (0.0, "zero")
    assert found["10-12", "P.52+P.53"] == (-16.5, "observed")
    books = pl.DataFrame(pl.from_arrow(accounts.data)).filter(branch="10-12")
    names = ("output", "value_added", "compensation", "imports", "hours")
    assert books.select(names).row(0) == (200.0, 90.0, 40.0, 30.25, 3.5)
    assert not report.warnings


def test_a_branch_that_sells_more_than_it_makes_is_said(read):
    off = [["01", None, 10.5, 60, 70.5, 35, 0, 4.5], FLOWS[1]]
    _readings, report = read(
        NbbIo(), "io_2015.xlsx", workbook(tbl_10bis=[HEADER, NAMES, *off, *BELOW])
    )
    (warning,) = report.warnings
    assert "branche 01 : ventes 110.0 pour une production de 100" in warning


def test_an_empty_cell_is_unknown_and_never_zero(read):
    gap = [["01", None, None, 60, 70.5, 35.5, 0, 4.5], FLOWS[1]]
    (flows, _accounts), _report = read(
        NbbIo(), "io_2015.xlsx", workbook(tbl_10bis=[HEADER, NAMES, *gap, *BELOW])
    )
    rows = pl.DataFrame(pl.from_arrow(flows.data)).filter(branch="01", use="01")
    assert rows.select("amount", "amount_status").row(0) == (None, "unknown")


@pytest.mark.parametrize(
    ("content", "period", "said"),
    [
        (b"code;n\n", "2015", "n'est pas un classeur"),
        (workbook(Index=[["tbl_1", "Aanbodtabel"]]), "2015", "aucun tableau"),
        (workbook(tbl_10bis=[[None, "x"], ["a", "b"]]), "2015", "ni branches ni emplois finals"),
        (
            workbook(tbl_10bis=[HEADER, NAMES, ["01", None, "n.d.", 1, 2, 3, 4, 5], FLOWS[1]]),
            "2015",
            "branche 01, 01 : « n.d. » n'est pas un nombre",
        ),
        (workbook(), "", "l'année des chiffres n'est ni dans le fichier ni dans son nom"),
    ],
)
def test_another_workbook_is_refused(read, content: bytes, period: str, said: str):
    with pytest.raises(InputError, match=said):
        read(NbbIo(), "vR64_nl_20191213.xlsx", content, period)

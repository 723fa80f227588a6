from __future__ import annotations

import polars as pl
import pytest

from perron.errors import InputError
from perron.lake.validation import check
from perron.sources.nace import Nace, section

HEADER = "version,level,code,parent,label_fr,label_nl,label_de,label_en"
ROWS = [
    "2008,1,TOTAL,,Total,Totaal,Total,Total",
    '2008,1,A,TOTAL,"Agriculture, pêche",Landbouw,Landwirtschaft,Agriculture',
    "2008,2,01,,Culture,Teelt,Anbau,Crops",
    "2008,3,01.1,01,Culture,Teelt,Anbau,Crops",
    "2008,4,01.11,01.1,Céréales,Granen,Getreide,Cereals",
    "2008,5,01.110,01.11,Céréales,Granen,Getreide,Cereals",
]


def table(rows: list[str], header: str = HEADER) -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode()


def test_the_tree_is_whole_and_the_artificial_top_left_out(read):
    (reading,), report = read(Nace(), "nace.csv", table(ROWS))
    check(reading.table, reading.data)
    rows = pl.DataFrame(pl.from_arrow(reading.data))
    assert dict(rows.select("code", "parent").iter_rows()) == {
        "A": None, "01": "A", "011": "01", "0111": "011", "01110": "0111",
    }  # fmt: skip
    assert rows.filter(code="A")["label_fr"].item() == "Agriculture, pêche"
    assert report.set_aside_rows == 1
    assert (report.read, report.accepted) == (6, 5)


def test_zeros_lost_by_a_spreadsheet_are_given_back_from_the_level(read):
    lost = [
        "2008;1;A;;a;a;a;a", "2008;2;1;A;a;a;a;a", "2008;3;11;1;a;a;a;a", "2008;4;111;11;a;a;a;a",
        "2008;2;10;A;a;a;a;a", "2008;3;101;10;a;a;a;a",
    ]  # fmt: skip
    (reading,), report = read(Nace(), "nace.csv", table(lost, HEADER.replace(",", ";")))
    rows = pl.DataFrame(pl.from_arrow(reading.data))
    assert dict(rows.filter(pl.col("level") > 1).select("code", "parent").iter_rows()) == {
        "01": "A", "011": "01", "0111": "011", "10": "A", "101": "10",
    }  # fmt: skip
    assert "3 codes" in report.warnings[0]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([ROWS[1], ROWS[4]], "0111 .2008. a pour parent 011"),
        ([*ROWS, "2009,1,B,,b,b,b,b"], "version inconnue"),
        ([*ROWS, "2008,6,011100,0111,b,b,b,b"], "niveau inconnu"),
        ([*ROWS, "2008,2,123,A,b,b,b,b"], "forme de son niveau"),
        ([*ROWS, "2008,1,B,,b,,b,b"], "libellé vide"),
        ([*ROWS, ROWS[1].replace("Landbouw", "Visserij")], "valeurs différentes"),
        ([*ROWS, "2008,1,B,,PÃªche,b,b,b"], "abîmées"),
    ],
)
def test_a_broken_classification_is_refused(read, rows, words):
    with pytest.raises(InputError, match=words):
        read(Nace(), "nace.csv", table(rows))


def test_divisions_go_to_the_section_of_their_own_version():
    assert section("2008", "95") == "S"
    assert section("2025", "95") == "T"
    assert section("2003", "95") == "P"
    assert section("2025", "45") == "G"
    assert section("2025", "46") == "G"

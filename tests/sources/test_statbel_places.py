"""Establishments, income and the census of 2011: their files, and what in them is not a count."""

from __future__ import annotations

import gzip

import polars as pl
import pytest

from perron.errors import InputError
from perron.lake.validation import check
from perron.sources.census2011 import Census2011
from perron.sources.income import Income
from perron.sources.statbel_establishments import StatbelEstablishments

ESTABLISHMENTS = "\n".join(
    [
        "region_nl,commune_nl,quarter_nl,establishments,refnis,year",
        "Waals Gewest,Luik,4de kwartaal 2022,20.0,62063,2022",
        "Waals Gewest,Luik,4de kwartaal 2023,21.0,62063,2023",
        "Waals Gewest,Luik,1ste kwartaal 2023,19.0,62063,2023",
        "Onbepaalde locatie,,4de kwartaal 2023,7.0,,2023",
        "",
    ]
)
INCOME = "\n".join(
    [
        "CD_YEAR,CD_MUNTY_REFNIS,MS_NBR_NON_ZERO_INC,MS_TOT_NET_TAXABLE_INC,MS_TOT_RESIDENTS",
        "2012,62063,90000,1500000000.25,195000",
        "2013,62063,91000,1510000000.5,196000",
        "",
    ]
)
CENSUS = "\n".join(
    [
        "CD_LPW_LVL_3,CD_IND_LVL_2,CD_SEX_LVL_1,CD_EDU_LVL_1,OBS_VALUE",
        "BE33,C,M,ED3,120",
        "BE33,C,F,ED5,30",
        "NAP,NAP,F,ED1,999",
        "FOR,UNK,M,UNK,4",
        "",
    ]
)


def frame(reading) -> pl.DataFrame:
    check(reading.table, reading.data)
    return pl.DataFrame(pl.from_arrow(reading.data))


def test_establishments_are_those_of_the_fourth_quarter_and_the_unknown_place_has_its_code(read):
    (reading,), report = read(StatbelEstablishments(), "e.csv", ESTABLISHMENTS.encode())
    rows = frame(reading)
    found = {(r["territory"], r["period"]): r["establishments"] for r in rows.to_dicts()}
    assert found == {("62063", "2022"): 20, ("62063", "2023"): 21, ("XXXXX", "2023"): 7}
    assert (report.read, report.accepted, report.set_aside_rows) == (4, 3, 1)
    assert reading.periods == ("2022", "2023")


def test_income_keeps_its_cents(read):
    (reading,), _report = read(Income(), "i.csv.gz", gzip.compress(INCOME.encode()))
    rows = frame(reading).filter(period="2013")
    assert rows.select("net_taxable_income", "declarations", "residents").row(0) == (
        1_510_000_000.5,
        91_000,
        196_000,
    )


def test_the_census_leaves_out_those_who_do_not_work(read):
    (reading,), report = read(Census2011(), "c.csv", CENSUS.encode())
    rows = frame(reading)
    assert rows["persons"].sum() == 154
    assert rows.filter(territory="BE33", sex="women")["education"].item() == "ED5"
    assert report.set_aside_rows == 1


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        (
            StatbelEstablishments(),
            ESTABLISHMENTS.replace("62063", "Luik"),
            "code de commune inconnu",
        ),
        (StatbelEstablishments(), ESTABLISHMENTS.replace("21.0", "-1"), "négatif ou non entier"),
        (Income(), INCOME.replace("1510000000.5", "beaucoup"), "montant absent ou illisible"),
        (Income(), INCOME.replace("196000", ""), "absent, négatif ou non entier"),
        (Census2011(), CENSUS.replace("ED3", "ED9"), "lieu, section, sexe ou diplôme inconnu"),
        (Census2011(), "a,b\n1,2\n", "colonnes attendues et absentes"),
    ],
)
def test_what_is_not_a_count_refuses_the_file(read, source, text: str, said: str):
    with pytest.raises(InputError, match=said):
        read(source, "file.csv", text.encode())

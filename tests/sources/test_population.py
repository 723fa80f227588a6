from __future__ import annotations

import gzip

import polars as pl
import pytest

from perron.errors import InputError
from perron.lake.validation import check
from perron.sources.population import Population, prefixes

SUMMARY = "\n".join(
    [
        "\ufeffNIS code,Woonplaats,Mannen,Vrouwen,Totaal",
        "01000,België,30,33,63",
        "3000,Waals Gewest,30,33,63",
        "60000,Luik,30,33,63",
        "62000,Luik,20,22,42",
        "62003,Ans,10,11,21",
        "62063,Liège,10,11,21",
        "61031,Hoei,10,11,21",
    ]
)
STRUCTURE = "\n".join(
    [
        "CD_MUNTY_REFNIS;TX_MUNTY_DESCR_FR;CD_SEX;CD_AGE;MS_POPULATION",
        "62063;Liège;M;0;5",
        "62063;Liège;M;1;6",
        "62063;Liège;F;0;1 007",
        "62003;Ans;F;0;0",
        "62003;Ans;M;0;0,0",
        "",
    ]
)


def frame(reading) -> pl.DataFrame:
    check(reading.table, reading.data)
    return pl.DataFrame(pl.from_arrow(reading.data))


def people(rows: pl.DataFrame, territory: str, sex: str) -> int | None:
    return rows.filter(territory=territory, sex=sex)["population"].item()


def test_a_summary_keeps_municipalities_and_compares_its_sums(read):
    (reading,), report = read(Population(), "pop_2020.csv", SUMMARY.encode())
    rows = frame(reading)
    assert sorted(set(rows["territory"])) == ["61031", "62003", "62063"]
    assert people(rows, "62063", "total") == 21
    assert (report.read, report.accepted, report.set_aside_rows) == (7, 3, 4)
    assert not [w for w in report.warnings if "habitants" in w]


def test_a_sum_that_disagrees_is_reported(read):
    text = SUMMARY.replace("62000,Luik,20,22,42", "62000,Luik,20,25,45")
    _readings, report = read(Population(), "pop_2020.csv", text.encode())
    (warning,) = [w for w in report.warnings if "habitants" in w]
    assert "45" in warning
    assert "62000" in warning
    assert "42" in warning


def test_ages_are_added_and_zero_is_zero(read):
    content = gzip.compress(STRUCTURE.encode("cp1252"))
    (reading,), _report = read(Population(), "TF_SOC_POP_STRUCT_2015.csv.gz", content)
    rows = frame(reading)
    assert (people(rows, "62063", "men"), people(rows, "62063", "women")) == (11, 1007)
    assert people(rows, "62063", "total") == 1018
    assert rows.filter(territory="62003", sex="total")["population_status"].item() == "zero"


def test_a_sex_that_the_file_does_not_give_is_unknown(read):
    text = "CD_REFNIS;CD_SEX;MS_POPULATION\n62063;M;5\n62003;M;4\n62003;F;3\n"
    (reading,), _report = read(Population(), "p2015.csv", text.encode())
    rows = frame(reading).filter(territory="62063")
    assert dict(rows.select("sex", "population_status").iter_rows()) == {
        "men": "observed",
        "women": "unknown",
        "total": "unknown",
    }


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("pop.csv", SUMMARY, "Renommez-le"),
        ("pop_2020.csv", SUMMARY.replace("62003,Ans,10,11,21", "62003,Ans,10,11,23"), "ne font pas le total"),
        ("pop_2020.csv", SUMMARY.replace("62003,Ans,10", "62003,Ans,-10"), "négatif"),
        ("p_2015.csv", STRUCTURE.replace("1 007", "beaucoup"), "sommes par commune seraient fausses"),
        ("p_2015.csv", STRUCTURE.replace(";F;0;0", ";?;0;0"), "sexe inconnu"),
        ("p_2015.csv", STRUCTURE.replace("MS_POPULATION", "MS_AUTRE"), "MS_POPULATION"),
        ("p_2015.csv", STRUCTURE.splitlines()[0] + "\n", "aucune ligne"),
    ],
)  # fmt: skip
def test_wrong_figures_refuse_the_file(read, name, text, words):
    with pytest.raises(InputError, match=words):
        read(Population(), name, text.encode())


def test_two_years_in_one_file_are_refused(read):
    text = "CD_REFNIS;CD_SEX;CD_YEAR;MS_POPULATION\n62063;M;2019;5\n62063;M;2020;6\n"
    with pytest.raises(InputError, match="plusieurs années \\(2019, 2020\\)"):
        read(Population(), "p.csv", text.encode())


def test_every_sum_of_the_country_is_made_of_its_districts():
    assert prefixes("20001") == ("23", "24")
    assert prefixes("20002") == ("25",)
    assert set(prefixes("02000")) | set(prefixes("03000")) == {"1", "23", "24", "25", *"3456789"}
    assert prefixes("62063") == ()

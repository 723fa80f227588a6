from __future__ import annotations

import polars as pl
import pytest

from perron.errors import InputError
from perron.lake.provenance import State
from perron.lake.validation import check
from perron.sources.statbel_vat import STATBEL_VAT, StatbelVat


def frame(reading) -> pl.DataFrame:
    check(reading.table, reading.data)
    return pl.DataFrame(pl.from_arrow(reading.data))


@pytest.fixture(params=["sqlite-zip", "sqlite", "text", "text-zip", "text-latin-1", "municipality"])
def variant(request, files) -> tuple[str, bytes]:
    base, text = files.vat_sqlite(), files.vat_text()
    return {
        "sqlite-zip": ("TF_VAT_NACE_SQ_2019.zip", files.zipped({"a.sqlite": base})),
        "sqlite": ("tva.sqlite", base),
        "text": ("TF_VAT_NACE_2019.txt", text),
        "text-zip": (
            "tva.zip",
            files.zipped({"TF_VAT_NACE_2019.txt": text, "lisez-moi.pdf": b"%PDF"}),
        ),
        "text-latin-1": ("TF_VAT_NACE_2019.txt", files.vat_text(encoding="latin-1")),
        "municipality": ("2019.txt", text.replace(b"CD_REFNIS", b"CD_MUNTY_REFNIS")),
    }[request.param]


def test_every_variant_gives_the_same_table(variant, read):
    (reading,), report = read(StatbelVat(), *variant)
    rows = frame(reading)
    assert reading.periods == ("2019",)
    assert rows.height == report.read == report.accepted == 6
    assert rows.select(pl.sum("enterprises", "starts", "stops")).row(0) == (249, 27, 13)
    assert rows.filter(activity="01110")["territory"].to_list() == ["61031"]
    assert set(rows.filter(pl.col("enterprises") == 0)["enterprises_status"]) == {"zero"}
    assert set(rows["territory"]) >= {"-----", "XXXXX"}


def test_an_absent_combination_of_the_register_means_zero():
    assert STATBEL_VAT.absent is State.ZERO


def test_reading_latin_1_says_so(files, read):
    _readings, report = read(StatbelVat(), "v_2019.txt", files.vat_text(encoding="latin-1"))
    assert any("Windows-1252" in w for w in report.warnings)


def test_a_view_or_virtual_table_of_the_file_is_never_read(files, read):
    script = """
        CREATE TABLE t (x);
        CREATE VIEW TF_VAT_NACE_2019 AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n)
            SELECT i AS CD_REFNIS FROM n;
    """
    with pytest.raises(InputError, match="0 tables TF_VAT_NACE"):
        read(StatbelVat(), "v.sqlite", files.sqlite_bytes(script))


def test_a_generated_column_is_never_computed(files, read):
    extra = "ALTER TABLE TF_VAT_NACE_2019 RENAME COLUMN MS_NUM_VAT TO OTHER;"
    extra += "ALTER TABLE TF_VAT_NACE_2019 ADD COLUMN MS_NUM_VAT GENERATED ALWAYS AS (abs(OTHER)) VIRTUAL;"
    with pytest.raises(InputError, match="MS_NUM_VAT"):
        read(StatbelVat(), "v.sqlite", files.vat_sqlite([], extra=extra))


def test_the_period_given_wins_over_the_names(files, read):
    (reading,), _report = read(StatbelVat(), "v.txt", files.vat_text(), period="2021")
    assert reading.periods == ("2021",)


def test_a_year_that_cannot_be_known_is_asked_for(files, read):
    with pytest.raises(InputError, match=r"Renommez-le.*v_2020\.txt"):
        read(StatbelVat(), "v.txt", files.vat_text())


def test_a_count_that_cannot_be_read_is_unknown_and_never_zero(files, read):
    good = [("62063", "0", f"{n:05}", 1.0, 0.0, 0.0) for n in range(400)]
    bad = [("62063", "1", "56101", -3.0, 1.0, 0.0), ("62063", "2", "56101", 2.5, 0.0, 0.0)]
    (reading,), report = read(StatbelVat(), "v.sqlite", files.vat_sqlite(good + bad))
    cells = frame(reading).filter(pl.col("legal_form") != "0")
    assert cells["enterprises"].to_list() == [None, None]
    assert set(cells["enterprises_status"]) == {"unknown"} == set(cells["starts_status"])
    assert (report.rejected, report.unknown, report.accepted) == (2, 2, 400)
    assert "-3" in report.summary()


def test_too_many_bad_counts_refuse_the_file(files, read):
    rows = [*files.rows, ("62063", "1", "56101", -3.0, 1.0, 0.0)]
    with pytest.raises(InputError, match="1 lignes sur 7"):
        read(StatbelVat(), "v.sqlite", files.vat_sqlite(rows))


def test_a_line_that_cannot_be_placed_refuses_a_register(files, read):
    rows = [("62063", "0", f"{n:05}", 1.0, 0.0, 0.0) for n in range(400)]
    rows.append(("6206", "0", "56101", 1.0, 0.0, 0.0))
    with pytest.raises(InputError, match=r"ligne 402.*absente veut dire zéro"):
        read(StatbelVat(), "v_2019.txt", files.vat_text(rows))


def test_zeros_lost_by_every_code_are_given_back(files, read):
    rows = [("62063", 0, 1110, 3.0, 0.0, 0.0), ("62063", 0, 56101, 5.0, 0.0, 0.0)]
    (reading,), report = read(StatbelVat(), "v_2019.txt", files.vat_text(rows))
    assert sorted(frame(reading)["activity"]) == ["01110", "56101"]
    assert any("zéro initial" in w for w in report.warnings)


def test_four_digits_beside_codes_with_zeros_are_not_guessed(files, read):
    rows = [("62063", 0, "01110", 3.0, 0.0, 0.0), ("62063", 0, "1110", 5.0, 0.0, 0.0)]
    with pytest.raises(InputError, match="cinq positions"):
        read(StatbelVat(), "v_2019.txt", files.vat_text(rows))


def test_repetitions_are_counted_once_and_disagreements_refused(files, read):
    (reading,), report = read(
        StatbelVat(), "v.sqlite", files.vat_sqlite([*files.rows, files.rows[0]])
    )
    assert frame(reading).height == 6
    assert report.set_aside_rows == 1
    clash = ("62063", "0", "56101", 121.0, 14.0, 9.0)
    with pytest.raises(InputError, match=r"territory 62063.*lignes 1, 7"):
        read(StatbelVat(), "v.sqlite", files.vat_sqlite([*files.rows, clash]))

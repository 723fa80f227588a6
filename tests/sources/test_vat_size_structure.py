"""Size classes by section: zero, unknown and deduced cells stay apart, and sums are compared."""

from __future__ import annotations

import polars as pl
import pytest

from perron.errors import InputError
from perron.lake.validation import check
from perron.sources.statbel_vat_size import StatbelVatSize

#: As the file at hand: what is zero has no row, the country's farms were deduced and lack a class.
TEXT = "\n".join(
    [
        "year,geo,nace_section,size_class,n_vat,derived,employees",
        "2024,62000,A,00,652,False,0",
        "2024,62000,A,01,60,False,1-4",
        "2024,62000,C,00,1400,False,0",
        "2024,62000,C,13,1,False,4000-4999",
        "2024,62000,ALL,00,2052,False,0",
        "2024,62000,ALL,01,60,False,1-4",
        "2024,62000,ALL,13,1,False,4000-4999",
        "2024,BE,A,02,491,True,5-9",
        "2024,BE,C,00,38000,False,0",
        "",
    ]
)


def cells(read, text: str = TEXT) -> dict[tuple[str, str, str], tuple[int | None, str, bool]]:
    (reading,), _report = read(StatbelVatSize(), "vat_2024.csv", text.encode())
    check(reading.table, reading.data)
    assert reading.table.name == "size_structure"
    assert reading.periods == ("2024",)
    rows = pl.DataFrame(pl.from_arrow(reading.data)).to_dicts()
    return {
        (r["territory"], r["section"], r["size_class"]): (
            r["enterprises"],
            r["enterprises_status"],
            r["derived"],
        )
        for r in rows
    }


def test_each_cell_says_whether_it_is_counted_zero_deduced_or_unknown(read):
    found = cells(read)
    assert found["62000", "A", "00"] == (652, "observed", False)
    assert found["62000", "A", "02"] == (0, "zero", False)
    assert found["01000", "A", "02"] == (491, "observed", True)
    assert found["01000", "A", "00"] == (None, "unknown", False)
    assert found["01000", "C", "01"] == (0, "zero", False)
    # Two places, two sections, sixteen classes: nothing is left to be guessed, and no sum is stored.
    assert len(found) == 64


def test_a_table_without_flags_has_nothing_deduced(read):
    text = "\n".join(",".join(line.split(",")[:5]) for line in TEXT.splitlines()) + "\n"
    assert cells(read, text)["01000", "A", "00"] == (0, "zero", False)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("62000,A,00,652", "62000,A,00,653", "62000, classe 00 : les sections font 2053"),
        ("62000,A,01,60", "62000,A,1.5,60", "classe de taille inconnue"),
        ("62000,C,13", "62000,CC,13", "section inconnue"),
        ("2024,BE,C", "2024,Belgique,C", "code REFNIS inconnu"),
        ("38000,False", "38000,peut-être", "absent, négatif ou non entier"),
        ("38000", "-1", "absent, négatif ou non entier"),
    ],
)
def test_a_row_that_is_not_understood_refuses_the_file(read, old: str, new: str, said: str):
    with pytest.raises(InputError, match=said):
        cells(read, TEXT.replace(old, new, 1))

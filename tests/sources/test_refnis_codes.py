"""Codes that changed and NUTS codes: a change half understood would make a sum false."""

from __future__ import annotations

import polars as pl
import pytest

from perron.errors import InputError
from perron.lake.validation import check
from perron.sources.refnis import Refnis

CHANGES = "\n".join(
    [
        "old;new;period;name_fr;name_nl;name_de;proof",
        "82003;82039;2025;Bastogne;Bastenaken;;journal officiel",
        "82005;82039;2025;Bastogne;Bastenaken;;journal officiel",
        "11002;11002;2025;Anvers;Antwerpen;Antwerpen;journal officiel",
        "11007;11002;2025;Anvers;Antwerpen;Antwerpen;journal officiel",
        "",
    ]
)
NUTS = "code,nuts,period\n63000,BE335,2021\n63000,BE336,2021\n1000,BE,2021\n"


def frame(reading) -> pl.DataFrame:
    check(reading.table, reading.data)
    return pl.DataFrame(pl.from_arrow(reading.data))


def test_a_table_of_old_and_new_codes_is_read_with_its_proofs(read):
    (reading,), report = read(Refnis(), "changes.csv", CHANGES.encode())
    rows = frame(reading)
    assert reading.table.name == "refnis_changes"
    assert reading.periods == ("2025",)
    assert [r["old"] for r in rows.to_dicts()] == ["11002", "11007", "82003", "82005"]
    assert rows.filter(old="82003").select("name_nl", "name_de", "name_en").row(0) == (
        "Bastenaken",
        None,
        None,
    )
    assert (report.read, report.accepted) == (4, 4)


def test_the_nuts_codes_of_a_place_are_read_and_regions_get_their_zero_back(read):
    (reading,), _report = read(Refnis(), "nuts.csv", NUTS.encode())
    assert reading.table.name == "refnis_nuts"
    assert set(frame(reading).select("code", "nuts").iter_rows()) == {
        ("63000", "BE335"),
        ("63000", "BE336"),
        ("01000", "BE"),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CHANGES.replace("82003;", "Bastogne;"), "code de commune inconnu"),
        (CHANGES.replace("82005;82039;2025", "82005;82039;25"), "année inconnue"),
        (CHANGES.replace(";journal officiel", ";", 1), "nom ou preuve absents"),
        (CHANGES.replace("Bastogne", "Bertogne", 1), "82039 porte plusieurs noms"),
        (CHANGES.replace("11007;11002", "11003;11003"), "11002 porte plusieurs noms, ou n'a pas"),
        (CHANGES.replace("82005", "82003").replace("Bastogne", "x", 1), "plusieurs fois avec des"),
        (NUTS.replace("BE336", "BE 336"), "code NUTS inconnu"),
        (NUTS.replace("63000", "Verviers", 1), "code REFNIS inconnu"),
    ],
)
def test_a_row_that_is_not_understood_refuses_the_file(read, text: str, said: str):
    with pytest.raises(InputError, match=said):
        read(Refnis(), "codes.csv", text.encode())

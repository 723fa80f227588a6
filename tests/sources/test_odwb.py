"""Opendatasoft's three forms give the same records, and a page never passes for the whole."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from perron.errors import InputError
from perron.lake.snapshots import Lake
from perron.lake.validation import check
from perron.sources.load import load
from perron.sources.odwb import Odwb

FIELDS = [
    {"titre": "Soudeur", "lieux": ["Liège"], "n": 2},
    {"titre": "Développeuse", "lieux": [], "n": 1},
]


def v1(total: int = 2) -> bytes:
    """As recorded of opendata.liege.be: an identifier beside the fields."""
    records = [
        {"datasetid": "parkings", "recordid": f"r{at}", "fields": fields, "geometry": None}
        for at, fields in enumerate(FIELDS)
    ]
    asked = {"dataset": "parkings", "rows": 10, "start": 0, "format": "json"}
    return json.dumps({"nhits": total, "parameters": asked, "records": records}).encode()


def rows_of(reading) -> pl.DataFrame:
    check(reading.table, reading.data)
    return pl.DataFrame(pl.from_arrow(reading.data))


@pytest.mark.parametrize(
    ("name", "content", "dataset"),
    [
        ("offres-d-emploi-forem.json", json.dumps(FIELDS).encode(), "offres-d-emploi-forem"),
        (
            "offres.json",
            json.dumps({"total_count": 2, "results": FIELDS}).encode(),
            "offres",
        ),
        ("answer.json", v1(), "parkings"),
        # Download of version 1: the records as a list, each with its envelope.
        ("export.json", json.dumps(json.loads(v1())["records"]).encode(), "parkings"),
    ],
)
def test_each_form_gives_the_records_whole(read, name: str, content: bytes, dataset: str):
    (reading,), report = read(Odwb(), name, content)
    rows = rows_of(reading)
    assert set(rows["dataset"]) == {dataset}
    found = [json.loads(text) for text in rows["content"]]
    assert sorted(found, key=lambda f: f["n"]) == sorted(FIELDS, key=lambda f: f["n"])
    assert "Développeuse" in "".join(rows["content"])
    assert (report.read, report.accepted) == (2, 2)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", v1(total=1_062), "2 enregistrements sur 1062 ; une page n'est pas"),
        ("a.json", json.dumps({"total_count": 9, "results": FIELDS}).encode(), "2 enregistrements sur 9"),
        ("a.json", b'{"error_code": "ODSQLError", "message": "bad query"}', r"\(bad query\)"),
        ("a.json", b"<html>", "ne se lit pas comme du JSON"),
        ("Mes offres.json", json.dumps(FIELDS).encode(), "ne dit pas de quel jeu de données"),
        ("a.json", b"[1, 2, 3]", "enregistrement sans champs"),
        ("a.json", b"[]", "aucune ligne de données"),
    ],
)  # fmt: skip
def test_what_is_not_a_whole_dataset_is_refused(read, name: str, content: bytes, said: str):
    with pytest.raises(InputError, match=said):
        read(Odwb(), name, content)


def test_a_list_of_records_of_two_datasets_is_refused(read):
    records = json.loads(v1())["records"]
    records[1]["datasetid"] = "garages"
    with pytest.raises(InputError, match="plusieurs jeux de données"):
        read(Odwb(), "export.json", json.dumps(records).encode())


def test_loading_a_dataset_again_replaces_it_and_keeps_the_others(tmp_path: Path):
    lake = Lake(tmp_path / "lake")
    for name, content in (
        ("offres.json", FIELDS),
        ("agenda.json", [{"titre": "Atelier"}]),
        ("offres.json", FIELDS[:1]),
    ):
        path = tmp_path / name
        path.write_text(json.dumps(content), encoding="utf-8")
        load("odwb", path, lake, date(2026, 1, 5))
    rows = pl.read_parquet(lake.current().tables["open_records"].path)
    assert sorted(rows["dataset"]) == ["agenda", "offres"]

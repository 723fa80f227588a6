from __future__ import annotations

import gzip
import threading
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import polars as pl
import pytest

from perron import translation
from perron.errors import InputError, OutsideError
from perron.sources.load import load
from perron.sources.retrieve import Limits

DAY = date(2026, 2, 1)
QUICK = Limits(connect=1, read=1, total=5, attempts=1)


def in_service(lake) -> pl.DataFrame:
    return pl.read_parquet(lake.current().snapshot("statbel_vat").path)


def test_a_good_file_is_published_with_where_it_comes_from(lake, tmp_path, files):
    path = tmp_path / "TF_VAT_NACE_2019.zip"
    path.write_bytes(files.zipped({"a.sqlite": files.vat_sqlite()}))
    translation.use("en")
    catalogue, report = load("statbel-vat", path, lake, DAY)
    translation.use("fr")
    given = catalogue.snapshot("statbel_vat").manifest.provenance
    assert given.title.startswith("Entreprises assujetties")
    assert (given.publisher, given.file_name, given.source) == ("Statbel", path.name, "statbel-vat")
    assert datetime.now(UTC) - given.retrieved < timedelta(minutes=5)
    assert report.accepted == 6
    assert lake.verify() == []


def test_another_year_joins_the_series_and_the_same_year_replaces_itself(lake, tmp_path, files):
    path = tmp_path / "TF_VAT_NACE_2019.txt"
    path.write_bytes(files.vat_text())
    catalogue, report = load("statbel-vat", path, lake, DAY)
    assert sorted(set(in_service(lake)["period"])) == ["2018", "2019"]
    given = catalogue.snapshot("statbel_vat").manifest.provenance
    assert given.periods == ("2018", "2019")
    assert "TF_VAT_NACE_2018.zip" in given.notes
    assert any("2018" in w for w in report.warnings)
    path.write_bytes(files.vat_text(files.rows[:2]))
    load("statbel-vat", path, lake, DAY)
    assert in_service(lake)["period"].value_counts().sort("period")["count"].to_list() == [6, 2]


def test_loads_at_the_same_moment_lose_no_year(lake, tmp_path, files):
    def run(year: int) -> None:
        path = tmp_path / f"TF_VAT_NACE_{year}.txt"
        path.write_bytes(files.vat_text())
        load("statbel-vat", path, lake, DAY)

    threads = [threading.Thread(target=run, args=(year,)) for year in (2019, 2020, 2021, 2022)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    found = sorted(set(in_service(lake)["period"]))
    assert found == ["2018", "2019", "2020", "2021", "2022"]


def test_without_a_file_the_sentence_says_what_to_look_for_and_to_type(lake):
    with pytest.raises(
        InputError, match=r"TF_VAT_NACE.*https://statbel.*perron data load statbel-vat"
    ):
        load("statbel-vat", None, lake, DAY)


def bad_files(files) -> dict[str, tuple[str, bytes, str]]:
    """Case: (name of the file, content, what the sentence says)."""
    sqlite, text = files.vat_sqlite(), files.vat_text()
    lines = text.split(b"\r\n")
    other = sqlite.replace(b"MS_NUM_VAT_START", b"MS_NUM_XXX_START")
    clash = [*files.rows, (*files.rows[0][:3], 7.0, 0.0, 0.0)]
    return {
        "empty": ("v_2019.txt", b"", "vide"),
        "header only": ("v_2019.txt", lines[0] + b"\r\n", "aucune ligne"),
        "blank": ("v_2019.txt", b"\n \n", "blancs"),
        "truncated text": ("v_2019.txt", text[:-14], "ligne 7, nombre de colonnes"),
        "truncated zip": ("v.zip", files.zipped({"a.sqlite": sqlite})[:-400], "incomplète"),
        "truncated sqlite": ("v_2019.sqlite", sqlite[: len(sqlite) // 2], "abîmée ou incomplète"),
        "header of sqlite": ("v_2019.sqlite", sqlite[:100], "abîmée ou incomplète"),
        "sqlite of noise": ("v_2019.sqlite", sqlite[:16] + bytes(range(256)) * 64, "abîmée"),
        "empty sqlite": ("v.sqlite", files.vat_sqlite([]), "aucune ligne"),
        "two years": ("v.sqlite", files.vat_sqlite(extra="CREATE TABLE TF_VAT_NACE_2020 (x);"), "2 tables"),
        "wrong columns": ("v_2019.txt", text.replace(b"CD_NACE", b"CD_OTHER"), "CD_NACE.*trouvées"),
        "wrong columns of sqlite": ("v.sqlite", other, "MS_NUM_VAT_START"),
        "another table": ("v_2019.csv", b"name,age\nx,1\n", "absentes : CD_REFNIS"),
        "utf-16": ("v_2019.txt", files.vat_text(encoding="utf-16"), "UTF-16"),
        "nul": ("v_2019.txt", text.replace(b"Li", b"L\x00", 1), "nul"),
        "mixed encodings": ("v_2019.txt", text + "62003|0|56101|1|0|0|Liège\r\n".encode("cp1252"), "deux encodages"),
        "binary": ("v_2019.txt", bytes(range(1, 32)) * 99, "pas du texte"),
        "web page": ("v_2019.zip", b"<html><body>Not found</body></html>", "page web"),
        "duplicated": ("v_2019.sqlite", files.vat_sqlite(clash), "plusieurs fois"),
        "negative": ("v_2019.txt", text.replace(b"|120|", b"|-120|"), "négatif"),
        "decimals": ("v_2019.txt", text.replace(b"|120|", b"|120,5|"), "non entier"),
        "huge count": ("v_2019.txt", text.replace(b"|120|", b"|" + b"9" * 40 + b"|"), "non entier"),
        "places of elsewhere": ("v_2019.txt", text.replace(b"62063", b"FR-75"), "commune"),
        "zip bomb": ("v.zip", files.zipped({"a.sqlite": bytes(30_000_000)}), "hors de toute mesure"),
        "gzip bomb": ("v.txt.gz", gzip.compress(bytes(30_000_000)), "hors de toute mesure"),
        "path traversal": ("v.zip", files.zipped({"../../TF_VAT_NACE_2019.txt": text}), "sort de l'archive"),
        "zip in zip": ("v.zip", files.zipped({"v.zip": files.zipped({"a": text})}), "archive dans"),
        "spreadsheet": ("v.xlsx", files.zipped({"[Content_Types].xml": b"<x/>"}), "classeur"),
        "many files": ("v.zip", files.zipped({"a.txt": text, "b.txt": text}), "contient 2 fichiers"),
        "no year": ("v.txt", text, "Renommez-le"),
    }  # fmt: skip


CASES = [
    "empty", "header only", "blank", "truncated text", "truncated zip", "truncated sqlite",
    "header of sqlite", "sqlite of noise", "empty sqlite", "two years", "wrong columns",
    "wrong columns of sqlite", "another table", "utf-16", "nul", "mixed encodings", "binary",
    "web page", "duplicated", "negative", "decimals", "huge count", "places of elsewhere",
    "zip bomb", "gzip bomb", "path traversal", "zip in zip", "spreadsheet", "many files", "no year",
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_gives_one_sentence_and_leaves_the_lake_as_it_was(
    lake, files, tmp_path, fingerprint, case
):
    cases = bad_files(files)
    assert sorted(cases) == sorted(CASES)
    name, content, words = cases[case]
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / name).write_bytes(content)
    before, around = fingerprint(lake), sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(InputError, match=words) as caught:
        load("statbel-vat", folder / name, lake, DAY)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) < 600
    assert sentence[-1] in ".)"
    assert fingerprint(lake) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == around
    assert lake.verify() == []


def test_an_unknown_source_is_answered_with_the_nearest_first(lake, fingerprint):
    before = fingerprint(lake)
    with pytest.raises(InputError, match=r"Sources connues : statbel-vat, .*nace"):
        load("statbel-tva", "x", lake, DAY)
    assert fingerprint(lake) == before


def test_a_server_that_fails_leaves_the_lake_as_it_was(lake, fingerprint):
    before = fingerprint(lake)
    with pytest.raises(OutsideError):
        load("statbel-vat", "http://127.0.0.1:9/TF_VAT_NACE_2019.zip", lake, DAY, limits=QUICK)
    assert fingerprint(lake) == before


def test_an_address_gives_the_year_and_ends_in_the_provenance(lake, files):
    content = files.vat_text()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/open/TF_VAT_NACE_2020.txt"
        told: list[tuple[int, int | None]] = []
        catalogue, _report = load("statbel-vat", url, lake, DAY, lambda *p: told.append(p))
        thread.join(5)
    given = catalogue.snapshot("statbel_vat").manifest.provenance
    assert (given.url, given.file_name) == (url, "TF_VAT_NACE_2020.txt")
    assert set(in_service(lake)["period"]) == {"2018", "2020"}
    assert told[-1] == (len(content), len(content))

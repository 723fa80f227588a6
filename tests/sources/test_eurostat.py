"""Eurostat's files and answers: flags keep their meaning, and two datasets are never mixed."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path

import polars as pl
import pytest

from perron.errors import InputError
from perron.lake.snapshots import Lake
from perron.lake.validation import check
from perron.sources import jsonstat
from perron.sources.eurostat import Eurostat
from perron.sources.load import load

#: As in a bulk file: spaces around the cells, flags behind the figure or alone.
BULK = "\n".join(
    [
        "unit,nace_r2,age,geo\\time\t2015 \t2014 \t2013 ",
        "THS,A,Y_GE15,BE33\t14.3 \t16.8 u\t: ",
        "THS,M_N,Y_GE15,BE33\t0.0 \t: c\t: bc",
        "THS,A,Y15-24,BE33\t1.0 \t1.0 \t1.0 ",
        "THS,A,Y_GE15,BE\t: u\t5.2 bu\t5.3 b",
        "",
    ]
)
NAME = "estat_lfst_r_lfe2en2.tsv.gz"


def frame(reading) -> pl.DataFrame:
    check(reading.table, reading.data)
    return pl.DataFrame(pl.from_arrow(reading.data))


def cell(rows: pl.DataFrame, territory: str, activity: str, period: str) -> tuple:
    keep = rows.filter(territory=territory, activity=activity, period=period)
    return keep.select("jobs", "jobs_status", "flag").row(0)


def cube(values: object, status: object = None, dataset: str = "NAMA_10R_3EMPERS", **more) -> bytes:
    """An answer of the dissemination service: two regions, two activities, two years."""
    sizes = {"freq": ["A"], "unit": ["THS"], "wstatus": ["EMP", "SAL"], "nace_r2": ["TOTAL", "B-E"]}
    sizes |= {"geo": ["BE33", "BE332"], "time": ["2017", "2018"]}
    answer = {
        "version": "2.0",
        "class": "dataset",
        "id": list(sizes),
        "size": [len(codes) for codes in sizes.values()],
        "value": values,
        "dimension": {
            name: {"category": {"index": {code: at for at, code in enumerate(codes)}}}
            for name, codes in sizes.items()
        },
        "extension": {"id": dataset},
    } | more
    return json.dumps({**answer, **({"status": status} if status else {})}).encode()


def test_a_bulk_file_keeps_what_its_flags_say(read):
    (reading,), report = read(Eurostat(), NAME, gzip.compress(BULK.encode()))
    rows = frame(reading)
    assert set(rows["dataset"]) == {"lfst_r_lfe2en2"}
    assert cell(rows, "BE33", "A", "2015") == (14_300, "observed", "")
    assert cell(rows, "BE33", "A", "2014") == (16_800, "observed", "u")
    assert cell(rows, "BE33", "A", "2013") == (None, "unknown", "")
    assert cell(rows, "BE33", "M-N", "2015") == (0, "zero", "")
    assert cell(rows, "BE33", "M-N", "2014") == (None, "suppressed", "c")
    assert cell(rows, "BE33", "M-N", "2013") == (None, "suppressed", "bc")
    assert cell(rows, "BE", "A", "2015") == (None, "unknown", "u")
    assert rows.height == 9
    assert (report.read, report.accepted, report.set_aside_rows) == (12, 9, 3)


@pytest.mark.parametrize("form", ["by position", "as a list"])
def test_an_answer_of_the_service_gives_the_same_cells(read, form: str):
    # freq 1 × unit 1 × wstatus 2 × nace 2 × geo 2 × time 2 = 16; the last index turns quickest.
    given = {0: 382.1, 1: 385.4, 2: 240.0, 4: 60.2, 6: 0}
    values = (
        {str(at): v for at, v in given.items()}
        if form == "by position"
        else [given.get(at) for at in range(16)]
    )
    (reading,), report = read(
        Eurostat(), "answer.json", cube(values, {"3": "c", "5": "u", "4": "p"})
    )
    rows = frame(reading)
    assert set(rows["dataset"]) == {"nama_10r_3empers"}
    assert cell(rows, "BE33", "TOTAL", "2018") == (385_400, "observed", "")
    assert cell(rows, "BE332", "TOTAL", "2018") == (None, "suppressed", "c")
    assert cell(rows, "BE33", "B-E", "2017") == (60_200, "observed", "p")
    assert cell(rows, "BE33", "B-E", "2018") == (None, "unknown", "u")
    assert cell(rows, "BE332", "B-E", "2017") == (0, "zero", "")
    assert (report.read, rows.height) == (16, 8)


def test_each_cell_of_a_cube_has_its_own_codes():
    sizes = [2, 3, 2]
    codes = [["a", "b"], ["x", "y", "z"], ["2017", "2018"]]
    answer = {
        "id": ["geo", "nace_r2", "time"],
        "size": sizes,
        "value": list(range(12)),
        "dimension": {
            name: {"category": {"index": found}}
            for name, found in zip(["geo", "nace_r2", "time"], codes, strict=True)
        },
    }
    rows, _name = jsonstat.rows(json.dumps(answer).encode(), "cube.json")
    expected = [(*key, str(at)) for at, key in enumerate(product(*codes))]
    assert rows.select("geo", "nace_r2", "time", "value").rows() == expected


def test_the_older_form_with_the_dataset_as_a_key(read):
    new = json.loads(cube({"0": 1.5}))
    new["dimension"] |= {"id": new.pop("id"), "size": new.pop("size")}
    old = {"nama_10r_3empers": {**new, "code": "nama_10r_3empers"}}
    (reading,), _report = read(Eurostat(), "old.json", json.dumps(old).encode())
    assert cell(frame(reading), "BE33", "TOTAL", "2017")[0] == 1_500


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sbs_r_nuts06_r2.csv", "nace_r2;geo;n2015\nC25;BE33;7862\nH53;BE33; \nC19;BE33;12 d\nC20;BE33;d\n"),
        ("sbs_r_nuts06_r2.csv", "geo,year,nace_r2,persons\nBE33,2015,C25,7862\nBE33,2015,H53,\nBE33,2015,C19,12 d\nBE33,2015,C20,: d\n"),
    ],
)  # fmt: skip
def test_a_table_that_others_made_of_it_is_read_too(read, name: str, text: str):
    (reading,), report = read(Eurostat(), name, text.encode())
    rows = frame(reading)
    assert cell(rows, "BE33", "C25", "2015") == (7_862, "observed", "")
    assert cell(rows, "BE33", "H53", "2015") == (None, "unknown", "")
    assert cell(rows, "BE33", "C19", "2015") == (12, "observed", "d")
    assert cell(rows, "BE33", "C20", "2015") == (None, "unknown", "d")
    assert report.accepted == 4


#: SDMX-CSV, the service's other answer: the unit and the flags have columns of their own.
SDMX = "\n".join(
    [
        "DATAFLOW,LAST UPDATE,freq,unit,wstatus,nace_r2,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS",
        "ESTAT:NAMA_10R_3EMPERS(1.0),01/01/26,A,THS,EMP,B-E,BE332,2018,26.6,p,",
        "ESTAT:NAMA_10R_3EMPERS(1.0),01/01/26,A,THS,SAL,B-E,BE332,2018,25.1,,",
        "ESTAT:NAMA_10R_3EMPERS(1.0),01/01/26,A,THS,EMP,A,BE332,2018,,,C",
        "ESTAT:NAMA_10R_3EMPERS(1.0),01/01/26,A,THS,EMP,F,BE332,2018,:,u,",
        "ESTAT:NAMA_10R_3EMPERS(1.0),01/01/26,A,PC_TOT,EMP,F,BE332,2018,7.1,,",
        "",
    ]
)


def test_the_services_csv_has_its_unit_and_flags_read(read):
    (reading,), report = read(Eurostat(), "nama_10r_3empers_linear.csv", SDMX.encode())
    rows = frame(reading)
    assert cell(rows, "BE332", "B-E", "2018") == (26_600, "observed", "p")
    assert cell(rows, "BE332", "A", "2018") == (None, "suppressed", "c")
    assert cell(rows, "BE332", "F", "2018") == (None, "unknown", "u")
    assert (report.accepted, report.set_aside_rows) == (3, 2)


def test_a_table_of_thousands_or_persons_that_does_not_say_which_is_refused(read):
    text = "geo,year,nace_r2,value\nBE332,2018,A,1.2\n"
    with pytest.raises(InputError, match="unité n'est pas dite"):
        read(Eurostat(), "nama_10r_3empers.csv", text.encode())


@pytest.mark.parametrize("cells", ["14.3\t16.8u\t:", "14.3 \t16.8  u\t:  "])
def test_a_flag_may_stand_against_its_figure(read, cells: str):
    text = "\n".join(
        ["unit,nace_r2,age,geo\\time\t2015\t2014\t2013", f"THS,A,Y_GE15,BE33\t{cells}", ""]
    )
    hidden = text.replace("THS,A,", "THS,C,").splitlines()[1].replace("14.3", ":c")
    (reading,), _report = read(Eurostat(), NAME, (text + hidden + "\n").encode())
    rows = frame(reading)
    assert cell(rows, "BE33", "A", "2014") == (16_800, "observed", "u")
    assert cell(rows, "BE33", "C", "2015") == (None, "suppressed", "c")


def test_a_colon_among_the_flags_of_an_answer_is_a_missing_figure(read):
    (reading,), _report = read(Eurostat(), "a.json", cube({"0": 1.5}, {"1": ":", "3": ":c"}))
    rows = frame(reading)
    assert cell(rows, "BE33", "TOTAL", "2018") == (None, "unknown", "")
    assert cell(rows, "BE332", "TOTAL", "2018") == (None, "suppressed", "c")


def test_a_time_of_day_left_by_a_spreadsheet_is_not_a_count(read):
    text = "nace_r2;geo;n2015\n" + "C25;BE33;1\n" * 0 + "B05;IS00;12:00 AM\n"
    rows = "".join(f"C{n};BE33;{n}\n" for n in range(10, 400))
    _readings, report = read(Eurostat(), "sbs_r_nuts06_r2.csv", (text + rows).encode())
    assert report.rejected == 1
    assert "12:00 AM" in report.first()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("unknown.tsv", BULK.encode(), "jeu de données n'est pas reconnu"),
        (NAME, b"{not json", "ne se lit pas comme du JSON"),
        (NAME, b'{"error": [{"status": 404, "label": "not found"}]}', "répondu par une erreur"),
        (NAME, b'{"id": ["geo"], "size": [2], "dimension": {}}', "pas un cube JSON-stat complet"),
        (NAME, b'{"a": 1}', "n'est pas un cube JSON-stat"),
        (NAME, cube({"99": 1.0}), "cell 99 of 16"),
        (NAME, b"geo;n\nBE33;1\n", "pas un tableau d'Eurostat"),
        (NAME, BULK.replace("14.3", "beaucoup").encode(), "effectif négatif ou illisible"),
        (NAME, b"unit,nace_r2,age,geo\\time\t2015 \n", "aucune ligne de données"),
    ],
)
def test_what_is_not_a_file_of_eurostat_is_refused(read, name: str, content: bytes, said: str):
    with pytest.raises(InputError, match=said):
        read(Eurostat(), name, content)


@pytest.fixture
def service() -> Iterator[str]:
    """The dissemination service, as recorded: the dataset is in the path."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            body = cube({"0": 382.1, "1": 385.4}, {"3": "c"})
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}/data/nama_10r_3empers?geo=BE33&format=JSON"
        httpd.shutdown()


def test_loading_one_dataset_keeps_the_others_and_their_years(tmp_path: Path, service: str):
    lake = Lake(tmp_path / "lake")
    path = tmp_path / "lfst_r_lfe2en2.tsv"
    path.write_text(BULK)
    load("eurostat", path, lake, date(2026, 1, 5))
    load("eurostat", service, lake, date(2026, 1, 6))
    rows = pl.read_parquet(lake.current().tables["regional_jobs"].path)
    assert set(rows["dataset"]) == {"lfst_r_lfe2en2", "nama_10r_3empers"}
    assert rows.filter(dataset="lfst_r_lfe2en2").height == 9
    assert cell(rows.filter(dataset="nama_10r_3empers"), "BE33", "TOTAL", "2018")[0] == 385_400
    # The same years of the same dataset are replaced, and those alone.
    path.write_text(BULK.replace("14.3", "99.9").replace("2013", "2012"))
    load("eurostat", path, lake, date(2026, 1, 7))
    rows = pl.read_parquet(lake.current().tables["regional_jobs"].path)
    lfst = rows.filter(dataset="lfst_r_lfe2en2")
    assert cell(lfst, "BE33", "A", "2015")[0] == 99_900
    assert set(lfst["period"]) == {"2012", "2013", "2014", "2015"}
    assert rows.filter(dataset="nama_10r_3empers").height == 8

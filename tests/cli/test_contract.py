"""The general rules of the command line: exit codes, one line on error, whole files or none."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook


def one_line(text: str) -> str:
    """The one line that an error is."""
    (line,) = text.splitlines()
    return line


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_help_names_every_verb_and_answers_at_once(perron):
    started = time.perf_counter()
    said = perron("--help").stdout
    took = time.perf_counter() - started
    verbs = "demo serve invite check backup restore upgrade worker data"
    for verb in verbs.split():
        assert f"\n  {verb} " in said
    # 0.3 s on an idle machine; what must never come in is Django, the engines or pyarrow.
    assert took < 5
    code = "import sys, perron.cli.app; print([m for m in sys.modules if '.' not in m])"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    for heavy in ("django", "pyarrow", "ibis", "duckdb", "numpy", "openpyxl", "granian"):
        assert f"'{heavy}'" not in loaded


def test_version_is_said(perron):
    from perron import __version__

    assert perron("--version").stdout == f"perron {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["data", "show"],
        ["data", "list", "--format", "pdf"],
        ["data", "show", "people", "--as-of", "yesterday"],
        ["data", "show", "people", "--limit", "-1"],
        ["data", "list", "--nothing"],
        ["--lang", "it", "data", "list"],
        ["restore"],
        ["serve", "--port", "70000"],
    ],
)
def test_wrong_usage_is_2_and_prints_no_result(perron, words: list[str]):
    done = perron(*words, code=2)
    assert done.stdout == ""
    assert done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["data", "show", "peopel"], "people"),
        (["data", "load", "statbel-vta"], "statbel-vat"),
        (["data", "load", "population", "/nowhere/x.csv"], "/nowhere/x.csv"),
        (["data", "load", "population"], "statbel"),
        (["restore", "/nowhere/x.tar"], "/nowhere/x.tar"),
        (["restore", "--back"], "before-restore"),
    ],
)
def test_wrong_input_is_1_in_one_line_that_helps(filled, words: list[str], said: str):
    done = filled(*words, code=1)
    assert said in one_line(done.stderr)
    assert done.stdout == ""


def test_common_options_may_stand_anywhere(filled):
    first = filled("--quiet", "--lang", "en", "data", "list").stdout
    assert filled("data", "list", "--lang=en", "--quiet").stdout == first
    assert filled("data", "--quiet", "list", "--lang", "en").stdout == first


def test_a_pipe_gets_csv_with_every_digit_and_no_formula(filled):
    done = filled("data", "show", "people")
    found = {row[0]: row for row in rows(done.stdout)}
    assert found["territory"] == ["territory", "name", "density", "density_status"]
    assert found["05001"] == ["05001", "'=1+1", "0.30000000000000004", "observed"]
    assert found["62063"] == ["62063", "Liège", "", "suppressed"]
    assert found["-----"] == ["-----", "Étranger", "0", "zero"]
    assert done.stderr == ""


@pytest.mark.slow
def test_each_format_holds_the_same_table(filled, tmp_path: Path):
    for form in ("csv", "xlsx", "json", "parquet"):
        filled("data", "show", "people", "--format", form, "--out", str(tmp_path / f"a-{form}"))
        filled("data", "show", "people", "--out", str(tmp_path / f"b.{form}"))
    expected = sorted(rows((tmp_path / "a-csv").read_text(encoding="utf-8"))[1:])
    assert sorted(rows((tmp_path / "b.csv").read_text(encoding="utf-8"))[1:]) == expected
    for name in ("a-parquet", "b.parquet"):
        table = pq.read_table(tmp_path / name)
        assert sorted(table["territory"].to_pylist()) == [row[0] for row in expected]
    for name in ("a-json", "b.json"):
        content = json.loads((tmp_path / name).read_text(encoding="utf-8"))
        assert {r["territory"]: r["density"] for r in content["rows"]}["05001"] == 0.1 + 0.2
        assert content["sources"][0]["licence"] == "CC0"
    for name in ("a-xlsx", "b.xlsx"):
        book = load_workbook(io.BytesIO((tmp_path / name).read_bytes()))
        cells = {row[0].value: row for row in book.worksheets[0].iter_rows(min_row=2)}
        assert cells["05001"][1].data_type == "s"
        assert cells["05001"][2].value == 0.1 + 0.2
        assert cells["62063"][2].value is None
        assert book.sheetnames[1] == "Sources"


@pytest.mark.slow
def test_a_table_is_shown_as_it_was_on_a_day(filled):
    then = rows(filled("data", "show", "people", "--as-of", "2025-12-31").stdout)
    assert then[1:] == [["62063", "Liège", "2800", "observed"]]
    assert len(rows(filled("data", "show", "people", "--limit", "1").stdout)) == 2
    filled("data", "show", "people", "--as-of", "2024-01-01", code=1)


def test_the_list_says_version_rows_source_and_licence(filled):
    head, line = rows(filled("data", "list").stdout)
    said = dict(zip(head, line, strict=True))
    assert said["table"] == "people"
    assert said["version"] == "2026-01-02"
    assert (said["rows"], said["licence"], said["retrieved"]) == ("3", "CC0", "2026-01-02")


def test_sources_are_listed_with_their_licence(perron):
    head, *lines = rows(perron("data", "sources").stdout)
    names = {line[0] for line in lines}
    assert {"nace", "population", "refnis", "statbel-vat"} <= names
    assert all(dict(zip(head, line, strict=True))["licence"] for line in lines)


def test_verify_finds_a_changed_file_and_names_it(filled):
    filled("data", "verify")
    data = filled.home / "lake" / "people" / "2025-06-01" / "data.parquet"
    data.chmod(0o600)
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    done = filled("data", "verify", code=1)
    assert "people/2025-06-01" in done.stdout
    one_line(done.stderr)


def test_a_file_that_cannot_be_written_leaves_what_was_there(filled, tmp_path: Path):
    done = filled("data", "show", "people", "--out", "/dev/full", code=3)
    assert "/dev/full" in one_line(done.stderr)
    (tmp_path / "folder").mkdir()
    done = filled("data", "show", "people", "--out", str(tmp_path / "folder"), code=1)
    assert str(tmp_path / "folder") in one_line(done.stderr)


def test_a_failed_verb_leaves_the_previous_file_and_no_other(filled, tmp_path: Path):
    out = tmp_path / "made" / "table.csv"
    filled("data", "show", "people", "--out", str(out))
    before = out.read_bytes()
    filled("data", "show", "nothing", "--out", str(out), code=1)
    assert out.read_bytes() == before
    assert [p.name for p in out.parent.iterdir()] == ["table.csv"]


def test_a_file_keeps_the_rights_that_the_user_gives_to_files(filled, tmp_path: Path):
    out = tmp_path / "table.csv"
    filled("data", "list", "--out", str(out), umask=0o027)
    assert out.stat().st_mode & 0o777 == 0o640


def test_a_reader_that_goes_away_is_no_failure_to_report(filled):
    done = subprocess.run(
        f"{sys.executable} -m perron data show people | head -c 1 >/dev/null",
        shell=True,
        env=filled.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr


def test_a_terminal_gets_a_readable_table_without_its_control_characters(filled):
    main, other = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "perron", "data", "show", "people"],
        env=filled.environment() | {"COLUMNS": "100", "TERM": "xterm"},
        stdout=other,
        stderr=other,
    )
    os.close(other)
    content = b""
    while True:
        try:
            chunk = os.read(main, 4096)
        except OSError:
            break
        if not chunk:
            break
        content += chunk
    assert running.wait(30) == 0
    said = content.decode()
    assert "Liège" in said
    assert "territory" in said
    assert "0.30000000000000004" in said


def test_ctrl_c_is_130_and_says_nothing(filled):
    many = [(f"{n:06}", "x" * 40, float(n), "observed") for n in range(1, 20_000)]
    filled.publish(many, date(2026, 3, 4))
    running = subprocess.Popen(
        [sys.executable, "-m", "perron", "data", "show", "people"],
        env=filled.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=0,
    )
    assert running.stdout.read(1) == "t"  # it is at work: its pipe is full and nobody reads on
    running.send_signal(signal.SIGINT)
    _out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err == ""


def test_a_first_use_publishes_the_shipped_territory(perron):
    perron.extra.clear()
    done = perron("data", "list")
    names = {row[0] for row in rows(done.stdout)[1:]}
    assert {"nace", "refnis", "refnis_geometry", "population", "statbel_vat"} <= names
    assert str(perron.home) in done.stderr
    again = perron("data", "list")
    assert again.stdout == done.stdout
    assert again.stderr == ""


def test_a_folder_of_something_else_is_left_alone(perron):
    perron.home.mkdir()
    (perron.home / "photo.jpg").touch()
    for words in (["data", "list"], ["data", "load", "population", "x.csv"], ["data", "verify"]):
        assert "photo.jpg" in one_line(perron(*words, code=1).stderr)
    assert [p.name for p in perron.home.iterdir()] == ["photo.jpg"]


def test_a_load_that_is_refused_leaves_the_lake_as_it_was(filled, tmp_path: Path):
    bad = tmp_path / "bad.csv"
    bad.write_text("this;is\nnot;population\n", encoding="utf-8")
    before = {p: p.read_bytes() for p in filled.home.rglob("*") if p.is_file()}
    assert "bad.csv" in one_line(filled("data", "load", "population", str(bad), code=1).stderr)
    after = {p: p.read_bytes() for p in filled.home.rglob("*") if p.is_file()}
    assert {p: c for p, c in after.items() if p in before} == before
    assert {p.name for p in after.keys() - before.keys()} <= {".occupied", ".lock"}

"""Publishers' formats rebuilt small, and a lake that must not change when a file is bad."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
import shapefile

from perron.lake.snapshots import Lake
from perron.sources.load import load
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved, retrieve
from perron.sources.source import Reading, Source

VatRow = tuple[object, object, object, object, object, object]

VAT_ROWS: list[VatRow] = [
    ("62063", "0", "56101", 120.0, 14.0, 9.0),
    ("62063", "3", "62010", 85.0, 11.0, 0.0),
    ("61031", "0", "01110", 3.0, 0.0, 1.0),
    ("-----", "6", "62010", 40.0, 2.0, 2.0),
    ("XXXXX", "0", "XXXXX", 1.0, 0.0, 0.0),
    ("62063", "3", "4110X", 0.0, 0.0, 1.0),
]
VAT_HEADER = ("CD_REFNIS", "CD_LGL_PSN_VAT", "CD_NACE", "MS_NUM_VAT", "MS_NUM_VAT_START", "MS_NUM_VAT_STOP")  # fmt: skip
LAMBERT = 'PROJCS["Belge_Lambert_1972",GEOGCS["GCS_Belge_1972"],UNIT["Meter",1.0]]'


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive of the files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def sqlite_bytes(script: str, rows: Iterable[tuple[str, VatRow]] = ()) -> bytes:
    """A SQLite file made by a script, with rows put in the tables named."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    for table, row in rows:
        connection.execute(f"INSERT INTO {table} VALUES (?,?,?,?,?,?)", row)
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content


def vat_sqlite(rows: list[VatRow] | None = None, year: int = 2019, extra: str = "") -> bytes:
    """The publisher's database: figures in REAL columns, and a view that must not be run."""
    table = f"TF_VAT_NACE_{year}"
    script = f"""
        CREATE TABLE {table} (CD_REFNIS TEXT, CD_LGL_PSN_VAT TEXT, CD_NACE TEXT,
            MS_NUM_VAT REAL, MS_NUM_VAT_START REAL, MS_NUM_VAT_STOP REAL);
        CREATE VIEW VF_VAT_NACE_{year} AS SELECT * FROM {table};
        {extra}
    """
    return sqlite_bytes(script, [(table, r) for r in (VAT_ROWS if rows is None else rows)])


def vat_text(rows: list[VatRow] | None = None, encoding: str = "utf-8-sig") -> bytes:
    """The publisher's text: bars, and a column of names with accents."""
    lines = ["|".join((*VAT_HEADER, "TX_DESCR_FR"))]
    for row in VAT_ROWS if rows is None else rows:
        cells = [str(int(c)) if isinstance(c, float) else str(c) for c in row]
        lines.append("|".join([*cells, "Liège"]))
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def outlines(
    shapes: dict[str, list[list[tuple[float, float]]]],
    field: str = "CNIS5_2019",
    prj: str | None = LAMBERT,
) -> bytes:
    """A zipped shapefile with one polygon a code."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POLYGON) as writer:
        writer.field(field, "C", 80)
        for code, rings in shapes.items():
            writer.poly(rings)
            writer.record(code.rstrip("*"))
    files = {"u/c.shp": shp.getvalue(), "u/c.shx": shx.getvalue(), "u/c.dbf": dbf.getvalue()}
    return zipped(files | ({} if prj is None else {"u/c.prj": prj.encode()}))


def square(x: float, y: float, side: float = 1000.0) -> list[tuple[float, float]]:
    """A closed square, clockwise as a shapefile's surfaces are."""
    return [(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)]


class Files:
    """The builders above, for tests that cannot import this module."""

    rows = VAT_ROWS
    zipped = staticmethod(zipped)
    sqlite_bytes = staticmethod(sqlite_bytes)
    vat_sqlite = staticmethod(vat_sqlite)
    vat_text = staticmethod(vat_text)
    outlines = staticmethod(outlines)
    square = staticmethod(square)


@pytest.fixture
def files() -> type[Files]:
    return Files


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Retrieved]:
    """Put bytes in a file and retrieve it."""

    def put(name: str, content: bytes, period: str = "") -> Retrieved:
        path = tmp_path / name
        path.write_bytes(content)
        return retrieve(path, tmp_path, period=period)

    return put


@pytest.fixture
def read(given: Callable[..., Retrieved]) -> Callable[..., tuple[list[Reading], Report]]:
    """Read bytes through a source: the readings and the report."""

    def run(
        source: Source, name: str, content: bytes, period: str = ""
    ) -> tuple[list[Reading], Report]:
        report = Report(source.name, name)
        return source.read(given(name, content, period), report), report

    return run


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake in which a first file of VAT figures is in service."""
    path = tmp_path / "TF_VAT_NACE_2018.zip"
    path.write_bytes(zipped({"TF_VAT_NACE_2018.sqlite": vat_sqlite(year=2018)}))
    made = Lake(tmp_path / "lake")
    load("statbel-vat", path, made, date(2026, 1, 5))
    return made


@pytest.fixture
def fingerprint() -> Callable[[Lake], dict[str, str]]:
    """Every file of a lake with its checksum."""

    def take(lake: Lake) -> dict[str, str]:
        return {
            str(p.relative_to(lake.root)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(lake.root.rglob("*"))
            if p.is_file()
        }

    return take

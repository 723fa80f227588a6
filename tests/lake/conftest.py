"""A small table of two measures, and drafts of it with one number everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from perron.lake.provenance import State, state_of
from perron.lake.schema import Column, Measure, Table
from perron.lake.snapshots import Draft, Lake, Provenance

Row = tuple[str, str, float | None, State | None]


def describe(name: str, version: int = 1) -> Table:
    return Table(
        name,
        version,
        "Enterprises by commune and activity.",
        (
            Column("territory", pa.string(), "REFNIS code"),
            Column("activity", pa.string(), "NACE code"),
            Column("note", pa.string(), "Free text", nullable=True),
        ),
        ("territory", "activity"),
        (Measure("enterprises", "VAT-liable enterprises", "1"),),
        State.ZERO,
    )


@pytest.fixture
def table() -> Table:
    return describe("enterprises")


@pytest.fixture
def rows() -> Callable[..., pa.Table]:
    """Arrow data of that table, from (territory, activity, value, status or None for the obvious)."""

    def make(given: Sequence[Row], table: Table | None = None) -> pa.Table:
        schema = (table or describe("enterprises")).arrow()
        return pa.table(
            {
                "territory": [r[0] for r in given],
                "activity": [r[1] for r in given],
                "note": [None for _ in given],
                "enterprises": [r[2] for r in given],
                "enterprises_status": [str(r[3] or state_of(r[2])) for r in given],
            },
            schema=schema,
        )

    return make


@pytest.fixture
def draft(rows: Callable[..., pa.Table]) -> Callable[..., Draft]:
    """A draft of any name in which every one of `count` cells holds `value`."""

    def make(
        name: str = "enterprises",
        value: float = 1.0,
        *,
        count: int = 3,
        version: int = 1,
        data: pa.Table | None = None,
        report: dict[str, object] | None = None,
    ) -> Draft:
        table = describe(name, version)
        cells: list[Row] = [(f"{62000 + i}", "47", value, None) for i in range(count)]
        provenance = Provenance(
            source="register",
            title="Registre",
            publisher="Statbel",
            licence="CC BY 4.0",
            periods=("2019",),
            retrieved=datetime(2026, 9, 1, 8, tzinfo=UTC),
            file_name="register.csv",
            file_sha256="0" * 64,
        )
        return Draft(table, rows(cells, table) if data is None else data, provenance, report)

    return make


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")

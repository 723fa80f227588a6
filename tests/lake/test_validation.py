"""Nothing is published that breaks its table's contract, and the sentence says where it does."""

from __future__ import annotations

import time
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from perron.errors import InputError
from perron.lake.provenance import State
from perron.lake.schema import Table
from perron.lake.validation import check

Rows = Callable[..., pa.Table]


def test_the_four_states_are_accepted(table: Table, rows: Rows) -> None:
    check(
        table,
        rows(
            [
                ("62063", "47", 12.0, State.OBSERVED),
                ("62063", "48", 0.0, State.ZERO),
                ("62063", "49", None, State.SUPPRESSED),
                ("62063", "50", None, State.UNKNOWN),
            ]
        ),
    )


def test_an_empty_table_is_accepted(table: Table, rows: Rows) -> None:
    check(table, rows([]))


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (None, State.OBSERVED),
        (None, State.ZERO),
        (5.0, State.SUPPRESSED),
        (5.0, State.UNKNOWN),
        (5.0, State.ZERO),
        (0.0, State.OBSERVED),
        (0.0, State.SUPPRESSED),
        (None, State.NOT_MEASURED),
        (5.0, "observé"),
        (float("nan"), State.OBSERVED),
        (float("inf"), State.OBSERVED),
    ],
)
def test_a_value_that_contradicts_its_state_is_refused_with_its_row(
    table: Table, rows: Rows, value: float | None, status: str
) -> None:
    data = rows([("62063", "47", 1.0, None), ("62063", "48", value, status)])
    with pytest.raises(InputError, match=r"Table enterprises, colonne enterprises.*, ligne 2 :"):
        check(table, data)


def test_a_key_given_twice_is_refused_and_named(table: Table, rows: Rows) -> None:
    data = rows(
        [("62063", "47", 1.0, None), ("62063", "48", 1.0, None), ("62063", "47", 2.0, None)]
    )
    with pytest.raises(InputError, match=r"2 lignes portent la même clé.*62063.*47"):
        check(table, data)


def test_a_missing_value_is_refused_where_one_is_expected(table: Table, rows: Rows) -> None:
    data = rows([("62063", "47", 1.0, None)])
    loose = pa.schema([field.with_nullable(True) for field in data.schema])
    holed = pa.table({**{n: data[n] for n in data.schema.names}, "activity": [None]}, schema=loose)
    with pytest.raises(InputError, match="colonne activity, ligne 1"):
        check(table, holed)


def test_other_columns_order_or_types_are_refused(table: Table, rows: Rows) -> None:
    data = rows([("62063", "47", 1.0, None)])
    for names in (data.schema.names[:-1], data.schema.names[::-1], [*data.schema.names, "note"]):
        with pytest.raises(InputError, match="Table enterprises : colonnes"):
            check(table, data.select(names))
    counted = data.set_column(3, "enterprises", pc.cast(data["enterprises"], pa.int32()))
    with pytest.raises(InputError, match="colonne enterprises : type int32, attendu double"):
        check(table, counted)


def test_three_hundred_thousand_rows_take_no_time(table: Table) -> None:
    count = 300_000
    data = pa.table(
        {
            "territory": [f"{i // 600:05}" for i in range(count)],
            "activity": [f"{i % 600:05}" for i in range(count)],
            "note": pa.nulls(count, pa.string()),
            "enterprises": pa.array([1.0] * count),
            "enterprises_status": ["observed"] * count,
        },
        schema=table.arrow(),
    )
    start = time.process_time()
    check(table, data)
    assert time.process_time() - start < 2  # processor time of every thread, on a busy machine

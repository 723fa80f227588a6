"""Sums carry the states of what they sum: a masked cell is never added as if it were zero."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perron.lake.engines import connect
from perron.lake.measures import total
from perron.lake.provenance import SHOWN, State
from perron.lake.snapshots import Draft, Lake

Rows = Callable[..., pa.Table]
C, Z, S, U = State.OBSERVED, State.ZERO, State.SUPPRESSED, State.UNKNOWN


def summed(data: pa.Table, by: tuple[str, ...] = ("territory",)) -> list[dict[str, object]]:
    expression = total(ibis.memtable(data), ["enterprises"], by)
    return ibis.duckdb.connect().to_pyarrow(expression.order_by(by)).to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("cells", "value", "state"),
    [
        ([(4.0, C), (5.0, C)], 9.0, C),
        ([(4.0, C), (0.0, Z)], 4.0, C),
        ([(0.0, Z), (0.0, Z)], 0.0, Z),
        ([(4.0, C), (None, S)], None, S),
        ([(4.0, C), (None, U)], None, U),
        ([(None, S), (None, U)], None, U),
        ([(0.0, Z), (None, S)], None, S),
        ([(None, U)], None, U),
    ],
)
def test_a_sum_has_the_state_of_its_parts(
    rows: Rows, cells: list[tuple[float | None, State]], value: float | None, state: State
) -> None:
    data = rows([("62063", str(i), v, s) for i, (v, s) in enumerate(cells)])
    (found,) = summed(data)
    assert found == {
        "territory": "62063",
        "enterprises": value,
        "enterprises_status": state.value,
    }


CELL = st.one_of(
    st.integers(1, 50).map(lambda v: (float(v), C)),
    st.sampled_from([(0.0, Z), (None, S), (None, U)]),
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("12345")), CELL, min_size=1)
)
def test_every_group_is_what_adding_by_hand_gives(
    rows: Rows, cells: dict[tuple[str, str], tuple[float | None, State]]
) -> None:
    data = rows([(t, a, v, s) for (t, a), (v, s) in cells.items()])
    expected = []
    for place in sorted({t for t, _a in cells}):
        inside = [cell for (t, _a), cell in cells.items() if t == place]
        states = {s for _v, s in inside}
        state = U if U in states else S if S in states else C if C in states else Z
        value = sum(v or 0.0 for v, _s in inside) if state in SHOWN else None
        expected.append(
            {"territory": place, "enterprises": value, "enterprises_status": state.value}
        )
    assert summed(data) == expected


def test_sums_run_on_published_tables(lake: Lake, draft: Callable[..., Draft]) -> None:
    backend = connect(lake.publish([draft(value=4.0)], day=date(2026, 6, 1)), "duckdb")
    (found,) = (
        total(backend.table("enterprises"), ["enterprises"], ["activity"]).to_pyarrow().to_pylist()
    )
    assert found == {"activity": "47", "enterprises": 12.0, "enterprises_status": "observed"}

"""Taxable income, declarations and inhabitants of every place and year, summed from the municipalities."""

from __future__ import annotations

from functools import lru_cache

import pyarrow.parquet as pq

from perron.lake.provenance import State
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.municipal import Series, series

TABLE = "income"
_MEASURES = ("net_taxable_income", "declarations", "residents")


@lru_cache(maxsize=2)
def incomes(held: Catalogue) -> dict[str, Series]:
    """Income, declarations and inhabitants by place and year; none where the lake has no such table."""
    if TABLE not in held.tables:
        return {measure: Series((), {}) for measure in _MEASURES}
    rows = pq.read_table(held.snapshot(TABLE).path)
    codes, periods = (rows.column(name).to_pylist() for name in ("territory", "period"))
    found = {}
    for measure in _MEASURES:
        values, states = (rows.column(n).to_pylist() for n in (measure, f"{measure}_status"))
        found[measure] = series(
            held,
            {
                (code, period): Cell(None if value is None else float(value), State(state))
                for code, period, value, state in zip(codes, periods, values, states, strict=True)
            },
        )
    return found

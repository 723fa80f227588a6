"""Sums that carry their states: a masked cell is never added as if it were zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis

from perron.lake.provenance import State

if TYPE_CHECKING:
    from ibis.expr.types import Table as Expression


def total(table: Expression, measures: Sequence[str], by: Sequence[str]) -> Expression:
    """Group `table` by the columns `by` and sum each measure with its status.

    A group that holds an unknown cell is unknown, else one that holds a suppressed cell is
    suppressed; both have no value. A sum of 0 is a zero. The expression runs alike on every engine.
    """
    sums = {}
    for name in measures:
        status = table[f"{name}_status"]
        sums[f"{name}_sum"] = table[name].sum()
        sums[f"{name}_unknown"] = (status == State.UNKNOWN.value).cast("int64").sum()
        sums[f"{name}_suppressed"] = (status == State.SUPPRESSED.value).cast("int64").sum()
    grouped = table.group_by(list(by)).aggregate(**sums)
    columns = {}
    for name in measures:
        hidden = (grouped[f"{name}_unknown"] + grouped[f"{name}_suppressed"]) > 0
        value = ibis.cases(
            (hidden, ibis.null("float64")), else_=grouped[f"{name}_sum"].cast("float64")
        )
        columns[name] = value
        columns[f"{name}_status"] = ibis.cases(
            (grouped[f"{name}_unknown"] > 0, State.UNKNOWN.value),
            (grouped[f"{name}_suppressed"] > 0, State.SUPPRESSED.value),
            (grouped[f"{name}_sum"] == 0, State.ZERO.value),
            else_=State.OBSERVED.value,
        )
    return grouped.select(*by, **columns)

"""What must hold before a table is published: types, key, and the rule between value and status."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from perron.errors import InputError
from perron.lake.provenance import State
from perron.lake.schema import STORED, Measure, Table
from perron.translation import gettext as _


def check(table: Table, data: pa.Table) -> None:
    """Raise an InputError naming the table, the column and the first row that breaks its contract."""
    expected = table.arrow()
    if data.schema.names != expected.names:
        raise InputError(
            _("Table {name} : colonnes {found}, attendues {expected}.").format(
                name=table.name, found=data.schema.names, expected=expected.names
            )
        )
    for wanted in expected:
        column = data.column(wanted.name)
        if column.type != wanted.type:
            raise InputError(
                _("Table {name}, colonne {column} : type {found}, attendu {expected}.").format(
                    name=table.name, column=wanted.name, found=column.type, expected=wanted.type
                )
            )
        if not wanted.nullable and column.null_count:
            _refuse(
                table, data, wanted.name, pc.is_null(column), _("vide, une valeur est attendue")
            )
    _check_key(table, data)
    for measure in table.measures:
        _check_measure(table, data, measure)


def _check_key(table: Table, data: pa.Table) -> None:
    counted = data.group_by(list(table.key)).aggregate([([], "count_all")])
    if counted.num_rows == data.num_rows:
        return
    twice = counted.filter(pc.greater(counted.column("count_all"), 1)).slice(0, 1).to_pylist()[0]
    raise InputError(
        _(
            "Table {name} : {count} lignes portent la même clé {key}, une seule est attendue."
        ).format(name=table.name, count=twice.pop("count_all"), key=twice)
    )


def _check_measure(table: Table, data: pa.Table, measure: Measure) -> None:
    value, status = data.column(measure.name), data.column(measure.status)
    known = pc.is_in(status, value_set=pa.array([s.value for s in STORED]))
    _refuse(table, data, measure.status, pc.invert(known), _("état inconnu"))
    shown = pc.is_in(status, value_set=pa.array([State.OBSERVED.value, State.ZERO.value]))
    wrong = pc.xor(shown, pc.is_valid(value))
    _refuse(table, data, measure.name, wrong, _("une valeur et son état ne vont pas ensemble"))
    zero = pc.fill_null(pc.equal(value, 0), False)
    wrong = pc.xor(zero, pc.equal(status, State.ZERO.value))
    _refuse(table, data, measure.name, wrong, _("zéro et l’état « zero » vont ensemble"))
    finite = pc.fill_null(pc.is_finite(value), True)
    _refuse(table, data, measure.name, pc.invert(finite), _("ni infini ni « pas un nombre »"))


def _refuse(
    table: Table, data: pa.Table, column: str, wrong: pa.ChunkedArray, problem: str
) -> None:
    if not pc.any(wrong).as_py():
        return
    row = pc.index(wrong, True).as_py()
    raise InputError(
        _("Table {name}, colonne {column}, ligne {row} : {problem} ({found}).").format(
            name=table.name,
            column=column,
            row=row + 1,
            problem=problem,
            found=data.slice(row, 1).to_pylist()[0],
        )
    )

"""What a table of the lake is: typed columns, a key, measures with their states, a grain.

A measure `m` always comes with a column `m_status` holding one of the four states a stored cell can
have. The rule between the two is checked before anything is published: a value exists if and only
if the status is observed or zero, and it is 0 if and only if the status is zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from perron.lake.provenance import State

#: The states a stored cell can have. "Not measured" is the absence of a source, never a cell.
STORED = (State.OBSERVED, State.ZERO, State.SUPPRESSED, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that identifies or describes: `nullable` only where absence has a meaning."""

    name: str
    type: pa.DataType
    doc: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A counted or measured quantity; its states live in the column `<name>_status`."""

    name: str
    doc: str
    unit: str
    type: pa.DataType = field(default_factory=pa.float64)

    @property
    def status(self) -> str:
        return f"{self.name}_status"


@dataclass(frozen=True, slots=True)
class Table:
    """A table's contract. `version` grows when a column changes meaning, and is kept in manifests.

    `key` names the columns that identify a row. `absent` is what a missing row means: `zero` where
    the source is exhaustive (a register), `unknown` elsewhere.
    """

    name: str
    version: int
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    measures: tuple[Measure, ...] = ()
    absent: State = State.UNKNOWN

    def arrow(self) -> pa.Schema:
        """The Arrow schema a published file must have, columns in order, measures last."""
        fields = [pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns]
        for measure in self.measures:
            fields.append(pa.field(measure.name, measure.type, nullable=True))
            fields.append(pa.field(measure.status, pa.string(), nullable=False))
        return pa.schema(fields)

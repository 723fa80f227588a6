"""A table of figures: numbers to the right, states in words, each row a card on a phone.

Cells may be figures (their state and age are shown), texts or numbers. Sorting and filtering are
added in the browser; without script the table keeps the order it is given in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perron import formats
from perron.lake.provenance import Figure, Origin, State
from perron.site.components import figures

#: From this many rows on, a table gets its filter box; from the second on, the script folds it.
LONG, VERY_LONG = 12, 30


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `numeric` sets it to the right and sorts it as numbers.

    With `interval_of` the cells are figures again, and their bounds are written. A value above zero
    and below `least` is written "< least": a probability has no end of zeros.
    """

    label: str
    numeric: bool = True
    decimals: int = 0
    signed: bool = False
    interval_of: bool = False
    least: float | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its name with a second line `sub`, each with its link, and a cell for each column.

    `code` joins the row to the unit of a map. `strong` marks our own territory.
    """

    label: str
    cells: Sequence[Figure | str | float | None]
    sub: str = ""
    href: str = ""
    code: str = ""
    strong: bool = False
    sub_href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its conclusion as title. `id` is needed where a map leads to its rows.

    `first` is the heading of the names' column. `sorted_by` is the index of the column the rows
    already are in the order of (0 is the names), upwards unless `descending`.
    """

    title: str
    says: str
    first: str
    columns: Sequence[Column]
    rows: Sequence[TableRow]
    foot: Sequence[TableRow] = ()
    id: str = "table"
    sorted_by: int | None = None
    descending: bool = False
    sortable: bool = True
    source: Figure | Origin | str = ""
    csv_url: str = ""
    about: str = ""

    def long(self) -> bool:
        return len(self.rows) >= LONG

    def very_long(self) -> bool:
        return len(self.rows) >= VERY_LONG

    def sort_state(self, index: int) -> str:
        """The `aria-sort` of a column as the page is sent."""
        if self.sorted_by != index:
            return ""
        return "descending" if self.descending else "ascending"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is drawn: `sort` is the raw value, empty for a word, which sorts last."""

    label: str
    text: str
    numeric: bool
    sort: str = ""
    state: str = ""
    faint: bool = False


def cell(value: Figure | str | float | None, column: Column) -> Cell:
    """What a value looks like in a column. None is drawn empty: give a figure to say why."""
    language = figures.language()
    if isinstance(value, Figure):
        # A value that may not be shown can still have bounds that follow from what is.
        if column.interval_of and value.low is not None:
            return Cell(
                column.label,
                figures.interval_text(value),
                column.numeric,
                repr(value.low),
                faint=True,
            )
        if value.state is not State.OBSERVED or value.value is None:
            sort = "0" if value.state is State.ZERO else ""
            word = figures.word(value.state)
            return Cell(column.label, word, column.numeric, sort, value.state.value)
        if column.interval_of:
            text = figures.interval_text(value)
            return Cell(column.label, text, column.numeric, repr(value.low), faint=True)
        if column.least is not None and 0 < value.value < column.least:
            text = f"<{formats.NBSP}{formats.number(column.least, value.decimals, language)}"
        else:
            text = figures.value_text(value, column.signed, unit=False)
        return Cell(column.label, text, column.numeric, repr(value.value))
    if value is None:
        return Cell(column.label, "", column.numeric)
    if isinstance(value, str):
        return Cell(column.label, value, column.numeric, "" if column.numeric else value)
    write = formats.signed if column.signed else formats.number
    return Cell(column.label, write(value, column.decimals, language), column.numeric, repr(value))

"""Any table or chart of a page as a file: each figure with its state, bounds, period and source.

The columns follow from what is drawn, so a page writes none by hand. A figure gives its value as
the source has it, never rounded, and its state beside it; a value that may not be shown is an empty
cell. What a whole file has in common (territory, period, source) stands in one column of the end; a
figure that differs on one of these points has its own column for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from perron import exports
from perron.lake.provenance import Figure, Origin, State
from perron.site.components import figures
from perron.site.components.charts import LineChart, RowChart
from perron.site.components.maps import Choropleth
from perron.site.components.tables import Column, Table

#: What a page may be asked for.
SUFFIXES = ("csv", "xlsx")
Drawn = Table | RowChart | LineChart | Choropleth

#: What stands beside a figure's value, and the heading of its column in the singular.
_ABOUT = {
    "territory": _lazy("territoire du chiffre"),
    "period": _lazy("période"),
    "source": _lazy("source"),
    "licence": _lazy("licence"),
    "retrieved": _lazy("extrait le"),
}


def export_of(drawn: Drawn, title: str = "") -> exports.Export:
    """What a table, chart or map shows, as a table to hand over with all its sources.

    A table, a row chart and a map give one row a line or unit, a line chart one row a period and
    series. `title` names the file's sheet; by default it is what the piece is about.
    """
    grid = _series(drawn) if isinstance(drawn, LineChart) else _lines(drawn)
    return exports.Export(
        _distinct(grid.headings()),
        grid.rows(),
        title=title or drawn.about or drawn.title,
        sources=origins(drawn),
    )


def answer(export: exports.Export, suffix: str, name: str) -> HttpResponse:
    """The file as an attachment `perron-<name>.<suffix>`; an unknown suffix is a page not found."""
    if suffix not in SUFFIXES:
        raise Http404(suffix)
    form = exports.Format(suffix)
    response = HttpResponse(exports.encode(export, form), content_type=exports.CONTENT_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="perron-{slugify(name)}.{suffix}"'
    return response


def figures_of(drawn: Drawn) -> Iterator[Figure]:
    """Every figure of a piece, its source included, in reading order."""
    if isinstance(drawn, LineChart):
        yield from (f for series in drawn.series for f in series.figures if f is not None)
    else:
        for line in _lines(drawn).cells:
            yield from (cell for cell in line if isinstance(cell, Figure))
    if isinstance(drawn.source, Figure):
        yield drawn.source


def columns_of(drawn: Drawn) -> list[tuple[str, list[Figure]]]:
    """Each column of a piece with its figures, intervals that another column bounds left out.

    A line chart has one column a series, named as its figures are; so has a map.
    """
    if isinstance(drawn, LineChart):
        lines = [(s.label, [f for f in s.figures if f is not None]) for s in drawn.series]
        return [(known[0].name if known else label, known) for label, known in lines]
    if isinstance(drawn, Choropleth):
        shown = [unit.figure for unit in drawn.units]
        return [(shown[0].name if shown else drawn.title, shown)]
    grid = _lines(drawn)
    found = ((label, grid.column(i)) for i, label in enumerate(grid.labels))
    return [(label, [f for f in column if f is not None]) for label, column in found]


def origins(*drawn: Drawn | Figure) -> list[Origin]:
    """Every table that the figures come from, each once, in order of appearance."""
    found: list[Origin] = []
    for piece in drawn:
        if isinstance(piece, Figure):
            found += (piece.origin, *piece.others)
            continue
        for figure in figures_of(piece):
            found += (figure.origin, *figure.others)
        if isinstance(piece.source, Origin):
            found.append(piece.source)
    return list(dict.fromkeys(found))


# --- the grid: texts that name a line, then figures -----------------------------------------------

Value = Figure | str | float | None


@dataclass(slots=True)
class _Grid:
    """Lines named by `keys`, and the values under each of `labels`."""

    key_labels: list[str]
    keys: list[tuple[exports.Cell, ...]]
    labels: list[str]
    cells: list[tuple[Value, ...]]
    #: The state of a place in the grid without any figure, where that too is a state.
    absent: State | None = None

    def column(self, index: int) -> list[Figure | None]:
        """The figures of a column, None in the lines that hold a text, a number or nothing."""
        values = (line[index] for line in self.cells)
        return [value if isinstance(value, Figure) else None for value in values]

    def has_figures(self, index: int) -> bool:
        return any(self.column(index))

    def bounded(self, index: int) -> bool:
        return any(f is not None and f.low is not None for f in self.column(index))

    def own(self, index: int) -> list[str]:
        """The points on which the figures of a column differ from the first ones of their line."""
        pairs = [
            (figure, first)
            for figure, line in zip(self.column(index), self.cells, strict=True)
            if figure is not None and (first := _first(line)) is not None
        ]
        return [a for a in _ABOUT if any(_about(f, a) != _about(first, a) for f, first in pairs)]

    def headings(self) -> list[str]:
        heads = list(self.key_labels)
        for i, label in enumerate(self.labels):
            heads.append(label)
            if self.has_figures(i):
                heads.append(_("{column}, état").format(column=label))
            if self.bounded(i):
                heads += [
                    _("{column}, bas").format(column=label),
                    _("{column}, haut").format(column=label),
                ]
            heads += [f"{label}, {_ABOUT[a]}" for a in self.own(i)]
        if any(self.has_figures(i) for i in range(len(self.labels))):
            heads += [str(word).capitalize() for word in _ABOUT.values()]
        return heads

    def rows(self) -> Iterator[list[exports.Cell]]:
        plan = [
            (self.has_figures(i), self.bounded(i), self.own(i)) for i in range(len(self.labels))
        ]
        for key, line in zip(self.keys, self.cells, strict=True):
            row: list[exports.Cell] = list(key)
            for value, (has_figures, bounded, own) in zip(line, plan, strict=True):
                row += _written(value, has_figures, bounded, own, self.absent)
            if any(has_figures for has_figures, *_rest in plan):
                first = _first(line)
                row += [None if first is None else _about(first, a) for a in _ABOUT]
            yield row


def _distinct(headings: Iterable[str]) -> list[str]:
    """Two columns under one heading are told apart by their rank.

    >>> _distinct(["n", "n", "p"])
    ['n', 'n (2)', 'p']
    """
    seen: Counter[str] = Counter()
    found = []
    for heading in headings:
        seen[heading] += 1
        found.append(f"{heading} ({seen[heading]})" if seen[heading] > 1 else heading)
    return found


def _first(line: Iterable[Value]) -> Figure | None:
    return next((value for value in line if isinstance(value, Figure)), None)


def _written(
    value: Value, has_figures: bool, bounded: bool, own: Sequence[str], absent: State | None
) -> list[exports.Cell]:
    """A value with what its column asks beside it."""
    if isinstance(value, Figure):
        bounds = [value.low, value.high] if bounded else []
        return [value.value, state_word(value.state), *bounds, *(_about(value, a) for a in own)]
    state = [None if absent is None else state_word(absent)] if has_figures else []
    return [value, *state, *([None] * (2 * bounded + len(own)))]


def state_word(state: State) -> str:
    """The word of a state in a file, where an observed value has one too."""
    return _("observé") if state is State.OBSERVED else figures.word(state)


def _about(figure: Figure, asked: str) -> exports.Cell:
    if asked == "territory":
        return figure.territory
    if asked == "period":
        return figure.period
    found = (figure.origin, *figure.others)
    if asked == "source":
        return _joined(figures.source_text(o.publisher, o.source) for o in found)
    if asked == "licence":
        return _joined(_(o.licence) for o in found)
    days = {o.retrieved for o in found}
    return days.pop() if len(days) == 1 else _joined(map(date.isoformat, sorted(days)))


def _joined(texts: Iterable[str]) -> str:
    return " ; ".join(dict.fromkeys(texts))


# --- what each piece puts in the grid ---------------------------------------------------------------


def _lines(drawn: Table | RowChart | Choropleth) -> _Grid:
    if isinstance(drawn, Table):
        lines = [*drawn.rows, *drawn.foot]
        keys = [(row.label, row.sub, row.code) for row in lines]
        columns = _shown_once(drawn.columns, [row.cells for row in lines])
        labels = [drawn.columns[i].label for i in columns]
        cells = [tuple(row.cells[i] for i in columns) for row in lines]
        return _named(drawn.first, keys, labels, cells)
    if isinstance(drawn, RowChart):
        keys = [(row.label, row.sub, "") for row in drawn.rows]
        given = [Column(drawn.value), *drawn.columns_drawn()]
        values = [(row.figure, *row.cells) for row in drawn.rows]
        columns = _shown_once(given, values)
        labels = [given[i].label for i in columns]
        return _named(
            drawn.label, keys, labels, [tuple(line[i] for i in columns) for line in values]
        )
    keys = [(unit.name, "", unit.code) for unit in drawn.units]
    return _named(_("Unité"), keys, [_("Valeur")], [(unit.figure,) for unit in drawn.units])


def _shown_once(columns: Sequence[Column], lines: Sequence[Sequence[Value]]) -> list[int]:
    """Columns but those of intervals whose figures another column gives with their bounds."""

    def given(index: int) -> list[int]:
        return [id(line[index]) for line in lines]

    plain = [given(i) for i, column in enumerate(columns) if not column.interval_of]
    return [i for i, c in enumerate(columns) if not (c.interval_of and given(i) in plain)]


def _named(
    first: str,
    keys: Sequence[tuple[str, str, str]],
    labels: list[str],
    cells: list[tuple[Value, ...]],
) -> _Grid:
    """The lines with the columns that name them: name, second line and code where there are any."""
    heads = (first, _("{column}, précision").format(column=first), _("Code"))
    kept = [i for i in range(3) if not i or any(key[i] for key in keys)]
    named: list[tuple[exports.Cell, ...]] = [tuple(key[i] or None for i in kept) for key in keys]
    return _Grid([str(heads[i]) for i in kept], named, [str(label) for label in labels], cells)


def _series(chart: LineChart) -> _Grid:
    """One line a series and period; a period that a series doesn't have is an unknown value."""
    heads = [_("Série"), _("Période de la série")]
    grid = _Grid(heads, [], [_("Valeur")], [], absent=State.UNKNOWN)
    united = any(f and f.unit for series in chart.series for f in series.figures)
    if united:
        heads.append(_("Unité"))
    for series in chart.series:
        for period, figure in zip(chart.periods, series.figures, strict=True):
            unit = ((figure.unit or None) if figure else None,) if united else ()
            grid.keys.append((series.label, period, *unit))
            grid.cells.append((figure,))
    return grid

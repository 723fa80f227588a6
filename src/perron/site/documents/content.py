"""From a sheet to what the template sets: texts as they are read, positions between 0 and 1.

Everything is plain data (texts, numbers, lists), so that it travels to the typesetter as JSON and no
text is ever read as markup. Geometry is that of the pages: the same scales, classes and labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from perron import formats
from perron.lake.provenance import Figure, State
from perron.site.components import charts, figures, maps, networks, scales, tables
from perron.site.components.icons import MARK
from perron.site.components.sheets import (
    Bars,
    Block,
    Dots,
    Facts,
    Heading,
    Note,
    Sheet,
    Text,
)
from perron.site.documents import map_drawing, network_drawing, sources

Data = dict[str, Any]
#: States whose age says nothing: nobody has counted.
_AGELESS = (State.UNKNOWN, State.NOT_MEASURED)
_PIXEL = 0.75  # points


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who hands the document over, and when; `address` is where the page that says the same is."""

    agency: str
    territory: str
    made: datetime
    address: str = ""
    fictional: bool = False


def content(sheet: Sheet, imprint: Imprint) -> Data:
    """Everything the template sets, in the language in force."""
    language, today = figures.language(), imprint.made.date()
    return {
        "language": language,
        "agency": imprint.agency,
        "territory": imprint.territory,
        "title": sheet.title,
        "subject": sheet.subject,
        "lead": sheet.lead,
        "where": sheet.where,
        "date": formats.date(today, language),
        "fictional": _("exemple fictif") if imprint.fictional else "",
        "reserves": list(sheet.reserves),
        "silent": sheet.silent,
        "address": imprint.address,
        "blocks": list(_blocks(sheet.blocks, today)),
        "sources": sources.section(sheet.blocks, today),
        "words": _words(),
        "colours": dict(map_drawing.colours()),
        "mark": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 30">'
        f'<path fill="{map_drawing.colours()["accent"]}" d="{MARK}"/></svg>',
    }


def _words() -> Mapping[str, str]:
    """The sentences of the document itself."""
    return {
        "page": _("Page {page} sur {pages}"),
        "made": _("Établi le {date}"),
        "reserves": _("À lire avec prudence"),
        "silent": _("Ce que ces chiffres ne disent pas"),
        "interval": _("Intervalle"),
        "period": _("Période"),
        "series": _("Série"),
        "source": _("Source :"),
        "sources": _("D’où viennent ces chiffres ?"),
        "facts": _("Les chiffres numérotés"),
        "measures": _("Les mesures des tableaux et graphiques"),
        "measure": _("Mesure"),
        "method": _("Comment elle est faite"),
        "age": _("Âge"),
        "origins": _("Les sources"),
        "origin": _("Sources"),
        "online": _("Cette page, ses tables et leurs téléchargements :"),
    }


def _blocks(blocks: Sequence[Block], today: date) -> Iterator[Data]:
    """The pieces in order; a title under a question is one level lower than one that has none."""
    level, number = 2, 0
    for block in blocks:
        if isinstance(block, Heading):
            level = 3
            yield {"kind": "heading", "text": block.text}
        elif isinstance(block, Text):
            yield {"kind": "text", "text": block.text}
        elif isinstance(block, Note):
            yield {"kind": "note", "text": block.text, "title": block.title}
        elif isinstance(block, Facts):
            yield {"kind": "facts", "facts": _facts(block, number, today)}
            number += len(block.facts)
        else:
            yield {"level": level, **_piece(block, today)}


def _facts(block: Facts, number: int, today: date) -> list[Data]:
    found = []
    for rank, fact in enumerate(block.facts, start=number + 1):
        figure, language = fact.figure, figures.language()
        observed = figure.state is State.OBSERVED and figure.value is not None
        write = formats.signed if fact.signed else formats.number
        old = figure.stale(today) and figure.state not in _AGELESS
        found.append(
            {
                "number": rank,
                "label": fact.label or figure.name,
                "value": write(figure.value or 0.0, figure.decimals, language) if observed else "",
                "unit": figure.unit if observed else "",
                "state": "" if observed else figure.state.value,
                "word": figures.word(figure.state),
                "context": fact.text or figures.context_text(figure),
                "old": figures.years(figure.age(today)) if old else "",
            }
        )
    return found


def _piece(block: Block, today: date) -> Data:
    if isinstance(block, Dots):
        return _rows(block.chart, "dots", today)
    if isinstance(block, Bars):
        return _rows(block.chart, "bars", today)
    if isinstance(block, charts.LineChart):
        return _lines(block, today)
    if isinstance(block, maps.Choropleth):
        return _map(block, today)
    if isinstance(block, networks.NetworkChart):
        return _network(block, today)
    assert isinstance(block, tables.Table)
    return _table(block, today)


def _head(drawn: Any, kind: str, today: date) -> Data:
    """What every chart and table has: its title, what it says, its source line."""
    return {
        "kind": kind,
        "title": drawn.title,
        "says": drawn.says,
        "source": sources.line(drawn.source, today),
    }


# --- tables and the charts that are one of their columns ------------------------------------------


def _cell(value: Figure | str | float | None, column: tables.Column) -> Data:
    drawn = tables.cell(value, column)
    return {
        "text": drawn.text,
        "state": drawn.state,
        "right": drawn.numeric,
        "faint": drawn.faint,
    }


def _table(table: tables.Table, today: date) -> Data:
    def lines(rows: Sequence[tables.TableRow]) -> list[Data]:
        return [
            {
                "label": row.label,
                "sub": row.sub,
                "strong": row.strong,
                "cells": [_cell(v, c) for v, c in zip(row.cells, table.columns, strict=True)],
            }
            for row in rows
        ]

    return {
        **_head(table, "table", today),
        "first": table.first,
        "columns": [{"label": str(c.label), "right": c.numeric} for c in table.columns],
        "rows": lines(table.rows),
        "foot": lines(table.foot),
    }


def _rows(chart: charts.RowChart, kind: str, today: date) -> Data:
    scale = chart.scale()
    columns = [tables.Column(chart.value, signed=chart.signed), *chart.columns_drawn()]
    rows = []
    for row in chart.rows:
        values = [row.figure, *row.cells]
        place = _dot if kind == "dots" else _bar
        rows.append(
            {
                "label": row.label,
                "sub": row.sub,
                "strong": row.strong,
                "mark": place(row.figure, chart, scale, row.kind),
                "interval": figures.interval_text(row.figure),
                "cells": [_cell(v, c) for v, c in zip(values, columns, strict=True)],
            }
        )
    return {
        **_head(chart, kind, today),
        "first": chart.label,
        "columns": [{"label": str(c.label), "right": c.numeric} for c in columns],
        "rows": rows,
        "intervals": chart.has_intervals(),
        "ticks": [
            {"at": _share(tick.at), "text": tick.text, "anchor": tick.anchor}
            for tick in chart.ticks()
        ],
    }


def _share(at: str) -> float | None:
    """The SVG length of a page as a share of the width; None where nothing is drawn.

    >>> _share("40%"), _share("")
    (0.4, None)
    """
    return float(at.rstrip("%")) / 100 if at else None


def _dot(figure: Figure, chart: charts.RowChart, scale: scales.Scale, kind: int) -> Data:
    drawn = charts.dot(figure, scale, chart.reference, kind)
    return {
        "kind": kind,
        "point": _share(drawn.point),
        "low": _share(drawn.low),
        "high": _share(drawn.high),
        "reference": _share(drawn.reference),
        "clipped_low": drawn.clipped_low,
        "clipped_high": drawn.clipped_high,
    }


def _bar(figure: Figure, chart: charts.RowChart, scale: scales.Scale, kind: int) -> Data:
    drawn = charts.bar(figure, scale, kind)
    return {
        "kind": kind,
        "x": _share(drawn.x),
        "width": _share(drawn.width),
        "zero": _share(drawn.zero),
        "low": _share(drawn.low),
        "high": _share(drawn.high),
        "clipped_high": drawn.clipped_high,
    }


# --- lines and maps ---------------------------------------------------------------------------------

_STEP = re.compile(r"(-?[\d.e+-]+) (-?[\d.e+-]+)")


def _strokes(path: str) -> list[list[tuple[float, float]]]:
    """The strokes of a page's path: shares of the width, and points of height.

    >>> _strokes("M0 10L50 20M75 30L100 40")
    [[(0.0, 7.5), (0.5, 15.0)], [(0.75, 22.5), (1.0, 30.0)]]
    """
    return [
        [(float(x) / 100, float(y) * _PIXEL) for x, y in _STEP.findall(stroke)]
        for stroke in path.split("M")
        if stroke
    ]


def _lines(chart: charts.LineChart, today: date) -> Data:
    drawn = charts.plot(chart)
    says = chart.says
    if drawn.start_text:
        says += " " + _("L’échelle commence à {start}.").format(start=drawn.start_text)
    traces = [
        {
            "kind": trace.kind,
            "lines": _strokes(trace.path),
            "bands": _strokes(trace.band.replace("Z", "")),
            "lone": [(_share(x), float(y) * _PIXEL) for x, y in trace.lone],
            "end": (_share(trace.end[0]), float(trace.end[1]) * _PIXEL) if trace.end else None,
            "label": trace.label,
            "value": trace.value,
            "label_y": float(trace.label_y) * _PIXEL,
        }
        for trace in drawn.traces
    ]
    column = tables.Column("")
    unknown = {"text": figures.word(State.UNKNOWN), "state": State.UNKNOWN.value}
    rows = [
        {
            "label": period,
            "sub": "",
            "strong": False,
            "cells": [
                _cell(f, column) if f else {**unknown, "right": True, "faint": False} for f in line
            ],
        }
        for period, line in drawn.table
    ]
    return {
        **_head(chart, "lines", today),
        "says": says,
        "alt": _spoken(chart),
        "height": drawn.height * _PIXEL,
        "rules": [
            {
                "y": float(y) * _PIXEL,
                "text": text,
                "line": "base" if y == drawn.base else "dash" if y == drawn.reference else "grid",
            }
            for y, text in drawn.rows
        ],
        "ticks": [
            {"at": _share(tick.at), "text": tick.text, "anchor": tick.anchor}
            for tick in drawn.columns
        ],
        "traces": traces,
        "table": {
            "first": _("Période"),
            "columns": [{"label": str(s.label), "right": True} for s in chart.series],
            "rows": rows,
            "foot": [],
        },
    }


def _spoken(chart: charts.LineChart) -> str:
    """The chart in words: its first and last known values; all of them stand in its table."""
    said = [chart.title, chart.says]
    for series in chart.series:
        known = [
            (period, figure)
            for period, figure in zip(chart.periods, series.figures, strict=True)
            if figure is not None and figure.value is not None
        ]
        if known:
            ends = [known[0], known[-1]] if len(known) > 1 else known
            values = [
                _("{value} en {period}").format(
                    value=figures.value_text(f), period=formats.period(p, figures.language())
                )
                for p, f in ends
            ]
            said.append(f"{series.label} : {', '.join(values)}.")
    said.append(_("Le tableau qui suit donne chaque valeur."))
    return " ".join(said)


def _map(chart: maps.Choropleth, today: date) -> Data:
    drawing = maps.drawing(chart)
    return {
        **_head(chart, "map", today),
        "svg": map_drawing.svg(chart, drawing),
        "width": map_drawing.width(chart),
        "alt": f"{chart.title} {drawing.summary}",
        "key": [
            {"css": key.css, "text": key.text, "count": str(key.count), "first": i == 0}
            for keys in (drawing.classes, drawing.states)
            for i, key in enumerate(keys)
        ],
    }


def _network(chart: networks.NetworkChart, today: date) -> Data:
    drawing = networks.drawing(chart, figures.language())
    shapes = [
        {"svg": network_drawing.mark(kind.css), "text": f"{kind.text} ({count})"}
        for kind, count in drawing.key
    ]
    lines = [
        {"svg": network_drawing.line_mark(kind.css), "text": kind.text} for kind in drawing.lines
    ]
    return {
        **_head(chart, "network", today),
        "svg": network_drawing.svg(chart, drawing),
        "alt": f"{chart.title} {drawing.summary}",
        "key": [*shapes, *lines],
    }

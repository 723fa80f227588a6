"""The template tags of Perron, available in every template without `{% load %}`.

A tag takes an object that the view prepared (a figure, a chart, a map, a table) and draws it whole:
words of states, source line and table included, so that no page can forget them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from perron import formats
from perron.lake.provenance import Figure, Origin, State
from perron.site.components import (
    assets,
    charts,
    figures,
    icons,
    maps,
    networks,
    quadrants,
    scales,
    tables,
)

register = template.Library()
_PIECES = "components/"


def _today(context: dict[str, Any]) -> date:
    return context.get("today") or timezone.localdate()


# --- files and signs ---------------------------------------------------------------------------


@register.simple_tag
def bundle(name: str) -> str:
    """The address of a style sheet, script or font: `{% bundle "perron.css" %}`."""
    return static(assets.path_of(name, use_bundle=not settings.DEBUG))


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A sign beside words that say the same: hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>',
        css,
        icons.ICONS[name],
    )


@register.simple_tag
def mark() -> SafeString:
    """The mark of Perron."""
    return format_html(
        '<svg viewBox="0 0 24 30" aria-hidden="true"><path d="{}"/></svg>', icons.MARK
    )


# --- numbers and dates ---------------------------------------------------------------------------


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    """`{{ value|number:1 }}` writes 1 234,5; nothing for None, whose state a figure would say."""
    return "" if value is None else formats.number(value, decimals, figures.language())


@register.filter
def signed(value: float | None, decimals: int = 0) -> str:
    """`{{ change|signed }}` writes +1 467 or −3 260."""
    return "" if value is None else formats.signed(value, decimals, figures.language())


@register.filter
def percent(value: float | None, decimals: int = 0) -> str:
    """`{{ share|percent }}` writes 45 % for 0.45."""
    return "" if value is None else formats.percent(value, decimals, figures.language())


@register.filter
def day(value: date | None, style: str = "long") -> str:
    """`{{ retrieved|day }}` writes 23 novembre 2026; styles: long, full, short."""
    return "" if value is None else formats.date(value, figures.language(), style)


@register.filter
def period(value: str) -> str:
    """`{{ figure.period|period }}` writes 4e trimestre 2023 for 2023-Q4."""
    return formats.period(value, figures.language())


@register.filter
def interval(figure: Figure) -> str:
    """`{{ figure|interval }}` writes 1,34 à 1,52, or nothing where none is published."""
    return figures.interval_text(figure)


@register.filter
def shown(figure: Figure) -> str:
    """`{{ figure|shown }}`: the value with its unit or the word of its state, as plain text."""
    return figures.value_text(figure)


# --- figures ------------------------------------------------------------------------------------


@register.inclusion_tag(_PIECES + "state.html")
def state(value: State | str, text: str = "") -> dict[str, Any]:
    """The mark and word of a state: `{% state "suppressed" %}`; `text` agrees it in a sentence."""
    known = State(value)
    return {"state": known.value, "text": text or figures.word(known)}


@register.inclusion_tag(_PIECES + "age.html", takes_context=True)
def age(context: dict[str, Any], figure: Figure, always: bool = False) -> dict[str, Any]:
    """How old a stale figure is; with `always`, how old any figure is."""
    today = _today(context)
    stale = figure.stale(today)
    return {"text": figures.years(figure.age(today)) if stale or always else "", "stale": stale}


@register.inclusion_tag(_PIECES + "provenance.html", takes_context=True)
def provenance(
    context: dict[str, Any],
    figure: Figure,
    table: str = "",
    csv: str = "",
    about: str = "",
    wide: bool = False,
    opened: bool = False,
) -> dict[str, Any]:
    """The quiet "d'où ?" beside a figure, and everything it opens. Not inside a `<p>`."""
    return {
        "lines": figures.provenance(figure, _today(context)),
        "about": about or figure.name,
        "url": figure.origin.url,
        "table": table,
        "csv": csv,
        "wide": wide,
        "opened": opened,
    }


@register.inclusion_tag(_PIECES + "fact.html", takes_context=True)
def fact(
    context: dict[str, Any],
    figure: Figure,
    label: str = "",
    text: str = "",
    table: str = "",
    csv: str = "",
    signed: bool = False,
    wide: bool = False,
    opened: bool = False,
) -> dict[str, Any]:
    """A figure in a `<dl class="facts">`: label, value or state, context, age, "d'où ?".

    `text` replaces the context line, which is otherwise the interval and the period.
    """
    language = figures.language()
    value = ""
    if figure.state is State.OBSERVED and figure.value is not None:
        write = formats.signed if signed else formats.number
        value = write(figure.value, figure.decimals, language)
    return {
        "figure": figure,
        "label": label or figure.name,
        "value": value,
        "state": "" if value else figure.state.value,
        "word": figures.word(figure.state),
        "context": text or figures.context_text(figure),
        # The age of what nobody has counted says nothing.
        "stale": figure.stale(_today(context))
        and figure.state not in (State.UNKNOWN, State.NOT_MEASURED),
        "today": _today(context),
        "table": table,
        "csv": csv,
        "wide": wide,
        "opened": opened,
    }


@register.inclusion_tag(_PIECES + "figure.html", takes_context=True)
def figure(
    context: dict[str, Any], figure: Figure, signed: bool = False, unit: bool = True
) -> dict[str, Any]:
    """A figure within a text or a cell: its value, pale when stale, or the word of its state."""
    observed = figure.state is State.OBSERVED
    return {
        "text": figures.value_text(figure, signed, unit),
        "state": "" if observed else figure.state.value,
        "stale": figure.stale(_today(context)),
    }


@register.inclusion_tag(_PIECES + "grade.html")
def grade(value: str) -> dict[str, Any]:
    """A degree of proof: attested, probable, claimed or not_measured. Shape says it, not colour."""
    return {"grade": value, "text": figures.grade_word(value)}


@register.inclusion_tag(_PIECES + "source_line.html", takes_context=True)
def source_line(
    context: dict[str, Any],
    source: Figure | Origin | str,
    table: str = "",
    csv: str = "",
    about: str = "",
    note: str = "",
) -> dict[str, Any]:
    """What stands under a chart or table: source, period and age, then its table and its CSV.

    `about` tells links of one page apart for a screen reader; `note` follows the source.
    """
    found: dict[str, Any] = {"table": table, "csv": csv, "about": about, "note": note}
    if isinstance(source, Figure):
        today = _today(context)
        found["text"] = figures.source_text(source.origin.publisher, source.origin.source)
        found["period"] = formats.period(source.period, figures.language())
        found["stale"] = figures.years(source.age(today)) if source.stale(today) else ""
    elif isinstance(source, Origin):
        found["text"] = figures.source_text(source.publisher, source.source)
        found["retrieved"] = formats.date(source.retrieved, figures.language())
    else:
        found["text"] = source
    return found


# --- charts, maps, tables -------------------------------------------------------------------------


def _row_chart(context: dict[str, Any], chart: charts.RowChart, kind: str) -> dict[str, Any]:
    scale = chart.scale()
    rows = []
    for row in chart.rows:
        drawn = (
            charts.dot(row.figure, scale, chart.reference, row.kind)
            if kind == "dot"
            else charts.bar(row.figure, scale, row.kind)
        )
        main = tables.Column(chart.value, signed=chart.signed)
        cells = [
            tables.cell(value, column)
            for column, value in zip(chart.columns_drawn(), row.cells, strict=True)
        ]
        rows.append((row, drawn, tables.cell(row.figure, main), row.figure, cells))
    language = figures.language()
    places = scales.decimals_of([scale.low, scale.high])
    return {
        "chart": chart,
        "kind": kind,
        "rows": rows,
        "ticks": chart.ticks(),
        "low": formats.number(scale.low, places, language),
        "high": formats.number(scale.high, places, language),
        "today": _today(context),
    }


@register.inclusion_tag(_PIECES + "row_chart.html", takes_context=True)
def dotplot(context: dict[str, Any], chart: charts.RowChart) -> dict[str, Any]:
    """A dot plot with intervals, drawn as a column of its table."""
    return _row_chart(context, chart, "dot")


@register.inclusion_tag(_PIECES + "row_chart.html", takes_context=True)
def bars(context: dict[str, Any], chart: charts.RowChart) -> dict[str, Any]:
    """Bars from zero, drawn as a column of their table."""
    return _row_chart(context, chart, "bar")


@register.inclusion_tag(_PIECES + "line_chart.html", takes_context=True)
def line(context: dict[str, Any], chart: charts.LineChart) -> dict[str, Any]:
    """Several series over time, labelled at their ends, with their table behind."""
    return {"chart": chart, "plot": charts.plot(chart), "today": _today(context)}


@register.inclusion_tag(_PIECES + "map.html", takes_context=True)
def choropleth(context: dict[str, Any], chart: maps.Choropleth) -> dict[str, Any]:
    """A map in five classes with its key; its units lead to the rows of the table beside it."""
    return {"chart": chart, "drawing": maps.drawing(chart), "today": _today(context)}


@register.inclusion_tag(_PIECES + "network.html", takes_context=True)
def network(context: dict[str, Any], chart: networks.NetworkChart) -> dict[str, Any]:
    """Nodes in groups with their links; the page that draws one loads `network.js` as well."""
    drawn = networks.drawing(chart, figures.language())
    return {"chart": chart, "drawing": drawn, "today": _today(context)}


@register.inclusion_tag(_PIECES + "quadrants.html", takes_context=True)
def quadrant_plot(context: dict[str, Any], chart: quadrants.QuadrantChart) -> dict[str, Any]:
    """Points with intervals in four quadrants; the page gives the same in lists, for a phone."""
    return {"chart": chart, "plot": quadrants.drawing(chart), "today": _today(context)}


@register.inclusion_tag(_PIECES + "table.html", takes_context=True)
def data_table(context: dict[str, Any], table: tables.Table) -> dict[str, Any]:
    """A table of figures: sortable, filtered when long, cards on a phone."""

    def drawn(rows: Sequence[tables.TableRow]) -> list[tuple[tables.TableRow, list[tables.Cell]]]:
        return [
            (
                row,
                [
                    tables.cell(value, column)
                    for column, value in zip(table.columns, row.cells, strict=True)
                ],
            )
            for row in rows
        ]

    return {
        "table": table,
        "columns": [(c, table.sort_state(i + 1)) for i, c in enumerate(table.columns)],
        "first_sort": table.sort_state(0),
        "rows": drawn(table.rows),
        "foot": drawn(table.foot),
        "today": _today(context),
    }


# --- words ---------------------------------------------------------------------------------------


@register.inclusion_tag(_PIECES + "button.html")
def button(label: str, href: str = "", kind: str = "", why_not: str = "") -> dict[str, Any]:
    """A verb and its object. `kind`: "" (the one action), "second", "plain".

    With `why_not` the button is disabled and the reason stands beside it.
    """
    return {"label": label, "href": href, "kind": kind, "why_not": why_not}


@register.inclusion_tag(_PIECES + "note.html")
def note(text: str, title: str = "", alert: bool = False) -> dict[str, Any]:
    """A reserve beside the figures it is about."""
    return {"text": text, "title": title, "alert": alert}


@register.inclusion_tag(_PIECES + "empty.html")
def empty(
    title: str, text: str, action: str = "", href: str = "", other: str = "", other_href: str = ""
) -> dict[str, Any]:
    """An empty list: what it is, how to fill it, and the button that does."""
    return {
        "title": title,
        "text": text,
        "action": action,
        "href": href,
        "other": other,
        "other_href": other_href,
    }


@register.inclusion_tag(_PIECES + "toast.html")
def toast(text: str, action: str = "", href: str = "", bad: bool = False) -> dict[str, Any]:
    """A message: an ordinary one fades after 8 seconds, an error stays."""
    return {"text": text, "action": action, "href": href, "bad": bad}

"""The geometry of charts: from figures to positions, as text ready for SVG attributes.

Horizontal positions are percentages of the drawing's width and vertical ones are pixels, so a chart
follows its column while its letters keep their size. Nothing here knows a colour: a `kind` of 1
is our territory, 2 the comparator, 3 and 4 the others, and the style sheets do the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from perron import formats
from perron.lake.provenance import Figure, Origin
from perron.site.components import figures
from perron.site.components.scales import (
    Scale,
    Tick,
    decimals_of,
    percent,
    round_scale,
    ticks_at,
)
from perron.site.components.tables import Column

#: Height of a line of text in a chart, with air: direct labels are kept this far apart.
LABEL_GAP = 17.0


# --- a chart that is a column of its table: dots with intervals, or bars -----------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a dot plot or bar chart. `kind` 1 is ours, 2 a comparator.

    `cells` are the values of the chart's further columns: figures, or texts.
    """

    label: str
    figure: Figure
    sub: str = ""
    kind: int = 1
    strong: bool = False
    href: str = ""
    cells: Sequence[Figure | str] = ()


@dataclass(frozen=True, slots=True)
class RowChart:
    """A chart drawn as a column of its own table, so nothing is behind it.

    `title` is the conclusion; `says` gives unit, year and territory. `reference` is drawn as a
    vertical line (1 for a quotient). `high` may be set to keep one wide interval from flattening
    the others: what goes beyond the edge then ends in an arrow. `columns` name the cells of each
    row; a `Column` says more, such as a sign. `source` is an origin, a figure or a text for the
    line below.
    """

    title: str
    says: str
    rows: Sequence[Row]
    label: str
    value: str
    columns: Sequence[str | Column] = ()
    reference: float | None = None
    low: float | None = None
    high: float | None = None
    signed: bool = False
    source: Figure | Origin | str = ""
    table_url: str = ""
    csv_url: str = ""
    about: str = ""

    def scale(self) -> Scale:
        """The axis: from zero and round at both ends, unless the page sets its ends."""
        values = [
            bound
            for row in self.rows
            for bound in (row.figure.value, row.figure.low, row.figure.high)
            if bound is not None
        ]
        values += [end for end in (self.reference, self.low, self.high) if end is not None]
        found = round_scale(values, from_zero=self.low is None)
        return Scale(
            found.low if self.low is None else self.low,
            found.high if self.high is None else self.high,
        )

    def ticks(self) -> list[Tick]:
        """The ends of the axis, and the reference or zero between them."""
        scale = self.scale()
        ends = {scale.low, scale.high}
        if self.reference is None:
            values = sorted({0.0, *ends})
            return ticks_at([v for v in values if not scale.beyond(v)], scale)
        # A reference is written as finely as the figures beside it, and no finer.
        places = max((row.figure.decimals for row in self.rows), default=0)
        near = [end for end in ends if abs(scale.share(end) - scale.share(self.reference)) > 0.08]
        mark = ticks_at([round(self.reference, places)], scale)
        return sorted(ticks_at(near, scale) + mark, key=lambda tick: float(tick.at.rstrip("%")))

    def columns_drawn(self) -> list[Column]:
        return [c if isinstance(c, Column) else Column(c) for c in self.columns]

    def has_intervals(self) -> bool:
        return any(row.figure.low is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Dot:
    """A point and its interval. Every attribute is an SVG length, empty where nothing is drawn."""

    point: str = ""
    low: str = ""
    high: str = ""
    reference: str = ""
    clipped_low: bool = False
    clipped_high: bool = False
    kind: int = 1


def dot(figure: Figure, scale: Scale, reference: float | None = None, kind: int = 1) -> Dot:
    """Place a figure on a dot plot; a value that may not be shown leaves no mark.

    A value beyond the axis is drawn as the arrow alone, never as a point at the edge.
    """
    line = "" if reference is None else scale.at(reference)
    if figure.value is None:
        return Dot(reference=line, kind=kind)
    bounded = figure.low is not None and figure.high is not None
    low, high = (figure.low or 0.0, figure.high or 0.0) if bounded else (figure.value, figure.value)
    return Dot(
        point="" if scale.beyond(figure.value) else scale.at(figure.value),
        low=scale.at(low) if bounded else "",
        high=scale.at(high) if bounded else "",
        reference=line,
        clipped_low=min(low, figure.value) < scale.low,
        clipped_high=max(high, figure.value) > scale.high,
        kind=kind,
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from zero; `low` and `high` draw its interval."""

    x: str = ""
    width: str = ""
    zero: str = ""
    low: str = ""
    high: str = ""
    clipped_high: bool = False
    kind: int = 1


def bar(figure: Figure, scale: Scale, kind: int = 1) -> Bar:
    """Place a figure as a bar that starts at zero, on whichever side of it."""
    zero = scale.share(0.0)
    if figure.value is None:
        return Bar(zero=percent(zero), kind=kind)
    end = scale.share(figure.value)
    bounded = figure.low is not None and figure.high is not None
    return Bar(
        x=percent(min(zero, end)),
        width=percent(abs(end - zero)),
        zero=percent(zero),
        low=scale.at(figure.low or 0.0) if bounded else "",
        high=scale.at(figure.high or 0.0) if bounded else "",
        clipped_high=figure.value > scale.high,
        kind=kind,
    )


# --- several series over time --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Series:
    """One line: figures in the order of the chart's periods, None where there is none at all.

    `marks` are periods at which something happened to the line: a ring and the period are drawn there.
    """

    label: str
    figures: Sequence[Figure | None]
    kind: int = 1
    marks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class LineChart:
    """Several series over the same periods, each labelled at its end.

    The axis starts at zero; `from_zero=False` is for an index, and the chart then says so.
    Periods are placed at equal steps: they are to be consecutive. `reference` draws a dashed
    line, such as 100 for an index.
    """

    title: str
    says: str
    periods: Sequence[str]
    series: Sequence[Series]
    height: int = 230
    from_zero: bool = True
    reference: float | None = None
    unit: str = ""
    source: Figure | Origin | str = ""
    csv_url: str = ""
    about: str = ""

    def scale(self) -> Scale:
        values = [
            bound
            for series in self.series
            for figure in series.figures
            if figure is not None
            for bound in (figure.value, figure.low, figure.high)
            if bound is not None
        ]
        if self.reference is not None:
            values.append(self.reference)
        return round_scale(values, self.from_zero)


@dataclass(frozen=True, slots=True)
class Trace:
    """A drawn series: path data in a box 100 wide, lone points, and the label at its end."""

    kind: int
    path: str
    band: str
    lone: Sequence[tuple[str, str]]
    end: tuple[str, str] | None
    label: str
    value: str
    label_y: str
    #: Rings on the line: where, and the period written above.
    marks: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """What the template draws."""

    height: int
    traces: Sequence[Trace]
    rows: Sequence[tuple[str, str]]
    columns: Sequence[Tick]
    reference: str
    base: str
    start_text: str
    table: Sequence[tuple[str, Sequence[Figure | None]]] = field(default=())


def spread(wanted: Sequence[float], low: float, high: float, gap: float = LABEL_GAP) -> list[float]:
    """Move labels apart as little as their height asks, within `low` and `high`, order kept.

    >>> spread([100, 104, 40], 0, 230)
    [93.5, 110.5, 40.0]
    """
    # With one gap taken off for each label above, labels may meet but not cross: a regression that
    # only rises (pool adjacent violators), whose bounds may be applied afterwards.
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    pools: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        pools.append((wanted[i] - rank * gap, 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (above, m), (below, n) = pools[-2:]
            pools[-2:] = [((above * m + below * n) / (m + n), m + n)]
    levels = [level for level, count in pools for _ in range(count)]
    highest = max(low, high - gap * (len(wanted) - 1))
    placed = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        placed[i] = round(min(max(levels[rank], low), highest) + rank * gap, 2)
    return placed


def plot(chart: LineChart) -> Plot:
    """Compute a line chart. A period without a value breaks the line: nothing is interpolated."""
    scale = chart.scale()
    last = max(1, len(chart.periods) - 1)

    def y(value: float) -> float:
        return round((1 - scale.share(value)) * chart.height, 2)

    def x(i: int) -> float:
        return round(100 * i / last, 2)

    ends: list[float] = []
    drawn: list[tuple[Series, str, str, list[tuple[str, str]], int]] = []
    for series in chart.series:
        runs = _runs(series.figures)
        path = "".join(_path([(x(i), y(v)) for i, v in run]) for run in runs if len(run) > 1)
        lone = [(f"{x(i):g}%", f"{y(v):g}") for run in runs if len(run) == 1 for i, v in run]
        final = runs[-1][-1] if runs else (-1, 0.0)
        drawn.append((series, path, _band(series.figures, x, y), lone, final[0]))
        ends.append(y(final[1]) if runs else float(chart.height))
    labels = spread(ends, 4, chart.height - 4)
    traces = []
    for (series, path, band, lone, i), end, label_y in zip(drawn, ends, labels, strict=True):
        shown = series.figures[i] if i >= 0 else None
        traces.append(
            Trace(
                kind=series.kind,
                path=path,
                band=band,
                lone=lone,
                end=None if shown is None else (f"{x(i):g}%", f"{end:g}"),
                label=series.label,
                value="" if shown is None else figures.value_text(shown, unit=False),
                label_y=f"{label_y:g}",
                marks=_marks(chart, series, x, y),
            )
        )
    ticks = scale.ticks(4)
    places = decimals_of(ticks)
    language = figures.language()
    rows = [(f"{y(t):g}", formats.number(t, places, language)) for t in ticks]
    return Plot(
        height=chart.height,
        traces=traces,
        rows=rows,
        columns=_period_ticks(chart.periods),
        reference="" if chart.reference is None else f"{y(chart.reference):g}",
        base=f"{y(0):g}" if scale.low <= 0 <= scale.high else "",
        start_text="" if scale.low <= 0 else formats.number(scale.low, places, language),
        table=[
            (formats.period(period, language), [s.figures[i] for s in chart.series])
            for i, period in enumerate(chart.periods)
        ],
    )


def _marks(
    chart: LineChart, series: Series, x: Callable[[int], float], y: Callable[[float], float]
) -> list[tuple[str, str, str]]:
    """Where the marked periods of a series lie; one without a value leaves no mark."""
    found = []
    for i, (period, figure) in enumerate(zip(chart.periods, series.figures, strict=True)):
        if period in series.marks and figure is not None and figure.value is not None:
            text = formats.period(period, figures.language())
            found.append((f"{x(i):g}%", f"{y(figure.value):g}", text))
    return found


def _runs(series: Sequence[Figure | None]) -> list[list[tuple[int, float]]]:
    """Unbroken stretches of known values, with their places."""
    runs: list[list[tuple[int, float]]] = [[]]
    for i, figure in enumerate(series):
        if figure is not None and figure.value is not None:
            runs[-1].append((i, figure.value))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _band(
    series: Sequence[Figure | None], x: Callable[[int], float], y: Callable[[float], float]
) -> str:
    """The interval around a line, where both bounds of each stretch are known."""
    bounds: list[list[tuple[int, float, float]]] = [[]]
    for i, figure in enumerate(series):
        if figure is not None and figure.low is not None and figure.high is not None:
            bounds[-1].append((i, figure.low, figure.high))
        elif bounds[-1]:
            bounds.append([])
    return "".join(
        _path([(x(i), y(h)) for i, _, h in run] + [(x(i), y(low)) for i, low, _ in run[::-1]]) + "Z"
        for run in bounds
        if len(run) > 1
    )


def _period_ticks(periods: Sequence[str]) -> list[Tick]:
    """First and last period, and round ones between, far enough apart for a phone."""
    last = len(periods) - 1
    if last < 0:
        return []
    step = max(1, math.ceil(last / 3))
    chosen = sorted({0, last, *(i for i in range(step, last, step) if last - i >= step * 0.6)})
    return [
        Tick(
            percent(i / last if last else 0.0),
            formats.period(periods[i], figures.language()),
            "start" if i == 0 else "end" if i == last else "middle",
        )
        for i in chosen
    ]

"""Two measures of many things, a line on each: points with their intervals in four quadrants.

Horizontal positions are percentages and vertical ones pixels, as in `charts`. The horizontal axis is
a ratio on a logarithmic scale, so that half and twice lie as far from 1. Names are written beside
the points that have room for them at every width; the others answer to the pointer, the keyboard
and the table behind.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from perron import formats
from perron.lake.provenance import Figure, Origin
from perron.site.components import figures
from perron.site.components.scales import Scale, Tick, percent

#: Height of the drawing, in pixels.
HEIGHT = 520
#: The farthest ends of the horizontal axis; what lies beyond ends in an arrow.
FARTHEST = (1 / 8, 8.0)
#: Widths at which no name may lie on another: from the narrowest that draws the plot to the page's.
_WIDTHS = (560, 700, 860, 1120)
#: About how wide a letter is, and how high a line, at the size of chart text.
_LETTER, _LINE = 6.6, 15.0
#: Around a point, what no name may cover.
_POINT = 7.0
#: Where a name may stand beside its point: anchor, and pixels to the right and down.
_BESIDE = (
    ("start", 8, -12),
    ("start", 8, 13),
    ("end", -8, -12),
    ("end", -8, 13),
    ("start", 10, 0),
    ("end", -10, 0),
    ("middle", 0, -16),
    ("middle", 0, 17),
)
#: The corner of what is neither held nor surrounded.
_NEITHER = 3
#: Room kept for the name of each quadrant, in pixels from the corner.
_CORNER = (210.0, 40.0)


@dataclass(frozen=True, slots=True)
class Point:
    """A thing on the plot. `kind` is its quadrant, 1 to 4 as the corners, 0 for none.

    `x` and `y` are figures with their intervals. `tag` is a short name for the picture, `weight` says
    which names go first where there is not room for all. `href` leads to its row.
    """

    code: str
    name: str
    tag: str
    x: Figure
    y: Figure
    kind: int = 0
    weight: float = 0.0
    href: str = ""


@dataclass(frozen=True, slots=True)
class QuadrantChart:
    """A plot in four quadrants; `corners` name them: above left, above right, below left, below right.

    `title` is the conclusion, `says` gives units, year and territory. Both lines are at 1.
    `aside` counts the points of no quadrant, in words.
    """

    title: str
    says: str
    points: Sequence[Point]
    corners: tuple[str, str, str, str]
    x_label: str
    y_label: str
    #: What is written along the axes, where it says more than the labels.
    x_name: str = ""
    y_name: str = ""
    source: Figure | Origin | str = ""
    table_id: str = ""
    csv_url: str = ""
    about: str = ""
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A drawn point. Every attribute is an SVG length or text; `label_anchor` is empty without a name."""

    code: str
    text: str
    tag: str
    kind: int
    href: str
    x: str
    y: str
    across: tuple[str, str]
    along: tuple[str, str]
    beyond: str = ""
    label_x: str = ""
    label_y: str = ""
    label_anchor: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """What the template draws."""

    height: int
    marks: Sequence[Mark]
    columns: Sequence[Tick]
    rows: Sequence[tuple[str, str]]
    line_x: str
    line_y: str
    summary: str
    corners: Sequence[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A logarithmic axis between two powers of two.

    >>> Ratio(0.25, 4).share(1.0), Ratio(0.25, 4).ticks()
    (0.5, [0.25, 0.5, 1.0, 2.0, 4.0])
    """

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where a value lies between 0 and 1, what lies outside at the edge."""
        if value <= self.low:
            return 0.0
        return min(1.0, math.log(value / self.low) / math.log(self.high / self.low))

    def beyond(self, value: float) -> bool:
        return not self.low <= value <= self.high

    def ticks(self) -> list[float]:
        first, last = round(math.log2(self.low)), round(math.log2(self.high))
        return [2.0**power for power in range(first, last + 1)]


def ratio_scale(values: Sequence[float]) -> Ratio:
    """An axis around 1 that holds every value, between powers of two, within `FARTHEST`.

    >>> ratio_scale([0.4, 1.2]), ratio_scale([0.0, 40])
    (Ratio(low=0.25, high=2.0), Ratio(low=0.125, high=8.0))
    """
    known = [v for v in values if v > 0]
    low = 2.0 ** math.floor(math.log2(min([*known, 0.5])))
    high = 2.0 ** math.ceil(math.log2(max([*known, 2.0])))
    if len(known) < len(values):
        low = FARTHEST[0]
    return Ratio(max(low, FARTHEST[0]), min(high, FARTHEST[1]))


def drawing(chart: QuadrantChart) -> Plot:
    """Place every point whose two values may be shown; the others leave no mark."""
    shown = [p for p in chart.points if p.x.value is not None and p.y.value is not None]
    ends = [b for p in shown if p.kind for b in (p.x.low, p.x.high) if b]
    across = ratio_scale([*(p.x.value or 0.0 for p in shown), *ends])
    bounds = [b for p in shown for b in (p.y.value, p.y.high if p.kind else None) if b is not None]
    along = Scale(0.0, math.ceil(2 * max([*bounds, 2.0])) / 2)

    def y(value: float) -> float:
        return _y(along, value)

    # What has no quadrant is drawn first and lies below.
    order = sorted(shown, key=lambda p: (p.kind > 0, p.weight))
    placed = [(p, across.share(p.x.value or 0.0), y(p.y.value or 0.0)) for p in order]
    labels = _labels(placed, along, across)
    marks = []
    for point, share, level in placed:
        anchor, offset, height = labels.get(point.code, ("", 0.0, 0.0))
        marks.append(
            Mark(
                point.code,
                _said(chart, point),
                point.tag,
                point.kind,
                point.href,
                percent(share),
                f"{level:g}",
                tuple(percent(across.share(v)) for v in _ends(point.x)),  # type: ignore[arg-type]
                tuple(f"{y(v):g}" for v in _ends(point.y)),  # type: ignore[arg-type]
                _beyond(across, point.x.value or 0.0),
                f"{offset:g}",
                f"{height:g}",
                anchor,
            )
        )
    language = figures.language()
    return Plot(
        height=HEIGHT,
        marks=marks,
        columns=[
            Tick(
                percent(across.share(value)),
                formats.number(value, 0 if value >= 1 else 3 if value < 0.25 else 2, language),
                "start" if value == across.low else "end" if value == across.high else "middle",
            )
            for value in across.ticks()
        ],
        rows=[
            (f"{y(value):g}", formats.number(value, 0 if value == int(value) else 1, language))
            for value in along.ticks(4)
        ],
        line_x=percent(across.share(1.0)),
        line_y=f"{y(1.0):g}",
        summary=f"{chart.title} {chart.says}",
        corners=[
            (name, x, level, anchor)
            for name, (x, level, anchor) in zip(
                chart.corners,
                (
                    ("8", "18", "start"),
                    ("-8", "18", "end"),
                    ("8", f"{HEIGHT - 10}", "start"),
                    ("-8", f"{HEIGHT - 10}", "end"),
                ),
                strict=True,
            )
        ],
    )


def _y(along: Scale, value: float) -> float:
    return round((1 - along.share(value)) * HEIGHT, 1)


def _ends(figure: Figure) -> tuple[float, float]:
    value = figure.value or 0.0
    if figure.low is None or figure.high is None:
        return value, value
    return figure.low, figure.high


def _beyond(scale: Ratio, value: float) -> str:
    """The side on which a value leaves the axis."""
    if not scale.beyond(value):
        return ""
    return "left" if value < scale.low else "right"


def _said(chart: QuadrantChart, point: Point) -> str:
    """The point in words, as a screen reader and the line under the plot say it."""
    parts = []
    for label, figure in ((chart.x_label, point.x), (chart.y_label, point.y)):
        bounds = figures.interval_text(figure)
        value = figures.value_text(figure, unit=False)
        parts.append(f"{label} {value}" + (f" ({bounds})" if bounds else ""))
    corner = f", {chart.corners[point.kind - 1]}" if point.kind else ""
    return f"{point.name} : {', '.join(parts)}{corner}"


# --- names ----------------------------------------------------------------------------------------

Box = tuple[float, float, float, float]


def _labels(
    placed: Sequence[tuple[Point, float, float]], along: Scale, across: Ratio
) -> dict[str, tuple[str, float, float]]:
    """For each point with room for its name: its anchor and how far it stands from the point.

    A name is written if at every width it covers no other name, no point of a quadrant and no
    corner; where it can, it covers no interval and no other point either. What is neither held nor
    surrounded comes last, then those with most weight first; points of no quadrant have no name.
    """
    named = sorted(
        (item for item in placed if item[0].kind),
        key=lambda item: (item[0].kind == _NEITHER, -item[0].weight, item[0].code),
    )
    hollow = [(share, level) for point, share, level in placed if not point.kind]
    bars = {
        w: _bars([point for point, _share, _level in named], w, along, across)
        + [(s * w - 4, y - 4, s * w + 4, y + 4) for s, y in hollow]
        for w in _WIDTHS
    }
    dots = [(share, level) for _point, share, level in named]
    taken: list[dict[int, Box]] = []
    found = {}
    for point, share, level in named:
        long = len(point.tag) * _LETTER
        for clear, (anchor, dx, dy) in product((True, False), _BESIDE):
            boxes = {w: _box(share * w + dx, level + dy, long, anchor) for w in _WIDTHS}
            if all(
                _free(
                    boxes[w],
                    w,
                    [*(other[w] for other in taken), *(bars[w] if clear else ())],
                    dots,
                    (share, level),
                )
                for w in _WIDTHS
            ):
                taken.append(boxes)
                found[point.code] = anchor, float(dx), float(dy)
                break
    return found


def _bars(points: Sequence[Point], width: int, along: Scale, across: Ratio) -> list[Box]:
    """The intervals of points as they are drawn, a hair wide."""
    found: list[Box] = []
    for point in points:
        x, y = across.share(point.x.value or 0.0) * width, _y(along, point.y.value or 0.0)
        left, right = (across.share(v) * width for v in _ends(point.x))
        bottom, top = (_y(along, v) for v in _ends(point.y))
        found += [(left, y - 1, right, y + 1), (x - 1, top, x + 1, bottom)]
    return found


def _box(x: float, y: float, long: float, anchor: str) -> Box:
    left = {"start": x, "end": x - long, "middle": x - long / 2}[anchor]
    return left, y - _LINE / 2, left + long, y + _LINE / 2


def _free(
    box: Box,
    width: int,
    names: Sequence[Box],
    dots: Sequence[tuple[float, float]],
    own: tuple[float, float],
) -> bool:
    left, top, right, bottom = box
    if left < 2 or right > width - 2 or top < 0 or bottom > HEIGHT:
        return False
    wide, high = _CORNER
    corners = [
        (x, y, x + wide, y + high) for x in (0.0, width - wide) for y in (0.0, HEIGHT - high)
    ]
    points = [
        (s * width - _POINT, y - _POINT, s * width + _POINT, y + _POINT)
        for s, y in dots
        if (s, y) != own
    ]
    return not any(
        left < o[2] and o[0] < right and top < o[3] and o[1] < bottom
        for o in (*names, *corners, *points)
    )

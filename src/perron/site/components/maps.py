"""A map of small units in five classes: classes, key with counts, hatched suppression, names.

The page gives the outlines as SVG paths in one box; this module sorts the units into classes,
counts them for the key, and keeps the names that fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure, Origin, State
from perron.site.components import figures, scales

CLASSES = 5
#: Width of a letter and height of a name on the map, in pixels at the text's own size.
_LETTER, _LINE = 7.2, 17.0
#: Widths at which the names are laid out: a page on a desk, and a phone.
_DESK, _PHONE = 700.0, 320.0


@dataclass(frozen=True, slots=True)
class Unit:
    """One small unit: its outline, where its name goes, and its figure.

    `text` is said under the pointer and to a screen reader after the name; by default it is the
    figure's value with its unit.
    """

    code: str
    name: str
    path: str
    x: float
    y: float
    figure: Figure
    text: str = ""


@dataclass(frozen=True, slots=True)
class Choropleth:
    """A map. `breaks` are the four limits between the five classes, a limit in the class above.

    `borders` are outlines drawn over the units (districts). `labels` are the codes whose name is
    written where it fits, the first ones first. `table_id` is the identifier of the table that
    says the same: each unit then leads to its row. `why` says in the key why values are
    suppressed.
    """

    title: str
    says: str
    units: Sequence[Unit]
    breaks: Sequence[float]
    width: float
    height: float
    borders: Sequence[str] = ()
    labels: Sequence[str] = ()
    decimals: int = 2
    unit: str = ""
    why: str = ""
    name: str = "map"
    table_id: str = ""
    source: Figure | Origin | str = ""
    csv_url: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    code: str
    name: str
    path: str
    css: str
    text: str
    href: str
    hatched: bool


@dataclass(frozen=True, slots=True)
class Label:
    name: str
    x: str
    y: str
    desk_only: bool


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the key: a class (`css` q1 to q5) or a state, its words and its count."""

    css: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Drawing:
    shapes: Sequence[Shape]
    labels: Sequence[Label]
    classes: Sequence[Key]
    states: Sequence[Key]
    summary: str


def class_of(value: float, breaks: Sequence[float]) -> int:
    """The class of a value, 1 to 5; a value on a limit belongs to the class above.

    >>> [class_of(v, [0.8, 1.25, 2, 3]) for v in (0.5, 0.8, 1.9, 3, 8)]
    [1, 2, 3, 5, 5]
    """
    return 1 + sum(value >= limit for limit in breaks)


def round_breaks(values: Collection[float], digits: int = 2) -> list[float]:
    """Four limits that put about a fifth of the values in each class, rounded to be read.

    Rounded to `digits` significant digits; fewer than four limits come out when values repeat.

    >>> round_breaks(range(1, 101))
    [21.0, 41.0, 61.0, 81.0]
    >>> round_breaks([5, 5, 5])
    []
    """
    ordered = sorted(values)
    if not ordered:
        return []
    picks = (ordered[min(len(ordered) - 1, len(ordered) * i // CLASSES)] for i in range(1, CLASSES))
    rounded = {float(f"{pick:.{digits}g}") for pick in picks}
    return sorted(limit for limit in rounded if ordered[0] < limit <= ordered[-1])


def drawing(chart: Choropleth) -> Drawing:
    """Sort the units into classes and states, write the key and place the names."""
    if len(chart.breaks) >= CLASSES:
        raise ValueError(f"{chart.name}: {len(chart.breaks)} breaks make more than five classes")
    breaks = sorted(chart.breaks)
    shapes = [_shape(unit, breaks, chart.table_id) for unit in chart.units]
    counts = Counter(shape.css for shape in shapes)
    return Drawing(
        shapes=shapes,
        labels=_labels(chart),
        classes=_class_keys(breaks, chart, counts),
        states=_state_keys(chart, counts),
        summary=_summary(chart, counts),
    )


def _shape(unit: Unit, breaks: Sequence[float], table_id: str) -> Shape:
    figure = unit.figure
    if figure.state is State.OBSERVED and figure.value is not None:
        css = f"q{class_of(figure.value, breaks)}"
    else:
        css = figure.state.value
    return Shape(
        code=unit.code,
        name=unit.name,
        path=unit.path,
        css=css,
        text=unit.text or figures.value_text(figure),
        href=f"#{table_id}-{unit.code}" if table_id else "",
        hatched=figure.state is State.SUPPRESSED,
    )


def _class_keys(breaks: Sequence[float], chart: Choropleth, counts: Counter[str]) -> list[Key]:
    """From the strongest class to the weakest, as the eye goes down."""
    written = [
        formats.number(b, min(chart.decimals, scales.decimals_of([b])), figures.language())
        for b in breaks
    ]
    if not breaks:
        return [Key("q1", _("toutes les valeurs"), counts["q1"])]
    texts = [_("moins de {value}").format(value=written[0])]
    for low, high in pairwise(written):
        texts.append(_("{low} à moins de {high}").format(low=low, high=high))
    texts.append(_("{value} et plus").format(value=written[-1]))
    return [Key(f"q{i + 1}", t, counts[f"q{i + 1}"]) for i, t in enumerate(texts)][::-1]


def _state_keys(chart: Choropleth, counts: Counter[str]) -> list[Key]:
    """The states that occur on this map; suppression says why."""
    keys = []
    for state in (State.SUPPRESSED, State.ZERO, State.UNKNOWN, State.NOT_MEASURED):
        if counts[state.value]:
            text = figures.word(state)
            if state is State.SUPPRESSED and chart.why:
                text = _("{state} : {why}").format(state=text, why=chart.why)
            keys.append(Key(state.value, text, counts[state.value]))
    return keys


def _summary(chart: Choropleth, counts: Counter[str]) -> str:
    """The map in a sentence, for those who do not see it."""
    total = len(chart.units)
    parts = [ngettext("Carte de {n} unité.", "Carte de {n} unités.", total).format(n=total)]
    breaks = sorted(chart.breaks)
    parts += [f"{key.text} : {key.count}." for key in _class_keys(breaks, chart, counts)]
    parts += [f"{key.text} : {key.count}." for key in _state_keys(chart, counts)]
    return " ".join(parts)


def _labels(chart: Choropleth) -> list[Label]:
    """The names that do not touch one another, first come first served, on a desk and a phone."""
    by_code = {unit.code: unit for unit in chart.units}
    wanted = [by_code[code] for code in chart.labels if code in by_code]
    desk = _fitting(wanted, chart, _DESK)
    phone = _fitting(wanted, chart, _PHONE)
    return [
        Label(
            unit.name,
            f"{round(100 * unit.x / chart.width, 2):g}%",
            f"{round(100 * unit.y / chart.height, 2):g}%",
            desk_only=unit.code not in phone,
        )
        for unit in wanted
        if unit.code in desk
    ]


def _fitting(units: Sequence[Unit], chart: Choropleth, drawn_width: float) -> set[str]:
    scale = drawn_width / chart.width
    boxes: list[tuple[float, float, float, float]] = []
    kept: set[str] = set()
    for unit in units:
        half = len(unit.name) * _LETTER / 2
        x, y = unit.x * scale, unit.y * scale
        box = (max(0.0, x - half), y - _LINE / 2, x + half, y + _LINE / 2)
        if box[2] <= drawn_width and not any(_touch(box, other) for other in boxes):
            boxes.append(box)
            kept.add(unit.code)
    return kept


def _touch(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]

"""A network of nodes in groups: size and shape of each node, its links, direct labels where they fit.

The page says what each node is and where it goes (`network_layout`); this module turns that into
positions, counts the key, and decides from which width on each name can be read. Positions are shares
of the picture and letters keep their size, so the picture can be made larger: names then appear.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron.lake.provenance import Figure, Origin
from perron.site.components.network_layout import Layout

#: Width over height of the picture, and the box of its lines.
ASPECT = 1.5
BOX = 1500, 1000
#: Widths in pixels at which names appear: a phone, a desk, and the two sizes above.
WIDTHS = (640, 830, 1660, 3320)
_DESK = WIDTHS[1]
#: How many times larger the picture may be asked for.
ZOOMS = (1, 2, 4)
#: Radii of nodes, in pixels.
_SMALLEST, _LARGEST = 2.5, 13.0
#: Width of a letter, of a bold one, and height of a line of names, in pixels.
_LETTER, _BOLD, _LINE = 6.5, 7.3, 15.0
#: What is drawn of a state that hides the value.
HATCHED = "suppressed"


@dataclass(frozen=True, slots=True)
class Node:
    """A thing of the network. `name` is written on the picture, `text` said under the pointer.

    `size` is a published value or None; `kind` its shape: "strong", "open", "plain", or a state.
    """

    code: str
    name: str
    text: str
    size: float | None = None
    kind: str = "plain"
    href: str = ""
    #: Which names are written first where there is not room for all.
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Edge:
    """A link. `kind`: "in" a group, "between" two, "strong" where it joins what matters, "faint"."""

    a: str
    b: str
    kind: str = "in"


@dataclass(frozen=True, slots=True)
class Group:
    """A group drawn as a pale disc, with its name over it in as many lines as given."""

    lines: tuple[str, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A shape of the key and its words; those that no node has are left out."""

    css: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class NetworkChart:
    """A network with its conclusion as title. `groups` go with the discs of the layout.

    `table_id` is the table that says the same. `zooms` are addresses of the same picture, larger.
    `lines` says what the kinds of edges are, `note` stands under the key.
    """

    title: str
    says: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    layout: Layout
    groups: tuple[Group, ...] = ()
    kinds: tuple[Kind, ...] = ()
    lines: tuple[Kind, ...] = ()
    note: str = ""
    zoom: int = 1
    zooms: tuple[tuple[int, str], ...] = ()
    name: str = "network"
    table_id: str = ""
    source: Figure | Origin | str = ""
    csv_url: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A node as it is drawn. `near` are the places of its neighbours in the list of points."""

    code: str
    x: str
    y: str
    r: str
    css: str
    name: str
    text: str
    href: str
    near: str
    #: From which width its name is written, where from the node, and which end of it is there.
    label: str
    dx: str
    dy: str
    anchor: str
    hatched: bool


@dataclass(frozen=True, slots=True)
class Title:
    """The name of a group: each line with its height from the first."""

    x: str
    y: str
    href: str
    css: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    points: tuple[Point, ...]
    paths: tuple[tuple[str, str], ...]
    discs: tuple[tuple[str, str, str, str], ...]
    titles: tuple[Title, ...]
    key: tuple[tuple[Kind, int], ...]
    lines: tuple[Kind, ...]
    summary: str
    width: int
    height: int


@lru_cache(maxsize=16)
def drawing(chart: NetworkChart, language: str) -> Drawing:
    """Everything the template draws, kept for a chart: the same page is asked again and again."""
    del language  # its words are those of the language in force: part of what is remembered
    at = {node.code: i for i, node in enumerate(chart.nodes)}
    near: list[list[int]] = [[] for _node in chart.nodes]
    for edge in chart.edges:
        near[at[edge.a]].append(at[edge.b])
        near[at[edge.b]].append(at[edge.a])
    radii = _radii(chart)
    taken = [_Grid(_nodes_at(chart, radii, width)) for width in WIDTHS]
    titles = _titles(chart, taken)
    shown = _named(chart, radii, taken)
    counts = Counter(node.kind for node in chart.nodes)
    key = tuple((kind, counts[kind.css]) for kind in chart.kinds if counts[kind.css])
    drawn = {edge.kind for edge in chart.edges}
    return Drawing(
        points=tuple(
            _point(chart, node, radius, neighbours, label)
            for node, radius, neighbours, label in zip(
                chart.nodes, radii, near, shown, strict=True
            )
        ),
        paths=_paths(chart),
        discs=tuple(
            (f"{d.x * BOX[0]:.0f}", f"{d.y * BOX[1]:.0f}", f"{d.rx * BOX[0]:.0f}", f"{d.ry * BOX[1]:.0f}")
            for d in chart.layout.discs
        ),
        titles=titles,
        key=key,
        lines=tuple(kind for kind in chart.lines if kind.css in drawn),
        summary=_summary(chart, key),
        width=BOX[0],
        height=BOX[1],
    )  # fmt: skip


def _radii(chart: NetworkChart) -> list[float]:
    """Areas in proportion to sizes; nodes whose size is not shown are all alike."""
    largest = min(_LARGEST, max(_SMALLEST + 1, chart.layout.gap * _DESK / 2))
    smallest = max(_SMALLEST, largest * 0.42)
    most = max((node.size or 0.0 for node in chart.nodes), default=0.0)
    radii = []
    for node in chart.nodes:
        if node.size is None or not most:
            radii.append(max(smallest, largest * 0.5))
        else:
            radii.append(max(smallest, largest * (node.size / most) ** 0.5))
    return radii


def _paths(chart: NetworkChart) -> tuple[tuple[str, str], ...]:
    """The links of each kind as one path, the faintest first so that the others lie over them."""
    points = {
        code: f"{x * BOX[0]:.0f} {y * BOX[1]:.0f}" for code, (x, y) in chart.layout.points.items()
    }
    parts: dict[str, list[str]] = {}
    for edge in chart.edges:
        parts.setdefault(edge.kind, []).append(f"M{points[edge.a]}L{points[edge.b]}")
    order = ("faint", "between", "in", "strong")
    return tuple((kind, "".join(parts[kind])) for kind in order if kind in parts)


def _point(
    chart: NetworkChart, node: Node, radius: float, near: list[int], label: _Label | None
) -> Point:
    x, y = chart.layout.points[node.code]
    width, (anchor, dx, dy) = label or (None, _spots(x, radius)[0])
    return Point(
        code=node.code,
        x=_percent(x),
        y=_percent(y),
        r=f"{radius:.1f}",
        css=node.kind,
        name=node.name,
        text=node.text,
        href=node.href,
        near=" ".join(str(i) for i in near),
        label="" if width is None else f"w{width}",
        dx=f"{dx:.0f}" if dx else "",
        dy=f"{dy:.0f}",
        anchor=anchor,
        hatched=node.kind == HATCHED,
    )


def _percent(share: float) -> str:
    return f"{round(100 * share, 2):g}%"


# --- names ------------------------------------------------------------------------------------------

_Box = tuple[float, float, float, float]


def _box(
    x: float, y: float, text: str, anchor: str, letter: float = _LETTER, lines: int = 1
) -> _Box:
    wide = len(text) * letter
    left = x if anchor == "start" else x - wide if anchor == "end" else x - wide / 2
    return left, y - 11, left + wide, y - 11 + lines * _LINE


def _touch(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _titles(chart: NetworkChart, taken: list[_Grid]) -> tuple[Title, ...]:
    """The names of groups, over their discs or under them, where they lie on no node and no other name.

    A name that has no room stands in the larger pictures only.
    """
    found = []
    for group, disc in zip(chart.groups, chart.layout.discs, strict=False):
        if not group.lines:
            continue
        longest, count = max(group.lines, key=len), len(group.lines)
        spots = [(disc.y - disc.ry, 9 - count * _LINE), (disc.y + disc.ry, 14.0)]
        for edge, dy in spots:
            boxes = [
                _box(disc.x * w, edge * w / ASPECT + dy, longest, "middle", _BOLD, count)
                for w in WIDTHS
            ]
            width = _first_free(boxes, taken)
            if width is None:
                continue
            lines = tuple((line, f"{dy + n * _LINE:.0f}") for n, line in enumerate(group.lines))
            found.append(Title(_percent(disc.x), _percent(edge), group.href, f"w{width}", lines))
            break
    return tuple(found)


#: A name's place: which end of it is at the node, and how far right and down from it.
_Spot = tuple[str, float, float]
_Label = tuple[int, _Spot]


def _spots(x: float, radius: float) -> list[_Spot]:
    """Where a name may stand: below, above, right or left; near an edge first inwards."""
    below, above = ("middle", 0.0, radius + 12), ("middle", 0.0, -radius - 5)
    right, left = ("start", radius + 4, 4.0), ("end", -radius - 4, 4.0)
    if x < 0.08:
        return [right, below, above]
    if x > 0.92:
        return [left, below, above]
    return [below, above, right, left]


def _named(chart: NetworkChart, radii: list[float], taken: list[_Grid]) -> list[_Label | None]:
    """From which width each node's name is written and where: those that matter first.

    A name lies on no node and no other name.
    """
    order = sorted(
        range(len(chart.nodes)), key=lambda i: (-chart.nodes[i].weight, chart.nodes[i].code)
    )
    shown: list[_Label | None] = [None] * len(chart.nodes)
    for step, _width in enumerate(WIDTHS):
        for i in order:
            if shown[i] is not None:
                continue
            node = chart.nodes[i]
            x, y = chart.layout.points[node.code]
            for spot in _spots(x, radii[i]):
                anchor, dx, dy = spot
                boxes = [_box(x * w + dx, y * w / ASPECT + dy, node.name, anchor) for w in WIDTHS]
                width = _first_free(boxes, taken, step, step + 1)
                if width is not None:
                    shown[i] = width, spot
                    break
    return shown


def _first_free(
    boxes: Sequence[_Box], taken: list[_Grid], start: int = 0, stop: int = len(WIDTHS)
) -> int | None:
    """The first width, from `start` to before `stop`, from which on a name has room; it then takes it.

    Letters keep their size, so a name that has room in a picture may have none in a larger one.
    """
    for step in range(start, stop):
        later = range(step, len(WIDTHS))
        if all(_inside(boxes[k], WIDTHS[k]) and not taken[k].touched(boxes[k]) for k in later):
            for k in later:
                taken[k].add(boxes[k])
            return WIDTHS[step]
    return None


def _inside(box: _Box, width: float) -> bool:
    edge = 3.0
    high = width / ASPECT
    return box[0] >= edge and box[1] >= edge and box[2] <= width - edge and box[3] <= high - edge


def _nodes_at(chart: NetworkChart, radii: list[float], width: float) -> list[_Box]:
    """Where the nodes are in a picture of a width: no name may lie on one."""
    boxes = []
    for node, r in zip(chart.nodes, radii, strict=True):
        x, y = chart.layout.points[node.code]
        x, y = x * width, y * width / ASPECT
        boxes.append((x - r, y - r, x + r, y + r))
    return boxes


class _Grid:
    """Boxes by the cells of a grid, so that a name is compared with its surroundings only."""

    SIDE = 60.0

    def __init__(self, boxes: Sequence[_Box]) -> None:
        self.cells: dict[tuple[int, int], list[_Box]] = {}
        for box in boxes:
            self.add(box)

    def _over(self, box: _Box) -> list[tuple[int, int]]:
        left, top, right, bottom = (int(side // self.SIDE) for side in box)
        return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]

    def add(self, box: _Box) -> None:
        for cell in self._over(box):
            self.cells.setdefault(cell, []).append(box)

    def touched(self, box: _Box) -> bool:
        return any(
            _touch(box, other) for cell in self._over(box) for other in self.cells.get(cell, ())
        )


def _summary(chart: NetworkChart, key: Sequence[tuple[Kind, int]]) -> str:
    """The picture in words, for those who do not see it."""
    nodes, edges = len(chart.nodes), len(chart.edges)
    parts = [
        ngettext("Réseau de {n} activité,", "Réseau de {n} activités,", nodes).format(n=nodes)
        + " "
        + ngettext("{n} lien.", "{n} liens.", edges).format(n=edges)
    ]
    parts += [f"{kind.text} : {count}." for kind, count in key]
    if chart.table_id:
        parts.append(_("La table dit la même chose."))
    return " ".join(parts)

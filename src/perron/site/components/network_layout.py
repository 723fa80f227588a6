"""Where the nodes of a network go: groups apart, no two nodes on each other, the same every time.

Each group is laid out by itself in a disc (Kamada and Kawai 1989), then the discs are pulled together
without touching, and turned so that the links between groups are short. It is a picture and no method:
a distance on it measures nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Edge = tuple[str, str, float]

#: Air around a group, and around one that has a name: in units of the least distance between two nodes.
_AIR, _NAMED = 1.4, 3.6
#: Rounds of pushing apart; a group that needs more is only less tight.
_ROUNDS = 300
_ANGLES = 24
_STARTS = 12
#: How many nodes apart the picture is wide at least.
_WIDEST = 12


@dataclass(frozen=True, slots=True)
class Disc:
    """A group in the picture: its centre and radius, as shares of the width and of the height."""

    x: float
    y: float
    rx: float
    ry: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions from 0 to 1 in a picture of the aspect asked for; `gap`, the least distance of two nodes
    as a share of the width; a disc for each group, in their order."""

    points: dict[str, tuple[float, float]]
    discs: tuple[Disc, ...]
    gap: float


def layout(
    groups: Sequence[Sequence[str]],
    edges: Iterable[Edge],
    aspect: float = 1.5,
    margin: float = 0.03,
    named: int = 4,
) -> Layout:
    """Lay out the nodes of `groups`, each node in one, joined by `edges` with their weights.

    `aspect` is width over height; `margin` is left free on each side, as a share of it; groups of at
    least `named` nodes keep room for a name over them. An edge that names a node of no group is a
    KeyError.
    """
    members = [list(group) for group in groups if group]
    if not members:
        return Layout({}, (), 0.0)
    of = {node: number for number, group in enumerate(members) for node in group}
    linked = [(a, b, w) for a, b, w in edges]
    inner: list[list[Edge]] = [[] for _group in members]
    outer: list[Edge] = []
    for a, b, w in linked:
        (inner[of[a]] if of[a] == of[b] else outer).append((a, b, w))
    shapes = [_inside(group, found) for group, found in zip(members, inner, strict=True)]
    radii = np.array([np.hypot(*shape.T).max() + 0.75 for shape in shapes])
    air = np.array([_NAMED if len(group) >= named else _AIR for group in members]) / 2
    between = np.zeros((len(members), len(members)))
    for a, b, w in outer:
        between[of[a], of[b]] += w
        between[of[b], of[a]] += w
    centres = _packed(radii + air, between, aspect)
    at = {node: (of[node], i) for group in members for i, node in enumerate(group)}
    shapes = _turned(shapes, centres, [(at[a], at[b], w) for a, b, w in outer])
    return _boxed(members, shapes, centres, radii + air, aspect, margin, radii)


def ring(
    centre: str, around: Sequence[Sequence[str]], aspect: float = 1.5, margin: float = 0.08
) -> Layout:
    """One node in the middle, the others on an oval around it in their order; more ovals where needed."""
    others = [node for group in around for node in group]
    points = {centre: (0.5, 0.5)}
    # As many a ring as keeps them a finger apart, the outermost first so that labels have room.
    counts = _rings(len(others))
    start = 0
    for number, count in enumerate(counts):
        share = 1 - number / (len(counts) + 0.6)
        turn = np.pi / count if number % 2 else 0.0
        angles = np.linspace(0, 2 * np.pi, count, endpoint=False) + turn - np.pi / 2
        for node, angle in zip(others[start : start + count], angles, strict=True):
            x = 0.5 + (0.5 - margin) * share * np.cos(angle)
            y = 0.5 + (0.5 - margin * aspect) * share * np.sin(angle)
            points[node] = float(x), float(y)
        start += count
    gaps = [0.9 / max(1, count) for count in counts]
    return Layout(points, (), min([0.08, *gaps]))


def _rings(count: int) -> list[int]:
    """How many nodes on each ring, the outermost first.

    >>> _rings(8), _rings(50)
    ([8], [29, 21])
    """
    rings = 1 + count // 30
    if not count:
        return []
    shares = np.array([1 - number / (rings + 0.6) for number in range(rings)])
    counts = np.floor(count * shares / shares.sum()).astype(int)
    counts[0] += count - counts.sum()
    return [int(n) for n in counts if n]


def _inside(group: list[str], edges: list[Edge]) -> Points:
    """The nodes of a group around the origin, at least 1 apart."""
    n = len(group)
    if n == 1:
        return np.zeros((1, 2))
    if n == 2:
        return np.array([[-0.9, 0.0], [0.9, 0.0]])
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(group)
    graph.add_edges_from((a, b) for a, b, _w in edges)
    pieces = sorted(nx.connected_components(graph), key=lambda p: (-len(p), min(p)))
    hub = max(sorted(pieces[0]), key=lambda node: graph.degree(node))
    for piece in pieces[1:]:
        graph.add_edge(hub, max(sorted(piece), key=lambda node: graph.degree(node)))
    start = {
        node: (np.cos(angle), np.sin(angle))
        for node, angle in zip(group, np.linspace(0, 2 * np.pi, n, endpoint=False), strict=True)
    }
    found: dict[str, Any] = nx.kamada_kawai_layout(graph, pos=start)
    points = np.array([found[node] for node in group])
    return _centred(_apart(_filled(points), np.full(n, 0.5)))


def _filled(points: Points) -> Points:
    """The same angles, with radii that fill a disc evenly: no crowd in the middle, no lone outposts."""
    n = len(points)
    points = points - points.mean(axis=0)
    radius = np.hypot(*points.T)
    rank = np.argsort(np.argsort(radius, kind="stable"), kind="stable")
    even = (0.88 * np.sqrt(n) + 0.1) * np.sqrt((rank + 0.5) / n)
    return np.asarray(points * (even / np.maximum(radius, 1e-9))[:, None])


def _centred(points: Points) -> Points:
    """Moved so that the disc around them is about the smallest."""
    middle = points.mean(axis=0)
    for step in range(1, 200):
        far = points[np.argmax(np.hypot(*(points - middle).T))]
        middle = middle + (far - middle) / (step + 1)
    return np.asarray(points - middle)


def _apart(points: Points, radii: NDArray[np.float64], rounds: int = _ROUNDS) -> Points:
    """Push discs that touch away from each other, each as far as the other."""
    points = points + 1e-4 * np.column_stack(
        [np.cos(np.arange(len(points))), np.sin(np.arange(len(points)))]
    )
    wanted = radii[:, None] + radii[None, :]
    for _round in range(rounds):
        gap = points[:, None, :] - points[None, :, :]
        distance = np.hypot(gap[..., 0], gap[..., 1])
        np.fill_diagonal(distance, np.inf)
        short = np.maximum(wanted - distance, 0.0)
        if short.max() < 1e-3:
            break
        points = points + (gap / distance[..., None] * short[..., None] * 0.5).sum(axis=1)
    return points


def _packed(radii: NDArray[np.float64], between: Points, aspect: float) -> Points:
    """Centres of discs that do not touch, linked ones near, in a shape near to the aspect."""
    n = len(radii)
    if n == 1:
        return np.zeros((1, 2))
    order = np.argsort(-radii, kind="stable")
    pull = between / (between.max() or 1.0)
    best, least = np.zeros((n, 2)), np.inf
    for turn in range(_STARTS):
        points = np.empty((n, 2))
        angles = np.arange(n) * np.pi * (3 - np.sqrt(5)) + turn * 2 * np.pi / _STARTS
        far = np.sqrt(np.cumsum(radii[order] ** 2)) * 1.5
        points[order] = far[:, None] * np.column_stack([aspect * np.cos(angles), np.sin(angles)])
        for step in range(160):
            strength = 0.10 if step < 80 else 0.04
            gap = points[None, :, :] - points[:, None, :]
            attracted = (pull[..., None] * gap).sum(axis=1) / n
            points = points - strength * points * np.array([1 / aspect**1.5, 1.0])
            points = points + (strength if step < 80 else 0.0) * attracted
            points = _apart(points, radii, rounds=5)
        points = _apart(points, radii)
        low, high = (points - radii[:, None]).min(axis=0), (points + radii[:, None]).max(axis=0)
        size = max((high - low)[0] / aspect, (high - low)[1])
        apart = np.hypot(*(points[None, :, :] - points[:, None, :]).transpose(2, 0, 1))
        # A smaller picture first; of two alike, the one whose linked groups are nearer.
        cost = size * (1 + 0.3 * float((pull * apart).sum() / (pull.sum() or 1.0)) / size)
        if cost < least:
            best, least = points, cost
    return best


def _turned(
    shapes: list[Points],
    centres: Points,
    outer: Sequence[tuple[tuple[int, int], tuple[int, int], float]],
) -> list[Points]:
    """Each group turned, and mirrored or not, so that its links to the others are short."""
    shapes = [shape.copy() for shape in shapes]
    ends: list[list[tuple[int, tuple[int, int], float]]] = [[] for _shape in shapes]
    for (g, i), (h, j), w in outer:
        ends[g].append((i, (h, j), w))
        ends[h].append((j, (g, i), w))
    for _pass in range(2):
        for number in sorted(range(len(shapes)), key=lambda k: -len(shapes[k])):
            if not ends[number] or len(shapes[number]) == 1:
                continue
            mine = [i for i, _other, _w in ends[number]]
            there = np.array([centres[h] + shapes[h][j] for _i, (h, j), _w in ends[number]])
            weight = np.array([w for _i, _other, w in ends[number]])
            best, least = shapes[number], np.inf
            for angle in np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False):
                c, s = np.cos(angle), np.sin(angle)
                for mirror in (1.0, -1.0):
                    turned = shapes[number] @ np.array([[c, s], [-s * mirror, c * mirror]])
                    here = centres[number] + turned[mine]
                    cost = float((weight * np.hypot(*(here - there).T)).sum())
                    if cost < least - 1e-9:
                        best, least = turned, cost
            shapes[number] = best
    return shapes


def _boxed(
    members: list[list[str]],
    shapes: list[Points],
    centres: Points,
    reach: NDArray[np.float64],
    aspect: float,
    margin: float,
    radii: NDArray[np.float64],
) -> Layout:
    """Scale everything into the picture; `reach` is the radius of a group with its air."""
    low = (centres - reach[:, None]).min(axis=0)
    high = (centres + reach[:, None]).max(axis=0)
    room = np.array([aspect * (1 - 2 * margin), 1 - 2 * margin])
    # A network of a few nodes is not blown up over the whole picture.
    scale = min(*(room / (high - low)), aspect / _WIDEST)
    size = np.array([aspect, 1.0])
    # Groups spread over what room is left: further apart, they still do not touch.
    edges = (high - low) - np.ptp(centres, axis=0)
    spread = np.maximum((room / scale - edges) / np.maximum(np.ptp(centres, axis=0), 1e-9), 1.0)
    if len(centres) == 1:
        spread = np.ones(2)
        wide = np.array([max(1.0, min(1.6, room[0] / (high - low)[0] / scale)), 1.0])
        shapes = [shape * wide for shape in shapes]
    centres = (centres - (low + high) / 2) * spread
    middle = ((centres - reach[:, None]).min(axis=0) + (centres + reach[:, None]).max(axis=0)) / 2

    def placed(points: Points) -> Points:
        return np.asarray(((points - middle) * scale + size / 2) / size)

    points = {}
    for group, shape, centre in zip(members, shapes, centres, strict=True):
        for node, (x, y) in zip(group, placed(centre + shape), strict=True):
            points[node] = float(x), float(y)
    discs = tuple(
        Disc(float(x), float(y), float(r * scale / aspect), float(r * scale))
        for (x, y), r in zip(placed(centres), radii, strict=True)
    )
    return Layout(points, discs, float(scale / aspect))

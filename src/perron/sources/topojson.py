"""TopoJSON: outlines made of shared arcs, so that simplifying a border moves both of its sides.

The format is that of the TopoJSON specification 1.0: arcs in whole steps, differences from point to
point, a scale and a shift. Each arc is simplified once, wherever it is used (Douglas and Peucker
1973); its ends, where three places meet, never move.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import shapely

Point = tuple[float, float]
#: What simplification may move a border by, in degrees: about 100 m, one unit of a drawn map.
TOLERANCE = 0.0012


def features(content: dict[str, Any], tolerance: float = TOLERANCE) -> Iterator[dict[str, Any]]:
    """The polygons of the object that holds most of them, as GeoJSON features.

    KeyError, IndexError, TypeError or ValueError tell of a damaged file.
    """
    arcs = [_simplified(arc, tolerance) for arc in _decoded(content)]
    objects = [o for o in content["objects"].values() if o["type"] == "GeometryCollection"]
    chosen = max(objects, key=lambda o: len(o["geometries"]))
    for geometry in chosen["geometries"]:
        kind = geometry["type"]
        if kind == "Polygon":
            coordinates: Any = [_ring(ring, arcs) for ring in geometry["arcs"]]
        elif kind == "MultiPolygon":
            coordinates = [[_ring(ring, arcs) for ring in part] for part in geometry["arcs"]]
        else:
            raise ValueError(kind)
        yield {
            "type": "Feature",
            "properties": geometry["properties"],
            "geometry": {"type": kind, "coordinates": coordinates},
        }


def _decoded(content: dict[str, Any]) -> Iterator[list[Point]]:
    transform = content.get("transform")
    for arc in content["arcs"]:
        if transform is None:
            yield [(float(x), float(y)) for x, y, *_rest in arc]
            continue
        (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((x * kx + dx, y * ky + dy))
        yield points


def _simplified(arc: list[Point], tolerance: float) -> list[Point]:
    """The arc with fewer points; a closed one keeps the four that make it a surface."""
    if len(arc) < 3 or not tolerance:
        return arc
    line = shapely.simplify(shapely.LineString(arc), tolerance, preserve_topology=False)
    points = [(float(x), float(y)) for x, y in shapely.get_coordinates(line)]
    return arc if arc[0] == arc[-1] and len(points) < 4 else points


def _ring(indices: Sequence[int], arcs: Sequence[list[Point]]) -> list[Point]:
    """Arcs end to end; a negative index is an arc walked backwards."""
    points: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points

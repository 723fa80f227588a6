"""Shapes of a map: municipalities and the outlines that contain them, as SVG paths.

Coordinates are taken as they stand when the reference system is in metres (Belgian Lambert 72 and
its kind) and made nearly conformal when in degrees; both are good enough to draw, none to measure.
Neighbours share their vertices in the source, and rounding keeps shared vertices shared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import pyarrow.parquet as pq
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from perron.lake.snapshots import Catalogue

WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Shape:
    """One place on the map, with the point its name is written at."""

    code: str
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map of WIDTH units by `height`: filled shapes, then outlines drawn over them."""

    height: int
    shapes: tuple[Shape, ...]
    outlines: tuple[str, ...]


@lru_cache(maxsize=4)
def geometries(catalogue: Catalogue) -> tuple[dict[str, BaseGeometry], str]:
    """The geometry of each municipality, and the name of their reference system."""
    table = pq.read_table(catalogue.snapshot("refnis_geometry").path)
    crs = table.column("crs")[0].as_py() if table.num_rows else "EPSG:31370"
    shapes = shapely.from_wkb(table.column("wkb").to_numpy(zero_copy_only=False))
    return dict(zip(table.column("code").to_pylist(), shapes, strict=True)), crs


def _path(shape: BaseGeometry, at: Callable[[float, float], tuple[int, int]]) -> str:
    parts = []
    for polygon in _polygons(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [at(x, y) for x, y in ring.coords]
            kept = [points[0]] + [p for q, p in pairwise(points) if p != q]
            if len(kept) < 4:
                continue
            x0, y0 = kept[0]
            steps = " ".join(f"{x - px} {y - py}" for (px, py), (x, y) in pairwise(kept[:-1]))
            parts.append(f"M{x0} {y0}l{steps}z")
    return "".join(parts)


def _polygons(shape: BaseGeometry) -> Iterable[Polygon]:
    if isinstance(shape, Polygon):
        yield shape
    elif isinstance(shape, MultiPolygon):
        yield from shape.geoms


@lru_cache(maxsize=32)
def drawing(
    catalogue: Catalogue, codes: tuple[str, ...], groups: tuple[tuple[str, ...], ...]
) -> Drawing:
    """Draw `codes`, with an outline around each group of codes. A code without a shape is left out."""
    known, crs = geometries(catalogue)
    chosen = {code: known[code] for code in codes if code in known}
    if not chosen:
        return Drawing(0, (), ())
    west, south, east, north = shapely.total_bounds(list(chosen.values()))
    stretch = math.cos(math.radians((south + north) / 2)) if crs == "EPSG:4326" else 1.0
    scale = WIDTH / ((east - west) * stretch)
    height = math.ceil((north - south) * scale)

    def at(x: float, y: float) -> tuple[int, int]:
        return round((x - west) * stretch * scale), round((north - y) * scale)

    shapes = []
    for code, shape in chosen.items():
        point = shapely.point_on_surface(shape)
        x, y = at(point.x, point.y)
        shapes.append(Shape(code, _path(shape, at), x, y))
    outlines = tuple(
        _path(shapely.union_all([chosen[c] for c in group if c in chosen]), at) for group in groups
    )
    return Drawing(height, tuple(shapes), outlines)

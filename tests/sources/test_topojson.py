"""Outlines of shared arcs: neighbours keep one border, before and after it is simplified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape

from perron.errors import InputError
from perron.sources import topojson
from perron.sources.refnis import Refnis
from perron.sources.report import Report
from perron.sources.retrieve import retrieve

# Two squares of one tenth of a degree that share a border with a bump; the second has a hole.
# Written by hand from the specification: steps of 0.0001 degree from (5.0, 50.0).
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.0001, 0.0001], "translate": [5.0, 50.0]},
    "arcs": [
        [[1000, 0], [3, 500], [-3, 500]],
        [[1000, 1000], [-1000, 0], [0, -1000], [1000, 0]],
        [[1000, 0], [1000, 0], [0, 1000], [-1000, 0]],
        [[1400, 400], [200, 0], [0, 200], [-200, 0], [0, -200]],
    ],
    "objects": {
        "one": {"type": "GeometryCollection", "geometries": []},
        "communes": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"nis": "61003"}},
                {"type": "MultiPolygon", "arcs": [[[2, -1], [3]]], "properties": {"nis": "61010"}},
            ],
        },
    },
}


def _shapes(tolerance: float) -> list[shapely.Geometry]:
    return [shape(f["geometry"]) for f in topojson.features(TOPOLOGY, tolerance)]


@pytest.mark.parametrize("tolerance", [0.0, 0.001, 0.01])
def test_neighbours_share_their_border_at_any_tolerance(tolerance: float) -> None:
    west, east = _shapes(tolerance)
    assert west.is_valid
    assert east.is_valid
    assert west.intersection(east).area == pytest.approx(0, abs=1e-12)
    joined = shapely.union_all([west, east])
    assert joined.geom_type == "Polygon"
    assert len(joined.interiors) == 1  # the hole of the second, and no sliver between the two
    assert joined.area == pytest.approx(0.02 - 0.0004, abs=1e-9)


def test_simplifying_removes_the_bump_from_both_sides() -> None:
    (west, east), (plain_west, plain_east) = _shapes(0.0), _shapes(0.001)
    assert west.bounds[2] == pytest.approx(5.1003)
    assert plain_west.bounds[2] == pytest.approx(5.1)
    assert east.area < plain_east.area
    assert west.area > plain_west.area


def test_a_closed_arc_never_shrinks_to_a_line() -> None:
    _west, east = _shapes(1.0)
    assert len(east.geoms[0].interiors) == 1


def test_a_topology_is_read_as_outlines(tmp_path: Path) -> None:
    file = tmp_path / "communes_2019.topojson"
    file.write_text(json.dumps(TOPOLOGY), encoding="utf-8")
    report = Report("refnis", file.name)
    (reading,) = Refnis().read(retrieve(file, tmp_path / "kept"), report)
    assert reading.data.column("code").to_pylist() == ["61003", "61010"]
    assert set(reading.data.column("crs").to_pylist()) == {"EPSG:4326"}
    assert report.accepted == 2


@pytest.mark.parametrize(
    "damage",
    [
        {"arcs": []},
        {"arcs": [[["x", 0], [1, 1]]] * 4},
        {"transform": {"scale": [1]}},
        {"objects": {}},
        {"objects": {"a": {"type": "GeometryCollection", "geometries": [{"type": "Point"}]}}},
    ],
)
def test_a_damaged_topology_is_refused_in_a_sentence(tmp_path: Path, damage: dict) -> None:
    file = tmp_path / "communes_2019.topojson"
    file.write_text(json.dumps({**TOPOLOGY, **damage}), encoding="utf-8")
    with pytest.raises(InputError, match="communes_2019"):
        Refnis().read(retrieve(file, tmp_path / "kept"), Report("refnis", file.name))

"""Outlines of municipalities from a shapefile, GeoJSON or TopoJSON, with borders that stay shared.

Rounding is by vertex and the same on both sides of a border, so neighbours that touched still do.
Simplified outlines often cross themselves in small loops, turn a ring round or shrink it to a line:
these are mended, and named in the report. Anything worse is refused by the code of the place.
"""

from __future__ import annotations

import io
import json
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import shapefile
import shapely
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from perron.errors import InputError
from perron.lake import schema
from perron.sources import topojson
from perron.sources.archives import Part
from perron.sources.checks import period, typed
from perron.sources.report import Report, brief
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading
from perron.sources.text import shown
from perron.translation import gettext as _

REFNIS_GEOMETRY = schema.Table(
    name="refnis_geometry",
    version=1,
    doc="Outlines of the municipalities, simplified for maps: not for measuring.",
    columns=(
        schema.Column("code", pa.string(), "REFNIS code of the municipality."),
        schema.Column("vintage", pa.int16(), "Year of the division into municipalities."),
        schema.Column("crs", pa.string(), "Coordinate reference system, such as EPSG:31370."),
        schema.Column("wkb", pa.binary(), "Polygon or multipolygon, well-known binary."),
    ),
    key=("code",),
)

#: Reference systems met in Belgian files: how they are written, and the grid they are rounded to
#: (one metre, or its like in degrees) with the box in which Belgium lies.
_SYSTEMS = {
    "EPSG:31370": (r"31370|Belge[ _]Lambert[ _](?:19)?72|Belge_1972", 1.0, (0, 0, 320e3, 280e3)),
    "EPSG:3812": (r"3812|Belg\w*[ _]Lambert[ _](?:20)?08", 1.0, (480e3, 500e3, 820e3, 780e3)),
    "EPSG:4326": (r"CRS84|4326|WGS[ _]?(?:19)?84", 1e-5, (2.0, 49.0, 7.0, 52.0)),
}
_CODE = re.compile(
    r"^(?:CNIS5?(?:_\d{4})?|CD_MUNTY_REFNIS|CD_REFNIS|REFNIS|NISCODE|NIS|INS|CODE_INS)$",
    re.IGNORECASE,
)
#: Share of its surface that mending may change in an outline; beyond, it would be another one.
MENDED_SHARE = 0.1

_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj")
_POLYGONS = (shapefile.POLYGON, shapefile.POLYGONZ, shapefile.POLYGONM)
_BROKEN = (
    shapefile.ShapefileException,
    shapely.errors.ShapelyError,
    struct.error,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    EOFError,
    OSError,
    RecursionError,
    MemoryError,
    AssertionError,
)


@dataclass(frozen=True, slots=True)
class Rings:
    """An outline as its file gives it: surfaces, and holes to take from them."""

    shells: list[Polygon]
    holes: list[Polygon]


def is_geographic(found: Sequence[Part]) -> bool:
    """Whether the files are a shapefile or GeoJSON, by suffix and, for JSON, by content."""
    if any(p.suffix == ".shp" for p in found):
        return True
    return len(found) == 1 and (
        found[0].suffix in {".geojson", ".json"} or found[0].read().lstrip()[:1] == b"{"
    )


def read_outlines(found: Sequence[Part], file: Retrieved, report: Report) -> Reading:
    """The table of outlines. Two outlines of one code, or one beyond repair, refuse the file."""
    try:
        crs, label, shapes = _shapefile(found, file) if len(found) > 1 else _geojson(found[0])
        pairs = list(shapes)
    except InputError:
        raise
    except _BROKEN as error:
        raise InputError(
            _(
                "{file} : les contours sont abîmés ou incomplets ({problem}). Téléchargez de nouveau le fichier."
            ).format(file=file.name, problem=brief(error))
        ) from error
    report.read += len(pairs)
    vintage = period(file.period, [label, *(p.name for p in found), file.name], file.name)
    seen: set[str] = set()
    mended: list[str] = []
    rows = []
    for number, (code, rings) in enumerate(pairs, 1):
        if not re.fullmatch(r"\d{5}", code):
            report.reject(_("code REFNIS inconnu"), [(number, code)])
            continue
        if code in seen:
            raise InputError(
                _(
                    "{file} : la commune {code} a deux contours. Attendu : un contour par commune."
                ).format(file=file.name, code=code)
            )
        seen.add(code)
        outline = _sound(code, rings, crs, report, mended)
        rows.append((code, int(vintage), crs, shapely.to_wkb(outline, byte_order=1)))
    if mended:
        report.warn(_("contours réparés : {codes}").format(codes=", ".join(mended)))
    report.accepted += len(rows)
    report.check()
    frame = pl.DataFrame(
        rows,
        schema={"code": pl.String, "vintage": pl.Int16, "crs": pl.String, "wkb": pl.Binary},
        orient="row",
    )
    return Reading(REFNIS_GEOMETRY, typed(REFNIS_GEOMETRY, frame), (vintage,))


def _shapefile(
    found: Sequence[Part], file: Retrieved
) -> tuple[str, str, Iterator[tuple[str, Rings]]]:
    by_suffix = {s: [p for p in found if p.suffix == s] for s in (*_SHAPEFILE, ".cpg")}
    wrong = [s for s in _SHAPEFILE if len(by_suffix[s]) != 1]
    if wrong:
        raise InputError(
            _(
                "{file} : il faut un et un seul fichier {suffix} dans l'archive. Trouvés : {names}."
            ).format(file=file.name, suffix=wrong[0], names=shown([p.name for p in found]))
        )
    crs = _system(by_suffix[".prj"][0].read().decode("utf-8", "replace"), file.name)
    cpg = by_suffix[".cpg"]
    encoding = (
        "utf-8"
        if cpg and b"8859" not in (mark := cpg[0].read()) and b"1252" not in mark
        else "cp1252"
    )
    content = {s: by_suffix[s][0].read() for s in (".shp", ".shx", ".dbf")}
    for suffix in (".shp", ".shx"):
        # Both begin with their own length, in words of two bytes; the reader only warns of it.
        if len(content[suffix]) != 2 * int.from_bytes(content[suffix][24:28], "big"):
            raise ValueError(f"{suffix}, {len(content[suffix])}")
    reader = shapefile.Reader(
        **{suffix[1:]: io.BytesIO(data) for suffix, data in content.items()},
        encoding=encoding,
        encodingErrors="replace",
    )
    names = [f[0] for f in reader.fields[1:]]
    code = _code_field(names, file.name)
    if len(reader) != reader.numRecords:
        raise ValueError(f"{len(reader)} shapes, {reader.numRecords} records")

    def each() -> Iterator[tuple[str, Rings]]:
        for item in reader.iterShapeRecords():
            if item.shape.shapeType not in _POLYGONS:
                raise ValueError(f"shape type {item.shape.shapeType}")
            ends = [*item.shape.parts, len(item.shape.points)]
            points = [[p[:2] for p in item.shape.points[a:b]] for a, b in pairwise(ends)]
            rings = [Polygon(ring) for ring in points]
            # In a shapefile a hole turns the other way; one that lies in no surface was turned
            # round by whoever simplified the outline.
            shells = [r for r in rings if not r.exterior.is_ccw]
            turned = [r for r in rings if r.exterior.is_ccw]
            middles = [(r, r.representative_point()) for r in turned]
            holes = [r for r, at in middles if any(at.within(s.convex_hull) for s in shells)]
            yield (
                _text(item.record[code]),
                Rings(shells + [r for r in turned if r not in holes], holes),
            )

    return crs, code, each()


def _geojson(part: Part) -> tuple[str, str, Iterator[tuple[str, Rings]]]:
    try:
        content: Any = json.loads(part.read().decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError) as error:
        raise InputError(
            _("{file} n'est pas du GeoJSON lisible ({problem}).").format(
                file=part.name, problem=brief(error)
            )
        ) from error
    known: dict[str, Any] = content if isinstance(content, dict) else {}
    shared = known.get("type") == "Topology"
    features = list(topojson.features(known)) if shared else known.get("features")
    if not isinstance(features, list) or not features:
        raise InputError(
            _(
                "{file} : aucun contour. Attendu : une collection GeoJSON (« FeatureCollection ») de communes."
            ).format(file=part.name)
        )
    # Without a word on it, GeoJSON is in longitude and latitude (RFC 7946).
    crs = _system(json.dumps(known.get("crs") or "CRS84"), part.name)
    code = _code_field(list(features[0]["properties"]), part.name)

    def each() -> Iterator[tuple[str, Rings]]:
        for feature in features:
            surface = shape(feature["geometry"])
            if surface.geom_type not in {"Polygon", "MultiPolygon"}:
                raise ValueError(surface.geom_type)
            polygons = list(shapely.get_parts(surface))
            yield (
                _text(feature["properties"][code]),
                Rings(
                    [Polygon(p.exterior) for p in polygons],
                    [Polygon(ring) for p in polygons for ring in p.interiors],
                ),
            )

    return crs, code, each()


def _system(text: str, file: str) -> str:
    for name, (pattern, _grid, _box) in _SYSTEMS.items():
        if re.search(pattern, text, re.IGNORECASE):
            return name
    raise InputError(
        _(
            "{file} : système de coordonnées non reconnu (« {found} »). Attendu : Lambert belge 1972 ou 2008, ou WGS 84."
        ).format(file=file, found=text.strip()[:60])
    )


def _code_field(names: Sequence[str], file: str) -> str:
    for name in names:
        if _CODE.match(name):
            return name
    raise InputError(
        _(
            "{file} : aucune colonne de code REFNIS. Attendu : CD_MUNTY_REFNIS, REFNIS ou CNIS5_<année>. Colonnes trouvées : {found}."
        ).format(file=file, found=shown(names))
    )


def _text(value: object) -> str:
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    )


def _sound(
    code: str, rings: Rings, crs: str, report: Report, mended: list[str]
) -> Polygon | MultiPolygon:
    """The outline rounded to its grid and valid; mended when it can be, else refused by name."""
    _pattern, grid, (west, south, east, north) = _SYSTEMS[crs]
    bounds = shapely.total_bounds(np.array(rings.shells, dtype=object))
    if not (west <= bounds[0] <= bounds[2] <= east and south <= bounds[1] <= bounds[3] <= north):
        raise InputError(
            _(
                "{file} : le contour de la commune {code} est vide ou sort de la Belgique dans le système {crs}."
            ).format(file=report.file, code=code, crs=crs)
        )
    shells, holes = (_rounded(part, grid) for part in (rings.shells, rings.holes))
    lost = len(rings.shells) + len(rings.holes) - len(shells) - len(holes)
    crossed = [r for r in (*shells, *holes) if not r.is_valid]
    surface = shapely.union_all(_mended(shells))
    if holes:
        surface = shapely.difference(surface, shapely.union_all(_mended(holes)))
    flat = [p for p in shapely.get_parts(surface) if p.geom_type == "Polygon" and p.area > 0]
    found = sum(p.area for p in flat)
    expected = sum(p.area for p in shells) - sum(p.area for p in holes)
    if not flat or abs(found - expected) > MENDED_SHARE * max(found, expected):
        raise InputError(
            _(
                "{file} : le contour de la commune {code} se recoupe et ne peut pas être réparé."
            ).format(file=report.file, code=code)
        )
    if lost or crossed:
        mended.append(code)
    return flat[0] if len(flat) == 1 else MultiPolygon(flat)


def _rounded(rings: Sequence[Polygon], grid: float) -> list[Polygon]:
    """The rings on the grid, without those that have no surface left."""
    found = [shapely.set_precision(r, grid, mode="pointwise") for r in rings]
    return [shapely.remove_repeated_points(r, 0.0) for r in found if r.area > 0]


def _mended(rings: Sequence[Polygon]) -> list[BaseGeometry]:
    return [
        r if r.is_valid else shapely.make_valid(r, method="structure", keep_collapsed=False)
        for r in rings
    ]

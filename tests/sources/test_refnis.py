from __future__ import annotations

import json

import polars as pl
import pytest
import shapely

from perron.errors import InputError
from perron.lake.validation import check
from perron.sources.refnis import Refnis

HEADER = (
    "CD_REFNIS,TX_MUNTY_DESCR_FR,TX_MUNTY_DESCR_NL,TX_MUNTY_DESCR_EN,CD_ADM_DSTR_REFNIS,"
    "TX_ADM_DSTR_DESCR_FR,TX_ADM_DSTR_DESCR_NL,CD_PROV_REFNIS,TX_PROV_DESCR_FR,TX_PROV_DESCR_NL,"
    "CD_RGN_REFNIS,TX_RGN_DESCR_FR,TX_RGN_DESCR_NL"
)
WALLONIA = "60000,Province de Liège,Provincie Luik,03000,Région wallonne,Waals Gewest"
ROWS = [
    f"62063,Liège,Luik,Liège,62000,Arrondissement de Liège,Arrondissement Luik,{WALLONIA}",
    f"62003,Ans,Ans,Ans,62000,Arrondissement de Liège,Arrondissement Luik,{WALLONIA}",
    "21004,Bruxelles,Brussel,Brussels,21000,Arrondissement de Bruxelles-Capitale,"
    "Arrondissement Brussel-Hoofdstad, , , ,4000,Région de Bruxelles-Capitale,Brussels Gewest",
]


def table(rows: list[str]) -> bytes:
    return ("\n".join([HEADER, *rows]) + "\n").encode()


def frame(reading) -> pl.DataFrame:
    check(reading.table, reading.data)
    return pl.DataFrame(pl.from_arrow(reading.data))


def test_the_hierarchy_is_built_up_to_the_country(read):
    (reading,), report = read(Refnis(), "communes_2019.csv", table(ROWS))
    rows = frame(reading)
    parents = dict(rows.select("code", "parent").iter_rows())
    assert parents == {
        "62063": "62000", "62003": "62000", "62000": "60000", "60000": "03000", "03000": "01000",
        "21004": "21000", "21000": "04000", "04000": "01000", "01000": None,
        "-----": None, "XXXXX": None,
    }  # fmt: skip
    assert rows.filter(level="outside").height == 2
    assert rows.filter(code="01000").row(0)[3:7] == ("Belgique", "België", "Belgien", "Belgium")
    assert rows.filter(code="62063")["name_de"].item() is None
    assert set(rows["vintage"]) == {2019}
    assert report.accepted == 3


def test_the_vat_database_gives_the_same_hierarchy(read, files):
    columns = HEADER.split(",")
    script = "CREATE TABLE TF_VAT_NACE_2019 (x); CREATE TABLE TD_MUNTY_REFNIS ("
    script += ", ".join(f"{c} TEXT" for c in columns) + ");"
    outside = "-----" + ",x" * 3 + ",-----,x,x,-----,x,x,-----,x,x"
    region = " , , , , , , , , , ,03000,Région wallonne,Waals Gewest"
    for line in [*ROWS, outside, region]:
        values = ", ".join(f"'{v}'" for v in line.split(","))
        script += f"INSERT INTO TD_MUNTY_REFNIS VALUES ({values});"
    (one,), _report = read(Refnis(), "communes_2019.csv", table(ROWS))
    (two,), report = read(Refnis(), "v.sqlite", files.sqlite_bytes(script))
    assert two.data.equals(one.data)
    assert report.set_aside_rows == 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*ROWS, ROWS[1].replace("Province de Liège", "Province du Hainaut")], "plusieurs fois"),
        ([ROWS[0], ROWS[1].replace("Province de Liège", "Province X")], "60000 est décrit de deux"),
        ([ROWS[0], ROWS[1].replace("62003", "62000")], "62000 est donné à deux niveaux"),
        ([ROWS[0], ROWS[1].replace("62003,Ans", "62003,")], "nom, arrondissement ou région"),
        ([ROWS[0], ROWS[1].replace("62003", "6200A")], "code REFNIS inconnu"),
    ],
)
def test_a_hierarchy_that_contradicts_itself_is_refused(read, rows, words):
    with pytest.raises(InputError, match=words):
        read(Refnis(), "communes_2019.csv", table(rows))


def test_borders_stay_shared_when_outlines_are_rounded(read, files):
    shapes = {
        "62063": [files.square(235000.4, 147000.3)],
        "62003": [files.square(236000.4, 147000.3)],
    }
    (reading,), report = read(Refnis(), "c.zip", files.outlines(shapes))
    rows = frame(reading)
    left, right = (shapely.from_wkb(w) for w in rows.sort("code", descending=True)["wkb"])
    assert shapely.intersection(left, right).length == 1000.0
    assert shapely.union(left, right).geom_type == "Polygon"
    assert set(rows["crs"]) == {"EPSG:31370"}
    assert set(rows["vintage"]) == {2019}
    assert (shapely.get_coordinates(left) % 1 == 0).all()
    assert report.warnings == []


def test_small_loops_are_mended_and_named(read, files):
    loop = files.square(235000, 147000)
    loop = [*loop[:-1], (235000, 146990), (235010, 146990), (235005, 147005), loop[0]]
    dot = [(235500, 147500)] * 4
    (reading,), report = read(Refnis(), "c.zip", files.outlines({"62063": [loop, dot]}))
    surface = shapely.from_wkb(frame(reading)["wkb"].item())
    assert surface.is_valid
    assert surface.area == pytest.approx(1e6, rel=0.01)
    assert report.warnings == ["contours réparés : 62063"]


def test_a_hole_stays_a_hole(read, files):
    hole = files.square(235400, 147400, 100)[::-1]
    shapes = {"13002": [files.square(235000, 147000), hole]}
    (reading,), _report = read(Refnis(), "c.zip", files.outlines(shapes))
    assert shapely.from_wkb(frame(reading)["wkb"].item()).area == 1e6 - 1e4


def bow_tie(x: float, y: float) -> list[tuple[float, float]]:
    return [(x, y), (x + 1000, y + 1000), (x + 1000, y), (x, y + 1000), (x, y)]


@pytest.mark.parametrize(
    ("shapes", "prj", "words"),
    [
        ({"62063": "square", "62063*": "square"}, ..., "62063 a deux contours"),
        ({"62063": "bow tie"}, ..., "62063 se recoupe"),
        ({"62063": "elsewhere"}, ..., "62063 est vide ou sort de la Belgique"),
        ({"62063": "square"}, 'PROJCS["NAD83"]', "système de coordonnées non reconnu"),
        ({"62063": "square"}, None, r"fichier \.prj"),
        ({"Liège": "square"}, ..., "1 lignes sur 1"),
    ],
)  # fmt: skip
def test_outlines_that_cannot_be_trusted_are_refused_by_name(read, files, shapes, prj, words):
    rings = {
        "square": [files.square(235000, 147000)],
        "bow tie": [bow_tie(235000, 147000)],
        "elsewhere": [files.square(535000, 947000)],
    }
    given = {} if prj is ... else {"prj": prj}
    content = files.outlines({code: rings[kind] for code, kind in shapes.items()}, **given)
    with pytest.raises(InputError, match=words):
        read(Refnis(), "c.zip", content)


def test_geojson_is_read_in_degrees(read):
    ring = [[5.5, 50.6], [5.6, 50.6], [5.6, 50.7], [5.5, 50.7], [5.5, 50.6]]
    feature = {
        "type": "Feature",
        "properties": {"refnis": "62063"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    content = {"type": "FeatureCollection", "features": [feature]}
    (reading,), _report = read(Refnis(), "c_2019.geojson", json.dumps(content).encode())
    rows = frame(reading)
    assert rows["crs"].item() == "EPSG:4326"
    assert shapely.from_wkb(rows["wkb"].item()).area == pytest.approx(0.01)
    feature["geometry"] = {"type": "Point", "coordinates": [5.5, 50.6]}
    with pytest.raises(InputError, match="abîmés ou incomplets"):
        read(Refnis(), "c_2019.geojson", json.dumps(content).encode())


@pytest.mark.parametrize(
    "content", [b"{", b"{}", b'{"features": [1]}', b'{"features": [{}]}', b"{" * 5000]
)
def test_json_that_is_no_outline_is_refused(read, content):
    with pytest.raises(InputError):
        read(Refnis(), "c_2019.geojson", content)


def test_a_truncated_shapefile_is_refused(read, files):
    import io
    import zipfile

    whole = files.outlines({"62063": [files.square(235000, 147000)]})
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    for suffix in (".shp", ".dbf", ".shx"):
        cut = {n: c[: len(c) - 20] if n.endswith(suffix) else c for n, c in members.items()}
        with pytest.raises(InputError, match="abîmés ou incomplets"):
            read(Refnis(), "c.zip", files.zipped(cut))

"""Bytes flipped, cut or repeated at random: a table or one sentence, never a traceback."""

from __future__ import annotations

import random
import warnings

import pytest

from perron.errors import InputError
from perron.lake.validation import check
from perron.sources.nace import Nace
from perron.sources.population import Population
from perron.sources.refnis import Refnis
from perron.sources.report import Report
from perron.sources.retrieve import retrieve
from perron.sources.statbel_vat import StatbelVat

KINDS = ["sqlite", "sqlite in zip", "text", "shapefile", "geojson", "population", "nace"]
GEOJSON = (
    b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"refnis": "62063"},'
    b' "geometry": {"type": "Polygon", "coordinates": [[[5.5, 50.6], [5.6, 50.6], [5.6, 50.7], [5.5, 50.6]]]}}]}'
)
PEOPLE = b"CD_REFNIS;CD_SEX;MS_POPULATION\n62063;M;5\n62063;F;6\n62003;M;4\n62003;F;3\n"
LABELS = (
    b"version,level,code,parent,label_fr,label_nl,label_de,label_en\n"
    b"2008,1,A,,a,a,a,a\n2008,2,01,A,b,b,b,b\n2008,3,011,01,c,c,c,c\n"
)


def damaged(content: bytes, generator: random.Random) -> bytes:
    """The content with a few bytes flipped, a piece cut out, repeated or moved to the end."""
    data = bytearray(content)
    for _time in range(generator.choice([1, 1, 3, 20])):
        data[generator.randrange(len(data))] = generator.randrange(256)
    start = generator.randrange(len(data))
    piece = data[start : start + generator.randrange(1, 400)]
    match generator.randrange(6):
        case 0:
            del data[start : start + len(piece)]
        case 1:
            data[start:start] = piece * generator.randrange(1, 4)
        case 2:
            data += piece
        case 3:
            del data[start + 1 :]
    return bytes(data)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_ends_in_a_sound_table_or_in_one_sentence(kind, files, tmp_path):
    base = files.vat_sqlite()
    source, name, content = {
        "sqlite": (StatbelVat, "v_2019.sqlite", base),
        "sqlite in zip": (StatbelVat, "v_2019.zip", files.zipped({"a.sqlite": base})),
        "text": (StatbelVat, "v_2019.txt", files.vat_text()),
        "shapefile": (Refnis, "c_2019.zip", files.outlines({"62063": [files.square(235000, 147000)]})),
        "geojson": (Refnis, "c_2019.geojson", GEOJSON),
        "population": (Population, "p_2020.csv", PEOPLE),
        "nace": (Nace, "n.csv", LABELS),
    }[kind]  # fmt: skip
    generator = random.Random(f"{kind} 1")
    path = tmp_path / name
    ends = {"table": 0, "sentence": 0}
    for _round in range(ROUNDS):
        path.write_bytes(damaged(content, generator))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                readings = source().read(retrieve(path, tmp_path), Report(source.name, name))
        except InputError as error:
            assert "\n" not in str(error)
            ends["sentence"] += 1
        else:
            for reading in readings:
                check(reading.table, reading.data)
            ends["table"] += 1
    assert ends["sentence"] > 0


ROUNDS = 120

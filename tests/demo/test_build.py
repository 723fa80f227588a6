from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile
from pathlib import Path

import polars as pl
import pytest
from tests.sources.test_nbb_io import workbook

from perron.demo import build as script
from perron.demo.build import build, main

NACE = """version,level,code,parent,label_fr,label_nl,label_de,label_en
2008,1,A,,a,a,a,a
2008,2,01,,b,b,b,b
"""
PLACES = """
CREATE TABLE TF_VAT_NACE_2019 (CD_REFNIS TEXT, CD_LGL_PSN_VAT TEXT, CD_NACE TEXT,
    MS_NUM_VAT REAL, MS_NUM_VAT_START REAL, MS_NUM_VAT_STOP REAL);
INSERT INTO TF_VAT_NACE_2019 VALUES ('62063','0','01110',3.0,1.0,0.0);
CREATE TABLE TD_MUNTY_REFNIS (CD_ADM_DSTR_REFNIS, TX_ADM_DSTR_DESCR_NL, TX_ADM_DSTR_DESCR_FR,
    CD_PROV_REFNIS, TX_PROV_DESCR_NL, TX_PROV_DESCR_FR, CD_RGN_REFNIS, TX_RGN_DESCR_NL,
    TX_RGN_DESCR_FR, CD_REFNIS, TX_MUNTY_DESCR_NL, TX_MUNTY_DESCR_FR);
INSERT INTO TD_MUNTY_REFNIS VALUES ('62000','Luik','Liège','60000','Luik','Liège','03000','Wallonië',
    'Wallonie','62063','Luik','Liège');
"""

OUTLINES = {
    "type": "Topology",
    "arcs": [[[5.5, 50.6], [5.6, 50.6], [5.6, 50.7], [5.5, 50.6]]],
    "objects": {
        "communes": {
            "type": "GeometryCollection",
            "geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"nis": "62063"}}],
        }
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The publishers' files, each of one municipality."""
    base = sqlite3.connect(":memory:")
    base.executescript(PLACES)
    people = b"CD_REFNIS,CD_SEX,MS_POPULATION\n62063,M,1\n62063,F,2\n"
    contents = {
        "TF_VAT_NACE_SQ_2019.zip": {"TF_VAT_NACE_2019.sqlite": base.serialize()},
        "belgium_municipalities_2019_bmesuere.topojson": json.dumps(OUTLINES).encode(),
        "nacebel_2003_2008_2025_labels_4lang.csv": NACE.encode(),
        "statbel_population_2015_commune_sex_age5.csv.gz": people,
        "nama_10r_3empers_liege_nuts3_A10_2000_2018.csv": b"geo,year,nace_r2,persons\nBE33,2018,A,5\n",
        "establishment_units_by_commune_2018Q4_2023Q4.csv": (
            b"quarter_nl,establishments,refnis,year\n4de kwartaal 2023,3.0,62063,2023\n"
        ),
        "statbel_fiscal_income_by_commune_2005_2013.csv.gz": gzip.compress(
            b"CD_YEAR,CD_MUNTY_REFNIS,MS_NBR_NON_ZERO_INC,MS_TOT_NET_TAXABLE_INC,MS_TOT_RESIDENTS\n"
            b"2013,62063,2,3.5,4\n",
            mtime=0,
        ),
        "census2011_HC19_workplace_province_x_nace_section_x_sex_x_edu.csv": (
            b"CD_LPW_LVL_3,CD_IND_LVL_2,CD_SEX_LVL_1,CD_EDU_LVL_1,OBS_VALUE\nBE33,C,M,ED3,5\n"
        ),
        "vR64_nl_20191213.xlsx": workbook(),
        "sbs_r_nuts06_r2.csv": b"nace_r2;geo;n2015\nC25;BE33;7\nH53;BE33; \n",
        "lfst_r_lfe2en2.tsv.gz": gzip.compress(
            b"unit,nace_r2,age,geo\\time\t2015 \nTHS,A,Y_GE15,BE33\t1.2 u\n", mtime=0
        ),
        "population_per_commune_bmesuere.csv": b"NIS code,Mannen,Vrouwen,Totaal\n62063,2,2,4\n",
    }
    for file in {f.path for recipe in script.RECIPES for f in recipe.files}:
        path = tmp_path / "data" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        content = contents[path.name]
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            with zipfile.ZipFile(path, "w") as archive:
                for name, member in content.items():
                    archive.writestr(name, member)
    return tmp_path / "data"


def test_the_same_files_give_the_same_bytes(folder, tmp_path):
    one, two = build(folder, tmp_path / "one"), build(folder, tmp_path / "two")
    assert [p.name for p in one] == [p.name for p in two]
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_years_of_one_table_are_joined_with_each_file_named(folder, tmp_path):
    build(folder, tmp_path / "out")
    rows = pl.read_parquet(tmp_path / "out" / "population.parquet").filter(sex="total")
    assert dict(rows.select("period", "population").iter_rows()) == {"2015": 3, "2020": 4}
    said = json.loads((tmp_path / "out" / "population.json").read_text(encoding="utf-8"))
    assert said["years"] == ["2015", "2020"]
    assert [len(f["sha256"]) for f in said["files"]] == [64, 64]
    assert str(folder) not in json.dumps(said)


def test_a_missing_file_is_said_with_the_exit_code_of_bad_input(tmp_path, capsys):
    assert main([str(tmp_path)]) == 1
    assert "n'existe pas" in capsys.readouterr().err
    assert main([]) == 2

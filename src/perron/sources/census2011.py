"""Census 2011: employed persons by place of work, section, sex and education."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from perron.lake import schema
from perron.lake.provenance import State
from perron.sources.archives import single
from perron.sources.checks import reject, typed, unique, whole
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.sources.text import Column, decoded
from perron.translation import gettext as _
from perron.translation import gettext_noop

CENSUS_JOBS = schema.Table(
    name="census_jobs",
    version=1,
    doc="Employed persons at the census of 2011 by province of work, section, sex and education.",
    columns=(
        schema.Column(
            "territory", pa.string(), "NUTS 2 code of the place of work, FOR outside Belgium."
        ),
        schema.Column("activity", pa.string(), "NACE Rev. 2 section, UNK not stated."),
        schema.Column("sex", pa.string(), "men or women."),
        schema.Column(
            "education",
            pa.string(),
            "Highest level: NONE, ED1 to ED6 (ISCED 1 to 6), UNK not stated, NAP under 15.",
        ),
        schema.Column("period", pa.string(), "Year."),
    ),
    key=("territory", "activity", "sex", "education", "period"),
    measures=(schema.Measure("persons", "Employed persons.", "persons", pa.int64()),),
    absent=State.ZERO,
)

_COLUMNS = (
    Column("territory", ("CD_LPW_LVL_3",)),
    Column("activity", ("CD_IND_LVL_2",)),
    Column("sex", ("CD_SEX_LVL_1",)),
    Column("education", ("CD_EDU_LVL_1",)),
    Column("persons", ("OBS_VALUE",)),
)
_SEXES = {"M": "men", "F": "women"}
_EDUCATION = ("NONE", "ED1", "ED2", "ED3", "ED4", "ED5", "ED6", "UNK", "NAP")
#: People who do not work: the census counts everyone.
_NOT_AT_WORK = "NAP"


class Census2011(Source):
    """The hypercube of place of work by industry, sex and education (HC19)."""

    name = "census2011"
    publisher = "Statbel"
    licence = gettext_noop("Données ouvertes de Statbel (CC BY 4.0)")
    url = "https://statbel.fgov.be/fr/open-data"
    years = "2011"
    tables = (CENSUS_JOBS,)

    @property
    def title(self) -> str:
        return _(
            "Personnes occupées au recensement de 2011, par province, section, sexe et diplôme"
        )

    @property
    def where(self) -> str:
        return _("le fichier HC19 du Census 2011, par lieu de travail")

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        part = single(file)
        rows = decoded(part.read(), part.name, report).rows(_COLUMNS, report)
        count = rows.height
        rows = rows.filter(pl.col("territory") != _NOT_AT_WORK)
        report.set_aside(_("personnes qui ne travaillent pas"), count - rows.height)
        rows = rows.with_columns(
            pl.col("sex").replace_strict(_SEXES, default=None).alias("sex"),
            pl.lit("2011").alias("period"),
        )
        odd = (
            ~pl.col("territory").str.contains(r"^(?:BE\d\d|FOR)$")
            | ~pl.col("activity").str.contains(r"^(?:[A-U]|UNK)$")
            | pl.col("sex").is_null()
            | ~pl.col("education").is_in(list(_EDUCATION))
        )
        rows = reject(rows, odd, _("lieu, section, sexe ou diplôme inconnu"), report)
        counted = whole("persons")
        rows = reject(
            rows, counted.is_null(), _("effectif absent, négatif ou non entier"), report
        ).with_columns(counted.alias("persons"))
        rows = unique(rows, CENSUS_JOBS.key, ("persons",), report)
        report.accepted += rows.height
        report.check(exhaustive=True)
        return [Reading(CENSUS_JOBS, typed(CENSUS_JOBS, rows), ("2011",))]

"""Statbel: enterprises liable to VAT by municipality, activity and legal form, one file a year.

Enterprises are counted where they have their seat: neither jobs nor establishments. Activities that
are exempt from VAT (most of health, education, part of finance) are not there. Two ends of year are
compared: a start is an enterprise liable at the end of the year and not a year before, whether for
the first time or again; a stop is the reverse, and no failure by itself. The file is a register, so
a combination that is absent counts zero.
"""

from __future__ import annotations

import re

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake import schema
from perron.lake.provenance import State
from perron.sources import sqlite
from perron.sources.archives import Part, parts
from perron.sources.checks import (
    examples,
    period,
    reject,
    typed,
    unique,
    whole,
)
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.sources.statbel_codes import keyed
from perron.sources.text import Column, decoded
from perron.translation import gettext as _
from perron.translation import gettext_noop

STATBEL_VAT = schema.Table(
    name="statbel_vat",
    version=1,
    doc="Enterprises liable to VAT, counted at their seat, with the year's starts and stops.",
    columns=(
        schema.Column(
            "territory", pa.string(), "Municipality (REFNIS), ----- abroad, XXXXX unknown."
        ),
        schema.Column(
            "activity",
            pa.string(),
            "NACE-BEL 2008, 5 digits; 4 digits and X where the fifth is unknown; XXXXX unknown.",
        ),
        schema.Column("legal_form", pa.string(), "Statbel's class of legal form, 0 to 9."),
        schema.Column("period", pa.string(), "Year."),
    ),
    key=("territory", "activity", "legal_form", "period"),
    measures=(
        schema.Measure(
            "enterprises", "Enterprises liable to VAT on 31 December.", "enterprises", pa.int64()
        ),
        schema.Measure(
            "starts", "Liable at the end of the year, not a year before.", "enterprises", pa.int64()
        ),
        schema.Measure(
            "stops",
            "Liable a year before, no longer at the end of the year.",
            "enterprises",
            pa.int64(),
        ),
    ),
    absent=State.ZERO,
)

_COLUMNS = (
    Column("territory", ("CD_REFNIS", "CD_MUNTY_REFNIS")),
    Column("activity", ("CD_NACE", "CD_NACE_LVL5")),
    Column("legal_form", ("CD_LGL_PSN_VAT",)),
    Column("enterprises", ("MS_NUM_VAT",)),
    Column("starts", ("MS_NUM_VAT_START",)),
    Column("stops", ("MS_NUM_VAT_STOP",)),
    Column("year", ("CD_YEAR", "YEAR", "CD_YR"), required=False),
)
_MEASURES = tuple(m.name for m in STATBEL_VAT.measures)
_TABLE = re.compile(r"^TF_VAT_NACE_(?:SQ_)?(\d{4})$", re.IGNORECASE)


class StatbelVat(Source):
    """TF_VAT_NACE_<year>: a zip of SQLite, or text separated by bars, zipped or not."""

    name = "statbel-vat"
    publisher = "Statbel"
    licence = gettext_noop("Données ouvertes de Statbel (CC BY 4.0)")
    url = "https://statbel.fgov.be/fr/open-data"
    years = "2008-"
    tables = (STATBEL_VAT,)
    yearly = True

    @property
    def title(self) -> str:
        return _("Entreprises assujetties à la TVA par commune, activité et forme juridique")

    @property
    def where(self) -> str:
        return _("un fichier TF_VAT_NACE d'une année, en zip (SQLite ou texte)")

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        rows, names = self._found(file, report)
        if "year" in rows.columns:
            years = sorted(set(rows["year"]))
            if len(years) != 1:
                raise InputError(
                    _(
                        "{file} contient plusieurs années ({years}). Attendu : un fichier par année."
                    ).format(file=file.name, years=", ".join(years[:5]))
                )
            names = [str(years[0]), *names]
        year = period(file.period, names, file.name)
        rows = self._keyed(rows, report)
        read = rows.select(pl.all().exclude(_MEASURES), *(whole(m).alias(m) for m in _MEASURES))
        bad = pl.any_horizontal(pl.col(m).is_null() for m in _MEASURES)
        unreadable = read.select(bad).to_series()
        if unreadable.any():
            broken = rows.filter(unreadable)
            report.reject(
                _("effectif absent, négatif ou non entier"), examples(broken), broken.height
            )
            # Absence would mean zero: what can't be read is stored as unknown.
            report.unknown += broken.height
            read = read.with_columns(
                pl.when(unreadable).then(None).otherwise(pl.col(m)).alias(m) for m in _MEASURES
            )
        read = read.with_columns(pl.lit(year).alias("period"))
        read = unique(read, STATBEL_VAT.key, _MEASURES, report)
        report.accepted = read.height - report.unknown
        report.check(exhaustive=True)
        return [Reading(STATBEL_VAT, typed(STATBEL_VAT, read), (year,))]

    def _found(self, file: Retrieved, report: Report) -> tuple[pl.DataFrame, list[str]]:
        """The rows, and the names in which the year may stand, the surest first."""
        found = parts(file)
        if len(found) > 1:
            named = [p for p in found if "VAT" in p.name.upper() and p.suffix != ".pdf"]
            found = named if len(named) == 1 else found
        if len(found) != 1:
            raise InputError(
                _(
                    "{file} contient {count} fichiers ({names}). Attendu : un seul fichier TF_VAT_NACE."
                ).format(
                    file=file.name, count=len(found), names=", ".join(p.name for p in found[:4])
                )
            )
        part = found[0]
        data = part.read()
        if data.startswith(sqlite.MAGIC):
            return self._from_sqlite(data, part, file, report)
        return decoded(data, part.name, report).rows(_COLUMNS, report), [part.name, file.name]

    def _from_sqlite(
        self, data: bytes, part: Part, file: Retrieved, report: Report
    ) -> tuple[pl.DataFrame, list[str]]:
        with sqlite.opened(data, part.name) as base:
            tables = [t for t in base.tables if _TABLE.match(t)]
            if len(tables) != 1:
                raise InputError(
                    _(
                        "{file} : {count} tables TF_VAT_NACE_<année>. Attendu : une. Tables trouvées : {names}."
                    ).format(file=part.name, count=len(tables), names=", ".join(base.tables) or "0")
                )
            return base.rows(tables[0], _COLUMNS, report), [tables[0], part.name, file.name]

    def _keyed(self, rows: pl.DataFrame, report: Report) -> pl.DataFrame:
        """Rows whose territory, activity and legal form are understood."""
        rows = keyed(rows, report)
        return reject(
            rows,
            ~pl.col("legal_form").str.contains(r"^\d{1,3}$"),
            _("forme juridique inconnue"),
            report,
        )

"""Statbel: enterprises liable to VAT by municipality, activity and size class, one file a year.

The yearly series (2008 onwards) that gives a sector its own history. Enterprises are counted at their
seat. A size class says between how many and how many employees: it bounds the jobs and never gives
them. The file is a register, so a combination that is absent counts zero.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake import schema
from perron.lake.provenance import State
from perron.sources import sqlite, workbook
from perron.sources.archives import parts
from perron.sources.checks import examples, period, reject, typed, unique, whole
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.sources.statbel_codes import keyed
from perron.sources.text import Column, decoded
from perron.sources.vat_size_structure import COUNT, SIZE_STRUCTURE, read_structure
from perron.translation import gettext as _
from perron.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class SizeClass:
    """How many employees an enterprise of the class has: `most` is None where it has no bound."""

    code: str
    least: int
    most: int | None


SIZE_CLASSES = (
    SizeClass("00", 0, 0),
    SizeClass("01", 1, 4),
    SizeClass("02", 5, 9),
    SizeClass("03", 10, 19),
    SizeClass("04", 20, 49),
    SizeClass("05", 50, 99),
    SizeClass("06", 100, 199),
    SizeClass("07", 200, 249),
    SizeClass("08", 250, 499),
    SizeClass("09", 500, 999),
    SizeClass("10", 1_000, 1_999),
    SizeClass("11", 2_000, 2_999),
    SizeClass("12", 3_000, 3_999),
    SizeClass("13", 4_000, 4_999),
    SizeClass("14", 5_000, 9_999),
    SizeClass("15", 10_000, None),
)

STATBEL_VAT_SIZE = schema.Table(
    name="statbel_vat_size",
    version=1,
    doc="Enterprises liable to VAT by number of employees, counted at their seat.",
    columns=(
        schema.Column(
            "territory",
            pa.string(),
            "Municipality, or district where the file has none (REFNIS), ----- abroad, XXXXX unknown.",
        ),
        schema.Column(
            "activity",
            pa.string(),
            "NACE-BEL, 5 digits; 4 digits and X where the fifth is unknown; XXXXX unknown.",
        ),
        schema.Column("size_class", pa.string(), "Statbel's class of employees, 00 to 15."),
        schema.Column("period", pa.string(), "Year."),
    ),
    key=("territory", "activity", "size_class", "period"),
    measures=(
        schema.Measure(
            "enterprises", "Enterprises liable to VAT on 31 December.", "enterprises", pa.int64()
        ),
    ),
    absent=State.ZERO,
)

_COLUMNS = (
    # The files that have all the labels count by district and have no finer place.
    Column("territory", ("CD_REFNIS", "CD_MUNTY_REFNIS", "CD_ADM_DSTR_REFNIS")),
    Column("activity", ("CD_NACE_LVL5", "CD_NACE", "CD_NACE_REV2_LVL5", "CD_NACE_5")),
    Column("size_class", ("CD_NIS_STAT_UNT_CLS", "CD_STAT_UNT_CLS")),
    Column("enterprises", ("MS_NUM_VAT",)),
    Column("section", ("TX_NACE_NL_LVL1", "TX_NACE_FR_LVL1"), required=False),
    Column("year", ("CD_YEAR", "YEAR", "CD_YR"), required=False),
)
_TABLE = re.compile(r"^[TV]F_VAT_NACE_EMPL_(?:SQ_)?(\d{4})$", re.IGNORECASE)
_SHEET = "VAT_NACE_EMPL"
_CLASS = r"^(?:0\d|1[0-5])$"
#: How Statbel writes an activity that is not known, in place of a section.
_UNKNOWN = r"(?i)^(onbekend|inconnu|activité économique inconnue)"


class StatbelVatSize(Source):
    """TF_VAT_NACE_EMPL_<year>: zipped text or SQLite, or a workbook; or a table of its sums by section,
    which gives `size_structure`."""

    name = "statbel-vat-size"
    publisher = "Statbel"
    licence = gettext_noop("Données ouvertes de Statbel (CC BY 4.0)")
    url = "https://statbel.fgov.be/fr/open-data"
    years = "2008-"
    tables = (STATBEL_VAT_SIZE, SIZE_STRUCTURE)
    yearly = True

    @property
    def title(self) -> str:
        return _("Entreprises assujetties à la TVA par commune, activité et classe de taille")

    @property
    def where(self) -> str:
        return _("un fichier TF_VAT_NACE_EMPL d'une année, en zip (SQLite ou texte) ou en XLSX")

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        data, inner = self._content(file)
        if workbook.is_workbook(data):
            rows, sheet = workbook.rows(data, inner, _COLUMNS, report, _SHEET)
            names = [sheet, inner]
        elif data.startswith(sqlite.MAGIC):
            rows, names = self._database(data, inner, report)
        else:
            text = decoded(data, inner, report)
            if text.has(COUNT):
                return [read_structure(text, report)]
            rows, names = text.rows(_COLUMNS, report), [inner]
        names.append(file.name)
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
        if "section" in rows.columns:
            unknown = pl.col("section").str.contains(_UNKNOWN) & (pl.col("activity") == "")
            rows = rows.with_columns(
                pl.when(unknown)
                .then(pl.lit("XXXXX"))
                .otherwise(pl.col("activity"))
                .alias("activity")
            )
        rows = keyed(rows, report).with_columns(
            pl.col("size_class").str.replace(r"\.0+$", "").str.zfill(2)
        )
        rows = reject(
            rows, ~pl.col("size_class").str.contains(_CLASS), _("classe de taille inconnue"), report
        )
        places = rows.filter(pl.col("territory").str.contains(r"^\d{5}$"))["territory"]
        if places.len() and places.str.ends_with("000").all():
            report.warn(_("le fichier compte par arrondissement et ne dit rien des communes"))
        counted = whole("enterprises")
        unreadable = rows.select(counted.is_null()).to_series()
        if unreadable.any():
            broken = rows.filter(unreadable)
            report.reject(
                _("effectif absent, négatif ou non entier"), examples(broken), broken.height
            )
            # Absence would mean zero: what can't be read is stored as unknown.
            report.unknown += broken.height
        read = rows.with_columns(counted.alias("enterprises"), pl.lit(year).alias("period"))
        read = unique(read, STATBEL_VAT_SIZE.key, ("enterprises",), report)
        report.accepted = read.height - report.unknown
        report.check(exhaustive=True)
        return [Reading(STATBEL_VAT_SIZE, typed(STATBEL_VAT_SIZE, read), (year,))]

    def _content(self, file: Retrieved) -> tuple[bytes, str]:
        """The bytes of the workbook, or of the one file inside, and its name."""
        whole_file = file.path.read_bytes()
        if workbook.is_workbook(whole_file):
            return whole_file, file.name
        found = parts(file)
        if len(found) > 1:
            named = [p for p in found if "VAT" in p.name.upper() and p.suffix != ".pdf"]
            found = named if len(named) == 1 else found
        if len(found) != 1:
            raise InputError(
                _(
                    "{file} contient {count} fichiers ({names}). Attendu : un seul fichier TF_VAT_NACE_EMPL."
                ).format(
                    file=file.name, count=len(found), names=", ".join(p.name for p in found[:4])
                )
            )
        return found[0].read(), found[0].name

    def _database(self, data: bytes, name: str, report: Report) -> tuple[pl.DataFrame, list[str]]:
        """The rows of the one table, and the names in which the year may stand, the surest first."""
        with sqlite.opened(data, name) as base:
            tables = [table for table in base.tables if _TABLE.match(table)]
            if len(tables) != 1:
                raise InputError(
                    _(
                        "{file} : {count} tables TF_VAT_NACE_EMPL_<année>. Attendu : une. Tables trouvées : {names}."
                    ).format(file=name, count=len(tables), names=", ".join(base.tables) or "0")
                )
            return base.rows(tables[0], _COLUMNS, report), [tables[0], name]


def jobs_bounds(enterprises: dict[str, int]) -> tuple[int, int | None]:
    """The least and the most employees that enterprises by size class can have together.

    `most` is None where a class without upper bound holds one.

    >>> jobs_bounds({"00": 10, "01": 3, "04": 2})
    (43, 110)
    >>> jobs_bounds({"15": 1})
    (10000, None)
    """
    known = {each.code: each for each in SIZE_CLASSES}
    least = sum(count * known[code].least for code, count in enterprises.items())
    tops = [(count, known[code].most) for code, count in enterprises.items() if count]
    if any(most is None for _count, most in tops):
        return least, None
    return least, sum(count * (most or 0) for count, most in tops)

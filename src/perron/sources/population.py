"""Statbel: the population of each municipality on the first of January, by sex."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake import schema
from perron.sources.archives import parts
from perron.sources.checks import period, place_code, reject, typed, unique, whole
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.sources.text import LINE, Column, Text, decoded
from perron.translation import gettext as _
from perron.translation import gettext_noop

POPULATION = schema.Table(
    name="population",
    version=1,
    doc="Legal population of each municipality of that year on the first of January, by sex.",
    columns=(
        schema.Column("territory", pa.string(), "Municipality (REFNIS)."),
        schema.Column("sex", pa.string(), "total, men or women."),
        schema.Column("period", pa.string(), "Year, on the first of January."),
    ),
    key=("territory", "sex", "period"),
    measures=(schema.Measure("population", "Inhabitants.", "persons", pa.int64()),),
)

_PLACE = (
    "CD_MUNTY_REFNIS",
    "CD_REFNIS",
    "NIS code",
    "Code INS",
    "Code NIS",
    "INS",
    "NIS",
    "REFNIS",
)
_YEAR = Column("year", ("CD_YEAR", "YEAR", "Année", "Jaar"), required=False)
_SUMMARY = (
    Column("territory", _PLACE),
    Column("men", ("Mannen", "Hommes", "Men", "Männer")),
    Column("women", ("Vrouwen", "Femmes", "Women", "Frauen")),
    Column("total", ("Totaal", "Total", "Insgesamt")),
    _YEAR,
)
_STRUCTURE = (
    Column("territory", _PLACE),
    Column("sex", ("CD_SEX", "SEX", "Sexe", "Geslacht")),
    Column("population", ("MS_POPULATION", "POPULATION")),
    _YEAR,
)
_SEXES = {
    "M": "men",
    "H": "men",
    "1": "men",
    "F": "women",
    "V": "women",
    "W": "women",
    "2": "women",
}

#: First two digits of the municipalities (their district) in the sums that a file may hold. The
#: two Brabants share a first digit, hence the list; districts are their own first two digits.
_BRABANT = {"20001": ("23", "24"), "20002": ("25",), "04000": ("21",)}
_FLEMISH = ("1", "23", "24", "3", "4", "7")
_WALLOON = ("25", "5", "6", "8", "9")


def prefixes(code: str) -> tuple[str, ...]:
    """How the codes of the municipalities of a sum begin; none for a municipality.

    >>> prefixes("62000"), prefixes("60000"), prefixes("62063")
    (('62',), ('6',), ())
    """
    if code in _BRABANT:
        return _BRABANT[code]
    if not code.endswith("000"):
        return ()
    wide = {"01000": ("",), "02000": _FLEMISH, "03000": _WALLOON}
    return wide.get(code) or ((code[0],) if code[1] == "0" else (code[:2],))


class Population(Source):
    """Two variants: one line a place with men, women and total; or one line a place, sex and age."""

    name = "population"
    publisher = "Statbel"
    licence = gettext_noop("Données ouvertes de Statbel (CC BY 4.0)")
    url = "https://statbel.fgov.be/fr/themes/population/structure-de-la-population"
    years = "2009-"
    tables = (POPULATION,)
    yearly = True

    @property
    def title(self) -> str:
        return _("Population des communes au 1er janvier, par sexe")

    @property
    def where(self) -> str:
        return _(
            "un fichier TF_SOC_POP_STRUCT d'une année, ou un tableau par commune avec hommes, femmes et total"
        )

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        found = [p for p in parts(file) if p.suffix != ".pdf"]
        if len(found) != 1:
            raise InputError(
                _(
                    "{file} contient {count} fichiers. Attendu : un seul tableau de population."
                ).format(file=file.name, count=len(found))
            )
        part = found[0]
        text = decoded(part.read(), part.name, report)
        structure = text.has(_STRUCTURE[1])
        rows = text.rows(_STRUCTURE if structure else _SUMMARY, report)
        year = self._year(rows, file, part.name)
        rows = rows.with_columns(place_code("territory").alias("territory"))
        rows = reject(
            rows,
            ~pl.col("territory").str.contains(r"^\d{5}$"),
            _("code de commune inconnu"),
            report,
        )
        wide = self._structure(rows, report) if structure else self._summary(rows, report, text)
        report.check()
        long = wide.unpivot(
            ["total", "men", "women"],
            index="territory",
            variable_name="sex",
            value_name="population",
        ).with_columns(pl.lit(year).alias("period"))
        return [Reading(POPULATION, typed(POPULATION, long), (year,))]

    def _year(self, rows: pl.DataFrame, file: Retrieved, inner: str) -> str:
        years = sorted(set(rows["year"])) if "year" in rows.columns else []
        if len(years) > 1:
            raise InputError(
                _(
                    "{file} contient plusieurs années ({years}). Attendu : un fichier par année."
                ).format(file=file.name, years=", ".join(years[:5]))
            )
        return period(file.period, [*years, inner, file.name], file.name)

    def _summary(self, rows: pl.DataFrame, report: Report, text: Text) -> pl.DataFrame:
        """Men, women and total of each municipality; the file's own sums are compared."""
        figures = ("men", "women", "total")
        read = rows.select(LINE, "territory", *(whole(f).alias(f) for f in figures))
        bad = pl.any_horizontal(pl.col(f).is_null() for f in figures)
        wrong = pl.col("men") + pl.col("women") != pl.col("total")
        marks = read.select(bad.alias("bad"), wrong.alias("wrong").fill_null(value=False))
        reject(rows, pl.lit(marks["bad"]), _("effectif absent, négatif ou non entier"), report)
        reject(rows, pl.lit(marks["wrong"]), _("hommes et femmes ne font pas le total"), report)
        read = read.filter(~(marks["bad"] | marks["wrong"]))
        read = unique(read, ("territory",), figures, report)
        sums = {code: begins for code in read["territory"] if (begins := prefixes(code))}
        units = read.filter(~pl.col("territory").is_in(list(sums)))
        report.set_aside(
            _("totaux d'arrondissement, de province, de région ou du pays, recalculés"), len(sums)
        )
        for code, begins in sums.items():
            inside = units.filter(
                pl.any_horizontal(pl.col("territory").str.starts_with(p) for p in begins)
            )
            given = read.filter(pl.col("territory") == code)["total"][0]
            found = int(inside["total"].sum())
            if inside.height and found != given:
                report.warn(
                    _(
                        "{file} donne {given} habitants pour {code} ; ses communes en font {found}"
                    ).format(file=text.name, given=given, code=code, found=found)
                )
        report.accepted += units.height
        return units

    def _structure(self, rows: pl.DataFrame, report: Report) -> pl.DataFrame:
        """Sums over ages. A row that cannot be read would make a sum false: the file is refused."""
        rows = rows.filter(
            ~pl.col("territory").is_in([c for c in set(rows["territory"]) if prefixes(c)])
        )
        read = rows.with_columns(
            pl.col("sex").str.to_uppercase().replace_strict(_SEXES, default=None).alias("sex"),
            whole("population").alias("population"),
        )
        bad = read.select(pl.col("sex").is_null() | pl.col("population").is_null()).to_series()
        reject(
            rows, pl.lit(bad), _("sexe inconnu, ou effectif absent, négatif ou non entier"), report
        )
        if report.rejected:
            raise InputError(
                _(
                    "{file} : {count} lignes n'ont pas été comprises, et les sommes par commune seraient fausses ; d'abord {first}. Téléchargez de nouveau le fichier."
                ).format(file=report.file, count=report.rejected, first=report.first())
            )
        report.accepted += read.height
        summed = read.group_by("territory", "sex").agg(pl.col("population").sum())
        wide = summed.pivot("sex", index="territory", values="population")
        both = [
            pl.col(c) if c in wide.columns else pl.lit(None, pl.Int64).alias(c)
            for c in ("men", "women")
        ]
        return wide.select("territory", *both).with_columns(
            (pl.col("men") + pl.col("women")).alias("total")
        )

"""Statbel: the taxable income of each municipality, by year of income."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from perron.lake import schema
from perron.sources.archives import single
from perron.sources.checks import place_code, reject, typed, unique, whole
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.sources.text import Column, decoded
from perron.translation import gettext as _
from perron.translation import gettext_noop

INCOME = schema.Table(
    name="income",
    version=1,
    doc="Net taxable income of the declarations of each municipality, by year of income.",
    columns=(
        schema.Column("territory", pa.string(), "Municipality (REFNIS) of that year."),
        schema.Column("period", pa.string(), "Year of income; taxed the year after."),
    ),
    key=("territory", "period"),
    measures=(
        schema.Measure("net_taxable_income", "Total net taxable income.", "EUR"),
        schema.Measure("declarations", "Declarations with an income.", "declarations", pa.int64()),
        schema.Measure("residents", "Inhabitants on 1 January after.", "persons", pa.int64()),
    ),
)

_COLUMNS = (
    Column("territory", ("CD_MUNTY_REFNIS", "CD_REFNIS")),
    Column("period", ("CD_YEAR", "YEAR")),
    Column("net_taxable_income", ("MS_TOT_NET_TAXABLE_INC",)),
    Column("declarations", ("MS_NBR_NON_ZERO_INC",)),
    Column("residents", ("MS_TOT_RESIDENTS",)),
)
_AMOUNT = r"^\d{1,15}(?:[.,]\d+)?$"
_YEAR = r"^(?:19|20)\d\d$"


class Income(Source):
    """TF_PSNL_INC_TAX_MUNTY: one line a municipality and year, figures in euros."""

    name = "income"
    publisher = "Statbel"
    licence = gettext_noop("Données ouvertes de Statbel (CC BY 4.0)")
    url = "https://statbel.fgov.be/fr/open-data"
    years = "2005-"
    tables = (INCOME,)
    yearly = True

    @property
    def title(self) -> str:
        return _("Revenus imposables par commune")

    @property
    def where(self) -> str:
        return _("un fichier TF_PSNL_INC_TAX_MUNTY, une ligne par commune et par année")

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        part = single(file)
        rows = decoded(part.read(), part.name, report).rows(_COLUMNS, report)
        rows = rows.with_columns(
            place_code("territory").alias("territory"),
            pl.col("period").str.replace(r"\.0+$", ""),
        )
        rows = reject(
            rows,
            ~pl.col("territory").str.contains(r"^\d{5}$"),
            _("code de commune inconnu"),
            report,
        )
        rows = reject(rows, ~pl.col("period").str.contains(_YEAR), _("année inconnue"), report)
        money = pl.col("net_taxable_income").str.strip_chars()
        rows = reject(rows, ~money.str.contains(_AMOUNT), _("montant absent ou illisible"), report)
        counts = ("declarations", "residents")
        rows = reject(
            rows,
            pl.any_horizontal(whole(name).is_null() for name in counts),
            _("effectif absent, négatif ou non entier"),
            report,
        ).with_columns(
            money.str.replace(",", ".", literal=True).cast(pl.Float64).alias("net_taxable_income"),
            *(whole(name).alias(name) for name in counts),
        )
        rows = unique(rows, INCOME.key, ("net_taxable_income", *counts), report)
        report.accepted += rows.height
        report.check()
        periods = tuple(sorted(set(rows["period"])))
        return [Reading(INCOME, typed(INCOME, rows), periods)]

"""Statbel: establishment units by municipality in the last quarter of each year.

Units where work is done, whatever the seat of the enterprise: the nearest public count to jobs by
municipality, without activity.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from perron.lake import schema
from perron.sources.archives import single
from perron.sources.checks import NOWHERE, known_place, place_code, reject, typed, unique, whole
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.sources.text import Column, decoded
from perron.translation import gettext as _
from perron.translation import gettext_noop

ESTABLISHMENTS = schema.Table(
    name="establishments",
    version=1,
    doc="Establishment units by municipality, fourth quarter.",
    columns=(
        schema.Column("territory", pa.string(), "Municipality (REFNIS), XXXXX unknown."),
        schema.Column("period", pa.string(), "Year, in its fourth quarter."),
    ),
    key=("territory", "period"),
    measures=(schema.Measure("establishments", "Establishment units.", "units", pa.int64()),),
)

_COLUMNS = (
    Column("territory", ("refnis", "CD_REFNIS", "CD_MUNTY_REFNIS")),
    Column("establishments", ("establishments", "MS_NUM_ESTAB")),
    Column("period", ("year", "CD_YEAR")),
    Column("quarter", ("quarter_nl", "quarter", "CD_QUARTER"), required=False),
)
#: The fourth quarter, however it is written.
_FOURTH = r"(?i)\b(?:4de|4e|q4|t4|4)\b"
_YEAR = r"^(?:19|20)\d\d$"


class StatbelEstablishments(Source):
    """A table with refnis, year, quarter and establishments, as Statbel's own application exports it."""

    name = "statbel-establishments"
    publisher = "Statbel"
    licence = gettext_noop("Données ouvertes de Statbel (CC BY 4.0)")
    url = "https://bestat.statbel.fgov.be"
    years = "2018-"
    tables = (ESTABLISHMENTS,)
    yearly = True

    @property
    def title(self) -> str:
        return _("Unités d'établissement par commune, au quatrième trimestre")

    @property
    def where(self) -> str:
        return _("un tableau par commune avec refnis, year, quarter et establishments")

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        part = single(file)
        text = decoded(part.read(), part.name, report)
        rows = text.rows(_COLUMNS, report)
        if "quarter" in rows.columns:
            fourth = pl.col("quarter").str.contains(_FOURTH)
            count = rows.height
            rows = rows.filter(fourth)
            report.set_aside(_("autres trimestres que le quatrième"), count - rows.height)
        # A place that is not known has no code.
        rows = rows.with_columns(
            pl.when(pl.col("territory") == "")
            .then(pl.lit(NOWHERE))
            .otherwise(place_code("territory"))
            .alias("territory"),
            pl.col("period").str.replace(r"\.0+$", ""),
        )
        rows = reject(rows, ~known_place("territory"), _("code de commune inconnu"), report)
        rows = reject(rows, ~pl.col("period").str.contains(_YEAR), _("année inconnue"), report)
        counted = whole("establishments")
        rows = reject(
            rows, counted.is_null(), _("effectif absent, négatif ou non entier"), report
        ).with_columns(counted.alias("establishments"))
        rows = unique(rows, ESTABLISHMENTS.key, ("establishments",), report)
        report.accepted += rows.height
        report.check()
        periods = tuple(sorted(set(rows["period"])))
        return [Reading(ESTABLISHMENTS, typed(ESTABLISHMENTS, rows), periods)]

"""NUTS codes of Belgian territories: what European figures call the places of the reference.

A district is a NUTS 3 code or several of them, a province NUTS 2, a region NUTS 1. Only unions that are
exact stand in the table: a figure of the codes of a place is a figure of the place.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from perron.lake import schema
from perron.sources.checks import place_code, reject, typed, unique
from perron.sources.report import Report
from perron.sources.source import Reading
from perron.sources.text import Column, Text
from perron.translation import gettext as _

REFNIS_NUTS = schema.Table(
    name="refnis_nuts",
    version=1,
    doc="The NUTS codes whose union is exactly a territory of the reference.",
    columns=(
        schema.Column("code", pa.string(), "REFNIS code of the territory."),
        schema.Column("nuts", pa.string(), "A NUTS code; all of those of a territory make it up."),
        schema.Column("period", pa.string(), "Year of the version of NUTS."),
    ),
    key=("code", "nuts"),
)

#: The column by which such a file is known.
NUTS = Column("nuts", ("nuts",))
_COLUMNS = (Column("code", ("code", "CD_REFNIS", "refnis")), NUTS, Column("period", ("period",)))


def read_nuts(text: Text, report: Report) -> Reading:
    """The table; no row may be lost, since a union that lacks a code is another place."""
    rows = text.rows(_COLUMNS, report).with_columns(place_code("code").alias("code"))
    rows = reject(rows, ~pl.col("code").str.contains(r"^\d{5}$"), _("code REFNIS inconnu"), report)
    known = pl.col("nuts").str.contains(r"^[A-Z]{2}[A-Z0-9]{0,3}$")
    rows = reject(rows, ~known, _("code NUTS inconnu"), report)
    year = pl.col("period").str.contains(r"^(?:19|20)\d\d$")
    rows = reject(rows, ~year, _("année inconnue"), report)
    rows = unique(rows, REFNIS_NUTS.key, ("period",), report)
    report.accepted += rows.height
    report.check(exhaustive=True)
    return Reading(REFNIS_NUTS, typed(REFNIS_NUTS, rows), tuple(sorted(set(rows["period"]))))

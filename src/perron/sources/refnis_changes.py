"""Codes of municipalities that changed: mergers, and codes given anew when a district was redrawn.

A table of figures is written in the codes of some year. This one says which code became which, so that
figures of two divisions can be set side by side where they add up, and only there.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake import schema
from perron.sources.checks import place_code, reject, typed, unique
from perron.sources.report import Report
from perron.sources.source import Reading
from perron.sources.text import LINE, Column, Text
from perron.translation import gettext as _

LANGUAGES = ("fr", "nl", "de", "en")

REFNIS_CHANGES = schema.Table(
    name="refnis_changes",
    version=1,
    doc="Codes of municipalities that became others, by merger or by a new code.",
    columns=(
        schema.Column("old", pa.string(), "REFNIS code of the municipality before."),
        schema.Column("new", pa.string(), "REFNIS code of the municipality it became."),
        schema.Column(
            "period", pa.string(), "Year from whose first of January the new code holds."
        ),
        *(
            schema.Column(
                f"name_{language}",
                pa.string(),
                f"Name of the new municipality ({language}).",
                nullable=language in {"de", "en"},
            )
            for language in LANGUAGES
        ),
        schema.Column("proof", pa.string(), "What shows that the one became the other."),
    ),
    key=("old", "period", "new"),
)

#: The column by which such a file is known.
OLD = Column("old", ("old", "old_refnis", "refnis_old"))
_COLUMNS = (
    OLD,
    Column("new", ("new", "new_refnis", "refnis_new")),
    Column("period", ("period", "year")),
    *(
        Column(f"name_{lang}", (f"name_{lang}",), required=lang in {"fr", "nl"})
        for lang in LANGUAGES
    ),
    Column("proof", ("proof",)),
)
_CODE = r"^\d{5}$"


def read_changes(text: Text, report: Report) -> Reading:
    """The table, or an InputError: a change half understood would make a sum false."""
    rows = text.rows(_COLUMNS, report).with_columns(
        place_code("old").alias("old"), place_code("new").alias("new")
    )
    rows = rows.with_columns(
        (pl.col(f"name_{lang}") if f"name_{lang}" in rows.columns else pl.lit("")).alias(
            f"name_{lang}"
        )
        for lang in LANGUAGES
    )
    codes = pl.col("old").str.contains(_CODE) & pl.col("new").str.contains(_CODE)
    rows = reject(rows, ~codes, _("code de commune inconnu"), report)
    year = pl.col("period").str.contains(r"^(?:19|20)\d\d$")
    rows = reject(rows, ~year, _("année inconnue"), report)
    named = pl.all_horizontal(pl.col(c) != "" for c in ("name_fr", "name_nl", "proof"))
    rows = reject(rows, ~named, _("nom ou preuve absents"), report)
    rows = unique(rows, REFNIS_CHANGES.key, ("name_fr", "name_nl", "proof"), report)
    _agreed(rows, report)
    report.accepted += rows.height
    report.check(exhaustive=True)
    empty_is_none = [
        pl.when(pl.col(c) != "").then(pl.col(c)).alias(c) for c in ("name_de", "name_en")
    ]
    table = typed(REFNIS_CHANGES, rows.with_columns(empty_is_none))
    return Reading(REFNIS_CHANGES, table, tuple(sorted(set(rows["period"]))))


def _agreed(rows: pl.DataFrame, report: Report) -> None:
    """A new municipality has one name, and one that keeps its code alone has not changed."""
    named = rows.group_by("new", "period").agg(
        pl.struct("name_fr", "name_nl").n_unique().alias("names"),
        pl.col(LINE).min(),
        (pl.col("old") == pl.col("new")).all().alias("same"),
    )
    wrong = named.filter((pl.col("names") > 1) | pl.col("same")).sort(LINE)
    if wrong.height:
        raise InputError(
            _(
                "{file}, ligne {line} : la commune {code} porte plusieurs noms, ou n'a pas changé. Corrigez la ligne."
            ).format(file=report.file, line=wrong[LINE][0], code=wrong["new"][0])
        )

"""Statbel's size classes summed by section: the structure of enterprises in a few wide territories.

A table that others made of the yearly file: section × size class, for a country and some districts. It
says nothing of a municipality or of an activity finer than the section, and everything is written out:
a cell that no row gives is a zero where the place's section is complete, and unknown where some of its
cells were only deduced.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake import schema
from perron.sources.checks import place_code, reject, typed, unique, whole
from perron.sources.report import Report
from perron.sources.source import Reading
from perron.sources.text import Column, Text
from perron.translation import gettext as _

SIZE_STRUCTURE = schema.Table(
    name="size_structure",
    version=1,
    doc="Enterprises liable to VAT by section and number of employees, in wide territories.",
    columns=(
        schema.Column("territory", pa.string(), "Country or district (REFNIS)."),
        schema.Column("section", pa.string(), "NACE-BEL section, X where the activity is unknown."),
        schema.Column("size_class", pa.string(), "Statbel's class of employees, 00 to 15."),
        schema.Column("period", pa.string(), "Year."),
        schema.Column(
            "derived", pa.bool_(), "Deduced by those who passed the file on, not read in Statbel's."
        ),
    ),
    key=("territory", "section", "size_class", "period"),
    measures=(
        schema.Measure(
            "enterprises", "Enterprises liable to VAT on 31 December.", "enterprises", pa.int64()
        ),
    ),
)

#: The column by which such a table is known.
COUNT = Column("enterprises", ("n_vat",))
_COLUMNS = (
    Column("territory", ("geo", "refnis")),
    Column("section", ("nace_section", "section")),
    Column("size_class", ("size_class",)),
    Column("period", ("year", "period")),
    Column("derived", ("derived",), required=False),
    COUNT,
)
CLASSES = tuple(f"{number:02d}" for number in range(16))
#: How the file calls the country, and the sum over sections.
_COUNTRY, _SUM = ("BE", "01000"), "ALL"
_FLAGS = {"true": True, "1": True, "false": False, "0": False, "": False}


def read_structure(text: Text, report: Report) -> Reading:
    """Every section × class of each place, after its sums are compared with those of the file."""
    rows = text.rows(_COLUMNS, report)
    if "derived" not in rows.columns:
        rows = rows.with_columns(pl.lit("").alias("derived"))
    rows = rows.with_columns(
        place_code("territory").replace({_COUNTRY[0]: _COUNTRY[1]}).alias("territory"),
        pl.col("section").str.to_uppercase(),
        pl.col("size_class").str.replace(r"\.0+$", "").str.zfill(2),
        pl.col("derived").str.to_lowercase().replace_strict(_FLAGS, default=None),
    )
    rows = reject(
        rows, ~pl.col("territory").str.contains(r"^\d{5}$"), _("code REFNIS inconnu"), report
    )
    section = pl.col("section").str.contains(r"^[A-UX]$") | (pl.col("section") == _SUM)
    rows = reject(rows, ~section, _("section inconnue"), report)
    rows = reject(
        rows, ~pl.col("size_class").is_in(CLASSES), _("classe de taille inconnue"), report
    )
    year = pl.col("period").str.contains(r"^(?:19|20)\d\d$")
    rows = reject(rows, ~year, _("année inconnue"), report)
    readable = whole("enterprises").is_not_null() & pl.col("derived").is_not_null()
    rows = reject(rows, ~readable, _("effectif absent, négatif ou non entier"), report)
    rows = rows.with_columns(whole("enterprises").alias("enterprises"))
    rows = unique(rows, SIZE_STRUCTURE.key, ("enterprises", "derived"), report)
    sums, cells = rows.filter(section=_SUM), rows.filter(pl.col("section") != _SUM)
    report.set_aside(_("sommes de toutes les sections, recalculées"), sums.height)
    report.accepted += cells.height
    # A row lost would become a zero.
    report.check(exhaustive=True)
    _added_up(sums, cells, report)
    periods = tuple(sorted(set(cells["period"])))
    return Reading(SIZE_STRUCTURE, typed(SIZE_STRUCTURE, _grid(cells)), periods)


def _added_up(sums: pl.DataFrame, cells: pl.DataFrame, report: Report) -> None:
    """Refuse a file whose sections do not make the sum that it gives itself."""
    key = ["territory", "period", "size_class"]
    found = cells.group_by(key).agg(pl.col("enterprises").sum().alias("found"))
    both = sums.join(found, on=key, how="left").with_columns(pl.col("found").fill_null(0))
    off = both.filter(pl.col("enterprises") != pl.col("found")).sort(key)
    if off.height:
        first = off.row(0, named=True)
        raise InputError(
            _(
                "{file} : {place}, classe {size} : les sections font {found} entreprises, le total {given}. Téléchargez de nouveau le fichier."
            ).format(
                file=report.file,
                place=first["territory"],
                size=first["size_class"],
                found=first["found"],
                given=first["enterprises"],
            )
        )


def _grid(cells: pl.DataFrame) -> pl.DataFrame:
    """Every cell of every place: zero where no row gives it, unknown in a section that was deduced."""
    places = cells.select("territory", "period").unique()
    sections = cells.select("section").unique()
    classes = pl.DataFrame({"size_class": CLASSES})
    deduced = (
        cells.group_by("territory", "period", "section")
        .agg(pl.col("derived").any().alias("deduced"))
        .filter("deduced")
    )
    key = ["territory", "section", "size_class", "period"]
    return (
        places.join(sections, how="cross")
        .join(classes, how="cross")
        .join(cells.select(*key, "enterprises", "derived"), on=key, how="left")
        .join(deduced, on=["territory", "period", "section"], how="left")
        .with_columns(
            pl.when(pl.col("enterprises").is_null() & pl.col("deduced").is_null())
            .then(pl.lit(0, pl.Int64))
            .otherwise(pl.col("enterprises"))
            .alias("enterprises"),
            pl.col("derived").fill_null(value=False),
        )
    )

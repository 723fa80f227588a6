"""Statbel's codes of places and activities, as its files of VAT write them in their variants."""

from __future__ import annotations

import polars as pl

from perron.sources.checks import known_place, place_code, reject
from perron.sources.report import Report
from perron.translation import gettext as _

_ACTIVITY = r"^(?:\d{5}|\d{4}X|XXXXX)$"


def keyed(rows: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The rows whose columns `territory` and `activity` are understood; the others are reported.

    Only a file in which no activity at all begins with zero has lost those zeros, as numbers do: then
    four digits are five.
    """
    rows = rows.with_columns(
        place_code("territory").alias("territory"),
        pl.col("activity")
        .str.replace(r"\.0+$", "")
        .str.replace_all(".", "", literal=True)
        .str.to_uppercase(),
    )
    digits = rows.filter(pl.col("activity").str.contains(r"^\d+$"))["activity"]
    if digits.len() and not digits.str.starts_with("0").any():
        short = pl.col("activity").str.contains(r"^\d{4}$")
        count = rows.filter(short).height
        if count:
            report.warn(
                _(
                    "{count} codes d'activité avaient perdu leur zéro initial ; il leur a été rendu"
                ).format(count=count)
            )
            rows = rows.with_columns(
                pl.when(short)
                .then("0" + pl.col("activity"))
                .otherwise(pl.col("activity"))
                .alias("activity")
            )
    rows = reject(rows, ~known_place("territory"), _("code de commune inconnu"), report)
    return reject(
        rows,
        ~pl.col("activity").str.contains(_ACTIVITY),
        _("code d'activité qui n'a pas cinq positions"),
        report,
    )

"""Checks that every source makes on its rows: codes, counts, keys, and the table at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake.provenance import State
from perron.lake.schema import Measure, Table
from perron.sources.report import EXAMPLES, Report
from perron.sources.text import LINE
from perron.translation import gettext as _

#: Places outside the country, and unknown ones, as Statbel writes them.
ABROAD, NOWHERE = "-----", "XXXXX"

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_GROUPED = r"^\d{1,3}(?:[ \u00a0\u202f]\d{3})+$"
_WHOLE = r"^\d{1,15}(?:[.,]0+)?$"


def reject(rows: pl.DataFrame, bad: pl.Expr, reason: str, report: Report) -> pl.DataFrame:
    """The rows without the `bad` ones, which are reported with their line and text."""
    marked = rows.filter(bad.fill_null(value=True))
    if marked.height:
        report.reject(reason, examples(marked), marked.height)
    return rows.filter(~bad.fill_null(value=True))


def examples(rows: pl.DataFrame) -> list[tuple[int | None, str]]:
    """The first rows as (line, text) for a report."""
    return [
        (row.pop(LINE), "|".join("" if v is None else str(v) for v in row.values()))
        for row in rows.head(EXAMPLES).to_dicts()
    ]


def whole(column: str) -> pl.Expr:
    """A count written as text: 12, 12.0, 12,0 or 1 234; null where it is none of these."""
    text = pl.col(column).str.strip_chars()
    grouped = text.str.contains(_GROUPED)
    bare = pl.when(grouped).then(text.str.replace_all(r"[ \u00a0\u202f]", "")).otherwise(text)
    return (
        pl.when(bare.str.contains(_WHOLE))
        .then(bare.str.replace(r"[.,]0+$", ""))
        .otherwise(None)
        .cast(pl.Int64, strict=False)
    )


def place_code(column: str) -> pl.Expr:
    """A REFNIS code of five digits; the zero that spreadsheets take from regions is given back.

    Only the country and the regions begin with zero (01000 to 04000), so nothing else is padded.
    """
    text = pl.col(column).str.strip_chars().str.replace(r"\.0+$", "")
    return pl.when(text.str.contains(r"^[1-4]000$")).then("0" + text).otherwise(text)


def known_place(column: str) -> pl.Expr:
    """Whether a text is a REFNIS code or one of the two places outside."""
    return pl.col(column).str.contains(r"^\d{5}$") | pl.col(column).is_in([ABROAD, NOWHERE])


def year_of(names: Sequence[str]) -> str:
    """The one year that the names of a file, table or column hold, or "" if none or several."""
    for name in names:
        found = set(_YEAR.findall(PurePosixPath(name).name))
        if len(found) == 1:
            return str(found.pop())
    return ""


def period(given: str, names: Sequence[str], file: str) -> str:
    """The year of a file: as given, else from the names, else an error that says how to give it."""
    if given and not re.fullmatch(r"(?:19|20)\d\d", given):
        raise InputError(
            _(
                "{file} : la période {given!r} n'est pas une année. Attendu : quatre chiffres, comme 2020."
            ).format(file=file, given=given)
        )
    found = given or year_of(names)
    if not found:
        raise InputError(
            _(
                "{file} : l'année des chiffres n'est ni dans le fichier ni dans son nom. Renommez-le pour qu'il la contienne, comme {example}."
            ).format(
                file=file,
                example=f"{PurePosixPath(file).stem or 'fichier'}_2020{PurePosixPath(file).suffix}",
            )
        )
    return found


def unique(
    rows: pl.DataFrame, key: Sequence[str], values: Sequence[str], report: Report
) -> pl.DataFrame:
    """The rows once each. Equal repetitions are counted; ones that disagree refuse the file."""
    repeated = rows.filter(pl.struct(key).is_duplicated())
    if not repeated.height:
        return rows
    versions = repeated.group_by(key, maintain_order=True).agg(
        pl.struct([*values]).n_unique().alias("versions"), pl.col(LINE)
    )
    clash = versions.filter(pl.col("versions") > 1)
    if clash.height:
        first = clash.row(0, named=True)
        raise InputError(
            _(
                "{file} : {key} est donné plusieurs fois avec des valeurs différentes (lignes {lines}). Gardez la bonne ligne, ou téléchargez de nouveau le fichier."
            ).format(
                file=report.file,
                key=", ".join(f"{k} {first[k]}" for k in key),
                lines=", ".join(str(n) for n in first[LINE][:5]),
            )
        )
    kept = rows.unique(subset=list(key), keep="first", maintain_order=True)
    report.set_aside(_("lignes répétées à l'identique"), rows.height - kept.height)
    return kept


def with_status(measure: Measure) -> pl.Expr:
    """The status of a measure that nothing suppresses: observed, zero, or unknown when null."""
    value = pl.col(measure.name)
    return (
        pl.when(value.is_null())
        .then(pl.lit(str(State.UNKNOWN)))
        .when(value == 0)
        .then(pl.lit(str(State.ZERO)))
        .otherwise(pl.lit(str(State.OBSERVED)))
        .alias(measure.status)
    )


def typed(table: Table, rows: pl.DataFrame) -> pa.Table:
    """The rows as the table's contract has them: columns in order, statuses made, sorted by key.

    Sorting makes the same file give the same bytes.
    """
    # A source that suppresses cells says so itself; for the others a missing value is unknown.
    made = [with_status(m) for m in table.measures if m.status not in rows.columns]
    ready = rows.with_columns(made).sort(list(table.key))
    schema = table.arrow()
    arrow = ready.select(schema.names).to_arrow()
    return pa.table(
        [arrow.column(f.name).cast(f.type).combine_chunks() for f in schema], schema=schema
    )

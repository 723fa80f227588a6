"""One sheet of an XLSX workbook as a table of text, as `text.Text.rows` gives those of a file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from typing import Any

import polars as pl

from perron.errors import InputError
from perron.sources.archives import ZIP as MAGIC
from perron.sources.archives import is_workbook, measured
from perron.sources.report import Report, brief
from perron.sources.text import LINE, Column, shown
from perron.translation import gettext as _

__all__ = ["MAGIC", "cell_text", "is_workbook", "opened", "rows"]


@contextmanager
def opened(data: bytes, file: str) -> Iterator[Any]:
    """The workbook, or one sentence that says why it is none."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # What a member says of its size is all that is read of it.
            measured(file, len(data), sum(member.file_size for member in archive.infolist()))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise InputError(
            _("{file} ne se lit pas comme un classeur XLSX ({problem}).").format(
                file=file, problem=brief(error)
            )
        ) from error
    try:
        yield book
    finally:
        book.close()


def cell_text(value: object, file: str, line: int, column: str) -> str | None:
    """A cell as text: a whole number without decimals. InputError for a date, which lost its text."""
    if value is None:
        return None
    if isinstance(value, date | time):
        raise InputError(
            _(
                "{file}, ligne {line}, colonne {column} : le tableur a fait une date de cette cellule ({found}). Mettez la colonne au format Texte et retapez la valeur."
            ).format(file=file, line=line, column=column, found=value)
        )
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value).strip()


def rows(
    data: bytes, file: str, columns: Sequence[Column], report: Report, sheet: str = ""
) -> tuple[pl.DataFrame, str]:
    """The named columns of the sheet whose name holds `sheet`, with the column `line`; and that name.

    Raises
    ------
    InputError
        If it is no workbook, has no such sheet or several, or lacks a required column.
    """
    with opened(data, file) as book:
        wanted = [name for name in book.sheetnames if sheet.casefold() in name.casefold()]
        if len(wanted) != 1:
            raise InputError(
                _(
                    "{file} : {count} feuilles dont le nom contient {sheet}. Feuilles : {found}."
                ).format(file=file, count=len(wanted), sheet=sheet, found=shown(book.sheetnames))
            )
        lines = enumerate(book[wanted[0]].iter_rows(values_only=True), start=1)
        filled = ((n, row) for n, row in lines if any(v is not None for v in row))
        at, header = next(filled, (1, ()))
        places = _places(columns, ["" if v is None else str(v).strip() for v in header], file, at)
        numbers: list[int] = []
        kept: dict[str, list[str | None]] = {name: [] for name in places}
        for number, row in filled:
            numbers.append(number)
            for name, place in places.items():
                value = row[place] if place < len(row) else None
                kept[name].append(cell_text(value, file, number, name))
    report.read += len(numbers)
    frame = pl.DataFrame(
        {LINE: pl.Series(numbers, dtype=pl.Int64)}
        | {name: pl.Series(texts, dtype=pl.String).fill_null("") for name, texts in kept.items()}
    )
    return frame, wanted[0]


def _places(
    columns: Sequence[Column], header: Sequence[str], file: str, line: int
) -> dict[str, int]:
    plain = [name.casefold() for name in header]
    places: dict[str, int] = {}
    missing = []
    for column in columns:
        found = [plain.index(s.casefold()) for s in column.synonyms if s.casefold() in plain]
        if found:
            places[column.name] = found[0]
        elif column.required:
            missing.append(column.synonyms[0])
    if missing:
        raise InputError(
            _(
                "{file}, ligne {line} : colonnes attendues et absentes : {missing}. Colonnes trouvées : {found}."
            ).format(file=file, line=line, missing=", ".join(missing), found=shown(header))
        )
    return places

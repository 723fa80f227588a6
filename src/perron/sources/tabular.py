"""A person's own table, as CSV, Parquet or XLSX: which it is, is seen in its content.

Columns come out as text, identifiers with their leading zeros, each row with its place in the file; a
column of figures is parsed at once, and what is not a figure is an error with its row.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perron.errors import InputError, OutsideError
from perron.sources import workbook
from perron.sources.report import Report, brief
from perron.sources.text import LINE, Column, decoded, shown
from perron.translation import gettext as _

#: Spaces that separate thousands in French typography; a plain one is too often a slip.
_THIN = "[\u00a0\u202f\u2009]"
_GROUPED = rf"^[+-]?\d{{1,3}}(?:{_THIN}\d{{3}})+(?:[.]\d+)?$"
_NUMBER = r"^[+-]?(?:\d+[.]?\d*|[.]\d+)(?:[eE][+-]?\d+)?$"


@dataclass(frozen=True, slots=True)
class Figures:
    """A column of figures: NaN where there is none, and which of those were hidden by a mark."""

    values: NDArray[np.float64]
    suppressed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tabular:
    """Some columns of a file, as text, with the row of each in the file; and what to know of it."""

    file: str
    frame: pl.DataFrame
    #: How the file names each column.
    named: dict[str, str]
    warnings: tuple[str, ...] = ()

    def place(self, row: int) -> int:
        """The row in the file, its header being row 1."""
        return int(self.frame[LINE][row])

    def identifiers(self, column: str) -> Any:
        """A column of codes or names as a pandas Categorical. InputError where one is empty."""
        import pandas as pd

        texts = self.frame[column]
        empty = (texts.is_null() | (texts == "")).to_numpy()
        if empty.any():
            raise InputError(
                _("{file}, ligne {line} : la colonne {column} est vide. Attendu : un code.").format(
                    file=self.file,
                    line=self.place(int(np.flatnonzero(empty)[0])),
                    column=self.named[column],
                )
            )
        encoded = texts.to_arrow().dictionary_encode()
        return pd.Categorical.from_codes(
            encoded.indices.to_numpy(), encoded.dictionary.to_pylist(), validate=False
        )

    def whole_numbers(self, column: str) -> NDArray[np.int64]:
        """A column of years. InputError where one is not a whole number."""
        # A spreadsheet or a program may have made 2018.0 of 2018.
        whole = self.frame[column].str.replace(r"[.,]0+$", "")
        numbers = whole.cast(pl.Int64, strict=False)
        wrong = numbers.is_null().to_numpy()
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InputError(
                _(
                    "{file}, ligne {line}, colonne {column} : « {found} » n'est pas une année. Attendu : un nombre entier, comme 2018."
                ).format(
                    file=self.file,
                    line=self.place(row),
                    column=self.named[column],
                    found=brief(self.frame[column][row] or "", 40),
                )
            )
        return np.asarray(numbers.to_numpy())

    def figures(self, column: str, decimal: str = ".", suppressed: str | None = None) -> Figures:
        """A column of figures, zero or more.

        An empty cell is unknown; `suppressed` is the text of a cell that the publisher hid. Any other
        text, a negative figure or an infinite one is an InputError with its row.
        """
        texts = self.frame[column].fill_null("")
        hidden = (
            (texts == suppressed.strip()).to_numpy()
            if suppressed is not None
            else np.zeros(len(texts), dtype=bool)
        )
        bare = pl.col(column)
        # With a decimal comma, a point could be either sign: it is not guessed.
        if decimal == ",":
            bare = (
                pl.when(bare.str.contains(".", literal=True))
                .then(None)
                .otherwise(bare.str.replace(",", ".", literal=True))
            )
        grouped = bare.str.contains(_GROUPED)
        bare = pl.when(grouped).then(bare.str.replace_all(_THIN, "")).otherwise(bare)
        numbers = texts.to_frame(column).select(
            pl.when(bare.str.contains(_NUMBER)).then(bare.cast(pl.Float64, strict=False))
        )
        values = numbers.to_series().fill_null(float("nan")).to_numpy().copy()
        values[hidden] = np.nan
        text = np.isnan(values) & ~hidden & (texts != "").to_numpy()
        if text.any():
            row = int(np.flatnonzero(text)[0])
            raise InputError(self._not_a_figure(column, row, texts[row], decimal))
        with np.errstate(invalid="ignore"):
            wrong = (values < 0) | np.isinf(values)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InputError(
                _(
                    "{file}, ligne {line}, colonne {column} : {found} est négatif ou infini. Attendu : zéro ou plus."
                ).format(
                    file=self.file,
                    line=self.place(row),
                    column=self.named[column],
                    found=texts[row],
                )
            )
        return Figures(values, hidden)

    def _not_a_figure(self, column: str, row: int, found: str, decimal: str) -> str:
        said = _(
            "{file}, ligne {line}, colonne {column} : « {found} » n'est pas un nombre."
        ).format(
            file=self.file,
            line=self.place(row),
            column=self.named[column],
            found=brief(found, 40),
        )
        comma = found.count(",") == 1 and found.replace(",", "").lstrip("+-").isdigit()
        if decimal == "." and comma:
            return said + _(" Si la virgule sépare les décimales : --decimal ,")
        return said + _(
            " Attendu : un nombre, une cellule vide (inconnu), ou la marque donnée à --suppressed."
        )


def read(path: str | Path, columns: Sequence[str]) -> Tabular:
    """Some columns of a file, by the names its header gives them.

    Raises
    ------
    InputError
        If the file is missing, empty, of another kind, damaged, lacks a column or has no row.
    OutsideError
        If the disk refuses to read it.
    """
    path = Path(path).expanduser()
    name = path.name
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            _("{path} n'existe pas. Vérifiez le nom et le dossier du fichier.").format(path=path)
        ) from error
    except IsADirectoryError as error:
        raise InputError(
            _("{path} est un dossier. Attendu : un fichier.").format(path=path)
        ) from error
    except OSError as error:
        raise OutsideError(
            _("{path} ne peut pas être lu ({problem}).").format(path=path, problem=error.strerror)
        ) from error
    columns = list(dict.fromkeys(columns))
    warnings: tuple[str, ...] = ()
    if data.startswith(b"PAR1"):
        frame = _parquet(data, name, columns)
    elif data.startswith(workbook.MAGIC):
        frame = _xlsx(data, name, columns)
    else:
        frame, warnings = _csv(data, name, columns)
    if not frame.height:
        raise InputError(
            _("{file} : l'en-tête est là mais aucune ligne de données ne suit.").format(file=name)
        )
    return Tabular(name, frame, {column: column for column in columns}, warnings)


def _csv(data: bytes, name: str, columns: Sequence[str]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    report = Report("table", name)
    text = decoded(data, name, report)
    _demand(columns, text.header, name, text.line)
    frame = text.rows([Column(column, (column,)) for column in columns], report)
    if report.rejected:
        raise InputError(
            _("{file}, {first}. Rien n'a été calculé : corrigez la ligne.").format(
                file=name, first=report.first()
            )
        )
    # A missing end of line is the rule in files that people make themselves.
    unended = _("la dernière ligne ne se termine pas : vérifiez que le fichier est complet")
    kept = tuple(warning for warning in report.warnings if warning != unended)
    return frame, kept


def _parquet(data: bytes, name: str, columns: Sequence[str]) -> pl.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        _demand(columns, file.schema_arrow.names, name, None)
        names = file.schema_arrow.names
        table = file.read(columns=[_found(column, names) for column in columns])
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            _("{file} ne se lit pas comme un fichier Parquet ({problem}).").format(
                file=name, problem=brief(error)
            )
        ) from error
    frame = pl.DataFrame(pl.from_arrow(table.rename_columns(list(columns))))
    texts = []
    for column in columns:
        kind = frame.schema[column]
        if kind.is_float():
            # The shortest text that gives the same figure back; a whole number without its ".0".
            texts.append(
                pl.when(pl.col(column).is_nan())
                .then(None)
                .otherwise(pl.col(column).cast(pl.String).str.replace(r"\.0$", ""))
                .alias(column)
            )
        elif kind.is_nested() or kind == pl.Binary:
            raise InputError(
                _(
                    "{file}, colonne {column} : du type {kind}. Attendu : du texte ou des nombres."
                ).format(file=name, column=column, kind=kind)
            )
        else:
            texts.append(pl.col(column).cast(pl.String).str.strip_chars())
    return frame.select(texts).with_row_index(LINE, offset=2)


def _xlsx(data: bytes, name: str, columns: Sequence[str]) -> pl.DataFrame:
    with workbook.opened(data, name) as book:
        rows = enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)
        filled = ((n, row) for n, row in rows if any(v is not None for v in row))
        line, header = next(filled, (1, ()))
        names = ["" if v is None else str(v).strip() for v in header]
        _demand(columns, names, name, line)
        places = [names.index(_found(column, names)) for column in columns]
        lines: list[int] = []
        texts: list[list[str | None]] = [[] for _column in columns]
        for number, row in filled:
            cells = [row[at] if at < len(row) else None for at in places]
            if all(cell is None for cell in cells):
                continue
            lines.append(number)
            for column, cell, kept in zip(columns, cells, texts, strict=True):
                kept.append(workbook.cell_text(cell, name, number, column))
    return pl.DataFrame(
        {LINE: pl.Series(lines, dtype=pl.Int64)}
        | {c: pl.Series(t, dtype=pl.String) for c, t in zip(columns, texts, strict=True)}
    )


def _demand(columns: Sequence[str], header: Sequence[str], name: str, line: int | None) -> None:
    """Refuse a file that lacks a column, with the names it has and the nearest of them."""
    for column in columns:
        found = _found(column, header)
        if not found:
            near = difflib.get_close_matches(column, header, 1)
            said = _("{file} : pas de colonne « {column} ». Colonnes trouvées : {found}.").format(
                file=name
                if line is None
                else _("{file}, ligne {line}").format(file=name, line=line),
                column=column,
                found=shown(list(header)),
            )
            raise InputError(
                said + (_(" Vouliez-vous dire « {near} » ?").format(near=near[0]) if near else "")
            )
        if list(header).count(found) > 1:
            raise InputError(
                _(
                    "{file} : la colonne « {column} » est présente deux fois. Gardez celle qui compte."
                ).format(file=name, column=column)
            )


def _found(column: str, header: Sequence[str]) -> str:
    """The header's own name for a column: the same, or the same but for capitals and spaces."""
    if column in header:
        return column
    alike = [name for name in header if name.strip().casefold() == column.strip().casefold()]
    return alike[0] if len(alike) == 1 else ""

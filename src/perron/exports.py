"""A table leaves Perron as CSV, XLSX, JSON or Parquet, with its sources; pages and verbs share it.

A reader of the file may not be its author: a text that a spreadsheet would run as a formula is
made harmless. A missing value is an empty cell; the four states travel in their own columns.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, cast

from perron.errors import InputError
from perron.lake.provenance import Origin
from perron.translation import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

Cell = str | int | float | bool | date | Decimal | bytes | None

#: What begins a formula in a spreadsheet, full-width forms included (OWASP, CSV injection).
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
#: A number or telephone number runs nothing, and neither does a text of signs such as "-----".
_HARMLESS = re.compile(r"[+-]?\d[\d .,]*([eE][+-]?\d+)?|[ +\-]+")
#: XML cannot hold these, and Excel refuses the whole file.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SHEET_ROWS = 1_048_576
_CELL_LENGTH = 32_767
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


class Format(StrEnum):
    """The files a table can be written as."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    JSON = "json"


#: What a web server says of each format.
CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
}


@dataclass(frozen=True, slots=True)
class Export:
    """A table on its way out. `rows` is read once; `arrow`, where known, keeps types in Parquet.

    `sources` says where the figures come from: a second sheet in XLSX, a key `sources` in JSON, the
    metadata in Parquet. A CSV holds the table and nothing else, so that any program reads it.
    """

    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    title: str = ""
    sources: Sequence[Origin] = ()
    arrow: pa.Table | None = None
    batches: Iterable[pa.Table] | None = None

    @classmethod
    def streamed(
        cls, columns: Sequence[str], batches: Iterable[pa.Table], title: str = ""
    ) -> Export:
        """The export of Arrow tables of the same schema, one after the other, each read once."""

        def rows() -> Iterator[Sequence[Cell]]:
            for table in batches:
                yield from cls.of(table).rows

        return cls(columns, rows(), title, batches=batches)

    @classmethod
    def of(cls, table: pa.Table, title: str = "", sources: Sequence[Origin] = ()) -> Export:
        """The export of an Arrow table, read batch by batch."""

        def rows() -> Iterator[Sequence[Cell]]:
            for batch in table.to_batches(max_chunksize=20_000):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

        return cls(table.column_names, rows(), title, sources, table)


def write(export: Export, form: Format, stream: IO[bytes]) -> None:
    """Write the table as `form` on a binary stream. InputError where the format can't hold it."""
    {
        Format.CSV: _write_csv,
        Format.XLSX: _write_xlsx,
        Format.JSON: _write_json,
        Format.PARQUET: _write_parquet,
    }[form](export, stream)


def encode(export: Export, form: Format) -> bytes:
    """The file as bytes.

    >>> encode(Export(["code", "n"], [("01000", 3.5), ("=1+1", None)]), Format.CSV)
    b"code,n\\n01000,3.5\\n'=1+1,\\n"
    """
    stream = io.BytesIO()
    write(export, form, stream)
    return stream.getvalue()


def harmless(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would run it.

    >>> harmless("@SUM(A1)"), harmless("-2"), harmless("Liège"), harmless("-----")
    ("'@SUM(A1)", '-2', 'Liège', '-----')
    """
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def _missing(value: Cell) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _number(value: float) -> str:
    """The shortest decimals that give the same double back; counts without a useless `.0`.

    >>> _number(39810.0), _number(0.1 + 0.2)
    ('39810', '0.30000000000000004')
    """
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return repr(value)


def _text(value: Cell) -> str:
    """How a cell is said in text, in CSV and on a terminal, before any precaution."""
    if value is None or _missing(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(float(value))
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def shown(value: Cell) -> str:
    """A cell as a terminal shows it: control characters are told, never obeyed."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in _text(value))


def _write_batches(batches: Iterable[pa.Table], stream: IO[bytes]) -> None:
    """Texts and numbers column by column: fifty times quicker than row by row."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv as pv

    first = True
    for table in batches:
        columns, quoted = [], False
        for column in table.columns:
            if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
                coded = column.combine_chunks()
                if pa.types.is_string(coded.type):
                    coded = coded.dictionary_encode()
                texts = coded.dictionary.to_pylist()
                safe = pa.array([None if t is None else harmless(t) for t in texts], pa.string())
                quoted = quoted or any(t is not None and re.search(r'[",\r\n]', t) for t in texts)
                columns.append(safe.take(coded.indices))
            else:
                columns.append(pc.if_else(pc.is_nan(column), None, column)
                               if pa.types.is_floating(column.type) else column)  # fmt: skip
        made = pa.table(columns, names=table.column_names)
        if first:
            head = [harmless(name) for name in table.column_names]
            csv.writer(text := io.StringIO(), lineterminator="\n").writerow(head)
            stream.write(text.getvalue().encode())
            first = False
        options = pv.WriteOptions(
            include_header=False, quoting_style="needed" if quoted else "none"
        )
        pv.write_csv(made, stream, options)


def _write_csv(export: Export, stream: IO[bytes]) -> None:
    if export.batches is not None:
        _write_batches(export.batches, stream)
        return
    out = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(out, lineterminator="\n")
    # Python's writer leaves a lone CR unquoted, which readers take for the end of the row.
    quoting = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in chain([export.columns], export.rows):
        cells = [harmless(v) if isinstance(v, str) else _text(v) for v in row]
        (quoting if any("\r" in cell for cell in cells) else writer).writerow(cells)
    out.flush()
    out.detach()


def _origin(origin: Origin) -> dict[str, str]:
    return {
        "table": origin.table,
        "version": origin.version,
        "source": origin.source,
        "publisher": origin.publisher,
        "licence": origin.licence,
        "retrieved": origin.retrieved.isoformat(),
        "url": origin.url,
    }


def _json_value(value: Cell) -> Any:
    if _missing(value):
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    return value if isinstance(value, str | int) else _text(value)


def _write_json(export: Export, stream: IO[bytes]) -> None:
    """`{"title", "sources": […], "rows": [{column: value}, …]}`, one row a line."""

    def say(value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()

    sources = [_origin(origin) for origin in export.sources]
    stream.write(b'{"title": ' + say(export.title) + b',\n"sources": ' + say(sources))
    stream.write(b',\n"rows": [')
    for number, row in enumerate(export.rows):
        record = dict(zip(export.columns, map(_json_value, row), strict=True))
        stream.write((b",\n" if number else b"\n") + say(record))
    stream.write(b"\n]}\n")


def _write_parquet(export: Export, stream: IO[bytes]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if export.batches is not None:
        writer = None
        for part in export.batches:
            writer = writer or pq.ParquetWriter(stream, part.schema, compression="zstd")
            writer.write_table(part)
        if writer is not None:
            writer.close()
        return
    table = export.arrow
    if table is None:
        rows = list(export.rows)
        columns = list(zip(*rows, strict=True)) if rows else [() for _name in export.columns]
        arrays = []
        for name, values in zip(export.columns, columns, strict=True):
            try:
                arrays.append(pa.array(values, from_pandas=True))
            except pa.ArrowException as error:
                raise InputError(
                    _(
                        "Colonne {name} : des valeurs de types différents ne tiennent pas dans un fichier Parquet ({problem}). Choisir csv, xlsx ou json."
                    ).format(name=name, problem=error)
                ) from error
        table = pa.table(arrays, names=list(export.columns))
    if export.sources:
        sources = json.dumps([_origin(o) for o in export.sources], ensure_ascii=False)
        table = table.replace_schema_metadata(
            {**(table.schema.metadata or {}), b"perron.sources": sources.encode()}
        )
    pq.write_table(table, stream, compression="zstd")


def _write_xlsx(export: Export, stream: IO[bytes]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET_NAME.sub(" ", export.title).strip()[:31] or _("Table"))
    sheet.freeze_panes = "A2"

    def cell(value: Cell, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet)
        if isinstance(value, float) and math.isfinite(value):
            # openpyxl writes 16 digits, and a double may need 17: its text is given instead.
            cast(Any, made)._value, made.data_type = _number(float(value)), "n"
        elif isinstance(value, bool | int | Decimal):
            made.value = value
        elif isinstance(value, date) and getattr(value, "tzinfo", None) is None:
            made.value = value
            made.number_format = (
                "yyyy-mm-dd hh:mm:ss" if isinstance(value, datetime) else "yyyy-mm-dd"
            )
        elif not _missing(value):
            text = _NOT_XML.sub("\ufffd", _text(value))
            if len(text) > _CELL_LENGTH:
                raise InputError(
                    _(
                        "Un texte de {found} caractères ne tient pas dans une cellule XLSX ({limit} au plus). Choisir csv, json ou parquet."
                    ).format(found=len(text), limit=_CELL_LENGTH)
                )
            # Set after the value, which would make a formula of a text that begins with "=".
            made.value, made.data_type = text, "s"
        if bold:
            made.font = Font(bold=True)
        return made

    try:
        sheet.append([cell(column, bold=True) for column in export.columns])
        for number, row in enumerate(export.rows, start=2):
            if number > _SHEET_ROWS:
                raise InputError(
                    _(
                        "La table dépasse les {limit} lignes d'une feuille XLSX. Choisir csv ou parquet."
                    ).format(limit=_SHEET_ROWS)
                )
            sheet.append([cell(value) for value in row])
    except InputError:
        sheet.close()  # or its unfinished file complains when it is collected
        raise
    if export.sources:
        sheet = book.create_sheet(_("Sources"))
        said = [_origin(origin) for origin in export.sources]
        heads = (
            _("Table"),
            _("Version"),
            _("Source"),
            _("Éditeur"),
            _("Licence"),
            _("Récupéré le"),
            _("Adresse"),
        )
        sheet.append([cell(head, bold=True) for head in heads])
        for origin in said:
            sheet.append([cell(value) for value in origin.values()])
    book.save(stream)

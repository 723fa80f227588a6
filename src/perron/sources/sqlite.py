"""A SQLite file of unknown origin, read without letting it do anything.

The file is opened from memory, and an authorizer allows reading ordinary tables and nothing else:
no view, trigger, virtual table or function of the file is ever run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import polars as pl

from perron.errors import InputError
from perron.sources.report import Report, brief
from perron.sources.text import LINE, Column, shown
from perron.translation import gettext as _

MAGIC = b"SQLite format 3\x00"
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
#: Steps of the SQLite machine between two looks at the clock of a query, and how many at most:
#: 40 thousand million steps are beyond any file that `archives` lets through.
_STEPS, _LOOKS = 1_000_000, 40_000


class Database:
    """The ordinary tables of a SQLite file and their columns."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self.name = name
        listed = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        self.tables: dict[str, tuple[str, ...]] = {}
        for table, sql in listed:
            ordinary = isinstance(sql, str) and not sql.lower().lstrip().startswith(
                "create virtual"
            )
            if ordinary and isinstance(table, str) and not table.startswith("sqlite_"):
                info = connection.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
                # The last field tells generated columns, which compute and are not read.
                self.tables[table] = tuple(str(c[1]) for c in info if c[6] == 0)
        connection.set_authorizer(_authorized)
        looks = iter(range(_LOOKS))
        connection.set_progress_handler(lambda: 0 if next(looks, None) is not None else 1, _STEPS)

    def rows(self, table: str, columns: Sequence[Column], report: Report) -> pl.DataFrame:
        """The named columns as text, with the record number as `line`."""
        header = {c.casefold(): c for c in self.tables[table]}
        taken: dict[str, str] = {}
        missing = []
        for column in columns:
            found = next(
                (header[s.casefold()] for s in column.synonyms if s.casefold() in header), ""
            )
            if found:
                taken[column.name] = found
            elif column.required:
                missing.append(column.synonyms[0])
        if missing:
            raise InputError(
                _(
                    "{file}, table {table} : colonnes attendues et absentes : {missing}. Colonnes trouvées : {found}."
                ).format(
                    file=self.name,
                    table=table,
                    missing=", ".join(missing),
                    found=shown(self.tables[table]),
                )
            )
        query = f"SELECT {', '.join(map(_quoted, taken.values()))} FROM {_quoted(table)}"  # noqa: S608 - names quoted and checked against the file's own
        with reading(self.name):
            values = self._connection.execute(query).fetchall()
        turned = list(zip(*values, strict=True)) if values else [()] * len(taken)
        frame = pl.DataFrame(
            {
                name: pl.Series([_text(v) for v in column], dtype=pl.String)
                for name, column in zip(taken, turned, strict=True)
            }
        )
        report.read += frame.height
        return frame.with_row_index(LINE, offset=1).with_columns(pl.col(LINE).cast(pl.Int64))


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Database]:
    """The database in `data`; a truncated or damaged one raises `InputError`."""
    # Journal mode "WAL" in the header asks for a second file that does not exist in memory.
    if len(data) > 20 and data[18:20] == b"\x02\x02":
        data = data[:18] + b"\x01\x01" + data[20:]
    with reading(name), closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()
        if problem != ("ok",):
            raise sqlite3.DatabaseError(str(problem))
        yield Database(connection, name)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what SQLite says of a damaged file into a sentence."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise InputError(
            _(
                "{file} est une base SQLite abîmée ou incomplète ({problem}). Téléchargez de nouveau le fichier."
            ).format(file=name, problem=brief(error))
        ) from error


def _authorized(action: int, *_details: object) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: object) -> str:
    """A stored value as the text a file would have: 14.0 is 14, a missing one is empty."""
    if value is None or isinstance(value, bytes):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()

"""Delimited text as publishers really write it: encodings, delimiters, headers, damaged lines.

Every column is read as text: identifiers keep their leading zeros, and what a figure means is
decided by the source, with the line at hand.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pv

from perron.errors import InputError
from perron.sources.report import Report, brief
from perron.translation import gettext as _

#: In order of preference when a header holds as many of each.
DELIMITERS = ("|", ";", "\t", ",")
#: The column that holds the line of each row in the file.
LINE = "line"
#: Longest header looked at: a file without line ends is not a table.
HEADER = 65_536
#: Line ends inside one row, beyond which a quote was opened by accident: labels have a few at most.
SPAN = 20

_BINARY = {
    b"SQLite format 3\x00": "SQLite",
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xd0\xcf\x11\xe0": "Excel 97",
    b"PAR1": "Parquet",
    b"PK\x03\x04": "zip",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
#: UTF-8 read as Windows-1252 and written again: "é" has become "Ã©".
_TWICE = re.compile(
    "[ÃÂ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u017d\u017e\u0178\u0192\u2013-\u203a\u20ac\u2122]"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column to read: its name here, and the names it has in the variants of the file."""

    name: str
    synonyms: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded table: its header, and the rows on demand."""

    name: str
    body: str
    delimiter: str
    header: tuple[str, ...]
    #: Line of the header in the file, from 1.
    line: int

    def has(self, column: Column) -> bool:
        """Whether the header holds the column under one of its names."""
        return any(_plain(n) in map(_plain, self.header) for n in column.synonyms)

    def rows(self, columns: Sequence[Column], report: Report) -> pl.DataFrame:
        """The named columns as text, stripped, with the column `line`; damaged lines are reported.

        A missing required column raises `InputError` with what was found and expected; an optional
        one that is missing is not in the result. Empty lines are passed over.
        """
        places = self._places(columns)
        frame = self._parse(report)
        filled = pl.any_horizontal(pl.all().exclude(LINE).str.strip_chars().str.len_bytes() > 0)
        kept = frame.filter(filled).select(
            LINE,
            *(pl.col(f"c{at}").str.strip_chars().alias(name) for name, at in places.items()),
        )
        report.read += kept.height
        self._undamaged(kept, tuple(places))
        return kept

    def _places(self, columns: Sequence[Column]) -> dict[str, int]:
        header = [_plain(h) for h in self.header]
        places: dict[str, int] = {}
        missing = []
        for column in columns:
            at = [header.index(n) for n in map(_plain, column.synonyms) if n in header]
            if not at:
                missing += [column] if column.required else []
                continue
            if header.count(header[at[0]]) > 1:
                raise InputError(
                    _(
                        "{file}, ligne {line} : la colonne {column} est présente deux fois. Gardez celle qui compte."
                    ).format(file=self.name, line=self.line, column=self.header[at[0]])
                )
            places[column.name] = at[0]
        if missing:
            raise InputError(
                _(
                    "{file}, ligne {line} : colonnes attendues et absentes : {missing}. Colonnes trouvées : {found}."
                ).format(
                    file=self.name,
                    line=self.line,
                    missing=", ".join(_either(c) for c in missing),
                    found=shown(self.header),
                )
            )
        return places

    def _parse(self, report: Report) -> pl.DataFrame:
        """Every column as text named c0, c1…, and `line`; lines of another width are rejected."""
        skipped: list[tuple[int, str]] = []

        def ragged(row: pv.InvalidRow) -> str:
            skipped.append((row.number, row.text))
            return "skip"

        names = [f"c{i}" for i in range(len(self.header))]
        data = self.body.encode("utf-8")
        try:
            table = pv.read_csv(
                pa.BufferReader(data),
                # One block, so that no row is cut between two; one thread, so that rows are numbered.
                read_options=pv.ReadOptions(
                    use_threads=False, column_names=names, block_size=len(data) + 1
                ),
                parse_options=pv.ParseOptions(
                    delimiter=self.delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=ragged,
                ),
                convert_options=pv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid as error:
            raise InputError(
                _("{file} ne se lit pas comme un tableau ({problem}).").format(
                    file=self.name, problem=brief(error)
                )
            ) from error
        total = table.num_rows + len(skipped)
        numbers = np.delete(np.arange(1, total + 1), [n - 1 for n, _text in skipped])
        frame = pl.DataFrame(pl.from_arrow(table))
        # A field in quotes may hold line ends: each pushes the rows below further down the file.
        inner = frame.select(pl.sum_horizontal(pl.all().str.count_matches("\n"))).to_series()
        spans = np.zeros(total + 1, dtype=np.int64)
        spans[numbers] = inner.to_numpy()
        for number, text in skipped:
            spans[number] = text.count("\n")
        before = np.concatenate([[0], np.cumsum(spans)[:-1]])
        odd = self.body.count('"') % 2 and spans[total] > 0
        if odd or spans.max() > SPAN:
            number = total if odd else int(spans.argmax())
            raise InputError(
                _(
                    "{file}, ligne {line} : un guillemet est ouvert et jamais refermé. Corrigez la ligne ou téléchargez de nouveau le fichier."
                ).format(file=self.name, line=int(number + before[number]) + self.line - 1)
            )
        frame = frame.with_columns(pl.Series(LINE, numbers + before[numbers] + self.line - 1))
        # The first row is the header, unless that itself was damaged, which `decoded` excludes.
        frame = frame.slice(1)
        self._report_ragged(
            report, [(int(n + before[n] + self.line - 1), text) for n, text in skipped]
        )
        return frame

    def _report_ragged(self, report: Report, rows: list[tuple[int, str]]) -> None:
        rows = [(line, text) for line, text in rows if text.strip()]
        if not rows:
            return
        report.read += len(rows)
        report.reject(_("nombre de colonnes différent de l'en-tête"), rows)

    def _undamaged(self, rows: pl.DataFrame, names: tuple[str, ...]) -> None:
        """Refuse letters lost or encoded twice before the file reached us: they can't be guessed."""
        for name in names:
            bad = rows.filter(
                pl.col(name).str.contains("\ufffd", literal=True)
                | pl.col(name).str.contains(_TWICE.pattern)
            )
            if bad.height:
                raise InputError(
                    _(
                        "{file}, ligne {line}, colonne {column} : des lettres ont été abîmées par un enregistrement précédent (« {text} »). Repartez du fichier d'origine."
                    ).format(file=self.name, line=bad[LINE][0], column=name, text=bad[name][0][:60])
                )


def decoded(data: bytes, name: str, report: Report) -> Text:
    """The text of a file, its header found and its delimiter chosen from it.

    UTF-8 with or without a mark, else Windows-1252 (which the report says). Anything that is not a
    text table raises `InputError` with what it is.
    """
    body = _characters(data, name, report)
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    if (at := body.find("\x00")) >= 0:
        raise InputError(
            _(
                "{file}, ligne {line} : un caractère nul se trouve dans le texte. Le fichier est abîmé ; téléchargez-le de nouveau."
            ).format(file=name, line=body.count("\n", 0, at) + 1)
        )
    start = len(body) - len(body.lstrip("\n \t\ufeff"))
    start = body.rfind("\n", 0, start) + 1
    end = body.find("\n", start)
    first = body[start:] if end < 0 else body[start:end]
    line = body.count("\n", 0, start) + 1
    if not first.strip():
        raise InputError(
            _("{file} ne contient que des blancs. Téléchargez de nouveau le fichier.").format(
                file=name
            )
        )
    if first.lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise InputError(
            _(
                "{file} est une page web ou du XML, pas un tableau : le serveur a peut-être répondu par un message. Ouvrez l'adresse dans un navigateur et téléchargez le fichier lui-même."
            ).format(file=name)
        )
    if len(first) > HEADER:
        raise InputError(
            _(
                "{file}, ligne {line} : la première ligne a {count} caractères ; ce n'est pas un en-tête de colonnes."
            ).format(file=name, line=line, count=len(first))
        )
    outside = re.sub(r'"[^"]*"', "", first)
    delimiter = max(DELIMITERS, key=lambda d: (outside.count(d), -DELIMITERS.index(d)))
    header = tuple(h.strip() for h in next(csv.reader([first], delimiter=delimiter)))
    if not body.endswith("\n"):
        report.warn(_("la dernière ligne ne se termine pas : vérifiez que le fichier est complet"))
    return Text(name, body[start:], delimiter, header, line)


def _characters(data: bytes, name: str, report: Report) -> str:
    if not data:
        raise InputError(
            _("{name} est vide (0 octet). Téléchargez de nouveau le fichier.").format(name=name)
        )
    for magic, kind in _BINARY.items():
        if data.startswith(magic):
            raise InputError(
                _("{file} est un fichier {kind}. Attendu : un tableau en texte (CSV).").format(
                    file=name, kind=kind
                )
            )
    head = data[:4096]
    if data.startswith(_UTF16) or head.count(0) > len(head) // 4:
        raise InputError(
            _(
                "{file} est encodé en UTF-16, ou n'est pas du texte. Attendu : de l'UTF-8 ; enregistrez-le de nouveau en « CSV UTF-8 »."
            ).format(file=name)
        )
    if sum(b < 32 and b not in b"\t\n\r\f\x00" for b in head) > len(head) // 20:
        raise InputError(
            _("{file} n'est pas du texte. Attendu : un tableau en texte (CSV).").format(file=name)
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = error.start
    line = data.count(b"\n", 0, where) + 1
    loose = data.decode("utf-8", errors="replace")
    lost = loose.count("\ufffd")
    if sum(c > "\x7f" for c in loose) - lost > lost:
        raise InputError(
            _(
                "{file}, ligne {line} : le fichier mêle deux encodages, ou s'arrête au milieu d'une lettre. Attendu : de l'UTF-8 d'un bout à l'autre ; téléchargez-le de nouveau."
            ).format(file=name, line=line)
        )
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise InputError(
            _(
                "{file}, ligne {line} : l'octet {byte} n'existe ni en UTF-8 ni en Windows-1252. Attendu : de l'UTF-8."
            ).format(
                file=name,
                line=data.count(b"\n", 0, error.start) + 1,
                byte=f"0x{data[error.start]:02X}",
            )
        ) from error
    report.warn(
        _(
            "le fichier n'est pas en UTF-8 (dès la ligne {line}) ; il a été lu en Windows-1252"
        ).format(line=line)
    )
    return text


def shown(names: Sequence[str], limit: int = 20) -> str:
    """Names as a sentence lists them, cut when there are many."""
    listed = [n[:40] or "(vide)" for n in names[:limit]]
    return ", ".join(listed) + ("…" if len(names) > limit else "")


def _plain(name: str) -> str:
    return name.strip().strip("\ufeff").casefold()


def _either(column: Column) -> str:
    return _(" ou ").join(column.synonyms[:3])

"""A file of the agency as rows of text: what it is, is seen in its content.

Nothing here knows what the columns mean. A cell that cannot be taken as it stands (a formula, an
error of the spreadsheet) is a fault of its row; a file that is no table is one sentence.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from perron import exports
from perron.errors import InputError
from perron.site.directory.exchange.values import key_of
from perron.sources import archives, text
from perron.sources.report import Report, brief

#: Bytes of a file, bytes of a workbook once unfolded, rows and columns that one import may hold.
LARGEST, UNFOLDED = 30_000_000, 300_000_000
MOST_ROWS, MOST_COLUMNS = 100_000, 200
#: Line ends in one cell beyond which a quote was opened by accident.
_SPAN = 200
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(slots=True)
class Line:
    """A row: its place in the file, the text of each field, and the cells that can't be taken."""

    number: int
    texts: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read; `remarks` are sentences to tell (columns ignored, sheets not read)."""

    lines: list[Line]
    #: Fields of the recognised columns, in the order of the file.
    fields: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def kept(cell: str) -> str:
    """A text that already begins as a protected formula does gets one more apostrophe."""
    return f"'{cell}" if cell.startswith("'") and _protected(cell[1:]) else cell


def bare(cell: str) -> str:
    """The text behind the apostrophe that an export put before a formula.

    >>> bare("'=1+1"), bare("'s-Gravenbrakel"), bare(kept("'=1+1"))
    ('=1+1', "'s-Gravenbrakel", "'=1+1")
    """
    return cell[1:] if cell.startswith("'") and _protected(cell[1:]) else cell


def _protected(cell: str) -> bool:
    rest = cell.lstrip("'")
    return exports.harmless(rest) != rest


def read(data: bytes, name: str, headings: dict[str, str], ignored: Sequence[str] = ()) -> Sheet:
    """The rows of a file. `headings` gives the field of each known heading, by its `key_of`.

    Raises
    ------
    InputError
        If it is empty, too large, no table, protected, or has no column that is known.
    """
    if not data:
        raise InputError(_("{file} est vide. Choisissez le fichier rempli.").format(file=name))
    if len(data) > LARGEST:
        raise InputError(
            _("{file} dépasse {most} Mo. Coupez-le en plusieurs fichiers.").format(
                file=name, most=LARGEST // 1_000_000
            )
        )
    if data.startswith(_OLE):
        raise InputError(_old(data, name))
    remarks: list[str] = []
    rows = (
        _workbook(data, name, headings, remarks)
        if data.startswith(b"PK")
        else _delimited(data, name, remarks)
    )
    at, header = next(rows, (1, []))
    names = [str(cell) for cell in header]
    places = _places(names, at, name, headings, set(map(key_of, ignored)), remarks)
    lines = list(_lines(rows, places, len(names), name))
    if not lines:
        raise InputError(
            _("{file} : les noms de colonnes sont là, mais aucune ligne ne suit.").format(file=name)
        )
    return Sheet(lines, tuple(places), tuple(remarks))


Row = tuple[int, "Sequence[str | _Unusable]"]


class _Unusable(str):
    """The text of a cell that can't be taken; `why` is a sentence."""

    why = ""


def _unusable(found: str, why: str) -> _Unusable:
    made = _Unusable(found)
    made.why = why
    return made


def _places(
    names: Sequence[str],
    at: int,
    file: str,
    headings: dict[str, str],
    ignored: set[str],
    remarks: list[str],
) -> dict[str, int]:
    if len(names) > MOST_COLUMNS:
        raise InputError(
            _("{file}, ligne {line} : {found} colonnes, {most} au plus.").format(
                file=file, line=at, found=len(names), most=MOST_COLUMNS
            )
        )
    places: dict[str, int] = {}
    unknown = []
    for place, heading in enumerate(names):
        known = headings.get(key_of(heading))
        if known is None:
            if heading.strip() and key_of(heading) not in ignored:
                unknown.append(heading.strip())
        elif known in places:
            raise InputError(
                _(
                    "{file}, ligne {line} : les colonnes « {first} » et « {second} » disent la même chose. Gardez celle qui compte."
                ).format(file=file, line=at, first=names[places[known]][:40], second=heading[:40])
            )
        else:
            places[known] = place
    if not places:
        raise InputError(
            _(
                "{file}, ligne {line} : aucune colonne n’est reconnue. Colonnes trouvées : {found}. Prenez le modèle à remplir."
            ).format(file=file, line=at, found=text.shown(list(names), 8))
        )
    if unknown:
        remarks.append(
            _("Colonnes inconnues, laissées de côté : {found}.").format(found=text.shown(unknown))
        )
    return places


def _lines(rows: Iterator[Row], places: dict[str, int], width: int, file: str) -> Iterator[Line]:
    for count, (number, cells) in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise InputError(
                _("{file} dépasse {most} lignes. Coupez-le en plusieurs fichiers.").format(
                    file=file, most=MOST_ROWS
                )
            )
        line = Line(number, {})
        for name, place in places.items():
            cell = cells[place] if place < len(cells) else ""
            if isinstance(cell, _Unusable):
                line.faults[name] = cell.why
            if cell:
                line.texts[name] = bare(str(cell))
        if any(cells[width:]) or len(cells) < width:
            line.faults[""] = _("{found} cellules, là où il y a {width} colonnes").format(
                found=len(cells), width=width
            )
        yield line


# --- delimited text -------------------------------------------------------------------------------


def _delimited(data: bytes, name: str, remarks: list[str]) -> Iterator[Row]:
    report = Report("import", name)
    table = text.decoded(data, name, report)
    if "Windows-1252" in " ".join(report.warnings):
        remarks.append(_("Le fichier n’est pas en UTF-8 ; il a été lu en Windows-1252."))
    stream = csv.reader(io.StringIO(table.body), delimiter=table.delimiter)
    before = 0
    while True:
        try:
            cells = next(stream, None)
        except csv.Error as error:
            raise _unclosed(name, before + table.line) from error
        if cells is None:
            return
        at, before = before + table.line, stream.line_num
        if stream.line_num + table.line - at > _SPAN:
            raise _unclosed(name, at)
        if any(cell.strip() for cell in cells):
            yield at, cells


def _unclosed(name: str, line: int) -> InputError:
    return InputError(
        _("{file}, ligne {line} : un guillemet est ouvert et jamais refermé.").format(
            file=name, line=line
        )
    )


# --- workbooks ------------------------------------------------------------------------------------


def _old(data: bytes, name: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _(
            "{file} est protégé par un mot de passe. Ouvrez-le, retirez le mot de passe, enregistrez-le et choisissez-le à nouveau."
        ).format(file=name)
    return _(
        "{file} est un ancien classeur (XLS). Enregistrez-le au format XLSX et choisissez-le à nouveau."
    ).format(file=name)


def _workbook(
    data: bytes, name: str, headings: dict[str, str], remarks: list[str]
) -> Iterator[Row]:
    if not archives.is_workbook(data):
        raise InputError(
            _("{file} n’est pas un classeur XLSX. Attendu : un fichier XLSX ou CSV.").format(
                file=name
            )
        )
    try:
        yield from _unfolded(data, name, headings, remarks)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError) as error:
        raise InputError(
            _(
                "{file} ne se lit pas comme un classeur XLSX ({problem}). Enregistrez-le à nouveau."
            ).format(file=name, problem=brief(error))
        ) from error


def _unfolded(
    data: bytes, name: str, headings: dict[str, str], remarks: list[str]
) -> Iterator[Row]:
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    size = sum(member.file_size for member in members)
    archives.measured(name, len(data), size)
    if size > UNFOLDED:
        raise InputError(
            _("{file} se déplie en plus de {most} Mo. Coupez-le en plusieurs fichiers.").format(
                file=name, most=UNFOLDED // 1_000_000
            )
        )
    # Formulas as such: the value beside one is what the last program computed, if any did.
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    try:
        sheets = book.worksheets
        if not sheets:
            raise InputError(_("{file} n’a aucune feuille de calcul.").format(file=name))
        if len(sheets) > 1:
            remarks.append(
                _("Seule la première feuille est lue : « {sheet} ».").format(sheet=sheets[0].title)
            )
        # What a sheet says of its size may be anything.
        sheets[0].reset_dimensions()
        yield from _headed(_rows(sheets[0]), headings)
    finally:
        book.close()


def _headed(rows: Iterator[Row], headings: dict[str, str]) -> Iterator[Row]:
    """The rows from the one that names the columns: the first where two names are known, of ten."""
    above: list[Row] = []
    for row in rows:
        above.append(row)
        known = sum(key_of(str(cell)) in headings for cell in row[1])
        if known > 1 or len(above) == 10:
            break
    if above and sum(key_of(str(c)) in headings for c in above[-1][1]) > 1:
        above = above[-1:]
    yield from above
    yield from rows


def _rows(sheet: Any) -> Iterator[Row]:
    width = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_cell(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        # A sheet has no ragged rows: what is missing at the end is empty.
        width = width or len(cells)
        yield number, cells + [""] * (width - len(cells))


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    kind = cell.data_type
    if kind == "s" or kind == "inlineStr":
        return _escaped(str(value))
    if kind == "f":
        return _unusable(
            str(value)[:60], _("une formule ; collez sa valeur (collage spécial, valeurs)")
        )
    if kind == "e":
        return _unusable(str(value)[:60], _("une erreur du tableur ; corrigez la cellule"))
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _escaped(value: str) -> str:
    """A carriage return before a line end, which a workbook writes by its number."""
    return value.replace("_x000D_\n", "\n")

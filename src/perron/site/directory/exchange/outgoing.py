"""Records of a kind as a file that an import reads again, row for row the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from perron import exports
from perron.site.accounts.access import Reader
from perron.site.accounts.log import record
from perron.site.directory.exchange.fates import REFUSED
from perron.site.directory.exchange.held import Held
from perron.site.directory.exchange.reading import kept
from perron.site.directory.exchange.services import Preview
from perron.site.directory.exchange.sheets import ID, NAMED, REVISION
from perron.site.directory.exchange.sorts import Links, Sort, batches
from perron.site.directory.things import resolved

#: Headings of the file of refused rows.
LINE, REASON = "ligne", "raison du refus"


def export(sort: Sort, reader: Reader, records: QuerySet[Any]) -> exports.Export:
    """`records`, which are only those that the reader may see, read as the file is written."""
    columns = [column.heading for column in sort.columns]
    return exports.Export(columns, _rows(sort, reader, records), title=str(sort.many).capitalize())


def _rows(sort: Sort, reader: Reader, records: QuerySet[Any]) -> Iterator[list[exports.Cell]]:
    held = Held(reader)
    for some in batches(sort.rows(records.order_by("pk"), held)):
        ends = _ends(some, reader) if isinstance(sort, Links) else {}
        for values in some:
            values = {**values, ID: values["pk"], REVISION: values.get("revision")}
            if isinstance(sort, Links):
                names = [
                    ends.get((values[f"{e}_kind"], values[f"{e}_key"])) for e in ("from", "to")
                ]
                # A link is seen by who may see both of its ends.
                if None in names:
                    continue
                values["from_name"], values["to_name"] = names
            if "organisation" in values:
                values = _named(values, held)
            yield [_cell(column.written(values.get(column.field), held)) for column in sort.columns]


def _named(values: dict[str, Any], held: Held) -> dict[str, Any]:
    """The organisation of a record by identifier and name, where the reader may see it."""
    key = values["organisation"]
    name = held.organisations.names.get(key)
    return {**values, NAMED[0]: key if name else None, "organisation": name}


def _ends(links: list[dict[str, Any]], reader: Reader) -> dict[tuple[str, str], str]:
    wanted = [(link[f"{e}_kind"], link[f"{e}_key"]) for link in links for e in ("from", "to")]
    return {name: thing.title for name, thing in resolved(wanted, reader).items()}


def _cell(text: str) -> exports.Cell:
    return kept(text) or None


def template(sort: Sort) -> exports.Export:
    """The file to fill: its columns, and one row of example."""
    columns = [c for c in sort.columns if c.field not in (ID, REVISION)]
    row = [column.example or None for column in columns]
    return exports.Export(
        [column.heading for column in columns], [row], title=str(sort.many).capitalize()
    )


def faults(sort: Sort, preview: Preview) -> exports.Export:
    """The refused rows as they were, each with its place and why: mend them and import this file."""
    columns = list(dict.fromkeys(name for line in preview.lines for name in line.texts))
    ordered = [column for column in sort.columns if column.field in columns]
    lines = {line.number: line for line in preview.lines}
    rows = (
        [
            fate.line,
            " ".join(f"{heading} : {said}" if heading else said for heading, said in fate.why),
            *(_cell(lines[fate.line].texts.get(column.field, "")) for column in ordered),
        ]
        for fate in preview.fates
        if fate.fate == REFUSED
    )
    headings = [LINE, REASON, *(column.heading for column in ordered)]
    return exports.Export(headings, rows, title=_("Lignes refusées"))


def told(sort: Sort, reader: Reader, suffix: str) -> None:
    """Note in the log that personal or confidential data left as a file."""
    said = _("Export en nombre : {kind}, {suffix}.").format(kind=sort.many, suffix=suffix.upper())
    record(reader, "exported", "export", sort.name, said, seen=True)

"""Verbs of an import: read a file, answer to its rows, write it or drop it.

Nothing of a file is in the directory before `write`; what it says is kept under preview, compressed,
for its owner alone, and emptied once written, dropped or forgotten.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError
from perron.site.accounts.access import Capability, Reader
from perron.site.accounts.log import record
from perron.site.directory.exchange import reading, writing
from perron.site.directory.exchange.fates import ADDED, CHANGED, CONFLICT, DECIDE, Fate, Judge
from perron.site.directory.exchange.held import Held
from perron.site.directory.exchange.reading import Line
from perron.site.directory.exchange.sheets import ID, IGNORED, headings
from perron.site.directory.exchange.sorts import Sort, batches, sort_of
from perron.site.directory.models import Import, Link, Organisation
from perron.site.directory.rights import demand_right
from perron.site.directory.search import services as search

#: How long a preview that nobody confirms is kept.
KEPT = timedelta(days=7)


@dataclass(slots=True)
class Preview:
    """A file under preview: its rows as they were read, the fate of each, the person's answers."""

    lines: list[Line]
    fates: list[Fate]
    remarks: list[str] = field(default_factory=list)
    choices: dict[int, str] = field(default_factory=dict)
    #: Lines whose fate changed between the preview and the confirmation.
    differ: list[int] = field(default_factory=list)

    def packed(self) -> bytes:
        """As the database keeps it."""
        held = {
            "lines": [[one.number, one.texts, one.faults] for one in self.lines],
            "fates": [fate.packed() for fate in self.fates],
            "remarks": self.remarks,
            "choices": self.choices,
            "differ": self.differ,
        }
        return zlib.compress(json.dumps(held, ensure_ascii=False).encode("utf-8", "replace"), 3)

    @classmethod
    def unpacked(cls, data: bytes | memoryview) -> Preview:
        """The same, back."""
        held = json.loads(zlib.decompress(bytes(data)))
        return cls(
            [Line(*one) for one in held["lines"]],
            [Fate.unpacked(one) for one in held["fates"]],
            held["remarks"],
            {int(line): choice for line, choice in held["choices"].items()},
            held["differ"],
        )

    def counts(self) -> dict[str, int]:
        """How many rows have each fate."""
        return dict(Counter(fate.fate for fate in self.fates))


def sort_for(reader: Reader, kind: str) -> Sort:
    """The kind of an import. InputError where it is unknown, or not the reader's to write."""
    try:
        sort = sort_of(kind)
    except KeyError:
        raise InputError(_("« {kind} » ne s’importe pas.").format(kind=kind[:20])) from None
    demand_right(reader, Capability.EXCHANGE)
    demand_right(reader, sort.write)
    return sort


def preview(reader: Reader, kind: str, data: bytes, name: str) -> Import:
    """Read a file and say the fate of each row. InputError where it is no table of this kind."""
    sort = sort_for(reader, kind)
    if reader.user is None:
        raise InputError(_("Un import a un propriétaire : connectez-vous."))
    name = name.replace("\\", "/").rsplit("/", 1)[-1][:200] or _("fichier")
    sheet = reading.read(data, name, headings(sort.columns), IGNORED)
    _demand_columns(sort, sheet, name)
    fates = Judge(sort, Held(reader)).fates(sheet.lines, {})
    found = Preview(sheet.lines, fates, list(sheet.remarks))
    forget_old()
    return Import.objects.create(
        owner_id=reader.user,
        kind=kind,
        filename=name,
        at=timezone.now(),
        rows=found.packed(),
        counts=found.counts(),
    )


def _demand_columns(sort: Sort, sheet: reading.Sheet, name: str) -> None:
    """A file of new records has the columns that a new one needs; one of known records, their id."""
    if ID in sheet.fields:
        return
    missing = [
        column.heading
        for column in sort.columns
        if column.needed and column.field not in sheet.fields
    ]
    if missing:
        found = ", ".join(sort.by_field[one].heading for one in sheet.fields)
        raise InputError(
            _(
                "{file} : il manque {missing}. Colonnes reconnues : {found}. Sans colonne « id », chaque ligne est une fiche à ajouter."
            ).format(file=name, missing=", ".join(f"« {m} »" for m in missing), found=found)
        )


def opened(reader: Reader, key: int) -> tuple[Import, Preview]:
    """An import under preview of this reader. InputError where there is none any more."""
    found = Import.objects.filter(pk=key, owner=reader.user).first() if reader.user else None
    if found is None or found.written or found.dropped or not found.rows:
        raise InputError(_("Cet import n’existe pas, ou n’est plus à confirmer."))
    sort_for(reader, found.kind)
    return found, Preview.unpacked(found.rows)


def choose(reader: Reader, key: int, choices: Mapping[int, str]) -> Import:
    """Answer to rows that wait for a person; an empty answer takes the earlier one back."""
    found, preview = opened(reader, key)
    waiting = {fate.line for fate in preview.fates if fate.fate in (DECIDE, CONFLICT)}
    waiting |= set(preview.choices)
    for line, choice in choices.items():
        if line in waiting:
            preview.choices.pop(line, None)
            if choice:
                preview.choices[line] = choice
    preview.fates = Judge(sort_of(found.kind), Held(reader)).fates(preview.lines, preview.choices)
    preview.differ = []
    return _kept(found, preview)


def _kept(found: Import, preview: Preview) -> Import:
    found.rows, found.counts = preview.packed(), preview.counts()
    found.save(update_fields=["rows", "counts"])
    return found


def write(reader: Reader, key: int) -> Import:
    """Write the rows as they were shown.

    Where the directory changed in between so that a row has another fate, nothing is written: the
    import keeps the new fates, and says which differ (`written` stays empty).
    """
    found, preview = opened(reader, key)
    sort = sort_of(found.kind)
    fates, stamp = _judged(sort, reader, preview)
    if preview.fates == fates:
        try:
            keys = _written(sort, reader, found.pk, fates, stamp)
        except (writing.MeanwhileError, IntegrityError):
            fates, _stamp = _judged(sort, reader, preview)
        else:
            # The index is derived: it follows in small steps, so that nobody waits for it.
            for some in batches(keys, 1000):
                search.index(sort.name, some)
            found.refresh_from_db()
            return found
    before = {fate.line: fate for fate in preview.fates}
    preview.differ = [fate.line for fate in fates if fate != before.get(fate.line)]
    preview.fates = fates
    return _kept(found, preview)


def _judged(sort: Sort, reader: Reader, preview: Preview) -> tuple[list[Fate], Any]:
    stamp = _stamp(sort)
    return Judge(sort, Held(reader)).fates(preview.lines, preview.choices), stamp


def _stamp(sort: Sort) -> Any:
    """What changes whenever a record that a judgement rests on does."""
    organisations = Organisation.objects.aggregate(
        Count("pk"), Max("changed"), Count("merged_into")
    )
    if sort.model is Link:
        links = Link.objects.filter(withdrawn_because="")
        return organisations, links.aggregate(Count("pk"), Max("pk"))
    return organisations, sort.model._default_manager.aggregate(Count("pk"), Max("changed"))


@transaction.atomic
def _written(sort: Sort, reader: Reader, key: int, fates: Sequence[Fate], stamp: Any) -> list[int]:
    found = Import.objects.select_for_update().get(pk=key)
    if found.written or found.dropped:
        raise InputError(_("Cet import est déjà écrit."))
    # Judged before the transaction, so that others may write meanwhile; compared within it.
    if _stamp(sort) != stamp:
        raise writing.MeanwhileError
    keys = writing.write(sort, fates, reader, found.filename)
    found.written, found.rows = timezone.now(), b""
    found.save(update_fields=["written", "rows"])
    added, changed = (sum(f.fate == fate for f in fates) for fate in (ADDED, CHANGED))
    said = _("Import de « {file} » : {added} fiches ajoutées, {changed} changées.").format(
        file=found.filename, added=added, changed=changed
    )
    record(reader, "import-written", "import", found.pk, said, found.counts)
    return keys


def drop(reader: Reader, key: int) -> None:
    """Give an import up: its rows are emptied."""
    found, _preview = opened(reader, key)
    found.rows, found.dropped = b"", timezone.now()
    found.save(update_fields=["rows", "dropped"])


def forget_old() -> int:
    """Empty the previews that nobody confirmed for a week: they may hold personal data."""
    old = Import.objects.filter(at__lt=timezone.now() - KEPT, written=None, dropped=None)
    return old.update(rows=b"", dropped=timezone.now())

"""Writes what was judged: new records in bulk, changed ones each against its revision, and the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.site.accounts.access import Reader
from perron.site.accounts.log import record_all
from perron.site.accounts.models import Confidentiality, Entry, Protected
from perron.site.directory.exchange.fates import ADDED, CHANGED, Fate
from perron.site.directory.exchange.sorts import Links, Sort, Values, batches
from perron.site.directory.models import (
    Link,
    Need,
    NeedStatus,
    Organisation,
    OrganisationSector,
    Term,
)
from perron.site.directory.organisations import rules
from perron.site.directory.things import kinds

#: Rows of one statement.
SOME = 500


class MeanwhileError(Exception):
    """A record is no longer what was judged: everything is undone and judged again."""


def write(sort: Sort, fates: Sequence[Fate], reader: Reader, file: str) -> list[int]:
    """Write every row that is added or changed; the keys of what was written."""
    entries: list[Entry] = []
    log = _logger(reader, sort, file, entries)
    added = _add(sort, [f for f in fates if f.fate == ADDED], reader, log)
    changed = _change(sort, [f for f in fates if f.fate == CHANGED], reader, log)
    for some in batches(entries, 5000):
        record_all(some)
    return added + changed


Log = Callable[[Fate, int, bool], None]


def _add(sort: Sort, fates: Sequence[Fate], reader: Reader, log: Log) -> list[int]:
    keys = []
    for some in batches(fates, 5000):
        made = [_made(sort, fate.values, reader) for fate in some]
        sort.model._default_manager.bulk_create(made, batch_size=SOME)
        if sort.model is Organisation:
            _add_sectors((m.pk, f.values["sectors"]) for m, f in zip(made, some, strict=True))
        for one, fate in zip(made, some, strict=True):
            keys.append(one.pk)
            log(fate, one.pk, True)
    return keys


def _made(sort: Sort, values: Values, reader: Reader) -> Model:
    made = sort.made(values)
    if isinstance(made, Protected):
        made.owner_id = reader.user
    if isinstance(made, Need):
        now = timezone.now()
        # The person who brings the structure in a file confirms it, as with the form.
        made.confirmed_at = now if made.kind_id else None
        made.status_at = now if made.status != NeedStatus.OPEN else None
    return made


def _add_sectors(given: Iterable[tuple[int, Sequence[str]]]) -> None:
    rows = [
        OrganisationSector(organisation_id=pk, activity=code)
        for pk, codes in given
        for code in codes
    ]
    OrganisationSector.objects.bulk_create(rows, batch_size=SOME)


def _change(sort: Sort, fates: Sequence[Fate], reader: Reader, log: Log) -> list[int]:
    now = timezone.now()
    for fate in fates:
        assert fate.key is not None
        fields = _fields(sort, fate.values)
        records = sort.seen(reader).filter(pk=fate.key)
        if issubclass(sort.model, Protected):
            records = records.filter(revision=fate.before["revision"])
            fields |= {"revision": F("revision") + 1, "changed": now}
            restricted = fate.values.get("confidentiality") == Confidentiality.RESTRICTED
            if restricted and fate.before.get("owner_id") is None:
                fields["owner_id"] = reader.user
        if sort.model is Need and "status" in fields:
            fields["status_at"] = now
        # A changed row is written only over what the person saw.
        if not records.order_by().update(**fields):
            raise MeanwhileError
        log(fate, fate.key, False)
    if sort.model is Organisation:
        _change_sectors([f for f in fates if "sectors" in f.values])
    return [fate.key for fate in fates if fate.key is not None]


def _fields(sort: Sort, values: Values) -> dict[str, Any]:
    fields = dict(values)
    fields.pop("sectors", None)
    if "organisation" in fields:
        fields["organisation_id"] = fields.pop("organisation")
    if sort.model is Organisation and "name" in fields:
        fields["plain_name"] = rules.plain(fields["name"])
    if sort.model is Link and not fields:
        raise MeanwhileError
    return fields


def _change_sectors(fates: Sequence[Fate]) -> None:
    for some in batches(fates):
        OrganisationSector.objects.filter(organisation__in=[f.key for f in some]).delete()
        _add_sectors((f.key, f.values["sectors"]) for f in some if f.key is not None)


def _logger(reader: Reader, sort: Sort, file: str, entries: list[Entry]) -> Log:
    """Makes the entries of one row: of its record, or of both ends of a link."""
    now = timezone.now()
    verbs = {
        True: _("Inscrit par import de « {file} »."),
        False: _("Corrigé par import de « {file} » : {fields}."),
    }
    columns = sort.by_field

    def entry(kind: str, key: object, action: str, said: str, changes: dict[str, Any]) -> None:
        entries.append(
            Entry(
                at=now,
                actor=reader.person,
                action=action,
                kind=kind,
                key=str(key),
                said=said,
                changes=changes,
            )
        )

    def log(fate: Fate, key: int, new: bool) -> None:
        fields = ", ".join(columns[n].heading for n in fate.values if n in columns)
        said = verbs[new].format(file=file, fields=fields)
        action = f"{sort.name}-added" if new else f"{sort.name}-changed"
        if isinstance(sort, Links):
            whole = {**fate.before, **fate.values}
            for one, other in (("from", "to"), ("to", "from")):
                label = kinds()[whole[f"{other}_kind"]].label
                more = _("Lien : « {words} », {other}.").format(
                    words=whole["kind"].name, other=label
                )
                entry(
                    whole[f"{one}_kind"],
                    whole[f"{one}_key"],
                    action,
                    f"{more} {said}",
                    {"link": key},
                )
            return
        if not sort.logged_values:
            entry(sort.name, key, action, said, {"fields": sorted(fate.values)})
            return
        changes = (
            {}
            if new
            else {n: [_plain(fate.before.get(n)), _plain(v)] for n, v in fate.values.items()}
        )
        entry(sort.name, key, action, said, changes)

    return log


def _plain(value: Any) -> Any:
    """A value as the log keeps it."""
    if isinstance(value, Term):
        return value.pk
    return value if value is None or isinstance(value, str | int | bool | list) else str(value)

"""What all verbs on records share: reach, lock, compare, change, log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from perron.errors import ChangedMeanwhileError, InputError
from perron.site.accounts.access import Reader, visible
from perron.site.accounts.log import record
from perron.site.accounts.models import Entry, Protected

P = TypeVar("P", bound=Protected)


def reached(model: type[P], key: object, reader: Reader) -> P:
    """A record that the reader may see. InputError where there is none, or none for this reader."""
    found = visible(model._default_manager.filter(pk=number(key)), reader).first()
    if found is None:
        raise InputError(_("Cette fiche n’existe pas, ou ne vous est pas ouverte."))
    return found


def locked(model: type[P], key: object, reader: Reader, revision: int | None = None) -> P:
    """The same, locked until the transaction ends.

    ChangedMeanwhileError where `revision` is not the current one: it says what others wrote since.
    """
    records = visible(model._default_manager.select_for_update(of=("self",)), reader)
    found = records.filter(pk=number(key)).first()
    if found is None:
        raise InputError(_("Cette fiche n’existe pas, ou ne vous est pas ouverte."))
    if revision is not None and revision != found.revision:
        kind = str(model._meta.model_name)
        entries = Entry.objects.filter(kind=kind, key=str(found.pk), seen=False)
        said = [e.said for e in entries[: max(1, found.revision - revision)]][::-1]
        raise ChangedMeanwhileError(
            _(
                "Cette fiche a changé depuis que vous l’avez ouverte : {said} Vos mots sont gardés ci-dessous ; relisez, puis enregistrez à nouveau."
            ).format(said=" ".join(said)),
            said,
        )
    return found


def number(key: object) -> int:
    """A key as a number; -1, which no record has, for anything else."""
    text = str(key)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1


def apply(thing: Model, fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the fields and give what changes, [before, after] by name, in words JSON can hold."""
    changes = {}
    for name, value in fields.items():
        before = getattr(thing, name)
        if before != value:
            changes[name] = [_plain(before), _plain(value)]
            setattr(thing, name, value)
    return changes


def _plain(value: Any) -> Any:
    """A value as the log keeps it."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.pk if isinstance(value, Model) else str(value)


def saved(
    reader: Reader,
    thing: Protected,
    action: str,
    said: str,
    changes: Mapping[str, Any],
    *,
    values: bool = True,
) -> None:
    """Save a changed record under its next revision, with its entry in the log.

    `values=False` for personal data: the entry then names the fields and repeats nothing of them.
    """
    thing.revision += 1
    thing.save()
    logged(reader, thing, action, said, changes, values=values)


def logged(
    reader: Reader,
    thing: Protected,
    action: str,
    said: str,
    changes: Mapping[str, Any],
    *,
    values: bool = True,
) -> None:
    """Write the entry of an action on a record, and bring what the search box knows of it up to date."""
    from perron.site.directory.search.services import touched  # it asks every app what it indexes

    kept, kind = (
        dict(changes) if values else {"fields": sorted(changes)},
        str(thing._meta.model_name),
    )
    record(reader, action, kind, thing.pk, said, kept)
    touched(kind, thing.pk)

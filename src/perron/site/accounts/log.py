"""The log that every app writes: one readable entry an action, by a person who may later be erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from perron.site.accounts.access import Reader
from perron.site.accounts.models import Entry, Person


def record(
    reader: Reader,
    action: str,
    kind: str,
    key: object,
    said: str,
    changes: Mapping[str, Any] | None = None,
    *,
    seen: bool = False,
) -> Entry:
    """Write one entry. `said` names no person: the page says who from the identifier."""
    return Entry.objects.create(
        at=timezone.now(),
        actor=reader.person,
        action=action,
        kind=kind,
        key=str(key),
        said=said,
        changes=dict(changes or {}),
        seen=seen,
    )


def record_all(entries: Iterable[Entry]) -> None:
    """Write many entries in one go, as an import does."""
    Entry.objects.bulk_create(entries, batch_size=1000)


def saw(reader: Reader, kind: str, key: object, said: str) -> None:
    """Note that a person read a confidential record."""
    record(reader, "seen", kind, key, said, seen=True)


def entries(kind: str, key: object) -> QuerySet[Entry]:
    """What was done to a thing, the latest first."""
    return Entry.objects.filter(kind=kind, key=str(key), seen=False)


def names(persons: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names behind identifiers, in one query; an erased person is not in the answer."""
    wanted = {p for p in persons if p is not None}
    found = Person.objects.filter(pk__in=wanted).select_related("user")
    return {person.pk: str(person.user) for person in found}

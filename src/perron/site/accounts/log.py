"""The log that every app writes: one readable entry an action, by a person who may later be erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
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


def saw_listed(reader: Reader, things: Iterable[tuple[str, str]], said: str) -> None:
    """Note the confidential records that a list showed, once a day for each person and record."""
    wanted = set(things)
    if not wanted:
        return
    now = timezone.now()
    noted = Entry.objects.filter(
        actor=reader.person,
        seen=True,
        at__gte=now - timedelta(days=1),
        key__in={k for _, k in wanted},
    )
    fresh = wanted - set(noted.values_list("kind", "key"))
    record_all(
        Entry(at=now, actor=reader.person, action="seen", kind=kind, key=key, said=said, seen=True)
        for kind, key in sorted(fresh)
    )


def since(moment: datetime, kinds: Iterable[str], most: int) -> list[Entry]:
    """What was written of these kinds of thing since a moment, the latest first."""
    found = Entry.objects.filter(at__gte=moment, seen=False, kind__in=list(kinds))
    return list(found.order_by("-at", "-id")[:most])


def entries(kind: str, key: object) -> QuerySet[Entry]:
    """What was done to a thing, the latest first."""
    return Entry.objects.filter(kind=kind, key=str(key), seen=False)


def names(persons: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names behind identifiers, in one query; an erased person is not in the answer."""
    wanted = {p for p in persons if p is not None}
    found = Person.objects.filter(pk__in=wanted).select_related("user")
    return {person.pk: str(person.user) for person in found}

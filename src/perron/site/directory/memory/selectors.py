"""Questions about the memory of the agency: its list by period and kind, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Max, Min, QuerySet

from perron.site.accounts.access import Capability, Reader, visible
from perron.site.directory.links.selectors import Links, links_of
from perron.site.directory.models import (
    Memory,
    Organisation,
    SearchEntry,
    SearchPosting,
    SearchWord,
)
from perron.site.directory.organisations.reference import reference
from perron.site.directory.organisations.selectors import Written, entries_of
from perron.site.directory.organisations.things import numbers
from perron.site.directory.search.words import asked

#: Memories on a page of the list.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the list: each is empty where it is not asked."""

    text: str = ""
    kind: str = ""
    #: A year, or the first and last of several.
    since: str = ""
    until: str = ""
    organisation: str = ""
    page: int = 1

    @property
    def asked(self) -> bool:
        return bool(self.text or self.kind or self.since or self.until or self.organisation)


@dataclass(frozen=True, slots=True)
class Row:
    """A memory of the list; the organisation is None where the reader may not see it."""

    memory: Memory
    organisation: Organisation | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the memories that the reader may see, the latest first."""

    filters: Filters
    rows: list[Row]
    count: int
    #: The first and the last year of what is asked.
    first: str
    last: str
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))

    @property
    def page(self) -> int:
        return min(max(self.filters.page, 1), self.pages)

    def by_year(self) -> list[tuple[str, list[Row]]]:
        return [(y, list(rows)) for y, rows in groupby(self.rows, lambda r: r.memory.period[:4])]


def listed(filters: Filters, reader: Reader) -> QuerySet[Memory]:
    """The memories that the reader may see of those asked for."""
    found = visible(Memory.objects.all(), reader)
    if filters.kind:
        found = found.filter(kind__code=filters.kind)
    if filters.since:
        found = found.filter(period__gte=filters.since)
    if filters.until:
        found = found.filter(period__lt=str(int(filters.until) + 1))
    if filters.organisation:
        keys = numbers([filters.organisation])
        asked_for = visible(Organisation.objects.filter(pk__in=keys), reader)
        found = found.filter(organisation__in=asked_for)
    for word in asked(filters.text):
        found = found.filter(pk__in=_keys(word))
    return found


def _keys(word: str) -> list[int]:
    """The memories that hold a word, or one that begins with it, accents and case aside."""
    words = SearchWord.objects.filter(word__startswith=word)
    entries = SearchPosting.objects.filter(word__in=words.values("pk")).values("entry")
    keys = SearchEntry.objects.filter(kind="memory", pk__in=entries).values_list("key", flat=True)
    return [int(key) for key in keys]


def listing(filters: Filters, reader: Reader) -> Listing:
    """A page of what is asked; a page beyond the last is the last."""
    found = listed(filters, reader)
    told = found.order_by().aggregate(n=Count("pk"), first=Min("period"), last=Max("period"))
    count = told["n"]
    total = count if not filters.asked else visible(Memory.objects.all(), reader).count()
    page = min(max(filters.page, 1), max(1, -(-count // PAGE)))
    some = list(found.select_related("kind")[(page - 1) * PAGE : page * PAGE])
    keys = {one.organisation_id for one in some if one.organisation_id}
    seen = visible(Organisation.objects.filter(pk__in=keys), reader).in_bulk()
    return Listing(
        filters,
        [Row(one, seen.get(one.organisation_id or 0)) for one in some],
        count,
        (told["first"] or "")[:4],
        (told["last"] or "")[:4],
        total,
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of a memory shows to one reader."""

    memory: Memory
    organisation: Organisation | None
    place: str
    links: Links
    entries: tuple[Written, ...]
    writable: bool
    inside: bool


def found(key: int, reader: Reader) -> Memory | None:
    """A memory that the reader may see."""
    seen = visible(Memory.objects.select_related("kind", "owner"), reader)
    return seen.filter(pk=key).first()


def sheet(memory: Memory, reader: Reader) -> Sheet:
    """The page of a memory. What was written of it is for who reads the directory."""
    organisations = visible(Organisation.objects.filter(pk=memory.organisation_id or 0), reader)
    inside = reader.can(Capability.DIRECTORY_READ)
    return Sheet(
        memory,
        organisations.first() if memory.organisation_id else None,
        reference().place_name(memory.place),
        links_of("memory", memory.pk, reader),
        entries_of("memory", memory.pk) if inside else (),
        reader.can(Capability.DIRECTORY_WRITE),
        inside,
    )

"""Questions about organisations: the directory with its filters, and all that one page shows of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from perron.site.accounts.access import Reader, visible
from perron.site.accounts.log import names
from perron.site.accounts.models import Confidentiality, Entry
from perron.site.directory.links.selectors import Links, links_of
from perron.site.directory.models import (
    Contact,
    Family,
    Memory,
    Need,
    NeedStatus,
    Organisation,
    OrganisationSector,
    Term,
)
from perron.site.directory.organisations import rules
from perron.site.directory.organisations.reference import Reference, reference
from perron.site.directory.things import Thing, resolved

#: Organisations on a page of the directory.
PAGE = 50
#: After this long without a confirmation, facts look old.
STALE_AFTER = timedelta(days=365)
#: What a page shows of each sort of record; the rest is one click away.
SHOWN = 50


def is_stale(organisation: Organisation, now: datetime | None = None) -> bool:
    """Whether nobody has confirmed the facts, nor written them anew, for twelve months."""
    limit = (now or timezone.now()) - STALE_AFTER
    return (organisation.confirmed_at or organisation.created) < limit


def stale(now: datetime | None = None) -> Q:
    """The same as a condition on organisations."""
    limit = (now or timezone.now()) - STALE_AFTER
    return Q(confirmed_at__lt=limit) | Q(confirmed_at__isnull=True, created__lt=limit)


def under(code: str, known: Reference) -> Q:
    """The condition on activities that lie in `code`: itself and all that is finer."""
    tree = known.activities
    if not (len(code) == 1 and tree is not None and code in tree):
        return Q(activity=code) | Q(activity__gte=code, activity__lt=_after(code))
    found = Q(activity=code)
    start = end = ""
    for division in sorted(tree[code].children):  # neighbours make one range
        if division != end:
            found |= Q(activity__gte=start, activity__lt=end) if start else Q()
            start = division
        end = _after(division)
    return found | Q(activity__gte=start, activity__lt=end)


def _after(start: str) -> str:
    """The first text that no longer begins with `start`, for digits: what an index can compare."""
    if not start.isdigit():
        return start
    following = str(int(start) + 1).zfill(len(start))
    return following if len(following) == len(start) else "A"


# --- the directory --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the directory: each is empty where it is not asked."""

    text: str = ""
    kind: str = ""
    place: str = ""
    sector: str = ""
    #: "mine", "stale", "public", or "".
    only: str = ""
    page: int = 1

    @property
    def asked(self) -> bool:
        return bool(self.text or self.kind or self.place or self.sector or self.only)


@dataclass(frozen=True, slots=True)
class Directory:
    """A page of the directory, and how many there are in all of what is asked."""

    filters: Filters
    rows: list[Organisation]
    count: int
    old: int
    known: Reference = field(repr=False)

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


def listed(
    filters: Filters, reader: Reader, known: Reference | None = None
) -> QuerySet[Organisation]:
    """The organisations that the reader may see of those asked for, by name."""
    known = known or reference()
    found = visible(Organisation.objects.filter(merged_into__isnull=True), reader)
    if filters.text:
        number = rules.company_number(filters.text)
        if len(number) == 10 and number.isdigit():
            found = found.filter(company_number=number)
        else:
            found = found.filter(plain_name__startswith=rules.plain(filters.text))
    if filters.kind:
        kinds = Term.objects.filter(family=Family.ORGANISATION, code=filters.kind)
        found = found.filter(kind__in=list(kinds))  # by number, which the index of lists holds
    if filters.place:
        found = found.filter(place__in=known.inside(known.place_code(filters.place)))
    if code := rules.code_of(filters.sector):
        within = OrganisationSector.objects.filter(under(code, known))
        found = found.filter(pk__in=within.values("organisation"))
    if filters.only == "mine":
        found = found.filter(owner=reader.user) if reader.user else found.none()
    elif filters.only == "stale":
        found = found.filter(stale())
    elif filters.only == "public":
        found = found.filter(confidentiality=Confidentiality.PUBLIC)
    return found


def directory(filters: Filters, reader: Reader) -> Directory:
    """A page of what is asked; a page beyond the last is the last."""
    known = reference()
    found = listed(filters, reader, known)
    totals = found.order_by().aggregate(count=Count("pk"), old=Count("pk", filter=stale()))
    last = max(1, -(-totals["count"] // PAGE))
    start = (min(max(filters.page, 1), last) - 1) * PAGE
    # Keys first: they are read from the index alone, however far the page.
    keys = list(found.values_list("pk", flat=True)[start : start + PAGE])
    rows = Organisation.objects.filter(pk__in=keys).select_related("kind")
    return Directory(
        filters, list(rows.prefetch_related("sectors")), totals["count"], totals["old"], known
    )


def total(reader: Reader) -> int:
    """How many organisations the reader may see."""
    return visible(Organisation.objects.filter(merged_into__isnull=True), reader).count()


def in_sector(code: str, reader: Reader, limit: int = 10) -> tuple[list[Organisation], int]:
    """Organisations whose activities lie in `code`, by name, and how many there are."""
    found = listed(Filters(sector=code), reader)
    some = list(found.select_related("kind")[: limit + 1])
    return some[:limit], len(some) if len(some) <= limit else found.count()


# --- one organisation -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A record of the page as its own kind tells it, with where a need stands."""

    thing: Thing
    status: str = ""
    status_word: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """An entry of the log with the name of who wrote it, where that is still known."""

    entry: Entry
    by: str

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(field, before, after) of what can be read as it was written; references are numbers."""
        return [
            (rules.named(name), _in_words(pair[0]), _in_words(pair[1]))
            for name, pair in self.entry.changes.items()
            if name in _READ and isinstance(pair, list) and len(pair) == 2 and pair[0]
        ]


#: The fields whose earlier words the history shows.
_READ = frozenset((*rules.LINES, *rules.AREAS, "sectors"))


def _in_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "—")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of an organisation shows to one reader."""

    organisation: Organisation
    #: (address, code as printed, name) of each; no address where the classification lacks it.
    sectors: tuple[tuple[str, str, str], ...]
    place: str
    place_url: str
    old: bool
    needs: tuple[Told, ...]
    contacts: tuple[Contact, ...]
    memories: tuple[Told, ...]
    links: Links
    entries: tuple[Written, ...]
    more_contacts: bool = False
    more_needs: bool = False
    more_memories: bool = False
    #: The keys of the needs shown that are confidential: reading them is noted.
    confidential_needs: tuple[int, ...] = ()


def found(key: int, reader: Reader) -> Organisation | None:
    """An organisation that the reader may see, merged ones as well."""
    seen = visible(Organisation.objects.select_related("kind", "owner"), reader)
    return seen.filter(pk=key).first()


def sheet(organisation: Organisation, reader: Reader, history: bool) -> Sheet:
    """The page of an organisation, in a number of queries that no number of records changes.

    `history` says whether the reader may read what was written of it.
    """
    known = reference()
    needs = visible(Need.objects.filter(organisation=organisation), reader)
    open_first = sorted(
        needs.order_by("-said_on", "-id")[: SHOWN + 1], key=lambda n: n.status != NeedStatus.OPEN
    )
    memories = list(visible(Memory.objects.filter(organisation=organisation), reader)[: SHOWN + 1])
    contacts = visible(Contact.objects.filter(organisation=organisation), reader)
    held = list(contacts.select_related("purpose")[: SHOWN + 1])
    things = resolved(
        [
            *(("need", str(need.pk)) for need in open_first[:SHOWN]),
            *(("memory", str(memory.pk)) for memory in memories[:SHOWN]),
        ],
        reader,
    )
    return Sheet(
        organisation,
        tuple(
            known.sector(code) for code in organisation.sectors.values_list("activity", flat=True)
        ),
        known.place_name(organisation.place),
        known.place_url(organisation.place),
        is_stale(organisation),
        _told(open_first[:SHOWN], things),
        tuple(held[:SHOWN]),
        _told(memories[:SHOWN], things),
        links_of("organisation", organisation.pk, reader),
        entries_of("organisation", organisation.pk) if history else (),
        len(held) > SHOWN,
        len(open_first) > SHOWN,
        len(memories) > SHOWN,
        tuple(
            need.pk
            for need in open_first[:SHOWN]
            if need.confidentiality == Confidentiality.RESTRICTED
        ),
    )


def _told(
    records: Sequence[Need] | Sequence[Memory], things: Mapping[tuple[str, str], Thing]
) -> tuple[Told, ...]:
    told = []
    for one in records:
        kind = str(one._meta.model_name)
        thing = things.get((kind, str(one.pk))) or Thing(kind, str(one.pk), str(one), "")
        if isinstance(one, Need):
            told.append(Told(thing, one.status, one.get_status_display()))
        else:
            told.append(Told(thing))
    return tuple(told)


def entries_of(kind: str, key: object, most: int = 30) -> tuple[Written, ...]:
    """What was written of a thing, the latest first, with the names of who is still known."""
    entries = list(Entry.objects.filter(kind=kind, key=str(key), seen=False)[:most])
    known = names(entry.actor for entry in entries)
    return tuple(Written(e, known.get(e.actor, "") if e.actor else "") for e in entries)

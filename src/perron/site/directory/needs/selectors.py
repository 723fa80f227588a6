"""Questions about needs: the list with its filters, and all that one page shows of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.site.accounts import log
from perron.site.accounts.access import Capability, Reader, visible
from perron.site.accounts.models import Confidentiality, Entry, Grant
from perron.site.directory.links.selectors import Links, links_of
from perron.site.directory.models import Contact, Need, NeedStatus, Organisation
from perron.site.directory.needs.sharing import may_share, readers_of
from perron.site.directory.organisations.reference import Reference, reference
from perron.site.directory.organisations.selectors import Written, entries_of
from perron.site.directory.organisations.things import numbers

#: Needs on a page of the list.
PAGE = 50
#: After this long without an answer, a need has waited too long.
LATE_AFTER = timedelta(days=30)
#: The answers to "for when", in days from now.
WITHIN = {"30": 30, "90": 90, "180": 180}
OVERDUE = "past"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the list: each is empty where it is not asked. Open needs unless said otherwise."""

    status: str = NeedStatus.OPEN.value
    kind: str = ""
    place: str = ""
    organisation: str = ""
    #: "past", "30", "90", "180" (days), or "".
    within: str = ""
    mine: bool = False
    page: int = 1

    @property
    def asked(self) -> bool:
        beyond = self.kind or self.place or self.organisation or self.within or self.mine
        return bool(beyond) or self.status != NeedStatus.OPEN


@dataclass(frozen=True, slots=True)
class Row:
    """A need of the list; the organisation is None where the reader may not see it."""

    need: Need
    organisation: Organisation | None
    place: str
    late: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the needs that the reader may see, and how many there are of each status."""

    filters: Filters
    rows: list[Row]
    count: int
    open: int
    late: int
    answered: int
    closed: int
    organisation: Organisation | None = None

    @property
    def total(self) -> int:
        return self.open + self.answered + self.closed

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))

    @property
    def page(self) -> int:
        return min(max(self.filters.page, 1), self.pages)


def late(today: date) -> Q:
    """The condition of an open need that has waited too long."""
    return Q(status=NeedStatus.OPEN, said_on__lt=today - LATE_AFTER)


def listed(filters: Filters, reader: Reader, known: Reference, today: date) -> QuerySet[Need]:
    """The needs that the reader may see of those asked for, whatever their status."""
    found = visible(Need.objects.all(), reader)
    if filters.kind:
        found = found.filter(kind__code=filters.kind)
    if filters.place:
        found = found.filter(place__in=known.inside(filters.place))
    if filters.organisation:
        found = found.filter(organisation__in=_organisation(filters, reader))
    if filters.within == OVERDUE:
        found = found.filter(needed_by__lt=today)
    elif days := WITHIN.get(filters.within):
        found = found.filter(needed_by__gte=today, needed_by__lte=today + timedelta(days=days))
    if filters.mine:
        found = found.filter(owner=reader.user) if reader.user else found.none()
    return found


def _organisation(filters: Filters, reader: Reader) -> QuerySet[Organisation]:
    """The organisation that is asked for, none where the reader may not see it."""
    keys = numbers([filters.organisation])
    return visible(Organisation.objects.filter(pk__in=keys), reader)


def _asked_organisation(filters: Filters, reader: Reader) -> Organisation | None:
    return _organisation(filters, reader).first() if filters.organisation else None


def listing(filters: Filters, reader: Reader) -> Listing:
    """A page of what is asked; a page beyond the last is the last. Reading it is logged."""
    today, known = timezone.localdate(), reference()
    found = listed(filters, reader, known, today)
    counted = found.order_by().aggregate(
        late=Count("pk", filter=late(today)),
        **{status.value: Count("pk", filter=Q(status=status)) for status in NeedStatus},
    )
    if filters.status in NeedStatus.values:
        found, count = found.filter(status=filters.status), counted[filters.status]
    else:
        count = sum(counted[status] for status in NeedStatus.values)
    page = min(max(filters.page, 1), max(1, -(-count // PAGE)))
    ordered = (
        found.order_by(F("needed_by").asc(nulls_last=True), "said_on", "pk")
        if filters.status == NeedStatus.OPEN
        else found.order_by("-said_on", "-pk")
    )
    needs = list(ordered.select_related("kind")[(page - 1) * PAGE : page * PAGE])
    keys = {need.organisation_id for need in needs if need.organisation_id}
    seen = visible(Organisation.objects.filter(pk__in=keys), reader).in_bulk()
    _saw_list(reader, needs)
    return Listing(
        filters,
        [
            Row(
                need,
                seen.get(need.organisation_id or 0),
                known.place_name(need.place),
                need.status == NeedStatus.OPEN and need.said_on < today - LATE_AFTER,
                bool(need.status == NeedStatus.OPEN and need.needed_by and need.needed_by < today),
            )
            for need in needs
        ],
        count,
        counted["open"],
        counted["late"],
        counted["answered"],
        counted["closed"],
        _asked_organisation(filters, reader),
    )


def _saw_list(reader: Reader, needs: Iterable[Need]) -> None:
    """Note the confidential needs that a list showed, once a day for each person and need.

    Those of one's own are noted when their page is opened.
    """
    keys = [
        str(need.pk)
        for need in needs
        if need.confidentiality == Confidentiality.RESTRICTED
        and (need.owner_id is None or need.owner_id != reader.user)
    ]
    if not keys:
        return
    since = timezone.now() - timedelta(days=1)
    noted = set(
        Entry.objects.filter(
            actor=reader.person, kind="need", key__in=keys, seen=True, at__gte=since
        ).values_list("key", flat=True)
    )
    said, now = _("Besoin confidentiel lu dans la liste."), timezone.now()
    log.record_all(
        Entry(
            at=now, actor=reader.person, action="seen", kind="need", key=key, said=said, seen=True
        )
        for key in keys
        if key not in noted
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of a need shows to one reader."""

    need: Need
    organisation: Organisation | None
    contact: Contact | None
    place: str
    late: bool
    links: Links
    entries: tuple[Written, ...]
    readers: list[Grant]
    writable: bool
    shareable: bool


def found(key: int, reader: Reader) -> Need | None:
    """A need that the reader may see."""
    seen = visible(Need.objects.select_related("kind", "owner__role"), reader)
    return seen.filter(pk=key).first()


def sheet(need: Need, reader: Reader) -> Sheet:
    """The page of a need. What was written of it is for who reads needs, not for a partner."""
    organisations = visible(Organisation.objects.filter(pk=need.organisation_id or 0), reader)
    contacts = visible(Contact.objects.filter(pk=need.contact_id or 0), reader)
    inside = reader.can(Capability.NEEDS_READ) or reader.can(Capability.NEEDS_WRITE)
    return Sheet(
        need,
        organisations.first() if need.organisation_id else None,
        contacts.first() if need.contact_id else None,
        reference().place_name(need.place),
        need.status == NeedStatus.OPEN and need.said_on < timezone.localdate() - LATE_AFTER,
        links_of("need", need.pk, reader),
        entries_of("need", need.pk) if inside else (),
        readers_of(need) if inside else [],
        reader.can(Capability.NEEDS_WRITE),
        may_share(reader, need),
    )


def contacts_of(organisation: int | None, reader: Reader, most: int = 200) -> list[Contact]:
    """The contacts of an organisation who may have said a need, for who may read contacts."""
    if organisation is None:
        return []
    held = Contact.objects.filter(organisation=organisation)
    return list(visible(held, reader)[:most])

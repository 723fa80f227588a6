"""Questions about contacts: the list with its filters, and one person."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from perron.site.accounts.access import Reader, visible
from perron.site.directory.contacts import rules
from perron.site.directory.models import Contact, Need, Organisation

#: Contacts on a page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the list."""

    text: str = ""
    organisation: str = ""
    #: "due" for those that are to be erased, "mailing" for those that said yes to mailings.
    only: str = ""
    page: int = 1

    @property
    def asked(self) -> bool:
        return bool(self.text or self.organisation or self.only)


@dataclass(frozen=True, slots=True)
class ContactList:
    """A page of contacts, how many there are of what is asked, and how many are due in all of it."""

    filters: Filters
    rows: list[Contact]
    count: int
    due: int
    number: int
    #: The organisations of these rows that the reader may see.
    open: frozenset[int] = frozenset()

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


def listed(filters: Filters, reader: Reader) -> QuerySet[Contact]:
    """The contacts that the reader may see of those asked for, by name."""
    found = visible(Contact.objects.all(), reader)
    if filters.text:
        found = found.filter(
            Q(last_name__istartswith=filters.text) | Q(first_name__istartswith=filters.text)
        )
    if filters.organisation:
        key = filters.organisation
        number = int(key) if key.isascii() and key.isdigit() and len(key) < 18 else -1
        found = found.filter(organisation=number)
    if filters.only == "due":
        found = found.filter(rules.due())
    elif filters.only == "mailing":
        found = found.filter(mailing=True)
    return found


def contacts(filters: Filters, reader: Reader) -> ContactList:
    """Fifty contacts by name; a page beyond the last is the last."""
    found = listed(filters, reader)
    totals = found.order_by().aggregate(count=Count("pk"), due=Count("pk", filter=rules.due()))
    last = max(1, -(-totals["count"] // PAGE))
    number = min(max(filters.page, 1), last)
    page = found.select_related("organisation", "purpose")
    rows = list(page[(number - 1) * PAGE : number * PAGE])
    of = Organisation.objects.filter(
        pk__in={one.organisation_id for one in rows if one.organisation_id is not None}
    )
    seen = frozenset(visible(of, reader).values_list("pk", flat=True))
    return ContactList(filters, rows, totals["count"], totals["due"], number, seen)


def found(key: int, reader: Reader) -> Contact | None:
    """A contact that the reader may see."""
    seen = Contact.objects.select_related("organisation", "purpose", "owner")
    return visible(seen, reader).filter(pk=key).first()


def needs_said_by(contact: Contact, reader: Reader, most: int = 20) -> list[Need]:
    """The needs that this person told, of those the reader may see."""
    return list(visible(Need.objects.filter(contact=contact), reader)[:most])

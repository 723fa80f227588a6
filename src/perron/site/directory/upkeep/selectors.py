"""What waits to be kept right: facts that are old, persons to be forgotten, needs without an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from perron.site.accounts.access import Capability, Reader, visible
from perron.site.accounts.log import names
from perron.site.directory.contacts import rules as contact_rules
from perron.site.directory.links.selectors import links_of
from perron.site.directory.models import (
    Confirmation,
    Contact,
    Memory,
    Merge,
    Need,
    NeedStatus,
    Organisation,
)
from perron.site.directory.organisations.selectors import stale

#: Rows on a page, and what a list of the page shows of what is shorter.
PAGE, SHOWN = 50, 20
#: Days after which an open need has waited too long.
WAITED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Everything that waits, for one reader."""

    organisations: list[Organisation]
    old: int
    page: int
    contacts: list[Contact]
    due: int
    needs: list[Need]
    waiting: int
    remarks: list[Confirmation]
    merges: list[tuple[Merge, str]]

    @property
    def pages(self) -> int:
        return max(1, -(-self.old // PAGE))


def upkeep(reader: Reader, page: int = 1) -> Upkeep:
    """What waits, the oldest first; lists of what the reader may not read are empty."""
    seen = visible(Organisation.objects.filter(merged_into=None), reader)
    old = seen.filter(stale())
    count = old.order_by().count()
    page = min(max(page, 1), max(1, -(-count // PAGE)))
    rows = old.select_related("kind").order_by(
        F("confirmed_at").asc(nulls_first=True), "plain_name"
    )
    contacts = visible(Contact.objects.filter(contact_rules.due()), reader)
    needs = visible(waiting_needs(), reader).order_by("said_on", "pk")
    held = reader.can(Capability.CONTACTS_READ)
    return Upkeep(
        list(rows[(page - 1) * PAGE : page * PAGE]),
        count,
        page,
        list(contacts.select_related("organisation")[:SHOWN]) if held else [],
        contacts.order_by().count() if held else 0,
        list(needs.select_related("organisation")[:SHOWN]),
        needs.order_by().count(),
        remarks(reader),
        merges(reader),
    )


def waiting_needs(today: date | None = None) -> Any:
    """Needs that are open for more than ninety days."""
    limit = (today or timezone.localdate()) - WAITED
    return Need.objects.filter(status=NeedStatus.OPEN, said_on__lt=limit)


def remarks(reader: Reader, most: int = SHOWN) -> list[Confirmation]:
    """What organisations wrote by their link, until their record is confirmed again."""
    seen = visible(Organisation.objects.filter(merged_into=None), reader)
    found = Confirmation.objects.exclude(remark="").filter(organisation__in=seen)
    unread = Q(organisation__confirmed_at=None) | Q(organisation__confirmed_at__lt=F("used"))
    return list(found.filter(unread).select_related("organisation")[:most])


def merges(reader: Reader, most: int = SHOWN) -> list[tuple[Merge, str]]:
    """The latest merges that are not undone, with who made them, where that is still known."""
    seen = visible(Organisation.objects.all(), reader)
    found = Merge.objects.filter(undone=None, kept__in=seen, absorbed__in=seen)
    rows = list(found.select_related("kept", "absorbed")[:most])
    known = names(one.by for one in rows)
    return [(one, known.get(one.by, "") if one.by else "") for one in rows]


@dataclass(frozen=True, slots=True)
class Moves:
    """How much goes from one organisation to another, of what the reader may see."""

    contacts: int
    needs: int
    memories: int
    links: int


def moves(absorbed: Organisation, reader: Reader) -> Moves:
    """What a merge would move."""
    contacts, needs, memories = (
        visible(model.objects.filter(organisation=absorbed), reader).count()
        for model in (Contact, Need, Memory)
    )
    return Moves(contacts, needs, memories, len(links_of("organisation", absorbed.pk, reader)))


def addresses(organisation: Organisation, reader: Reader) -> Sequence[Contact]:
    """The contacts to whom a question may be sent."""
    held = visible(Contact.objects.filter(organisation=organisation), reader)
    return list(held.exclude(email="")[:SHOWN])

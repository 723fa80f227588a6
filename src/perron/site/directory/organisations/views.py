"""The directory, and the page of an organisation with the three fields side by side."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron.site.accounts.access import Capability, Reader, public, reader_of
from perron.site.accounts.log import record_all
from perron.site.accounts.models import Confidentiality, Entry
from perron.site.directory.contacts.rules import is_due
from perron.site.directory.organisations import rules, selectors, sharing, words
from perron.site.directory.organisations.forms import PLACES
from perron.site.directory.organisations.selectors import PAGE, Directory, Filters, Sheet

#: What each of the three fields shows of a list; the rest is further down the page.
FIRST = 4


def filters_of(request: HttpRequest) -> Filters:
    """What the address asks of the directory."""
    given = {name: request.GET.get(name, "").strip()[:120] for name in _NAMES}
    page = given["page"]
    return Filters(
        given["q"],
        given["type"],
        given["commune"],
        given["secteur"],
        given["fiches"] if given["fiches"] in ("mine", "stale", "public") else "",
        int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


_NAMES = ("q", "type", "commune", "secteur", "fiches", "page")


@public
@require_safe
@never_cache
def directory(request: HttpRequest) -> HttpResponse:
    """The directory: fifty at a time, by name; the public ones for who has no account."""
    reader, asked = reader_of(request), filters_of(request)
    page = selectors.directory(asked, reader)
    query = {n: v for n in _NAMES[:-1] if (v := request.GET.get(n, "").strip()[:120])}
    number = min(max(asked.page, 1), page.pages)
    return render(
        request,
        "directory/organisations/directory.html",
        {
            "page": page,
            "title": words.title(page),
            "lead": words.lead(page, reader),
            "filters": words.filters(asked, reader),
            "rows": [_row(page, one) for one in page.rows],
            "first": (number - 1) * PAGE + 1,
            "last": (number - 1) * PAGE + len(page.rows),
            "earlier": urlencode({**query, "page": number - 1}) if number > 1 else "",
            "later": urlencode({**query, "page": number + 1}) if number < page.pages else "",
            "query": urlencode(query),
            "place_typed": query.get("commune", ""),
            "may_write": reader.can(Capability.DIRECTORY_WRITE),
            "may_exchange": reader.can(Capability.EXCHANGE),
            "may_contacts": reader.can(Capability.CONTACTS_READ),
            "signed_in": reader.signed_in,
            "list_id": PLACES,
            "towns": page.known.municipalities(),
        },
    )


def _row(page: Directory, one: Any) -> dict[str, Any]:
    known = page.known
    return {
        "one": one,
        "place": known.place_name(one.place),
        "sectors": [known.sector(s.activity) for s in one.sectors.all()],
        "old": words.old(one) if selectors.is_stale(one) else "",
    }


@public
@require_safe
@never_cache
def organisation(request: HttpRequest, organisation: int) -> HttpResponse:
    """The page of one organisation. One that was merged leads to the one that was kept."""
    reader = reader_of(request)
    found = selectors.found(organisation, reader)
    if found is None:
        raise Http404(str(organisation))
    if found.merged_into_id:
        return redirect("organisation", found.merged_into_id)
    inside = reader.can(Capability.DIRECTORY_READ)
    page = selectors.sheet(found, reader, history=inside)
    _note(page, reader)
    groups = page.links.begun(but="commitment")
    return render(
        request,
        "directory/organisations/organisation.html",
        {
            "page": page,
            "organisation": found,
            "number": rules.written(found.company_number),
            "lead": words.sheet_lead(page),
            "confirmed": words.confirmed(found),
            "old": words.old(found) if page.old else "",
            "first_needs": page.needs[:FIRST],
            "first_memories": page.memories[:FIRST],
            "trainings": [x for x in page.links.every if x.link.kind.code == "trains-for"][:FIRST],
            "events": page.links.of_kinds("event")[:FIRST],
            "groups": groups,
            "decisions": page.links.of_kinds("commitment")[:PAGE],
            "all_links": reverse("thing-links", args=["organisation", found.pk]),
            "more_links": any(group.left for group in groups) or page.links.more,
            "contacts": [(one, is_due(one)) for one in page.contacts],
            "inside": inside,
            "sees_contacts": reader.can(Capability.CONTACTS_READ) or bool(page.contacts),
            "sees_needs": reader.can(Capability.NEEDS_READ) or bool(page.needs),
            "may_write": reader.can(Capability.DIRECTORY_WRITE),
            "may_share": sharing.may_share(reader, found),
            "may_contacts": reader.can(Capability.CONTACTS_WRITE),
            "may_needs": reader.can(Capability.NEEDS_WRITE),
        },
    )


def _note(page: Sheet, reader: Reader) -> None:
    """Note in the audit log each confidential record that the page shows."""
    if page.organisation.confidentiality != Confidentiality.RESTRICTED:
        shown: list[tuple[str, int, str]] = []
    else:
        shown = [("organisation", page.organisation.pk, _("Fiche confidentielle lue."))]
    shown += [
        ("contact", one.pk, _("Contact confidentiel lu sur la fiche de son organisation."))
        for one in page.contacts
        if one.confidentiality == Confidentiality.RESTRICTED
    ]
    shown += [
        ("need", need, _("Besoin confidentiel lu sur la fiche de son organisation."))
        for need in page.confidential_needs
    ]
    now = timezone.now()
    if shown:
        record_all(
            Entry(
                at=now,
                actor=reader.person,
                action="seen",
                kind=kind,
                key=str(key),
                said=said,
                seen=True,
            )
            for kind, key, said in shown
        )

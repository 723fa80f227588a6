"""The list of needs and the page of one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron.site.accounts import log
from perron.site.accounts.access import Capability, public, reader_of, signed_in, to_sign_in
from perron.site.accounts.models import Confidentiality
from perron.site.directory.models import NeedStatus
from perron.site.directory.needs import selectors, words
from perron.site.directory.needs.selectors import OVERDUE, WITHIN, Filters
from perron.site.directory.organisations.reference import reference


def asked(request: HttpRequest) -> Filters:
    """The filters of an address; what is no answer is not asked."""
    given = {name: request.GET.get(name, "").strip()[:60] for name in request.GET}
    status, within, page = given.get("etat", ""), given.get("pour", ""), given.get("page", "")
    known = reference()
    return Filters(
        status if status in (*NeedStatus.values, "all") else NeedStatus.OPEN.value,
        given.get("type", "")[:48],
        known.place_code(place)[:10] if (place := given.get("commune", "")) else "",
        given.get("organisation", ""),
        within if within in (OVERDUE, *WITHIN) else "",
        given.get("qui") == "moi",
        int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


@signed_in
@never_cache
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """The needs that the reader may see, those that wait first."""
    reader, known = reader_of(request), reference()
    found = selectors.listing(asked(request), reader)
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(
        request,
        "directory/needs/list.html",
        {
            "found": found,
            "title": words.title(found),
            "rows": [(row, words.short(row.need)) for row in found.rows],
            "filters": words.filters(found.filters, known),
            "place": known.place_name(found.filters.place),
            "towns": known.municipalities(),
            "query": kept.urlencode(),
            "writable": reader.can(Capability.NEEDS_WRITE),
            "reads_all": reader.can(Capability.NEEDS_READ),
        },
    )


@public
@never_cache
@require_safe
def need(request: HttpRequest, need: int) -> HttpResponse:
    """One need: what was said, by whom, for when, and what became of it."""
    reader = reader_of(request)
    found = selectors.found(need, reader)
    if found is None:
        if not reader.signed_in:
            return to_sign_in(request)  # whether there is such a need or not
        raise Http404(str(need))
    if found.confidentiality == Confidentiality.RESTRICTED:
        log.saw(reader, "need", found.pk, _("Besoin confidentiel lu."))
    sheet = selectors.sheet(found, reader)
    return render(
        request,
        "directory/needs/sheet.html",
        {
            "sheet": sheet,
            "need": found,
            "title": words.sheet_title(found),
            "quantity": words.quantity(found),
            "who_reads": words.who_reads(sheet),
            "inside": reader.can(Capability.NEEDS_READ) or sheet.writable,
        },
    )

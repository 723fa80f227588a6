"""The page of the log, for who may audit, and its file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron import formats
from perron.site.accounts import journal, log
from perron.site.accounts.access import Capability, reader_of, requires
from perron.site.components import downloads

_guard = requires(Capability.AUDIT)


@_guard
@never_cache
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Who did or saw what, the newest first."""
    filters = journal.asked(request.GET.dict())
    lines, following = journal.page(filters, request.GET.get("avant", ""))
    query = urlencode(filters.given)
    return render(
        request,
        "accounts/journal.html",
        {
            "title": _title(filters, lines),
            "lines": lines,
            "next": urlencode({**filters.given, "avant": following}) if following else "",
            "later": "avant" in request.GET,
            "query": f"?{query}" if query else "",
            "filters": filters,
            "filtered": bool(filters.given),
            "persons": journal.persons(),
            "kinds": list(journal.KINDS.items()),
        },
    )


def _title(filters: journal.Filters, lines: list[journal.Line]) -> str:
    if not lines:
        return _("Rien n’est noté à ce choix.") if filters.given else _("Rien n’est encore noté.")
    last = lines[0]
    day = formats.date(timezone.localtime(last.at).date(), (get_language() or "fr")[:2])
    if filters.given:
        return _("À ce choix, le dernier acte est du {day} : {who}.").format(day=day, who=last.who)
    return _("Le dernier acte noté est du {day} : {who}.").format(day=day, who=last.who)


@_guard
@never_cache
@require_safe
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """The log as a file; taking it out is noted too."""
    filters = journal.asked(request.GET.dict())
    answer = downloads.answer(journal.export(filters), suffix, "journal")
    said = _("Exporte le journal.")
    log.record(reader_of(request), "export", "log", suffix, said, seen=True)
    return answer

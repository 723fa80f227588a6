"""The page of the replay and its files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from perron.site.accounts.access import public
from perron.site.components import downloads
from perron.site.components.figures import language
from perron.site.directory.selectors import catalogue
from perron.site.ledger.replay import charts
from perron.site.ledger.replay.selectors import END, START, replay


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """How many expectations of a rule, set in one year, held by another."""
    found = replay(catalogue(), language())
    context = {
        "replay": found,
        "title": charts.title(found),
        "lead": charts.lead(found),
        "reserves": charts.reserves(found),
        "chart": charts.chart(found) if found.lines else None,
        "table": charts.table(found) if found.lines else None,
        "sentences": charts.sentences(found),
        "start": START,
        "end": END,
    }
    return render(request, "ledger/replay.html", context)


@public
@require_safe
def download(_request: HttpRequest, table: str, suffix: str) -> HttpResponse:
    """The chart or the table of the page with its sources."""
    found = replay(catalogue(), language())
    if table not in (charts.CHART, charts.TABLE) or not found.lines:
        raise Http404(table)
    drawn = charts.chart(found) if table == charts.CHART else charts.table(found)
    return downloads.answer(downloads.export_of(drawn), suffix, f"rejeu-{table}")

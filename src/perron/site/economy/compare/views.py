"""The page Comparer, and its tables as files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.site.accounts.access import public
from perron.site.components import downloads
from perron.site.directory import levels
from perron.site.directory.selectors import catalogue
from perron.site.economy.compare import charts, words
from perron.site.economy.compare.indicators import FIRST
from perron.site.economy.compare.selectors import ComparePage, compare_page, found


def _language() -> str:
    return (get_language() or "fr")[:2]


def _page(request: HttpRequest, held: Catalogue) -> ComparePage:
    territories = ",".join(request.GET.getlist("territoires"))[:200]
    sector = request.GET.get("secteur", "").strip()[:60]
    try:
        return compare_page(held, _language(), territories, sector)
    except InputError as error:
        raise Http404(str(error)) from error


@public
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Any territories side by side, one added by its name."""
    held = catalogue()
    page = _page(request, held)
    query = request.GET.get("q", "").strip()[:60]
    asked = request.GET.get("secteur", "").strip()[:60]
    context = {
        "page": page,
        "query": query,
        "results": [
            {
                "name": place.name(_language()),
                "level": levels.beside(place, place.name(_language())),
                "url": page.choice.with_(place.code),
            }
            for place in found(held, _language(), query, page.choice)
        ],
        "asked_sector": asked if asked and page.sector is None else "",
        "first": charts.piece(page, FIRST),
        "rows": charts.rows(page),
        "typical": [charts.typical_of(page, side) for side in page.sides],
        "typical_none": [words.typical_title(page, s) for s in page.sides if not s.typical],
        "typical_csv": charts.file_url(page, charts.TYPICAL),
        "typical_source": next((t.quotient for s in page.sides for t in s.typical), None),
        "sector_dots": charts.sector_dots(page),
        "files": charts.files(page),
        **words.said(page),
    }
    return render(request, "economy/compare.html", context)


@public
@require_safe
def download(request: HttpRequest, table: str, suffix: str) -> HttpResponse:
    """A table of the page with its sources."""
    page = _page(request, catalogue())
    drawn = charts.file_of(page, table)
    if drawn is None:
        raise Http404(table)
    return downloads.answer(downloads.export_of(drawn), suffix, f"comparer-{table}")

"""The page Options, and its tables as files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.site.accounts.access import public
from perron.site.components import downloads
from perron.site.directory.activities import activities
from perron.site.directory.selectors import catalogue
from perron.site.economy.options import cases, charts, words
from perron.site.economy.options.basis import DEPTHS
from perron.site.economy.options.selectors import QUADRANTS, OptionsPage, depth_name, options_page


def _page(request: HttpRequest, held: Catalogue) -> OptionsPage:
    language = (get_language() or "fr")[:2]
    place = request.GET.get("territoire", "").strip()[:20]
    depth = DEPTHS.get(request.GET.get("niveau", ""), 0)
    try:
        return options_page(held, language, place, request.GET.get("base", ""), depth)
    except InputError as error:
        raise Http404(str(error)) from error


def _sector(request: HttpRequest) -> str:
    return request.GET.get("secteur", "").strip().replace(".", "")[:10]


@public
@require_safe
def options(request: HttpRequest) -> HttpResponse:
    """Where each sector stands, and what is not sure of it."""
    held = catalogue()
    page = _page(request, held)
    tree = activities(held)
    sector = page.of(_sector(request))
    context = {
        "page": page,
        "case": cases.case(page, sector, tree) if sector else None,
        "sector_place": words.ONE[sector.position] if sector else "",
        "drawn": charts.drawn(page, tree, sector.activity.code if sector else ""),
        "depth_name": depth_name(page.depth),
        "files": [] if page.why else charts.files(page, sector.activity.code if sector else ""),
        "quadrants": [cases.quadrant(page, position, tree) for position in QUADRANTS],
        "undecided": cases.undecided(page),
        "unassessed": cases.unassessed(page),
        **words.said(page),
    }
    return render(request, "economy/options.html", context)


@public
@require_safe
def download(request: HttpRequest, table: str, suffix: str) -> HttpResponse:
    """A table of the page with its sources."""
    held = catalogue()
    page = _page(request, held)
    if table not in charts.FILES or page.why:
        raise Http404(table)
    found = charts.export_table(page, table, _sector(request), activities(held))
    if found is None:
        raise Http404(table)
    name = f"options-{page.place.code}-{page.base}-{table}-{page.period}"
    return downloads.answer(downloads.export_of(found), suffix, name)

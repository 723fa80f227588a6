"""Pages of field 1 that rest on the reference of territories."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from perron.errors import InputError
from perron.site.accounts.access import public
from perron.site.directory import downloads, selectors
from perron.site.directory.territory_charts import (
    MAPS,
    comparison,
    sections,
    thematic_map,
    theme_of,
    units,
)
from perron.site.directory.territory_words import said


def _page(request: HttpRequest, code: str) -> selectors.TerritoryPage:
    language = (get_language() or "fr")[:2]
    every = request.GET.get("arrondissements") == "tous"
    try:
        return selectors.territory_page(selectors.catalogue(), language, code, every)
    except InputError as error:
        raise Http404(str(error)) from error


@public
@require_safe
def territory(request: HttpRequest, code: str = "") -> HttpResponse:
    """The page Territoire: of the place that the agency steers, or of any other by its code."""
    page = _page(request, code)
    theme = theme_of(request.GET.get("carte", ""))
    return render(
        request,
        "directory/territory.html",
        {
            "page": page,
            "map": thematic_map(page, theme),
            "maps": MAPS,
            "theme_of_map": theme,
            "comparison": comparison(page),
            "sections": sections(page),
            "units": units(page),
            **said(page),
        },
    )


@public
@require_safe
def download(request: HttpRequest, code: str, table: str, suffix: str) -> HttpResponse:
    """A table of the page, as CSV or XLSX with its sources."""
    page = _page(request, code)
    if table not in downloads.TABLES:
        raise Http404(table)
    return downloads.answer(page, table, suffix)

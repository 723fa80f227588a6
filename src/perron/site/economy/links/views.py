"""The page Liens and its tables as files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from perron.errors import InputError
from perron.site.accounts.access import public
from perron.site.components import downloads
from perron.site.directory.selectors import catalogue
from perron.site.economy.links import charts, words
from perron.site.economy.links.picture import picture
from perron.site.economy.links.places import MOST_DRAWN
from perron.site.economy.links.query import asked
from perron.site.economy.links.selectors import LinksPage, links_page

#: The tables of the page, by the name of their file.
TABLES: dict[str, Callable[[LinksPage], downloads.Drawn | None]] = {
    "liens": lambda page: charts.links(page, MOST_DRAWN),
    "communautes": charts.communities,
    "activites": charts.activities,
}


@lru_cache(maxsize=32)
def _drawn(page: LinksPage, today: date) -> dict[str, str]:
    """The picture and the tables as they are sent: the same for every reader of a page and a language.

    Some thousand cells take as long to write as everything else together.
    """
    pieces = {
        "picture": ("{% network drawn %}", picture(page)),
        "table": ("{% data_table drawn %}", charts.links(page)),
        "communities_table": ("{% data_table drawn %}", charts.communities(page)),
    }
    write = engines["django"].from_string
    return {
        name: write(template).render({"drawn": drawn, "today": today}) if drawn else ""
        for name, (template, drawn) in pieces.items()
    }


def _page(request: HttpRequest) -> LinksPage:
    language = (get_language() or "fr")[:2]
    query = asked(request.GET)
    try:
        return links_page(catalogue(), language, query)
    except InputError as error:
        raise Http404(str(error)) from error


@public
@require_safe
def links(request: HttpRequest) -> HttpResponse:
    """The network of significant links, or the part of it that is asked for."""
    page = _page(request)
    return render(
        request,
        "economy/links.html",
        {
            "page": page,
            **_drawn(page, timezone.localdate()),
            "files": page.query.address(zoom=1),
            **words.said(page),
        },
    )


@public
@require_safe
def download(request: HttpRequest, table: str, suffix: str) -> HttpResponse:
    """A table of the page, as CSV or XLSX with its sources."""
    page = _page(request)
    drawn = TABLES[table](page) if table in TABLES else None
    if drawn is None or suffix not in downloads.SUFFIXES:
        raise Http404(table)
    name = f"liens-{page.query.network}-{page.place.code}-{table}"
    return downloads.answer(downloads.export_of(drawn), suffix, name)

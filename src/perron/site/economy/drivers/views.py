"""The page Moteurs de changement, and its tables as files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from perron.errors import InputError
from perron.site.accounts.access import public
from perron.site.components import downloads
from perron.site.directory.selectors import catalogue
from perron.site.economy.drivers import charts, words
from perron.site.economy.drivers.addresses import asked_of, file_url, query
from perron.site.economy.drivers.selectors import Asked, DriversPage, drivers_page


def _language() -> str:
    return (get_language() or "fr")[:2]


def _page(request: HttpRequest) -> DriversPage:
    try:
        return drivers_page(catalogue(), _language(), asked_of(request.GET))
    except InputError as error:
        raise Http404(str(error)) from error


@public
@require_safe
def drivers(request: HttpRequest) -> HttpResponse:
    """Why jobs grew or shrank, how enterprises come and go, when it broke."""
    page = _page(request)
    drawn = {name: draw(page) for name, draw in charts.PIECES.items()}
    files = [
        {"label": piece.about, "xlsx": file_url(page, name, "xlsx"), "csv": file_url(page, name)}
        for name, piece in drawn.items()
        if piece is not None
    ]
    context = {"page": page, "drawn": drawn, "files": files, "parts_csv": file_url(page, "parts")}
    return render(
        request, "economy/drivers.html", {**context, **_choices(page), **words.said(page)}
    )


def _choices(page: DriversPage) -> dict[str, Any]:
    """The links that change one thing of what is asked, and what the form offers."""
    made = page.growth.comparison if page.growth else None
    chosen = set(made.base.codes if made else page.asked.base)
    offered = {option.code for option in page.options}
    peers = tuple(option.code for option in page.options if option.why)
    return {
        "switch": [
            (
                place.short(_language()),
                query(page.asked, territory="" if rank == 0 else place.code),
                place.code == page.place.code,
            )
            for rank, place in enumerate(page.territories)
        ],
        "bases": [
            (
                option,
                query(page.asked, base=(option.code,), since="", until=""),
                option.code in chosen,
            )
            for option in page.options
        ],
        "together": query(page.asked, base=peers, since="", until="") if len(peers) > 1 else "",
        "all_together": len(peers) > 1 and chosen == set(peers),
        "other_bases": ", ".join(sorted(chosen - offered)),
        "years": made.years if made else (),
        "start": made.start if made else "",
        "end": made.end if made else "",
        "method": page.growth.method.value if page.growth else page.asked.method,
        "document": reverse("document", args=["moteurs", page.place.code, "pdf"])
        + query(replace(page.asked, territory="")),
        "reset": query(Asked(territory=page.asked.territory)),
    }


@public
@require_safe
def download(request: HttpRequest, table: str, suffix: str) -> HttpResponse:
    """A piece of the page, as CSV or XLSX with its sources."""
    page = _page(request)
    drawn = charts.PIECES[table](page) if table in charts.PIECES else None
    if drawn is None:
        raise Http404(table)
    name = f"moteurs-{page.place.code}-{table}"
    return downloads.answer(downloads.export_of(drawn), suffix, name)

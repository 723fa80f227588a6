"""The pages of sectors: the tree with its search, a sheet an activity, their tables as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.site.accounts.access import public, reader_of
from perron.site.components import downloads
from perron.site.directory.activities import (
    CLASS,
    DIVISION,
    GROUP,
    LANGUAGES,
    SECTION,
    SUBCLASS,
)
from perron.site.directory.organisations.selectors import in_sector
from perron.site.directory.selectors import catalogue
from perron.site.economy.reader import Reader
from perron.site.economy.sectors import charts, words
from perron.site.economy.sectors.selectors import (
    SectorPage,
    sector_page,
    sector_rows,
    territories,
    unknown_here,
)

LEVELS = {
    "sections": SECTION,
    "divisions": DIVISION,
    "groupes": GROUP,
    "classes": CLASS,
    "sous-classes": SUBCLASS,
}
#: Levels with too many lines to be shown at once: they are shown inside one activity.
_INSIDE_ONLY = (CLASS, SUBCLASS)


def _language() -> str:
    return (get_language() or "fr")[:2]


def _territory(request: HttpRequest) -> str:
    return request.GET.get("territoire", "").strip()[:20]


def _sheet(request: HttpRequest, code: str) -> SectorPage:
    try:
        return sector_page(catalogue(), _language(), code, _territory(request))
    except InputError as error:
        raise Http404(str(error)) from error


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The tree of activities, what is found of a search, and every activity of a level as a table."""
    held = catalogue()
    try:
        answer = _index(request, held)
    except InputError as error:
        raise Http404(str(error)) from error
    return render(request, "economy/sectors.html", answer)


def _index(request: HttpRequest, held: Catalogue) -> dict[str, Any]:
    reader = Reader(held, _language())
    place = reader.place(_territory(request))
    code = "" if place.code == reader.home.code else place.code
    query = request.GET.get("q", "").strip()[:100]
    within = request.GET.get("dans", "").strip()[:10]
    level = _level(reader, request.GET.get("niveau", ""), within)
    suffix = f"?territoire={code}" if code else ""
    labels = request.GET.get("libelles", "")
    labels = labels if labels in LANGUAGES else _language()
    csv = reverse("sectors-download", args=[level, "csv"]) + suffix
    rows = sector_rows(held, _language(), code, within, level)
    return {
        "title": words.index_title(sector_rows(held, _language(), code), place.name(_language())),
        "place": place,
        "where": words.where(place),
        "switch": words.switch(territories(reader), place),
        "territory": code,
        "suffix": suffix,
        "reference": reader.reference.name(_language()),
        "query": query,
        "found": [
            {
                "name": words.short(found),
                "code": found.written,
                "level": words.level_name(found.level),
                "label": said,
                "url": words.sheet_url(found.code, code),
            }
            for found, said in reader.tree.search(query)
        ],
        "levels": [
            {
                "name": name,
                "label": words.levels_name(value),
                "current": value == level,
                "closed": value in _INSIDE_ONLY and not within,
            }
            for name, value in LEVELS.items()
            if not within or value > reader.tree[within].level
        ],
        "within": reader.tree[within] if within else None,
        "within_name": words.short(reader.tree[within]) if within else "",
        "table": charts.activities(rows, place, reader.count(place, "enterprises"), csv, code),
        "files": [{"level": value, "label": words.levels_name(value)} for value in LEVELS.values()],
        "tree": _tree(reader, labels, code),
        "labels": labels,
        "label_languages": [(code, words.language_name(code)) for code in LANGUAGES],
        "unknown": unknown_here(held, _language(), code),
        "next": words.index_next(),
    }


def _level(reader: Reader, asked: str, within: str) -> int:
    """The level asked for, or the nearest that can be shown: below what it lies in, and not too long."""
    level = LEVELS.get(asked, DIVISION)
    if within:
        return min(max(level, reader.tree[within].level + 1), SUBCLASS)
    return GROUP if level in _INSIDE_ONLY else level


def _tree(reader: Reader, language: str, territory: str) -> list[dict[str, Any]]:
    """Sections with their divisions; what is finer opens on each sheet."""
    return [
        {
            "code": section.code,
            "label": words.plain_label(section, language),
            "url": words.sheet_url(section.code, territory),
            "divisions": [
                {
                    "code": code,
                    "label": reader.tree[code].label(language),
                    "url": words.sheet_url(code, territory),
                }
                for code in section.children
            ],
        }
        for section in reader.tree.of_level(SECTION)
    ]


@public
@require_safe
def index_download(request: HttpRequest, level: int, suffix: str) -> HttpResponse:
    """Every activity of a level, as CSV or XLSX."""
    if level not in LEVELS.values() or suffix not in downloads.SUFFIXES:
        raise Http404(suffix)
    held = catalogue()
    try:
        reader = Reader(held, _language())
        place = reader.place(_territory(request))
    except InputError as error:
        raise Http404(str(error)) from error
    rows = sector_rows(held, _language(), place.code, level=level)
    table = charts.activities(rows, place, reader.count(place, "enterprises"), "", place.code)
    return downloads.answer(
        downloads.export_of(table), suffix, f"secteurs-{place.code}-niveau-{level}"
    )


#: How many organisations of the directory the sheet of a sector names.
PRESENT = 8

#: The tables of a sheet, by the name of their file.
TABLES: dict[str, Callable[[SectorPage], downloads.Drawn | None]] = {
    "territoires": charts.comparison,
    "communes": charts.units,
    "emploi": charts.trend,
    "activites": charts.children,
    "tailles": charts.size,
    "voisins": charts.neighbours,
    "ventes": charts.sales,
    "achats": charts.purchases,
    "fiche": charts.summary,
}


@public
@require_safe
def sector(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet of an activity."""
    page = _sheet(request, code)
    return render(
        request,
        "economy/sector.html",
        {
            "page": page,
            "map": charts.thematic_map(page),
            "drawn": {name: draw(page) for name, draw in TABLES.items()},
            "suffix": "" if page.is_ours else f"?territoire={page.place.code}",
            "csv": charts.file_url(page, "fiche"),
            "present": in_sector(page.activity.code, reader_of(request), PRESENT),
            **words.said(page),
        },
    )


@public
@require_safe
def download(request: HttpRequest, code: str, table: str, suffix: str) -> HttpResponse:
    """A table of the sheet, as CSV or XLSX with its sources."""
    page = _sheet(request, code)
    drawn = TABLES[table](page) if table in TABLES else None
    if drawn is None:
        raise Http404(table)
    name = f"secteur-{page.activity.code}-{page.place.code}-{table}"
    return downloads.answer(downloads.export_of(drawn), suffix, name)

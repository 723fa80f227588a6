"""The register of drivers: its list, a sheet a driver, its files."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron.errors import InputError
from perron.site.accounts.access import public, reader_of
from perron.site.components import downloads
from perron.site.directory.selectors import catalogue
from perron.site.economy.reader import Reader
from perron.site.strategy import charts, exchange, selectors, words
from perron.site.strategy.selectors import DriverSheet, Filters, Register
from perron.site.strategy.writing import language, writes, writing_of


def _territory(request: HttpRequest) -> str:
    return request.GET.get("territoire", "").strip()[:20]


def _register(request: HttpRequest) -> Register:
    wanted = Filters(*(request.GET.get(name, "")[:20] for name in ("nature", "sens", "etat")))
    try:
        return selectors.register(catalogue(), language(), wanted, _territory(request))
    except InputError as error:
        raise Http404(str(error)) from error


def _sheet(request: HttpRequest, driver: int) -> DriverSheet:
    try:
        return selectors.sheet(catalogue(), language(), driver, _territory(request))
    except InputError as error:
        raise Http404(str(error)) from error


def _query(request: HttpRequest) -> str:
    written = request.GET.urlencode()
    return f"?{written}" if written else ""


@public
@require_safe
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """The drivers by kind, with filters, and what each touches."""
    found = _register(request)
    file = reverse("driver-exposures", args=["csv"]) + _query(request)
    return render(
        request,
        "strategy/register.html",
        {
            "register": found,
            "title": words.register_title(found),
            "groups": [
                (kind.label, [(card, words.period(card.driver)) for card in cards])
                for kind, cards in found.by_kind()
            ],
            "filters": words.filters(found.filters),
            "filtered": found.filters != Filters(),
            "table": charts.exposures(found, file),
            **writing_of(request),
            "asked_place": _territory(request),
            "query": _query(request),
            "place_name": found.place.name(language()),
        },
    )


@public
@require_safe
@never_cache
def exposures(request: HttpRequest, suffix: str) -> HttpResponse:
    """The exposure to every driver shown, as CSV or XLSX."""
    drawn = charts.exposures(_register(request))
    if drawn is None:
        raise Http404(suffix)
    return downloads.answer(downloads.export_of(drawn), suffix, "moteurs-exposition")


@public
@require_safe
@never_cache
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """The whole register, in the form that an import reads."""
    return downloads.answer(exchange.export(), suffix, "registre-des-moteurs")


@public
@require_safe
@never_cache
def sheet(request: HttpRequest, driver: int) -> HttpResponse:
    """One driver: its evidence, what it touches, what was written of it."""
    found = _sheet(request, driver)
    file = reverse("driver-sheet-download", args=[driver, "csv"]) + _query(request)
    reader = Reader(catalogue(), language())
    return render(
        request,
        "strategy/sheet.html",
        {
            "sheet": found,
            "driver": found.driver,
            "kind": found.driver.get_kind_display(),
            "lead": words.lead(found),
            "reserves": words.reserves(found),
            "period": words.period(found.driver),
            "facts": words.facts(found.exposed),
            "sections": charts.sections(found, file),
            "activities": charts.activities(found, reader),
            **writing_of(request),
            "switch": [
                (place.short(language()), place.code, place.code == found.place.code)
                for place in found.territories
            ],
            "place_name": found.place.name(language()),
            "entries": [
                (e, found.names.get(e.actor, "") if e.actor else "") for e in found.entries
            ],
            "territory_of": found.territory.name(language()) if found.territory else "",
            "csv": file,
        },
    )


@public
@require_safe
@never_cache
def sheet_download(request: HttpRequest, driver: int, suffix: str) -> HttpResponse:
    """The exposure by section of one driver, as CSV or XLSX."""
    drawn = charts.sections(_sheet(request, driver))
    if drawn is None:
        raise Http404(suffix)
    return downloads.answer(downloads.export_of(drawn), suffix, f"moteur-{driver}-exposition")


@writes
def importing(request: HttpRequest) -> HttpResponse:
    """Read a file and say the fate of each row; write only what the person confirms."""
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            context = _imported(request)
        except InputError as error:
            context, status = {"problem": str(error)}, 422
    if found := context.get("done") or context.get("preview"):
        context |= {"counts": {"added": found.count(exchange.ADDED)}, "drawn": charts.fates(found)}
    return render(request, "strategy/import.html", context, status=status)


def _imported(request: HttpRequest) -> dict[str, Any]:
    if typed := request.POST.get("table", ""):
        rows = exchange.read(typed.encode("utf-8"), _("votre fichier"))
        return {"done": exchange.write(rows, reader_of(request))}
    given = request.FILES.get("file")
    if given is None:
        raise InputError(_("Aucun fichier n’a été choisi. Attendu : un fichier XLSX ou CSV."))
    if (given.size or 0) > exchange.LARGEST:
        raise InputError(
            _("{file} dépasse {most} octets. Coupez le fichier en deux.").format(
                file=given.name, most=exchange.LARGEST
            )
        )
    rows = exchange.read(given.read(), given.name or "")
    return {"preview": exchange.preview(rows, reader_of(request)), "table": _written(rows)}


def _written(rows: list[dict[str, str]]) -> str:
    """The rows as text that the confirmation sends back."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(exchange.COLUMNS)
    writer.writerows([[row[column] for column in exchange.COLUMNS] for row in rows])
    return stream.getvalue()

"""The tables of the page Territoire as files: every figure with its state, interval and source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from perron import exports
from perron.lake.provenance import Figure, Origin
from perron.site.components import downloads
from perron.site.directory.selectors import Profile, TerritoryPage

_COUNTS = ("enterprises", "starts", "stops", "balance")
_RATES = ("start_rate", "stop_rate")
_PEOPLE = ("density", "population", "growth")
_SECTION = ("enterprises", "starts", "stops", "share", "reference_share")
Line = tuple[exports.Cell, ...]


def _head(*indicators: str) -> list[str]:
    """A value and its state for each indicator; a rate has the bounds of its interval as well."""
    columns = []
    for name in indicators:
        columns += [name, f"{name}_state"]
        if name in _RATES:
            columns += [f"{name}_low", f"{name}_high"]
    return [*columns, "period", "source", "licence", "retrieved"]


def _cells(holder: object, *indicators: str) -> list[exports.Cell]:
    cells: list[exports.Cell] = []
    figure: Figure | None = None
    for name in indicators:
        figure = getattr(holder, name)
        assert isinstance(figure, Figure)
        cells += [figure.value, figure.state.value]
        if name in _RATES:
            cells += [figure.low, figure.high]
    first: Figure = getattr(holder, indicators[0])
    origin = first.origin
    said = f"{origin.publisher}, {origin.source}"
    return [*cells, first.period, said, origin.licence, origin.retrieved]


@dataclass(frozen=True, slots=True)
class File:
    """A downloadable table: its columns, and its lines for a page."""

    columns: Sequence[str]
    lines: Callable[[TerritoryPage], Iterator[Line]]


def _profiles(chosen: Callable[[TerritoryPage], Sequence[Profile]]) -> File:
    indicators = (*_COUNTS, *_RATES, *_PEOPLE)

    def lines(page: TerritoryPage) -> Iterator[Line]:
        for profile in chosen(page):
            place = profile.place
            yield (
                place.code,
                profile.name,
                place.level,
                *_cells(profile, *indicators),
                profile.population.period,
            )

    head = ["code", "territory", "level", *_head(*indicators), "population_period"]
    return File(head, lines)


def _sections(page: TerritoryPage) -> Iterator[Line]:
    for row in page.sections:
        yield (page.place.code, page.name, row.section.code, row.label, *_cells(row, *_SECTION))


TABLES = {
    "chiffres": _profiles(lambda page: [page.profile, *page.wider]),
    "comparaison": _profiles(
        lambda page: list(
            {p.place.code: p for p in (*page.peers, page.profile, *page.wider)}.values()
        )
    ),
    "communes": _profiles(lambda page: page.units),
    "sections": File(["code", "territory", "section", "label", *_head(*_SECTION)], _sections),
}


def _origins(page: TerritoryPage) -> list[Origin]:
    return list(dict.fromkeys([page.profile.enterprises.origin, page.profile.population.origin]))


def answer(page: TerritoryPage, table: str, suffix: str) -> HttpResponse:
    """The file as an attachment named after the place, the table and the period."""
    export = exports.Export(
        TABLES[table].columns,
        TABLES[table].lines(page),
        title=_("{name}, {table}").format(name=page.name, table=table),
        sources=_origins(page),
    )
    period = page.profile.enterprises.period
    return downloads.answer(export, suffix, f"{page.place.code}-{table}-{period}")

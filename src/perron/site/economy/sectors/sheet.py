"""The sheet of a sector, and the list of sectors, as documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from perron.site.accounts import access
from perron.site.components.figures import language
from perron.site.components.sheets import Bars, Block, Dots, Fact, Facts, Heading, Note, Sheet
from perron.site.directory.selectors import catalogue
from perron.site.economy.reader import Reader
from perron.site.economy.sectors import charts, words
from perron.site.economy.sectors.selectors import SectorPage, sector_page, sector_rows


def sector(key: str, query: Mapping[str, str], person: access.Reader) -> Sheet:
    """The sheet of the activity `key`, for the territory of the query."""
    page = sector_page(catalogue(), language(), key, query.get("territoire", ""))
    return Sheet(
        title=words.title(page),
        subject=f"{words.short(page.activity)}, {page.place.name(language())}",
        lead=words.lead(page),
        where=f"NACE-BEL {page.activity.written} · {words.where(page.place)}",
        blocks=tuple(_blocks(page)),
        reserves=tuple(f"{r['title']} {r['text']}".strip() for r in words.reserves(page)),
        address=charts.address(page),
    )


def _blocks(page: SectorPage) -> Iterator[Block]:
    """The pieces of the page, in its order."""
    context = words.context(page)
    yield Facts(
        (
            Fact(page.here.quotient),
            Fact(page.here.enterprises, text=context["enterprises"]),
            Fact(page.here.balance, text=context["balance"], signed=True),
            Fact(page.division_jobs, text=context["jobs"]),
        )
    )
    if drawn := charts.thematic_map(page):
        yield Heading(_("Où est cette activité ?"))
        yield drawn
    yield Heading(_("Est-ce une spécialité, et où ?"))
    yield Dots(charts.comparison(page))
    if line := charts.trend(page):
        yield Heading(_("Depuis quand : l’emploi suit-il ?"))
        yield line
        if page.trend and not page.trend.exact:
            yield Note(words.proxy(page))
    if bars := charts.neighbours(page):
        yield Heading(_("Qu’y a-t-il tout près ?"))
        yield Bars(bars)
    yield from (table for table in (charts.sales(page), charts.purchases(page)) if table)
    for title, table in (
        (_("De quelle taille sont les entreprises ?"), charts.size(page)),
        (_("De quoi ce secteur est-il fait ?"), charts.children(page)),
        (_("Les communes, en table"), charts.units(page)),
    ):
        if table:
            yield Heading(title)
            yield table


def sectors(key: str, query: Mapping[str, str], person: access.Reader) -> Sheet:
    """The divisions of the place `key`, each with what can be concluded."""
    held = catalogue()
    reader = Reader(held, language())
    place = reader.place(key)
    rows = sector_rows(held, language(), key)
    table = charts.activities(rows, place, reader.count(place, "enterprises"), "", key)
    return Sheet(
        title=words.index_title(rows, place.name(language())),
        subject=_("Secteurs, {place}").format(place=place.name(language())),
        where=words.where(place),
        blocks=(table,),
        address=f"{reverse('sectors')}?territoire={key}",
    )

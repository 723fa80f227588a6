"""The documents of the directory: the page Territoire, as a sheet to hand over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from perron import formats
from perron.site.accounts import access
from perron.site.components.figures import language
from perron.site.components.sheets import Block, Dots, Fact, Facts, Heading, Note, Sheet
from perron.site.directory import levels, selectors, territory_charts, territory_words
from perron.site.directory.selectors import TerritoryPage


def territory(key: str, query: Mapping[str, str], person: access.Reader) -> Sheet:
    """The page Territoire of a place by its code, with the map and the peers that its query asks."""
    every = query.get("arrondissements") == "tous"
    page = selectors.territory_page(selectors.catalogue(), language(), key, every)
    return Sheet(
        title=territory_words.title(page),
        subject=page.name,
        lead=territory_words.lead(page),
        where=_where(page),
        blocks=tuple(_blocks(page, territory_charts.theme_of(query.get("carte", "")))),
        reserves=tuple(territory_words.reserves(page)),
        silent=territory_words.silent(),
        address=reverse("place", args=[page.place.code]),
    )


def _where(page: TerritoryPage) -> str:
    """What the place lies in, from the widest, and what it is."""
    level = levels.beside(page.place, page.name, page.became)
    names = [*(above.name(language()) for above in page.lineage), page.name]
    return " · ".join(names) + (f" ({level})" if level else "")


def _blocks(page: TerritoryPage, theme: str) -> Iterator[Block]:
    """The pieces of the page, in its order."""
    profile, context = page.profile, territory_words.context(page)
    yield Facts(
        (
            Fact(profile.enterprises, text=context["enterprises"]),
            Fact(profile.balance, text=context["balance"], signed=True),
            Fact(profile.start_rate),
            Fact(profile.population, text=context["population"]),
        )
    )
    if merger := territory_words.merger(page):
        places = formats.listed([place["name"] for place in merger["places"]], language())
        yield Note(f"{merger['text']} {places}.")
    if drawn := territory_charts.thematic_map(page, theme):
        yield Heading(_("Où les entreprises naissent-elles ?"))
        yield drawn
    yield Heading(_("Est-ce mieux ou moins bien qu’ailleurs ?"))
    yield Dots(territory_charts.comparison(page))
    yield Heading(_("De quoi le territoire est-il fait ?"))
    yield territory_charts.sections(page)
    if units := territory_charts.units(page):
        yield Heading(_("Les communes, en table"))
        yield units


RENDERERS = {"territoire": territory}

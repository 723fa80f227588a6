"""The page Comparer as a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from perron import formats
from perron.site.accounts import access
from perron.site.components.charts import RowChart
from perron.site.components.figures import language
from perron.site.components.sheets import Block, Dots, Heading, Sheet
from perron.site.directory.selectors import catalogue
from perron.site.economy.compare import charts, words
from perron.site.economy.compare.selectors import ComparePage, compare_page
from perron.site.economy.sectors.words import short


def comparison(key: str, query: Mapping[str, str], person: access.Reader) -> Sheet:
    """The page of the territories in the key, by their codes with commas between."""
    page = compare_page(catalogue(), language(), key, query.get("secteur", ""))
    names = [side.name for side in page.sides]
    return Sheet(
        title=words.title(page),
        subject=_("Comparer"),
        lead=words.lead(page),
        where=formats.listed(names, language()),
        blocks=tuple(_blocks(page)),
        reserves=[f"{r['title']} {r['text']}".strip() for r in words.reserves(page)],
        silent=words.silent(),
        address=page.choice.address(),
    )


def _blocks(page: ComparePage) -> Iterator[Block]:
    if page.sector is not None and (dots := charts.sector_dots(page)):
        yield Heading(short(page.sector))
        yield Dots(dots)
    for group in page.groups:
        yield Heading(str(group.question))
        drawn = charts.group_drawn(page, group)
        yield Dots(drawn) if isinstance(drawn, RowChart) else drawn
    if any(side.typical for side in page.sides):
        yield Heading(_("Par quoi chacun se distingue-t-il ?"))
        yield charts.specialities(page)

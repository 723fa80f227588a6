"""The page Moteurs de changement as a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from perron.site.accounts import access
from perron.site.components.figures import language
from perron.site.components.sheets import Bars, Block, Dots, Fact, Facts, Heading, Note, Sheet, Text
from perron.site.directory.selectors import catalogue
from perron.site.economy.drivers import charts, words
from perron.site.economy.drivers.addresses import asked_of, query
from perron.site.economy.drivers.selectors import DriversPage, drivers_page


def drivers(key: str, given: Mapping[str, str], person: access.Reader) -> Sheet:
    """The page of the place `key`, with the base, the years and the method that its query asks."""
    asked = QueryDict(mutable=True)
    asked.update(given)
    page = drivers_page(catalogue(), language(), replace(asked_of(asked), territory=key))
    said = words.said(page)
    return Sheet(
        title=said["title"],
        subject=_("Moteurs de changement, {place}").format(place=said["place_name"]),
        lead=said["lead"],
        where=said["place_name"] + (f" ({said['level']})" if said["level"] else ""),
        blocks=tuple(_blocks(page)),
        reserves=tuple(f"{r['title']} {r['text']}".strip() for r in said["reserves"]),
        silent=words.silent(),
        address=reverse("drivers") + query(page.asked),
    )


def _blocks(page: DriversPage) -> Iterator[Block]:
    """The pieces of the page, in its order."""
    said = words.said(page)
    if said["facts"]:
        yield Facts(
            tuple(
                Fact(fact["figure"], fact["label"], fact["text"], signed=True)
                for fact in said["facts"]
            )
        )
    for table in said["missing"]:
        yield Note(f"{table['text']} {table['command']}")
    if said["carried"]:
        yield Note(
            _("L’emploi par branche n’est pas publié ici : il est celui de {name}.").format(
                name=said["carried"]
            )
        )
    yield from _jobs(page)
    yield Heading(_("Comment les entreprises viennent-elles et partent-elles ?"))
    total = page.churn.total
    yield Facts(
        (Fact(total.birth), Fact(total.stop), Fact(total.churn), Fact(total.net, signed=True))
    )
    yield Dots(charts.turnover(page))
    if (course := charts.courses(page)) and (tests := charts.tests(page)):
        yield Heading(_("Quand le cours a-t-il changé ?"))
        yield course
        yield tests
        if not said["any_break"]:
            yield Note(said["why_none"])
    if recent := charts.recent(page):
        yield Heading(_("Et depuis ?"))
        yield recent


def _jobs(page: DriversPage) -> Iterator[Block]:
    """Why jobs grew or shrank, of what the gap is made and where the growth came from."""
    gaps, parts, points = charts.gaps(page), charts.parts(page), charts.contributions(page)
    if gaps is None or page.growth is None:
        if page.problem:
            yield Note(page.problem)
        return
    yield Heading(_("Pourquoi l’emploi a-t-il crû ou reculé ?"))
    yield Text(words.dataset(page))
    yield Bars(gaps) if page.growth.adds_up else Dots(gaps)
    if parts:
        yield Heading(_("De quoi l’écart est-il fait ?"))
        yield parts
    if points:
        yield Heading(_("D’où la croissance est-elle venue ?"))
        yield Bars(points)

"""The page Liens as a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from perron.site.accounts import access
from perron.site.components.figures import language
from perron.site.components.sheets import Block, Fact, Facts, Heading, Note, Sheet
from perron.site.directory.selectors import catalogue
from perron.site.economy.links import charts, words
from perron.site.economy.links.picture import picture
from perron.site.economy.links.query import asked
from perron.site.economy.links.selectors import LinksPage, links_page
from perron.site.economy.sectors.words import where

#: The links that a document lists: some five pages; the page's file has them all.
MOST_PRINTED = 120


def links(key: str, given: Mapping[str, str], person: access.Reader) -> Sheet:
    """The page of the place `key`, with the links that its query asks."""
    page = links_page(catalogue(), language(), replace(asked(given), territory=key, zoom=1))
    place = page.place.name(language())
    return Sheet(
        title=words.title(page),
        subject=_("Liens, {place}").format(place=place),
        lead=words.lead(page),
        where=where(page.place),
        blocks=tuple(_blocks(page)),
        reserves=tuple(f"{r['title']} {r['text']}".strip() for r in words.reserves(page)),
        silent=words.silent(page),
        address=reverse("links") + page.query.address(),
    )


def _blocks(page: LinksPage) -> Iterator[Block]:
    """The pieces of the page, in its order."""
    if found := words.facts(page):
        yield Facts(tuple(Fact(fact["figure"], text=fact["text"]) for fact in found))
    yield Heading(_("Qu’est-ce qui va avec quoi ?"))
    if empty := words.empty(page):
        yield Note(empty["text"], empty["title"])
    if drawn := picture(page):
        yield drawn
    if table := charts.links(page, MOST_PRINTED):
        yield Heading(_("Quelle est la raison de chaque lien ?"))
        yield table
    if families := charts.communities(page):
        yield Heading(_("Quelles familles se dessinent, et tiennent-elles ?"))
        yield families

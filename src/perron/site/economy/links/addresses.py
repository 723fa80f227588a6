"""Where the pieces of the page lead: files and sheets."""

from __future__ import annotations

from django.urls import reverse

from perron.site.economy.links.flows import branches
from perron.site.economy.links.networks import (
    TRADE,
)
from perron.site.economy.links.selectors import LinksPage
from perron.site.economy.sectors.words import sheet_url


def file_url(page: LinksPage, table: str, suffix: str = "csv") -> str:
    return reverse("links-download", args=[table, suffix]) + page.query.address(zoom=1)


def sheet(page: LinksPage, code: str) -> str:
    """The sheet of an activity; a branch of several divisions has its links here instead."""
    here = "" if page.is_ours else page.place.code
    if page.query.network == TRADE:
        divisions = branches(page.held).get(code, ())
        if len(divisions) != 1:
            return page.query.address(sector=code, community=0, zoom=1)
        code = divisions[0]
    return sheet_url(code, here)

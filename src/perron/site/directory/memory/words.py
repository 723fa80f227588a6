"""Words of the pages of memory."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.site.directory.memory.selectors import Listing
from perron.site.directory.organisations.reference import language


def when(period: str) -> str:
    """A period in words, a day as well as a year, a quarter or a month.

    >>> when("2018-03-02"), when("2013-10"), when("2013")
    ('2 mars 2018', 'octobre 2013', '2013')
    """
    if len(period) == 10:
        try:
            return formats.date(date.fromisoformat(period), language())
        except ValueError:
            return period
    return formats.period(period, language())


def title(found: Listing) -> str:
    """How much is remembered, and since when."""
    if not found.count:
        return (
            _("Aucun souvenir ne répond à ce choix.")
            if found.filters.asked
            else _("La mémoire est encore vide.")
        )
    if found.first == found.last:
        return ngettext(
            "{n} souvenir, de {year}.", "{n} souvenirs, de {year}.", found.count
        ).format(n=found.count, year=found.first)
    return _("{n} souvenirs, de {first} à {last}.").format(
        n=found.count, first=found.first, last=found.last
    )

"""The levels of territories in the reader's words: a figure without its territory says nothing."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from perron.site.directory.places import Place

#: Each level's word, from the widest to the finest.
WORDS: dict[str, Promise] = {
    "country": _lazy("pays"),
    "region": _lazy("région"),
    "province": _lazy("province"),
    "basin": _lazy("bassin"),
    "district": _lazy("arrondissement"),
    "municipality": _lazy("commune"),
}


def word(place: Place, became: Place | None = None) -> str:
    """What the place is: "commune"; "" for a place outside every territory.

    A municipality that a merger made, or ended (`became` is what it is part of since), says its years.
    """
    said = str(WORDS.get(place.level, ""))
    if place.level == "municipality" and place.parts:
        return _("commune depuis {year}").format(year=place.vintage)
    if became is not None and became.vintage is not None:
        return _("commune jusqu’en {year}").format(year=became.vintage - 1)
    return said


def beside(place: Place, name: str, became: Place | None = None) -> str:
    """The word to set beside a name that does not say it: none for "Arrondissement de Huy"."""
    said = word(place, became)
    return "" if said.casefold() in name.casefold().split() else said

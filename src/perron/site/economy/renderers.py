"""The documents of field 1: each page that can be handed over, by the name in its address."""

from __future__ import annotations

from perron.site.economy.compare.sheet import comparison
from perron.site.economy.drivers.sheet import drivers
from perron.site.economy.links.sheet import links
from perron.site.economy.options.sheet import options
from perron.site.economy.sectors.sheet import sector, sectors

RENDERERS = {
    "comparer": comparison,
    "liens": links,
    "moteurs": drivers,
    "options": options,
    "secteur": sector,
    "secteurs": sectors,
}

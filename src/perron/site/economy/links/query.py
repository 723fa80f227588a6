"""What a reader asks of the page Liens: every choice is in the address, so that it can be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from perron.site.components.networks import ZOOMS
from perron.site.economy.links.networks import ENTERPRISES, NETWORKS

#: Which links: above chance, far above it, or all those kept. For flows: shares.
USUAL, STRICT, ALL_LINKS = "usuel", "strict", "tous"
LEVELS = (USUAL, STRICT, ALL_LINKS)
#: False-discovery rates, and shares of purchases or sales, of the two first.
RATES = {USUAL: 0.05, STRICT: 0.01}
SHARES = {USUAL: 0.05, STRICT: 0.10}
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Query:
    """The choices of a reader; `sector` is what was typed, a code or words."""

    network: str = ENTERPRISES
    level: str = USUAL
    community: int = 0
    ours: bool = False
    sector: str = ""
    territory: str = ""
    zoom: int = 1

    def address(self, **changes: Any) -> str:
        """The query of the page with some choices changed, the usual ones left out."""
        asked = replace(self, **changes)
        said = {
            "reseau": asked.network if asked.network != ENTERPRISES else "",
            "secteur": asked.sector,
            "communaute": asked.community or "",
            "specialites": "1" if asked.ours else "",
            "seuil": asked.level if asked.level != USUAL else "",
            "territoire": asked.territory,
            "zoom": asked.zoom if asked.zoom != 1 else "",
        }
        return "?" + urlencode({k: v for k, v in said.items() if v})

    @property
    def filtered(self) -> bool:
        return bool(self.community or self.ours or self.sector or self.level != USUAL)


def asked(given: Mapping[str, str]) -> Query:
    """Read an address. A choice that the page doesn't have is the usual one."""

    def number(name: str) -> int:
        text = given.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0

    network, level = given.get("reseau", ""), given.get("seuil", "")
    zoom = number("zoom")
    return Query(
        network=network if network in NETWORKS else ENTERPRISES,
        level=level if level in LEVELS else USUAL,
        community=number("communaute"),
        ours=given.get("specialites", "") == "1",
        sector="".join(filter(str.isprintable, given.get("secteur", ""))).strip()[:_LONGEST],
        territory=given.get("territoire", "").strip()[:20],
        zoom=zoom if zoom in ZOOMS else 1,
    )

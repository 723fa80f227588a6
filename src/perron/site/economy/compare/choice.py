"""Which territories are compared: read from the address, found by name, added and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from perron.errors import InputError
from perron.site.directory.activities import plain
from perron.site.directory.levels import WORDS
from perron.site.directory.places import OUTSIDE, Place, Places
from perron.site.economy.reader import Reader

#: How many territories stand beside one another, and how many a search finds.
MOST, FOUND = 6, 8


@dataclass(frozen=True, slots=True)
class Choice:
    """The territories compared, in the order of the address, and the sector looked at ("" for none)."""

    codes: tuple[str, ...]
    sector: str = ""

    def address(self, codes: Sequence[str] | None = None, sector: str | None = None) -> str:
        """The address of the page with other territories or another sector."""
        chosen = self.codes if codes is None else tuple(codes)
        looked_at = self.sector if sector is None else sector
        asked = {"territoires": ",".join(chosen)} if chosen else {}
        if looked_at:
            asked["secteur"] = looked_at
        # Commas stay commas: the address is read by people.
        return reverse("compare") + ("?" + urlencode(asked, safe=",") if asked else "")

    def without(self, code: str) -> str:
        return self.address([c for c in self.codes if c != code])

    def with_(self, code: str) -> str:
        return self.address([*self.codes, code])

    @property
    def full(self) -> bool:
        return len(self.codes) >= MOST


def asked(reader: Reader, territories: str, sector: str = "") -> Choice:
    """Read an address; without territories, ours with its districts and what it lies in.

    `sector` is a code or words, of which the first activity found is taken. InputError for a code
    that is no territory.
    """
    codes = list(dict.fromkeys(c.strip() for c in territories.split(",") if c.strip()))
    for code in codes:
        if reader.known[code].level == OUTSIDE:
            raise InputError(
                _("{name} n’est pas un territoire.").format(
                    name=reader.known[code].name(reader.language)
                )
            )
    return Choice(tuple(codes[:MOST]) or usual(reader), _sector(reader, sector))


def _sector(reader: Reader, said: str) -> str:
    code = said.replace(".", "").upper()
    if not said or code in reader.tree:
        return code
    found = reader.tree.search(said, most=1)
    return found[0][0].code if found else ""


def usual(reader: Reader) -> tuple[str, ...]:
    """Our territory, its districts, and what it lies in."""
    ours = reader.ours.place
    inside = reader.known.within(reader.home.code, ours.peer_level)
    chosen = [reader.home.code, *(p.code for p in inside), *ours.comparators]
    return tuple(dict.fromkeys(chosen))[:MOST]


def find(known: Places, query: str, language: str, leave_out: Sequence[str] = ()) -> list[Place]:
    """Territories in any of their names or by code: names that begin with the words come first."""
    words = plain(query)
    if not words:
        return []
    levels = list(WORDS)
    ranked = []
    for place in known:
        if place.level not in levels or place.code in leave_out:
            continue
        names = [plain(name) for name in {*place.names.values(), place.code}]
        if any(words in name for name in names):
            exact = any(name == words for name in names)
            begins = any(part.startswith(words) for name in names for part in (name, *name.split()))
            rank = (not exact, not begins, levels.index(place.level), place.name(language))
            ranked.append((rank, place))
    ranked.sort(key=lambda pair: pair[0])
    return [place for _rank, place in ranked[:FOUND]]

"""What the lake says of places and activities, where this installation has it: names and codes."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language

from perron.lake.snapshots import Catalogue
from perron.site.directory.activities import Activities, activities, plain
from perron.site.directory.business import FINEST
from perron.site.directory.places import OUTSIDE, Place, Places, places
from perron.site.directory.selectors import catalogue


def language() -> str:
    return (get_language() or "fr")[:2]


@dataclass(frozen=True, slots=True)
class Reference:
    """Places and activities; None where the lake lacks their table."""

    places: Places | None = None
    activities: Activities | None = None

    def place(self, code: str) -> Place | None:
        """The place of a code, None where it is not one that a thing can be in."""
        if self.places is None or code not in self.places:
            return None
        found = self.places[code]
        return None if found.level == OUTSIDE else found

    def place_name(self, code: str) -> str:
        """The name of a place, its code where the reference lacks it."""
        found = self.place(code)
        return found.name(language()) if found else code

    def sector_name(self, code: str) -> str:
        """An activity in words, its code where the classification lacks it."""
        if self.activities is None or code not in self.activities:
            return code
        return self.activities[code].label(language())

    def sector_code(self, code: str) -> str:
        """An activity's code as it is printed: 24.10."""
        return f"{code[:2]}.{code[2:]}" if len(code) > 2 else code

    def sector(self, code: str) -> tuple[str, str, str]:
        """(address, code as printed, name) of an activity; no address where there is no such page."""
        held = self.activities is not None and code in self.activities
        url = reverse("sector", args=[code]) if held else ""
        return url, self.sector_code(code), self.sector_name(code)

    def place_url(self, code: str) -> str:
        """The page of a place, empty where the reference lacks it."""
        return reverse("place", args=[code]) if self.place(code) else ""

    def municipalities(self) -> list[tuple[str, str]]:
        """(code, name) of the places of the finest level, by name."""
        found = [
            (place.code, place.name(language()))
            for place in self.places or ()
            if place.level == FINEST and not place.parts
        ]
        return sorted(found, key=lambda pair: pair[1])

    def place_code(self, text: str) -> str:
        """The code of a place typed by its code or its name; the text itself where it is neither, or two places."""
        if self.places is None or text in self.places:
            return text
        wanted = plain(text)
        names = [
            place.code
            for place in self.places
            if place.level != OUTSIDE and wanted in map(plain, place.names.values())
        ]
        # "Liège" is a municipality, a district and a province: the finest is meant.
        towns = [code for code in names if self.places[code].level == FINEST]
        found = towns or names
        return found[0] if len(found) == 1 else text

    def inside(self, code: str) -> set[str]:
        """The codes of a place and of all that lies in it."""
        if self.places is None or code not in self.places:
            return {code}
        wanted = set(self.places.made_of(code)) | {code}
        return {
            place.code
            for place in self.places
            if any(above.code in wanted for above in self.places.lineage(place.code))
        } | wanted


def reference(held: Catalogue | None = None) -> Reference:
    """The reference of the lake in service."""
    held = held or catalogue()
    return Reference(
        places(held) if "refnis" in held.tables else None,
        activities(held) if "nace" in held.tables else None,
    )

"""The names by which a sentence may say a place, from the reference of the lake."""

from __future__ import annotations

from perron.site.directory.models import Need
from perron.site.directory.organisations.reference import Reference, reference
from perron.site.directory.places import LEVELS

#: From the finest: where two places share a name, the municipality is meant.
_ORDER = {level: rank for rank, level in enumerate(reversed(LEVELS))}


def named_places(known: Reference | None = None) -> dict[str, str]:
    """The code of each name, in every language; empty where the lake lacks the reference."""
    known = known or reference()
    longest = Need._meta.get_field("place").max_length or 0
    found: dict[str, str] = {}
    places = [p for p in known.places or () if p.level in _ORDER and p.level != "country"]
    for place in sorted(places, key=lambda p: (_ORDER[p.level], bool(p.parts))):
        if len(place.code) <= longest:
            for name in place.names.values():
                found.setdefault(name, place.code)
    return found

"""The places that a decision may be about: what is offered by forms, and how a code is said."""

from __future__ import annotations

from django.utils.translation import get_language

from perron.errors import InputError
from perron.site.directory.places import OUTSIDE, Place, Places, places
from perron.site.directory.selectors import catalogue, steered


def known() -> Places:
    """The reference of the lake in service; no place at all while the lake is empty."""
    try:
        return places(catalogue())
    except InputError:
        return Places({})


def name_of(code: str, reference: Places | None = None) -> str:
    """The name of a place, or its code where the reference no longer has it."""
    if not code:
        return ""
    found = known() if reference is None else reference
    return found[code].name((get_language() or "fr")[:2]) if code in found else code


def choices(keep: str = "") -> list[tuple[str, str]]:
    """What a form offers: our territory, what it holds, then what it lies in and is compared with."""
    reference, ours = known(), steered().place
    if ours.code not in reference:
        return [(keep, keep)] if keep else []
    language = (get_language() or "fr")[:2]
    line = reference.lineage(ours.code)
    levels = ("basin", ours.peer_level, ours.unit_level)
    inside = [
        place
        for place in reference
        if place.level in levels
        and place.code != ours.code
        and any(above.code == ours.code for above in reference.lineage(place.code))
    ]
    inside.sort(key=lambda p: (levels.index(p.level), p.name(language)))
    beside = [reference[code] for code in ours.comparators if code in reference]
    found: dict[str, Place] = {}
    for place in (*line[:1], *inside, *line[1:], *beside):
        if place.level != OUTSIDE:
            found.setdefault(place.code, place)
    offered = [(place.code, place.name(language)) for place in found.values()]
    return offered if not keep or keep in found else [*offered, (keep, name_of(keep, reference))]

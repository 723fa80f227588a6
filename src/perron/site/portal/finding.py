"""What the search box finds, for one reader: records, pages of the menu, territories and sectors.

Things are grouped by kind, and the group with the best answer comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from perron.lake.snapshots import Catalogue
from perron.site.accounts import log
from perron.site.accounts.access import Reader
from perron.site.directory.activities import activities, plain
from perron.site.directory.levels import WORDS, word
from perron.site.directory.places import Place, places
from perron.site.directory.search.selectors import Hit, find
from perron.site.directory.search.shelf import Shelf
from perron.site.directory.search.words import fold
from perron.site.directory.selectors import catalogue
from perron.site.directory.things import kinds
from perron.site.economy.sectors import words as sectors
from perron.site.frame import menu

#: How many of a kind the page shows, and the box.
ON_PAGE, IN_BOX = 20, 8
#: Longer queries are cut: nobody types them.
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was found, and the page that is about it."""

    title: str
    kind: str
    url: str
    fictional: bool = False
    #: Whether it holds the words as they were typed, and not one slip away.
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """The things of one kind that were found, the best first."""

    name: str
    label: str
    found: tuple[Found, ...]


def groups(query: str, reader: Reader, language: str, most: int = ON_PAGE) -> list[Group]:
    """Everything that answers the query, by kind."""
    query = query.strip()[:LONGEST]
    if not query:
        return []
    made = [
        *_records(query, reader, most),
        _group("page", _("pages"), _pages(query, reader, most)),
        _group("place", _("territoires"), _territories(query, language, most)),
        _group("sector", _("secteurs"), _sectors(query, most)),
    ]
    return sorted((g for g in made if g.found), key=lambda group: _rank(group.found[0], query))


def _rank(best: Found, query: str) -> tuple[bool, bool, bool]:
    """A name that is the query, then one that begins with it, then one that holds it."""
    name, asked = fold(best.title), fold(query)
    return (not best.exact, name != asked, not name.startswith(asked))


def _group(name: str, label: str | Promise, found: Iterable[Found]) -> Group:
    return Group(name, capfirst(str(label)), tuple(found))


def _records(query: str, reader: Reader, most: int) -> Iterator[Group]:
    """The records of every app, in the order of the best of each kind."""
    several = {
        "organisation": _("organisations"),
        "contact": _("contacts"),
        "need": _("besoins"),
        "memory": _("souvenirs"),
        "commitment": _("décisions"),
        "driver": _("moteurs de changement"),
        "challenge": _("défis"),
    }
    by_kind: dict[str, list[Hit]] = {}
    hits = find(query, reader, most * 6, most)
    closed = [(hit.thing.kind, hit.thing.key) for hit in hits if hit.confidential]
    log.saw_listed(reader, closed, _("Fiche confidentielle montrée par la recherche."))
    for hit in hits:
        by_kind.setdefault(hit.thing.kind, []).append(hit)
    for name, own in by_kind.items():
        yield _group(
            name,
            several.get(name) or kinds()[name].label,
            (
                Found(h.thing.title, h.thing.context, h.thing.url, h.thing.fictional, h.exact)
                for h in own
            ),
        )


def _pages(query: str, reader: Reader, most: int) -> list[Found]:
    """Pages of the menu that the reader may open."""
    words = fold(query)
    found = {}
    for section in menu("", reader):
        for item in section.items or (section,):
            address = reverse(item.url)
            if words in fold(str(item.label)) and _open(address, reader):
                place = str(section.label) if section.items else _("page")
                found[address] = Found(str(item.label), place, address)
    return list(found.values())[:most]


def _open(address: str, reader: Reader) -> bool:
    """Whether the reader may ask for a page, as its view declares."""
    try:
        access = getattr(resolve(address).func, "access", "public")
    except Resolver404:
        return False
    if access == "public":
        return True
    if access == "signed_in":
        return reader.signed_in
    return any(reader.can(capability) for capability in access.split())


def _territories(query: str, language: str, most: int) -> list[Found]:
    """Territories by any of their names or codes; one slip away where there is no other."""
    held = catalogue()
    words = plain(query)
    if not words or "refnis" not in held.tables:
        return []
    known, levels = places(held), list(WORDS)
    ranked = []
    for place in known:
        if place.level not in levels:
            continue
        names = [plain(name) for name in {*place.names.values(), place.code}]
        if any(words in name for name in names):
            begins = any(name.startswith(words) for name in names)
            ranked.append((not begins, levels.index(place.level), place.names["fr"], place))
    ranked.sort(key=lambda r: r[:3])
    near = [] if ranked else [known[code] for code in _place_shelf(held).find(query, most)]
    return [
        Found(
            place.name(language),
            word(place, known.became(place.code)),
            reverse("place", args=[place.code]),
            exact=not near,
        )
        for place in near or [r[-1] for r in ranked[:most]]
    ]


@lru_cache(maxsize=2)
def _place_shelf(held: Catalogue) -> Shelf:
    levels = list(WORDS)
    shown: list[Place] = [p for p in places(held) if p.level in levels]
    shown.sort(key=lambda p: (levels.index(p.level), p.names["fr"]))
    return Shelf((p.code, list(p.names.values())) for p in shown)


def _sectors(query: str, most: int) -> list[Found]:
    """Sectors by a label in four languages or a code; one slip away where there is no other."""
    held = catalogue()
    if "nace" not in held.tables:
        return []
    tree = activities(held)
    hits = tree.search(query, most)
    near = [] if hits else [(tree[code], "") for code in _sector_shelf(held).find(query, most)]
    return [
        Found(
            sectors.short(activity),
            f"{sectors.level_name(activity.level)} {activity.written}"
            + (f" · {said}" if said else ""),
            sectors.sheet_url(activity.code),
            exact=not near,
        )
        for activity, said in hits or near
    ]


@lru_cache(maxsize=2)
def _sector_shelf(held: Catalogue) -> Shelf:
    shown = sorted(activities(held), key=lambda a: (a.level, a.code))
    return Shelf((a.code, list(a.labels.values())) for a in shown if a.level)

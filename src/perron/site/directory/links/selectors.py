"""Questions about links: those of a thing, in the words that are read from its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from perron.site.accounts.access import Reader
from perron.site.directory.models import Link, Term
from perron.site.directory.things import Thing, resolved

#: Links of one thing that are read at most, the latest first.
MOST = 2000
#: Links on a page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Linked:
    """A link as one of its ends reads it: `words`, then `other`."""

    link: Link
    words: str
    other: Thing
    forward: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Links that share their words; `left` are as many more that are not shown."""

    words: str
    some: list[Linked]
    left: int = 0


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a thing that the reader may see. `more` where there are more than were read."""

    every: tuple[Linked, ...]
    more: bool = False

    def __len__(self) -> int:
        return len(self.every)

    def __bool__(self) -> bool:
        return bool(self.every)

    def of_kinds(self, *kinds: str) -> list[Linked]:
        """Those that lead to a thing of these kinds."""
        return [linked for linked in self.every if linked.other.kind in kinds]

    def grouped(self, start: int = 0, most: int = PAGE) -> list[Group]:
        """A page of them under the words that they share."""
        return [Group(*pair) for pair in _by_words(self.every[start : start + most])]

    def begun(self, but: str = "", each: int = 6, most: int = PAGE) -> list[Group]:
        """The first of each words, those that lead to a thing of the kind `but` left out."""
        kept = [linked for linked in self.every if linked.other.kind != but]
        shown = 0
        groups = []
        for said, some in _by_words(kept):
            first = some[: min(each, max(1, most - shown))]
            shown += len(first)
            groups.append(Group(said, first, len(some) - len(first)))
        return groups


def _by_words(every: Iterable[Linked]) -> list[tuple[str, list[Linked]]]:
    groups: dict[str, list[Linked]] = {}
    for linked in every:
        groups.setdefault(linked.words, []).append(linked)
    return list(groups.items())


def words(kind: Term, forward: bool) -> str:
    """A type of link read from one end, in the language of the page."""
    if forward:
        return str(kind)
    english = (get_language() or "fr")[:2] == "en"
    return (english and kind.inverse_en) or kind.inverse or str(kind)


def links_of(kind: str, key: object, reader: Reader) -> Links:
    """The links of a thing whose other end the reader may see, in the order of their words.

    A fixed number of queries: four for the links, one for each kind of thing at their other end.
    """
    name = str(key)
    # The few types are read once, not with each of thousands of links.
    held = Link.objects.filter(withdrawn_because="").prefetch_related("kind").order_by("-id")
    found: list[Link] = []
    for side in (
        held.filter(from_kind=kind, from_key=name),
        held.filter(to_kind=kind, to_key=name),
    ):
        found.extend(side[: MOST + 1])
    found.sort(key=lambda link: -link.pk)
    every = _read(found[:MOST], (kind, name), reader)
    return Links(tuple(sorted(every, key=_order)), len(found) > MOST)


def _order(linked: Linked) -> tuple[int, str, int]:
    return linked.link.kind.order, linked.words, -linked.link.pk


def _read(found: Iterable[Link], end: tuple[str, str], reader: Reader) -> list[Linked]:
    sides = []
    for link in found:
        forward = (link.from_kind, link.from_key) == end
        other = (link.to_kind, link.to_key) if forward else (link.from_kind, link.from_key)
        sides.append((link, forward, other))
    things = resolved((other for _link, _forward, other in sides), reader)
    return [
        Linked(link, words(link.kind, forward), things[other], forward)
        for link, forward, other in sides
        if other in things
    ]

"""Pairs of organisations that may be one: the same number, website or nearly the same name in one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rapidfuzz import fuzz, process

from perron.errors import InputError
from perron.site.accounts.access import Capability, Reader, visible
from perron.site.directory import records
from perron.site.directory.models import Distinct, Organisation
from perron.site.directory.organisations.doubles import ALIKE
from perron.site.directory.rights import demand_right

#: Pairs on a page.
PAGE = 50
#: Letters of a word that two names share in order to be compared; names of a block compared at most.
LETTERS, LARGEST = 5, 250
WHY = {
    "name": _lazy("presque le même nom"),
    "website": _lazy("le même site web"),
}
Pair = tuple[int, int]
Row = tuple[int, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Double:
    """Two organisations to compare, and why."""

    first: Organisation
    second: Organisation
    why: str


@dataclass(frozen=True, slots=True)
class Doubles:
    """A page of pairs, the surest first."""

    pairs: tuple[Double, ...]
    count: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


def doubles(reader: Reader, page: int = 1) -> Doubles:
    """The pairs that the reader may see, without those that a person said are two."""
    found = _pairs(reader)
    last = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), last)
    shown = found[(page - 1) * PAGE : page * PAGE]
    held = visible(Organisation.objects.select_related("kind"), reader).in_bulk(
        {key for pair, _why in shown for key in pair}
    )
    pairs = tuple(
        Double(held[one], held[other], str(WHY[why]))
        for (one, other), why in shown
        if one in held and other in held
    )
    return Doubles(pairs, len(found), page)


#: The latest answers, by reader and state of the directory: comparing takes seconds, reading none.
_kept: dict[Any, list[tuple[Pair, str]]] = {}


def _pairs(reader: Reader) -> list[tuple[Pair, str]]:
    seen = visible(Organisation.objects.filter(merged_into=None), reader).order_by()
    state = seen.aggregate(latest=Max("changed"), last=Max("pk"))
    said = Distinct.objects.aggregate(last=Max("pk"))["last"]
    name = (reader.user, reader.capabilities, state["latest"], state["last"], seen.count(), said)
    if name not in _kept:
        if len(_kept) > 8:
            _kept.clear()
        rows = seen.values_list("pk", "plain_name", "place", "company_number", "website")
        two = set(Distinct.objects.values_list("first", "second"))
        _kept[name] = [(p, why) for p, why in _alike(list(rows.iterator())) if p not in two]
    return _kept[name]


def _alike(rows: list[Row]) -> list[tuple[Pair, str]]:
    """Pairs with what makes them alike, the surest first. Two numbers are two organisations."""
    about = {row[0]: row for row in rows}
    found: dict[Pair, tuple[float, str]] = {}
    for one, other in _same_site(rows):
        found[_ordered(one, other)] = (101, "website")
    for one, other, score in _near(rows):
        found.setdefault(_ordered(one, other), (score, "name"))
    kept = [
        (score, pair, why)
        for pair, (score, why) in found.items()
        if not (about[pair[0]][3] and about[pair[1]][3])
    ]
    kept.sort(key=lambda one: (-one[0], one[1]))
    return [(pair, why) for _score, pair, why in kept]


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _same_site(rows: Iterable[Row]) -> Iterator[Pair]:
    by_site: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row[4]:
            parts = urlsplit(row[4].casefold())
            by_site[(parts.netloc.removeprefix("www.") + parts.path).rstrip("/")].append(row[0])
    for keys in by_site.values():
        # A site that many share is that of a group or of a market, and says nothing.
        if 1 < len(keys) <= 5:
            yield from combinations(keys, 2)


def _near(rows: Iterable[Row]) -> Iterator[tuple[int, int, float]]:
    """Names that are nearly the same, in the same place or where one has none."""
    blocks: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    homeless: dict[str, dict[int, str]] = defaultdict(dict)
    for key, plain, place, _number, _site in rows:
        for start in {word[:LETTERS] for word in plain.split() if len(word) > 2} or {
            plain[:LETTERS]
        }:
            (blocks[place, start] if place else homeless[start])[key] = plain
    for (_place, start), names in blocks.items():
        yield from _within(names, homeless.get(start, {}))
    for names in homeless.values():
        yield from _within(names, {})


def _within(names: dict[int, str], more: dict[int, str]) -> Iterator[tuple[int, int, float]]:
    if len(names) + len(more) > LARGEST or len(names) + len(more) < 2:
        return
    others = {**names, **more}
    keys, texts = list(others), list(others.values())
    for rank, (key, plain) in enumerate(names.items()):
        for _name, score, place in process.extract(
            plain, texts[rank + 1 :], scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=5
        ):
            yield key, keys[rank + 1 + place], score


@transaction.atomic
def say_two(reader: Reader, one: int, other: int) -> None:
    """Remember that two organisations that look alike are two."""
    demand_right(reader, Capability.DIRECTORY_WRITE)
    if one == other:
        raise InputError(_("Il faut deux fiches."))
    first, second = sorted((one, other))
    names = {key: records.reached(Organisation, key, reader).name for key in (first, second)}
    _made, new = Distinct.objects.get_or_create(
        first_id=first, second_id=second, defaults={"by": reader.person, "at": timezone.now()}
    )
    if new:
        for key, against in ((first, second), (second, first)):
            kept = records.reached(Organisation, key, reader)
            said = _("N’est pas un doublon de « {name} ».").format(name=names[against])
            records.logged(reader, kept, "not-a-double", said, {"other": against})

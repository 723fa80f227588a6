"""What the search box finds: records of every app by the words of their title, and then of their text.

Rights are part of the question that the database answers, and each thing is then asked of its own
app again, in the reader's language: what may not be seen neither shows nor counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connections
from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Length

from perron.site.accounts.access import Capability, Reader
from perron.site.accounts.models import Confidentiality, Grant
from perron.site.directory.models import SearchEntry, SearchPosting, SearchWord
from perron.site.directory.search.matching import EXACT, PREFIX, TYPO, Words
from perron.site.directory.search.services import IN_TITLE
from perron.site.directory.search.words import asked
from perron.site.directory.things import Thing, resolved


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found. `exact` where every word was found as it was typed, or begun.

    `confidential` where showing it is to be noted: it is confidential, and not the reader's own.
    """

    thing: Thing
    exact: bool
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """The distinct words as this process last read them, and the signs by which it knows they are all."""

    words: Words
    last: int
    counts: Mapping[int, int]


#: By database. A word never changes its identifier, so that reading further words is enough.
_cache: dict[str, _Known] = {}


def find(
    query: str, reader: Reader, limit: int = 40, per_kind: int = 0, only: str = ""
) -> list[Hit]:
    """The things that hold all words of the query, best first, of those the reader may see.

    Words as typed come before words begun, those before slips of the finger, a title before a text, a
    short title before a long one. `per_kind` keeps no more of each kind, `only` one kind alone.
    """
    typed = asked(query)
    if not typed:
        return []
    known = _known()
    meant = [known.words.matches(word, begun=len(word) > 1) for word in typed]
    if not all(meant):
        return []
    rows = _ranked(meant, known.counts, reader, limit * 4 if per_kind else limit, only)
    best: list[tuple[str, str]] = []
    exact: dict[tuple[str, str], bool] = {}
    closed: set[tuple[str, str]] = set()
    taken: dict[str, int] = {}
    least = 2 * PREFIX
    for kind, key, confidentiality, owner, *scores in rows:
        if per_kind and taken.get(kind, 0) >= per_kind:
            continue
        taken[kind] = taken.get(kind, 0) + 1
        best.append((kind, key))
        exact[kind, key] = all(score >= least for score in scores)
        if confidentiality == Confidentiality.RESTRICTED and owner != reader.user:
            closed.add((kind, key))
    best = best[:limit]
    things = resolved(best, reader)
    return [Hit(things[name], exact[name], name in closed) for name in best if name in things]


def confidential(names: Iterable[tuple[str, str]], reader: Reader) -> set[tuple[str, str]]:
    """Those of these things that are confidential and not the reader's own, as the index knows them."""
    wanted = set(names)
    found = SearchEntry.objects.filter(
        confidentiality=Confidentiality.RESTRICTED, key__in={key for _kind, key in wanted}
    ).exclude(owner=reader.user or -1)
    return wanted & set(found.values_list("kind", "key"))


def _ranked(
    meant: list[dict[int, int]], counts: Mapping[int, int], reader: Reader, limit: int, only: str
) -> list[tuple[Any, ...]]:
    """(kind, key, confidentiality, owner, score of each word) of the best entries: one statement, the rarest word first."""
    ordered = sorted(meant, key=lambda words: sum(counts.get(pk, 1) for pk in words))
    every = set().union(*ordered)
    postings = SearchPosting.objects.filter(word__in=every)
    if len(ordered) > 1:
        rarest = SearchPosting.objects.filter(word__in=list(ordered[0])).values("entry")
        postings = postings.filter(entry__in=rarest)
    if only:
        postings = postings.filter(entry__kind=only)
    scores = {f"s{place}": Max(_score(words)) for place, words in enumerate(ordered)}
    total: Combinable = Value(0)
    for name in scores:
        total = total + F(name)
    return list(
        postings.filter(_visible(reader))
        .values("entry_id")
        .annotate(**scores)
        .filter(**{f"{name}__gt": 0 for name in scores})
        .order_by(Value(0) - total, Length("entry__title"), "entry__title", "entry_id")
        .values_list(
            "entry__kind", "entry__key", "entry__confidentiality", "entry__owner", *scores
        )[:limit]
    )


def _score(words: Mapping[int, int]) -> Case:
    """How well one posting answers one typed word: 0 where it does not, more in a title."""
    whens = []
    for quality in (EXACT, PREFIX, TYPO):
        ids = [pk for pk, found in words.items() if found == quality]
        if ids:
            whens += [
                When(word__in=ids, weight__gte=IN_TITLE, then=Value(2 * quality + 1)),
                When(word__in=ids, then=Value(2 * quality)),
            ]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def _visible(reader: Reader) -> Q:
    """The rules of `accounts.access.visible` on entries."""
    capabilities = sorted(str(c) for c in reader.capabilities)
    rules = [Q(entry__confidentiality=Confidentiality.PUBLIC)]
    if capabilities:
        may_read = Q(entry__read__in=capabilities)
        rules.append(Q(entry__confidentiality=Confidentiality.AGENCY) & may_read)
        if reader.can(Capability.CONFIDENTIAL):
            rules.append(may_read)
    if reader.user is not None:
        rules.append(Q(entry__owner=reader.user))
        granted = Grant.objects.filter(
            user=reader.user, kind=OuterRef("entry__kind"), key=OuterRef("entry__key")
        )
        rules.append(Q(Exists(granted)))
        if reader.organisation:
            rules.append(Q(entry__organisation=reader.organisation))
    return reduce(or_, rules)


def _known() -> _Known:
    """The distinct words, read further where there are more.

    Inside a transaction they are read anew and not kept: it may yet be undone.
    """
    alias = SearchWord.objects.db
    if connections[alias].in_atomic_block:
        return _read(SearchWord.objects.all())
    held = _cache.get(alias)
    signs = SearchWord.objects.aggregate(last=Max("pk"), count=Count("pk"))
    last, count = signs["last"] or 0, signs["count"]
    if held is None or last < held.last or count < len(held.words):
        held = _read(SearchWord.objects.all())
    elif last > held.last:
        held = _read(SearchWord.objects.filter(pk__gt=held.last), held)
    if len(held.words) < count:  # a writer finished after one that began later
        held = _read(SearchWord.objects.all())
    _cache[alias] = held
    return held


def _read(words: Any, held: _Known | None = None) -> _Known:
    found = dict(words.values_list("word", "pk"))
    counted: Iterable[tuple[int, int]] = (
        SearchPosting.objects.filter(word__in=words.values("pk"))
        .values("word_id")
        .annotate(n=Count("pk"))
        .values_list("word_id", "n")
    )
    counts = dict(counted)
    last = max(found.values(), default=0)
    if held is None:
        return _Known(Words(found), last, counts)
    return _Known(held.words.with_more(found), max(last, held.last), {**held.counts, **counts})

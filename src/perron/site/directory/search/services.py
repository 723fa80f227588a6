"""Verbs of the index. It is derived: whatever goes wrong here, `rebuild` makes it again from the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice

from django.db import connection, transaction

from perron.site.directory.models import SearchEntry, SearchPosting, SearchWord
from perron.site.directory.search.rows import BATCH, Row
from perron.site.directory.search.words import kept, tokens
from perron.site.directory.things import kinds

#: How much more a word of the title weighs than one of the text.
IN_TITLE, IN_TEXT = 2, 1
#: How many entries are written at a time.
_CHUNK = 2000


@transaction.atomic
def index(kind: str, keys: Iterable[object]) -> int:
    """Replace what is found of these things by what they are now. How many entries were written."""
    wanted = list(dict.fromkeys(str(key) for key in keys))
    rows = kinds()[kind].index if kind in kinds() else None
    forget(kind, wanted)
    return _write(rows(wanted)) if rows and wanted else 0


@transaction.atomic
def forget(kind: str, keys: Iterable[object]) -> None:
    """These things are found no more."""
    wanted = [str(key) for key in keys]
    for start in range(0, len(wanted), BATCH):
        gone = SearchEntry.objects.filter(kind=kind, key__in=wanted[start : start + BATCH])
        SearchPosting.objects.filter(entry__in=gone.values("pk")).delete()
        gone.delete()


@transaction.atomic
def rebuild() -> int:
    """Make the whole index again from the records. How many entries were written."""
    SearchPosting.objects.all().delete()
    SearchEntry.objects.all().delete()
    return sum(_write(kind.index(None)) for kind in kinds().values() if kind.index)


#: What changed while many records are written, by kind; None where each is brought up to date at once.
_gathered: ContextVar[dict[str, dict[str, None]] | None] = ContextVar("gathered", default=None)


def touched(kind: str, key: object) -> None:
    """A record changed: what is found of it changes in the same transaction."""
    known = kinds().get(kind)
    if known is None or known.index is None:
        return
    changed = _gathered.get()
    if changed is None:
        changed = {}
        _gather(changed, kind, str(key))
        _index_all(changed)
    else:
        _gather(changed, kind, str(key))


@contextmanager
def together() -> Iterator[None]:
    """Within it, records that change are brought up to date once, at its end: an import writes thousands.

    It belongs inside the transaction of what is written.
    """
    if _gathered.get() is not None:
        yield
        return
    changed: dict[str, dict[str, None]] = {}
    token = _gathered.set(changed)
    try:
        yield
    finally:
        _gathered.reset(token)
    _index_all(changed)


def _gather(changed: dict[str, dict[str, None]], kind: str, key: str) -> None:
    changed.setdefault(kind, {})[key] = None


def _index_all(changed: dict[str, dict[str, None]]) -> None:
    """Bring these things up to date, and those whose rows say something of them."""
    for kind, keys in list(changed.items()):
        known = kinds()[kind]
        for other, more in known.beside(list(keys)) if known.beside else ():
            for key in more:
                _gather(changed, other, key)
    for kind, keys in changed.items():
        index(kind, keys)


def _write(rows: Iterable[Row]) -> int:
    """Write entries, their words and where each word occurs."""
    given, count = iter(rows), 0
    while some := list(islice(given, _CHUNK)):
        words = [_weighed(row) for row in some]
        entries = SearchEntry.objects.bulk_create([_entry(row) for row in some], batch_size=BATCH)
        ids = _words({word for weights in words for word in weights})
        _postings(
            (ids[word], entry.pk, weight)
            for entry, weights in zip(entries, words, strict=True)
            for word, weight in weights.items()
        )
        count += len(some)
    return count


def _entry(row: Row) -> SearchEntry:
    return SearchEntry(
        kind=row.kind,
        key=row.key,
        title=row.title[:240],
        confidentiality=row.confidentiality,
        read=row.read,
        owner=row.owner,
        organisation=row.organisation,
    )


def _weighed(row: Row) -> dict[str, int]:
    """The words of a row with the weight of the best place each occurs in."""
    found = dict.fromkeys(kept(tokens(row.text)), IN_TEXT)
    return found | dict.fromkeys(kept(tokens(row.title)), IN_TITLE)


def _words(wanted: set[str]) -> dict[str, int]:
    """The identifier of each word, the new ones written. Sorted, so that two writers never wait in a ring."""
    found: dict[str, int] = {}
    ordered = sorted(wanted)
    for batch in _batches(ordered):
        found |= _known(batch)
    missing = [word for word in ordered if word not in found]
    for batch in _batches(missing):
        SearchWord.objects.bulk_create(
            [SearchWord(word=word) for word in batch], ignore_conflicts=True
        )
        found |= _known(batch)
    return found


def _known(words: Sequence[str]) -> dict[str, int]:
    return dict(SearchWord.objects.filter(word__in=words).values_list("word", "pk"))


def _batches(words: Sequence[str]) -> Iterator[Sequence[str]]:
    return (words[start : start + BATCH] for start in range(0, len(words), BATCH))


def _postings(rows: Iterable[tuple[int, int, int]]) -> None:
    """Written as plain statements: half a million of them as model instances take minutes."""
    table = connection.ops.quote_name(SearchPosting._meta.db_table)
    given = iter(rows)
    with connection.cursor() as cursor:
        while some := list(islice(given, BATCH // 2)):
            places = ", ".join(["(%s, %s, %s)"] * len(some))
            cursor.execute(
                f"INSERT INTO {table} (word_id, entry_id, weight) VALUES {places}",  # noqa: S608
                [value for row in some for value in row],
            )

"""The chain walked from end to end, and the rows of pages compared with what its entries say.

Memory does not grow with the chain: entries are read in order in portions, rows by portions of decisions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron.site.ledger.chain import GENESIS, digest, link
from perron.site.ledger.models import (
    Commitment,
    Entry,
    EntryKind,
    Evidence,
    Expectation,
    Frozen,
    Head,
    Review,
)
from perron.site.ledger.projection import rows
from perron.site.ledger.rows import said

#: The faults that are told one by one; beyond, their number is.
MOST = 20
_PORTION, _DECISIONS = 1000, 100
#: Columns that no entry states: keys of the database, and what is no part of a decision (who may read
#: it and who follows it are in the audit log; that words were erased is told by `Verification.erased`).
NOT_STATED: Mapping[type[Model], frozenset[str]] = {
    Commitment: frozenset({"id", "confidentiality", "owner", "revision", "created", "changed"}),
    Evidence: frozenset({"id"}),
    Expectation: frozenset({"id"}),
    Review: frozenset({"id"}),
    Frozen: frozenset({"erased", "erased_because"}),
    Head: frozenset({"id"}),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an entry or a row, in a sentence that says what to do."""

    #: The number of the entry; 0 where it is about none.
    seq: int
    said: str

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True, slots=True)
class Verification:
    """How many entries were walked, which have erased words, the first faults and how many more."""

    entries: int
    erased: tuple[int, ...]
    faults: tuple[Fault, ...]
    more: int = 0
    #: Decisions, evidence, expectations and reviews compared with the chain.
    rows: int = 0
    #: The hash of the last entry: who noted it elsewhere can tell that nothing before was made again.
    seal: str = ""

    @property
    def sound(self) -> bool:
        return not self.faults

    def summary(self) -> str:
        """What was found, in a sentence."""
        if not self.sound:
            count = len(self.faults) + self.more
            return ngettext(
                "{n} anomalie dans le registre des décisions.",
                "{n} anomalies dans le registre des décisions.",
                count,
            ).format(n=count)
        chain = ngettext(
            "{n} entrée, la chaîne est entière", "{n} entrées, la chaîne est entière", self.entries
        ).format(n=self.entries)
        if self.seal:
            chain = _("{chain} (sceau {seal})").format(chain=chain, seal=self.seal[:12])
        if not self.erased:
            return f"{chain}."
        numbers = ", ".join(map(str, self.erased[:MOST]))
        said = ngettext(
            "{chain} ; les mots de {n} entrée ont été effacés ({numbers}).",
            "{chain} ; les mots de {n} entrées ont été effacés ({numbers}).",
            len(self.erased),
        )
        return said.format(chain=chain, n=len(self.erased), numbers=numbers)


@dataclass(slots=True)
class _Walk:
    """What the walk has counted so far."""

    entries: int = 0
    rows: int = 0
    seal: str = ""
    erased: list[int] = field(default_factory=list)


def verify() -> Verification:
    """Walk the whole chain, then compare every row of pages with it."""
    walk, more = _Walk(), 0
    kept: list[Fault] = []
    for fault in _faults(walk):
        if len(kept) < MOST:
            kept.append(fault)
        else:
            more += 1
    return Verification(walk.entries, tuple(walk.erased), tuple(kept), more, walk.rows, walk.seal)


def _faults(walk: _Walk) -> Iterator[Fault]:
    yield from _chain(walk)
    yield from _rows(walk)


# --- the chain --------------------------------------------------------------------------------------


def _restore() -> str:
    return _("Restaurer la dernière sauvegarde saine : perron restore FICHIER.")


def _entry_fault(seq: int, problem: str) -> Fault:
    return Fault(
        seq,
        _("Registre, entrée {seq} : {problem}. {mend}").format(
            seq=seq, problem=problem, mend=_restore()
        ),
    )


def _chain(walk: _Walk) -> Iterator[Fault]:
    """Faults of the entries in order: numbers without a gap, hashes, words, and the end."""
    head = Head.objects.filter(pk=1).first()
    if head is None:
        yield Fault(0, _("Registre : la fin de la chaîne manque. {mend}").format(mend=_restore()))
    expected, before = 1, GENESIS
    # What others add meanwhile comes after the end that was read first.
    entries = Entry.objects.select_related("content").order_by("seq")
    if head is not None:
        entries = entries.filter(seq__lte=head.seq)
    for entry in entries.iterator(chunk_size=_PORTION):
        walk.entries += 1
        if entry.seq != expected:
            missing = str(expected) if entry.seq == expected + 1 else f"{expected}–{entry.seq - 1}"
            yield _entry_fault(
                entry.seq, _("ce qui la précède manque ({missing})").format(missing=missing)
            )
        elif entry.previous != before:
            yield _entry_fault(entry.seq, _("elle ne suit pas celle qui la précède"))
        if entry.hash != _hash(entry):
            yield _entry_fault(entry.seq, _("elle a été modifiée après coup"))
        if not entry.content.body:
            walk.erased.append(entry.seq)
        elif digest(entry.content.body) != entry.content_id:
            yield _entry_fault(entry.seq, _("ses mots ont été modifiés après coup"))
        if entry.kind not in EntryKind.values:
            yield _entry_fault(entry.seq, _("son genre est inconnu"))
        expected, before = entry.seq + 1, entry.hash
    walk.seal = before if walk.entries else ""
    if head is not None:
        beyond = Entry.objects.filter(seq__gt=Head.objects.get(pk=1).seq).count()
        if beyond or (head.seq, head.hash) != (expected - 1, before):
            yield Fault(
                head.seq,
                _(
                    "Registre : la chaîne devrait finir à l’entrée {said} et finit à l’entrée {found}. {mend}"
                ).format(said=head.seq, found=expected - 1 + beyond, mend=_restore()),
            )
    loose = Frozen.objects.filter(entries__isnull=True).count()
    if loose:
        said = _("Registre : {n} textes ne sont d’aucune entrée. {mend}")
        yield Fault(0, said.format(n=loose, mend=_restore()))


def _hash(entry: Entry) -> str:
    return link(
        *(entry.seq, entry.at, entry.kind, entry.commitment, entry.actor, entry.facts),
        *(entry.content_id, entry.about_id, entry.previous),
    )


# --- the rows of pages ---------------------------------------------------------------------------------


def _rows(walk: _Walk) -> Iterator[Fault]:
    """Faults of the rows: a column that is not what the entries say, a row too many, a row missing."""
    keys = Entry.objects.order_by("commitment").values_list("commitment", flat=True).distinct()
    for some in _portions(keys.iterator(chunk_size=_PORTION)):
        yield from _settled(some, walk)
    stated = Entry.objects.filter(kind=EntryKind.DECIDED).values("commitment")
    for extra in Commitment.objects.exclude(key__in=stated).order_by("pk")[: MOST + 1]:
        said = _("Registre, décision {n} : aucune entrée ne l’inscrit. {mend}")
        yield Fault(0, said.format(n=extra.reference, mend=_restore()))


def _portions(keys: Iterable[UUID]) -> Iterator[list[UUID]]:
    given = iter(keys)
    while some := list(islice(given, _DECISIONS)):
        yield some


def _settled(keys: list[UUID], walk: _Walk) -> list[Fault]:
    """The faults of some decisions, read again where somebody wrote between two of our questions."""
    for _attempt in range(3):
        before, here = _end(), _Walk()
        found = list(_of_decisions(keys, here))
        if not found or _end() == before:
            break
    walk.rows += here.rows
    return found


def _end() -> int:
    return Head.objects.values_list("seq", flat=True).first() or 0


def _of_decisions(keys: list[UUID], walk: _Walk) -> Iterator[Fault]:
    """The same for some decisions, in a fixed number of queries."""
    entries: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in (
        Entry.objects.filter(commitment__in=keys).select_related("content").order_by("seq")
    ):
        entries[entry.commitment].append(entry)
    commitments = {
        c.key: c
        for c in Commitment.objects.filter(key__in=keys)
        .select_related("kind", "stage")
        .prefetch_related("criteria")
    }
    own = {c.pk: key for key, c in commitments.items()}
    evidences = _grouped(Evidence.objects.filter(commitment__in=own), "commitment_id")
    expectations = _grouped(
        Expectation.objects.filter(commitment__in=own).select_related("indicator", "reviewed"),
        "commitment_id",
    )
    reviews = _grouped(
        Review.objects.filter(expectation__commitment__in=own).select_related("expectation"),
        "expectation.commitment_id",
    )
    for key in keys:
        if not entries[key]:
            continue  # its words are not there: the walk of the chain says so
        try:
            stated = rows(said(entries[key]))
        except (AttributeError, KeyError, TypeError, ValueError):
            yield _entry_fault(entries[key][0].seq, _("ce que disent les entrées de cette décision ne se lit plus"))  # fmt: skip
            continue
        found = commitments.get(key)
        if found is None:
            if "reference" in stated.commitment:
                yield _entry_fault(entries[key][0].seq, _("la décision qu’elle inscrit a disparu"))
            continue
        if "reference" not in stated.commitment:
            yield _entry_fault(entries[key][0].seq, _("aucune entrée n’inscrit sa décision"))
            continue
        walk.rows += 1
        name = found.reference
        stated.commitment["criteria"] = sorted(set(stated.commitment["criteria"]))
        yield from _compared(name, entries[key][0].seq, stated.commitment, _commitment(found))
        for kind, wanted, there in (
            (_("preuve"), stated.evidences, evidences[found.pk]),
            (_("attente"), stated.expectations, expectations[found.pk]),
            (_("relecture"), stated.reviews, reviews[found.pk]),
        ):
            walk.rows += len(there)
            yield from _table(name, kind, wanted, there)


def _grouped(found: Iterable[Any], by: str) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in found:
        groups[attrgetter(by)(row)].append(row)
    return groups


def _table(
    name: str, kind: str, wanted: dict[int, dict[str, Any]], there: list[Any]
) -> Iterator[Fault]:
    """Rows of one table against those that the entries state, by the number of their entry."""
    found = {row.entry_id: row for row in there}
    for seq in sorted(set(wanted) - set(found)):
        yield _entry_fault(seq, _("sa ligne ({kind}) a disparu des pages").format(kind=kind))
    for seq in sorted(set(found) - set(wanted)):
        yield _entry_fault(seq, _("elle n’inscrit pas la ligne ({kind}) qui s’en dit").format(kind=kind))  # fmt: skip
    for seq in sorted(set(found) & set(wanted)):
        yield from _compared(name, seq, wanted[seq], _columns(found[seq]))


def _compared(
    name: str, seq: int, wanted: Mapping[str, Any], there: Mapping[str, Any]
) -> Iterator[Fault]:
    for column, value in there.items():
        if value != wanted.get(column):
            yield Fault(
                seq,
                _(
                    "Registre, décision {name}, entrée {seq} : « {column} » n’est pas ce que l’entrée dit. {mend}"
                ).format(name=name, seq=seq, column=column, mend=_restore()),
            )


def _commitment(found: Commitment) -> dict[str, Any]:
    """Every column of a decision that its entries state, as they write it."""
    return {
        **_columns(found),
        "kind": found.kind.code,
        "stage": found.stage.code if found.stage else "",
        "criteria": sorted(term.code for term in found.criteria.all()),
    }


def _columns(row: Model) -> dict[str, Any]:
    """Every column of a row but those that no entry states; a relation as the projection says it."""
    found = {}
    for column in row._meta.concrete_fields:
        if column.name in NOT_STATED[type(row)] | {"entry", "commitment", "key"}:
            continue
        value = getattr(row, column.attname)
        if column.name == "indicator":
            value = getattr(row, "indicator").code  # noqa: B009 (a row of any of the tables)
        elif column.name in ("expectation", "reviewed"):
            about = getattr(row, column.name)
            value = about.entry_id if about is not None else None
        elif hasattr(value, "isoformat"):
            value = value.isoformat()
        found[column.name] = value
    return found

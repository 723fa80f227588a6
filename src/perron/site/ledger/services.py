"""Verbs of the ledger. Each adds entries at the end of the chain and brings the rows of pages in line.

Nothing is changed or removed: a correction is a new entry that names the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError, RefusedError, demand
from perron.site.accounts.access import Reader
from perron.site.accounts.models import Confidentiality
from perron.site.directory.records import locked, logged
from perron.site.ledger import projection, rules
from perron.site.ledger.chain import append, texts_of
from perron.site.ledger.corrections import CORRECTED, judge
from perron.site.ledger.models import (
    Commitment,
    Entry,
    EntryKind,
    Evidence,
    Expectation,
    Head,
    Indicator,
    Review,
)
from perron.site.ledger.rows import bring_in_line

_DECIDED = {
    **dict.fromkeys(("title", "decision", "decided_by", "kind", "stage", "territory"), ""),
    "decided_on": None,
    "criteria": (),
    "fictional": False,
}
_EVIDENCE: dict[str, Any] = {
    **dict.fromkeys(("title", "words", "publisher", "date", "url"), ""),
    "grade": "attested",
    "figures": (),
}
_EXPECTED: dict[str, Any] = {
    **dict.fromkeys(("sentence", "indicator", "territory", "period", "baseline_period"), ""),
    **dict.fromkeys(("baseline", "low", "high", "due", "comparator_baseline"), None),
    "baseline_state": "unknown",
    "comparator": "",
    "comparator_state": "",
}
_REVIEWED: dict[str, Any] = {
    **dict.fromkeys(("words", "source", "source_url", "period", "comparator_state"), ""),
    **dict.fromkeys(("value", "comparator_value"), None),
    "state": "not_measured",
    "grade": "not_measured",
    "figures": (),
}
_NOTE: dict[str, Any] = {**dict.fromkeys(("words", "source", "source_url"), ""), "on": None}


@transaction.atomic
def decide(
    reader: Reader,
    *,
    confidentiality: str = Confidentiality.AGENCY,
    owner: int | None = None,
    at: datetime | None = None,
    **given: Any,
) -> Commitment:
    """Inscribe a decision. RefusedError with a sentence by field.

    `decided_by` is a body, never a person; `kind`, `stage` and `criteria` are codes of terms. `at` is
    for a decision that is brought in from elsewhere; the entry then still follows the last one.
    """
    fields = _filled(_DECIDED, given)
    demand(rules.commitment_faults(fields, timezone.localdate()))
    if confidentiality not in Confidentiality.values:
        raise RefusedError({"confidentiality": _("Choisissez qui peut lire cette décision.")})
    # The head is locked first: the number follows the last one, and no two are the same.
    Head.objects.select_for_update().get(pk=1)
    reference = _next_reference(fields["decided_on"].year)
    made = Commitment(
        reference=reference,
        confidentiality=confidentiality,
        owner_id=owner if owner is not None else reader.user,
    )
    facts = {
        **{name: fields[name] for name in ("kind", "stage", "territory", "fictional")},
        "reference": reference,
        "decided_on": fields["decided_on"].isoformat(),
        "criteria": sorted(fields["criteria"]),
    }
    texts = {name: fields[name] for name in ("title", "decision", "decided_by")}
    append(reader, EntryKind.DECIDED, made.key, facts, texts, at=at)
    bring_in_line(made)
    logged(reader, made, "decided", _("Décision {n} inscrite.").format(n=reference), {})
    return made


def _next_reference(year: int) -> str:
    """The next number of a year: "2026-07"."""
    numbers = Commitment.objects.filter(reference__startswith=f"{year}-")
    last = max(
        (int(r.split("-")[1]) for r in numbers.values_list("reference", flat=True)), default=0
    )
    return f"{year}-{last + 1:02}"


@transaction.atomic
def signal(reader: Reader, *, commitment: int, at: datetime | None = None, **given: Any) -> Entry:
    """Add what was seen first: a sentence, when, and where it can be read."""
    return _note(reader, EntryKind.SIGNAL, commitment, given, at)


@transaction.atomic
def act(reader: Reader, *, commitment: int, at: datetime | None = None, **given: Any) -> Entry:
    """Add what was done: a sentence, when, and where it can be read."""
    return _note(reader, EntryKind.ACTED, commitment, given, at)


def _note(
    reader: Reader, kind: EntryKind, commitment: int, given: Mapping[str, Any], at: datetime | None
) -> Entry:
    found = _open(reader, commitment)
    fields = _filled(_NOTE, given)
    demand(rules.note_faults(fields, timezone.localdate()))
    facts = {"on": fields["on"].isoformat()}
    texts = {name: fields[name] for name in ("words", "source", "source_url")}
    return _added(reader, found, kind, facts, texts, at=at)


@transaction.atomic
def add_evidence(
    reader: Reader, *, commitment: int, at: datetime | None = None, **given: Any
) -> Evidence:
    """Add what the decision rests on: figures frozen from the lake (`figures`, as `ledger.evidence`
    makes them), or a document with its publisher, date and address."""
    found = _open(reader, commitment)
    fields = _filled(_EVIDENCE, given)
    demand(rules.evidence_faults(fields))
    facts = {"grade": fields["grade"], "figures": list(fields["figures"])}
    texts = {name: fields[name] for name in ("title", "words", "publisher", "date", "url")}
    entry = _added(reader, found, EntryKind.EVIDENCE, facts, texts, at=at)
    return Evidence.objects.get(entry=entry)


@transaction.atomic
def expect(
    reader: Reader, *, commitment: int, at: datetime | None = None, **given: Any
) -> Expectation:
    """Say what is expected. `indicator` is its code; `low` or `high` may be open, not both."""
    found = _open(reader, commitment)
    fields = _filled(_EXPECTED, given)
    known = Indicator.objects.filter(code=fields["indicator"], active=True).exists()
    demand(rules.expectation_faults(fields, found.decided_on, known))
    facts = {name: fields[name] for name in projection.FACTS[EntryKind.EXPECTED]}
    facts["due"] = fields["due"].isoformat()
    texts = {"sentence": fields["sentence"]}
    entry = _added(reader, found, EntryKind.EXPECTED, facts, texts, at=at)
    return Expectation.objects.get(entry=entry)


@transaction.atomic
def review(
    reader: Reader,
    *,
    expectation: int,
    verdict: str,
    revision: int | None = None,
    at: datetime | None = None,
    **given: Any,
) -> Review:
    """Write what happened, with its grade. A later review of the same expectation takes its place.

    `verdict` is the answer of `methods`' rule on the value and the range; `figures` is what was read
    in the lake, frozen.
    """
    about = Expectation.objects.filter(pk=expectation, withdrawn__isnull=True).first()
    if about is None:
        raise InputError(_("Cette attente n’existe pas, ou a été retirée."))
    found = locked(Commitment, about.commitment_id, reader, revision)
    fields = _filled(_REVIEWED, given)
    demand(rules.review_faults(fields))
    facts = {name: fields[name] for name in projection.FACTS[EntryKind.REVIEWED] if name in fields}
    facts |= {"verdict": str(verdict), "grade": str(fields["grade"])}
    facts["figures"] = list(fields["figures"])
    texts = {name: fields[name] for name in ("words", "source", "source_url")}
    entry = _added(reader, found, EntryKind.REVIEWED, facts, texts, about=about.entry_id, at=at)
    return Review.objects.get(entry=entry)


@transaction.atomic
def correct(
    reader: Reader,
    *,
    entry: int,
    because: str,
    revision: int | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Entry:
    """Correct an entry by a new one that names it: only the fields given are replaced.

    The corrected whole must itself be right: what an entry may not say, a correction may not either.
    """
    demand(rules.reason_faults(because))
    old, found = _entry(reader, entry, revision)
    kind = EntryKind(old.kind)
    if kind not in CORRECTED:
        raise InputError(_("Cette entrée ne se corrige pas : retirez-la, ou ajoutez-en une autre."))
    named, told = CORRECTED[kind]
    if unknown := set(fields) - named - told:
        raise TypeError(f"an entry {kind} has no {sorted(unknown)}")
    judge(found, old, fields)
    facts = {n: _json(v) for n, v in fields.items() if n in named}
    texts = {n: v for n, v in fields.items() if n in told}
    if not fields:
        raise InputError(_("Rien n’est corrigé : les mots sont ceux de l’entrée."))
    facts["texts"] = sorted(texts)
    return _added(
        reader,
        found,
        EntryKind.CORRECTED,
        facts,
        {**texts, "because": because.strip()},
        about=old.seq,
        at=at,
    )


@transaction.atomic
def withdraw(
    reader: Reader,
    *,
    entry: int,
    because: str,
    revision: int | None = None,
    at: datetime | None = None,
) -> Entry:
    """Withdraw an evidence, an expectation or a review with the reason; it stays readable.

    Withdrawing a closing opens the decision again.
    """
    demand(rules.reason_faults(because))
    old, found = _entry(reader, entry, revision)
    allowed = (*(EntryKind.EVIDENCE, EntryKind.EXPECTED, EntryKind.REVIEWED, EntryKind.CLOSED),)
    if old.kind not in allowed:
        raise InputError(_("Cette entrée ne se retire pas : corrigez-la."))
    if old.later.filter(kind=EntryKind.WITHDRAWN).exists():
        raise InputError(_("Cette entrée a déjà été retirée."))
    texts = {"because": because.strip()}
    return _added(reader, found, EntryKind.WITHDRAWN, {}, texts, about=old.seq, at=at)


@transaction.atomic
def close(
    reader: Reader,
    *,
    commitment: int,
    because: str,
    on: date | None = None,
    revision: int | None = None,
) -> Entry:
    """Close a decision: nothing more is expected of it."""
    demand(rules.reason_faults(because))
    found = _open(reader, commitment, revision)
    facts = {"on": (on or timezone.localdate()).isoformat()}
    return _added(reader, found, EntryKind.CLOSED, facts, {"because": because.strip()})


@transaction.atomic
def erase_texts(reader: Reader, *, entry: int, because: str) -> Entry:
    """Erase the free texts of an entry, such as a name written by mistake. The chain stays whole."""
    demand(rules.reason_faults(because))
    old, found = _entry(reader, entry)
    frozen = old.content
    if texts_of(old) is None:
        raise InputError(_("Les mots de cette entrée sont déjà effacés."))
    frozen.body, frozen.erased, frozen.erased_because = "", timezone.now(), because.strip()
    frozen.save()
    bring_in_line(found)
    said = _("Mots de l’entrée {n} effacés : {because}").format(n=old.seq, because=because.strip())
    logged(reader, found, "erased", said, {})
    return old


# --- what all of them share -----------------------------------------------------------------------


def _filled(blank: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every field, with what was given; texts without spaces around."""
    if unknown := set(given) - set(blank):
        raise TypeError(f"no field {sorted(unknown)}")
    return {**blank, **{n: v.strip() if isinstance(v, str) else v for n, v in given.items()}}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _open(reader: Reader, commitment: int, revision: int | None = None) -> Commitment:
    found = locked(Commitment, commitment, reader, revision)
    if found.closed_on:
        raise InputError(
            _("Cette décision est close : {because} Rouvrez-la d’abord.").format(
                because=found.closed_because
            )
        )
    return found


def _entry(reader: Reader, entry: int, revision: int | None = None) -> tuple[Entry, Commitment]:
    """An entry and its decision, locked. InputError where the reader may not see it.

    ChangedMeanwhileError where `revision` is given and others wrote since.
    """
    old = Entry.objects.select_related("content").filter(seq=entry).first()
    about = Commitment.objects.filter(key=old.commitment).first() if old else None
    if old is None or about is None:
        raise InputError(_("Cette entrée n’existe pas au registre."))
    return old, locked(Commitment, about.pk, reader, revision)


def _added(
    reader: Reader,
    found: Commitment,
    kind: EntryKind,
    facts: Mapping[str, Any],
    texts: Mapping[str, Any],
    *,
    about: int | None = None,
    at: datetime | None = None,
) -> Entry:
    entry = append(reader, kind, found.key, facts, texts, about=about, at=at)
    found.revision += 1
    bring_in_line(found)
    said = _("Décision {n} : {kind} inscrite (entrée {seq}).").format(
        n=found.reference, kind=str(kind.label).lower(), seq=entry.seq
    )
    logged(reader, found, str(kind), said, {})
    return entry

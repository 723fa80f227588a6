"""From the entries of one commitment to the rows that pages read. Pure: nothing is read or written.

Services write what this says and verification compares with it, so that the two can't part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from perron.site.ledger.models import EntryKind

#: What stands where a text was erased.
ERASED = "(effacé)"

#: The fields of each row, by the kind of entry that states it: facts, then free texts.
FACTS: dict[str, tuple[str, ...]] = {
    EntryKind.DECIDED: (
        *("reference", "kind", "stage", "decided_on", "territory", "criteria", "fictional"),
    ),
    EntryKind.EVIDENCE: (),
    EntryKind.EXPECTED: (
        *("indicator", "territory", "baseline", "baseline_state", "baseline_period"),
        *("low", "high", "period", "due"),
        *("comparator", "comparator_baseline", "comparator_state"),
    ),
    EntryKind.REVIEWED: (
        *("value", "state", "period", "comparator_value", "comparator_state"),
        *("grade", "verdict"),
    ),
}
TEXTS: dict[str, tuple[str, ...]] = {
    EntryKind.DECIDED: ("title", "decision", "decided_by"),
    EntryKind.EVIDENCE: ("title",),
    EntryKind.EXPECTED: ("sentence",),
    EntryKind.REVIEWED: ("words", "source", "source_url"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """An entry as the projection needs it; `texts` is None where they were erased."""

    seq: int
    kind: str
    about: int | None
    facts: dict[str, Any]
    texts: dict[str, Any] | None


@dataclass(slots=True)
class Rows:
    """The rows of one commitment; the others by the number of the entry that states them.

    A row holds its fields by name; `withdrawn` is the number of the entry that withdrew it, and an
    expectation's `reviewed` that of the review in force.
    """

    commitment: dict[str, Any] = field(default_factory=dict)
    evidences: dict[int, dict[str, Any]] = field(default_factory=dict)
    expectations: dict[int, dict[str, Any]] = field(default_factory=dict)
    reviews: dict[int, dict[str, Any]] = field(default_factory=dict)


def rows(entries: Iterable[Said]) -> Rows:
    """What the entries of one commitment, in order, add up to."""
    found = Rows()
    stated: dict[int, tuple[str, dict[str, Any]]] = {}
    tables = {
        EntryKind.EVIDENCE: found.evidences,
        EntryKind.EXPECTED: found.expectations,
        EntryKind.REVIEWED: found.reviews,
    }
    for said in entries:
        if said.kind == EntryKind.DECIDED:
            found.commitment = _row(said) | {"closed_on": None, "closed_because": ""}
            stated[said.seq] = (said.kind, found.commitment)
        elif said.kind in tables:
            row = _row(said) | {"withdrawn": None}
            if said.kind == EntryKind.EXPECTED:
                row["reviewed"] = None
            if said.kind == EntryKind.REVIEWED:
                row["expectation"] = said.about
                found.expectations[said.about or 0]["reviewed"] = said.seq
            tables[EntryKind(said.kind)][said.seq] = row
            stated[said.seq] = (said.kind, row)
        elif said.kind == EntryKind.CORRECTED and said.about in stated:
            kind, row = stated[said.about]
            _correct(kind, row, said)
        elif said.kind == EntryKind.WITHDRAWN and said.about is not None:
            _withdraw(found, stated, said)
        elif said.kind == EntryKind.CLOSED:
            found.commitment["closed_on"] = said.facts["on"]
            found.commitment["closed_because"] = _text(said, "because")
            stated[said.seq] = (said.kind, {})
    return found


def _row(said: Said) -> dict[str, Any]:
    facts = {name: said.facts[name] for name in FACTS[said.kind]}
    return facts | {name: _text(said, name) for name in TEXTS[said.kind]}


def _text(said: Said, name: str) -> Any:
    if said.texts is None:
        return "" if name.endswith("url") else ERASED
    return said.texts[name]


def _correct(kind: str, row: dict[str, Any], said: Said) -> None:
    """Facts and texts that the correction names replace those of the row."""
    for name in FACTS[kind]:
        if name in said.facts:
            row[name] = said.facts[name]
    if said.texts is None:
        # Which texts it corrected is a fact: what replaced them is gone.
        row.update({n: ERASED for n in said.facts.get("texts", ()) if n in TEXTS[kind]})
        return
    for name in TEXTS[kind]:
        if name in said.texts:
            row[name] = said.texts[name]


def _withdraw(found: Rows, stated: dict[int, tuple[str, dict[str, Any]]], said: Said) -> None:
    """Withdraw a row, or open a closed commitment again."""
    if said.about not in stated:
        return
    kind, row = stated[said.about]
    if kind == EntryKind.CLOSED:
        found.commitment |= {"closed_on": None, "closed_because": ""}
        return
    row["withdrawn"] = said.seq
    if kind == EntryKind.REVIEWED:
        mine = [
            seq
            for seq, other in found.reviews.items()
            if other["expectation"] == row["expectation"] and other["withdrawn"] is None
        ]
        found.expectations[row["expectation"]]["reviewed"] = max(mine, default=None)

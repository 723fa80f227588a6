"""What a correction may name, and what the corrected entry must then be."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from perron.errors import demand
from perron.site.directory.typed import day_of
from perron.site.ledger import projection, rules
from perron.site.ledger.chain import facts_of, texts_of
from perron.site.ledger.models import (
    Commitment,
    Entry,
    EntryKind,
    Expectation,
    Indicator,
    Review,
)

#: What a correction may name, by kind of entry: facts, then texts.
CORRECTED: dict[str, tuple[set[str], set[str]]] = {
    EntryKind.DECIDED: (
        set(projection.FACTS[EntryKind.DECIDED]) - {"reference"},
        set(projection.TEXTS[EntryKind.DECIDED]),
    ),
    EntryKind.EVIDENCE: ({"grade"}, {"title", "words", "publisher", "date", "url"}),
    EntryKind.SIGNAL: ({"on"}, {"words", "source", "source_url"}),
    EntryKind.ACTED: ({"on"}, {"words", "source", "source_url"}),
    **{
        kind: (set(projection.FACTS[kind]), set(projection.TEXTS[kind]))
        for kind in (EntryKind.EXPECTED, EntryKind.REVIEWED)
    },
}


def judge(found: Commitment, old: Entry, fields: dict[str, Any]) -> None:
    """Demand that an entry with these fields in place of its own be right."""
    today = timezone.localdate()
    if old.kind == EntryKind.DECIDED:
        now: dict[str, Any] = {n: getattr(found, n) for n in projection.TEXTS[EntryKind.DECIDED]}
        now |= {"decided_on": found.decided_on, "territory": found.territory}
        now |= {"kind": found.kind.code, "stage": found.stage.code if found.stage else ""}
        now["criteria"] = [term.code for term in found.criteria.all()]
        demand(rules.commitment_faults(now | fields, today))
    elif old.kind == EntryKind.EXPECTED:
        row = Expectation.objects.get(entry=old)
        now = {n: getattr(row, n) for n in projection.FACTS[EntryKind.EXPECTED]}
        now |= {"indicator": row.indicator.code, "sentence": row.sentence}
        now |= fields
        known = Indicator.objects.filter(code=now["indicator"]).exists()
        demand(rules.expectation_faults(now, found.decided_on, known))
    elif old.kind == EntryKind.REVIEWED:
        judged = Review.objects.get(entry=old)
        names = (*projection.FACTS[EntryKind.REVIEWED], *projection.TEXTS[EntryKind.REVIEWED])
        demand(rules.review_faults({n: getattr(judged, n) for n in names} | fields))
    else:
        now = said_now(old) | fields
        if old.kind == EntryKind.EVIDENCE:
            demand(rules.evidence_faults(now))
        else:
            demand(rules.note_faults({**now, "on": day_of(now["on"])}, today))


def said_now(entry: Entry) -> dict[str, Any]:
    """The facts and texts of an entry as its corrections leave them."""
    _named, told = CORRECTED[entry.kind]
    found = {**dict.fromkeys(told, ""), **facts_of(entry), **(texts_of(entry) or {})}
    later = entry.later.filter(kind=EntryKind.CORRECTED).select_related("content").order_by("seq")
    for correction in later:
        found |= {**facts_of(correction), **(texts_of(correction) or {})}
    return found

"""Bring the rows that pages read in line with the chain: what `projection` says, as records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from perron.site.directory.models import Family, Term
from perron.site.ledger.chain import facts_of, texts_of
from perron.site.ledger.models import (
    Commitment,
    Entry,
    Evidence,
    Expectation,
    Indicator,
    Review,
)
from perron.site.ledger.projection import Rows, Said, rows


def said(entries: Iterable[Entry]) -> list[Said]:
    """Entries as the projection takes them; `content` should come with them."""
    return [Said(e.seq, e.kind, e.about_id, facts_of(e), texts_of(e)) for e in entries]


def projected(key: UUID) -> Rows:
    """What the chain says of one commitment."""
    return rows(said(Entry.objects.filter(commitment=key).select_related("content")))


def bring_in_line(commitment: Commitment) -> None:
    """Write the rows of a commitment as its entries leave them, and save the commitment."""
    found = projected(commitment.key)
    fields = commitment_fields(found.commitment)
    criteria = fields.pop("criteria")
    for name, value in fields.items():
        setattr(commitment, name, value)
    commitment.save()
    commitment.criteria.set(criteria)
    for seq, row in found.evidences.items():
        _write(Evidence, seq, {**row, "commitment": commitment})
    expectations = {
        seq: _write(
            Expectation,
            seq,
            {**expectation_fields(row), "commitment": commitment, "reviewed": None},
        )
        for seq, row in found.expectations.items()
    }
    reviews = {
        seq: _write(Review, seq, {**row, "expectation": expectations[row["expectation"]]})
        for seq, row in found.reviews.items()
    }
    for seq, row in found.expectations.items():
        if row["reviewed"] is not None:
            expectations[seq].reviewed = reviews[row["reviewed"]]
            expectations[seq].save(update_fields=["reviewed"])


def commitment_fields(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a Commitment from those of its row."""
    kind = Term.objects.get(family=Family.COMMITMENT, code=row["kind"])
    stage = Term.objects.get(family=Family.STAGE, code=row["stage"]) if row["stage"] else None
    criteria = list(Term.objects.filter(family=Family.CRITERION, code__in=row["criteria"]))
    return {
        **row,
        "kind": kind,
        "stage": stage,
        "criteria": criteria,
        "decided_on": date.fromisoformat(row["decided_on"]),
        "closed_on": date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
    }


def expectation_fields(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of an Expectation from those of its row."""
    return {
        **row,
        "indicator": Indicator.objects.get(code=row["indicator"]),
        "due": date.fromisoformat(row["due"]),
    }


def _write(model: Any, seq: int, row: dict[str, Any]) -> Any:
    fields = dict(row)
    fields["withdrawn_id"] = fields.pop("withdrawn")
    return model.objects.update_or_create(entry_id=seq, defaults=fields)[0]

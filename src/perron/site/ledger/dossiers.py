"""What one decision's page and its document show, beside its timeline: facts, criteria, evidence, seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from perron import formats
from perron.errors import InputError
from perron.site.accounts.access import Reader
from perron.site.components.figures import language
from perron.site.directory.models import Term
from perron.site.directory.selectors import catalogue
from perron.site.ledger import charts, territories, timeline, words
from perron.site.ledger.charts import Span
from perron.site.ledger.evidence import Since, since, thawed
from perron.site.ledger.models import Commitment, EntryKind, Evidence, Expectation, Review
from perron.site.ledger.selectors import Dossier


def facts(found: Dossier, reader: Reader) -> list[tuple[str, str]]:
    """By which body, when, where, what sort: the lines under the title."""
    decision = found.commitment
    said = [
        (_("Décidé par"), decision.decided_by),
        (_("Le"), formats.date(decision.decided_on, language())),
        (_("Type"), str(decision.kind)),
        (_("Étape"), str(decision.stage or "")),
        (_("Territoire"), territories.name_of(decision.territory)),
    ]
    if reader.signed_in:
        said.append((_("Suivie par"), str(decision.owner or _("personne"))))
    return [(label, text) for label, text in said if text]


@dataclass(frozen=True, slots=True)
class Criteria:
    """The economic criteria of a decision and the societal ones, side by side (R10)."""

    economic: tuple[Term, ...]
    social: tuple[Term, ...]


def criteria(decision: Commitment) -> Criteria:
    """Both sorts of criteria, in one query."""
    found = list(decision.criteria.all())
    return Criteria(
        tuple(term for term in found if not term.social),
        tuple(term for term in found if term.social),
    )


@dataclass(frozen=True, slots=True)
class Awaited:
    """An expectation with its drawing, its review in force, the earlier ones, and its words."""

    row: Expectation
    span: Span
    place: str
    baseline: str
    expected: str
    came: str
    verdict: str
    comparator: str
    review: Review | None
    #: The figure of the review where it was read in the lake, as it was.
    figure: Any
    earlier: tuple[tuple[str, Review], ...]
    late: bool
    withdrawn_because: str = ""


def expectations(found: Dossier, today: date) -> list[Awaited]:
    """What was expected and what came, the live ones first."""
    places = territories.known()
    made = []
    for one in sorted(found.expectations, key=lambda e: (bool(e.withdrawn_id), e.due, e.pk)):
        review = one.reviewed
        others = [r for r in found.reviews.get(one.pk, ()) if review is None or r.pk != review.pk]
        figures = _facts(found, review.entry_id)["figures"] if review else []
        made.append(
            Awaited(
                one,
                charts.span(one, today),
                territories.name_of(one.territory, places),
                words.baseline(one),
                words.expected(one.indicator, one.low, one.high),
                words.arrived(one, review, today),
                words.verdict(review),
                _comparator(one, territories.name_of(one.comparator, places)),
                review,
                thawed(figures[0]) if figures else None,
                tuple((words.result(one, r), r) for r in others),
                review is None and one.due <= today and not one.withdrawn_id,
                _because(found, one.withdrawn_id),
            )
        )
    return made


def _facts(found: Dossier, seq: int) -> dict[str, Any]:
    return {"figures": [], **found.step(seq).facts}


def _because(found: Dossier, seq: int | None) -> str:
    """Why something was withdrawn; that it was erased where the words are gone."""
    if seq is None:
        return ""
    texts = found.step(seq).texts
    return timeline.gone_word() if texts is None else str(texts["because"])


def _comparator(found: Expectation, place: str) -> str:
    """The place beside which it is read, then and at the review."""
    if not place:
        return ""
    said = _("{place}, {value} au départ").format(
        place=place,
        value=words.amount(found.indicator, found.comparator_baseline, found.comparator_state),
    )
    if found.reviewed and found.reviewed.comparator_state:
        review = found.reviewed
        value = words.amount(found.indicator, review.comparator_value, review.comparator_state)
        said += ", " + _("{value} au résultat").format(value=value)
    return said


@dataclass(frozen=True, slots=True)
class Resting:
    """A piece of evidence: its words, its figures as frozen, and what changed since."""

    row: Evidence
    fields: dict[str, Any]
    figures: tuple[Since, ...]
    withdrawn_because: str = ""


def evidences(found: Dossier) -> list[Resting]:
    """What the decision rests on, as it was written or corrected, the live ones first."""
    now = timeline.states(found.steps)
    held = catalogue()
    made = []
    for row in sorted(found.evidences, key=lambda e: (bool(e.withdrawn_id), e.pk)):
        frozen = _facts(found, row.entry_id)["figures"]
        made.append(
            Resting(
                row,
                now[row.entry_id],
                tuple(_since(one, held) for one in frozen),
                _because(found, row.withdrawn_id),
            )
        )
    return made


def _since(frozen: dict[str, Any], held: Any) -> Since:
    """A frozen figure is shown as it was even where the lake can no longer be asked about it."""
    try:
        return since(frozen, held, language())
    except InputError as error:
        return Since(thawed(frozen), None, str(error))


@dataclass(frozen=True, slots=True)
class Seal:
    """Where the decision's last entry stands in the chain, and where the chain ends."""

    seq: int
    short: str
    whole: str
    last: int


def seal(found: Dossier) -> Seal | None:
    """The number and the fingerprint of the last entry; None where there is none."""
    if not found.steps:
        return None
    entry = found.steps[-1].entry
    return Seal(entry.seq, entry.hash[:12], entry.hash, found.head.seq)


def closing(found: Dossier) -> int | None:
    """The number of the entry that closed the decision, where it is closed."""
    if not found.commitment.closed_on:
        return None
    return next(
        (s.entry.seq for s in reversed(found.steps) if s.entry.kind == EntryKind.CLOSED), None
    )

"""Questions about the ledger, answered for one reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError
from perron.site.accounts.access import Reader, visible
from perron.site.accounts.log import names
from perron.site.ledger.chain import facts_of, texts_of
from perron.site.ledger.models import (
    Commitment,
    Entry,
    Evidence,
    Expectation,
    Grade,
    Head,
    Indicator,
    Review,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the register is shown; an empty field is everything."""

    kind: str = ""
    stage: str = ""
    criterion: str = ""
    territory: str = ""
    #: "open", "closed" or "".
    state: str = ""
    mine: bool = False
    text: str = ""


def commitments(reader: Reader, wanted: Filters = Filters()) -> QuerySet[Commitment]:
    """The decisions that the reader may see, the latest first, with what lists show of them."""
    found = visible(Commitment.objects.all(), reader)
    if wanted.kind:
        found = found.filter(kind__code=wanted.kind)
    if wanted.stage:
        found = found.filter(stage__code=wanted.stage)
    if wanted.criterion:
        found = found.filter(criteria__code=wanted.criterion)
    if wanted.territory:
        found = found.filter(territory=wanted.territory)
    if wanted.state:
        found = found.filter(closed_on__isnull=wanted.state != "closed")
    if wanted.mine:
        found = found.filter(owner=reader.user or -1)
    if wanted.text:
        found = found.filter(title__icontains=wanted.text)
    live = Expectation.objects.filter(withdrawn__isnull=True)
    return found.select_related("kind", "stage").prefetch_related(
        Prefetch("expectations", live.select_related("indicator", "reviewed"))
    )


def reached(reference: str, reader: Reader) -> Commitment:
    """A decision by its reference. InputError where there is none, or none for this reader."""
    found = visible(Commitment.objects.filter(reference=reference), reader).first()
    if found is None:
        raise InputError(_("Cette décision n’existe pas, ou ne vous est pas ouverte."))
    return found


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many expectations are due, and how they ended: `not_measured` counts those without an answer."""

    due: int
    grades: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)

    def of(self, grade: str) -> int:
        return self.grades.get(grade, 0)


def outcomes(reader: Reader, today: date | None = None) -> Outcomes:
    """What became of the expectations whose day has come, in one query."""
    day = today or timezone.localdate()
    mine = visible(Commitment.objects.all(), reader)
    found = Expectation.objects.filter(
        due__lte=day, withdrawn__isnull=True, commitment__in=mine
    ).values_list("reviewed__grade", "reviewed__verdict")
    pairs = list(found)
    grades = Counter(grade or Grade.NOT_MEASURED for grade, _verdict in pairs)
    verdicts = Counter(verdict or "unknown" for _grade, verdict in pairs)
    return Outcomes(len(pairs), dict(grades), dict(verdicts))


def expectations_due(
    reader: Reader, *, until: date | None = None, waiting: bool = True
) -> QuerySet[Expectation]:
    """Expectations by due date; with `waiting`, those that nobody has reviewed."""
    mine = visible(Commitment.objects.filter(closed_on__isnull=True), reader)
    found = Expectation.objects.filter(withdrawn__isnull=True, commitment__in=mine)
    if until is not None:
        found = found.filter(due__lte=until)
    if waiting:
        found = found.filter(reviewed__isnull=True)
    return found.select_related("commitment", "indicator", "reviewed").order_by("due", "pk")


def soon(reader: Reader, today: date, days: int = 90) -> QuerySet[Expectation]:
    """Expectations that fall due within some days, those already late included."""
    return expectations_due(reader, until=today + timedelta(days=days))


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the timeline: what it says, who wrote it, and what later entries did to it."""

    entry: Entry
    facts: dict[str, Any]
    #: None where the words were erased.
    texts: dict[str, Any] | None
    #: A name; empty where the machine wrote it or the person was erased, told apart by `entry.actor`.
    who: str
    later: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """One decision with all that the register holds of it."""

    commitment: Commitment
    evidences: tuple[Evidence, ...]
    expectations: tuple[Expectation, ...]
    reviews: dict[int, tuple[Review, ...]]
    steps: tuple[Step, ...]
    indicators: dict[int, Indicator]
    head: Head

    def step(self, seq: int) -> Step:
        """The step of an entry's number."""
        return next(s for s in self.steps if s.entry.seq == seq)


def dossier(reference: str, reader: Reader) -> Dossier:
    """A decision, its evidence, expectations, reviews and timeline, in a fixed number of queries."""
    found = commitments(reader).select_related("owner").filter(reference=reference).first()
    if found is None:
        raise InputError(_("Cette décision n’existe pas, ou ne vous est pas ouverte."))
    expectations = tuple(
        found.expectations.model.objects.filter(commitment=found)
        .select_related("indicator", "reviewed", "withdrawn")
        .order_by("entry_id")
    )
    reviews: dict[int, list[Review]] = {}
    for one in Review.objects.filter(expectation__commitment=found).order_by("entry_id"):
        reviews.setdefault(one.expectation_id, []).append(one)
    return Dossier(
        found,
        tuple(found.evidences.select_related("withdrawn").order_by("entry_id")),
        expectations,
        {key: tuple(value) for key, value in reviews.items()},
        timeline(found),
        {e.indicator_id: e.indicator for e in expectations},
        Head.objects.get(pk=1),
    )


def timeline(found: Commitment) -> tuple[Step, ...]:
    """The entries of a decision in order, from the first signal to the result."""
    entries = list(
        Entry.objects.filter(commitment=found.key).select_related("content").order_by("seq")
    )
    who = names(e.actor for e in entries)
    later = _later(entries)
    return tuple(
        Step(
            e,
            facts_of(e),
            texts_of(e),
            who.get(e.actor, "") if e.actor else "",
            tuple(later.get(e.seq, ())),
        )
        for e in entries
    )


def _later(entries: Iterable[Entry]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in entries:
        if entry.about_id is not None:
            found.setdefault(entry.about_id, []).append(entry.seq)
    return found


def indicators(*, active: bool = True) -> QuerySet[Indicator]:
    """The indicators of the agency, those in use unless asked otherwise."""
    found = Indicator.objects.select_related("criterion")
    return found.filter(active=True) if active else found


def head() -> Head:
    """The end of the chain: its number and its hash are the seal of all before."""
    return Head.objects.get(pk=1)

"""At the due date: read what was expected in the lake, grade it by rule, say it in one sentence.

The machine writes a review only where the lake gives the very period and place that were expected. Where
it doesn't, the expectation waits for a person, who is offered what was found. A person can always write a
later review, which then is the one in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from perron import formats
from perron.errors import PerronError
from perron.lake.provenance import SHOWN, Figure
from perron.lake.snapshots import Catalogue
from perron.methods.statistics import expectations as rule
from perron.site.accounts.access import MACHINE
from perron.site.components import figures
from perron.site.directory.records import locked
from perron.site.directory.selectors import catalogue
from perron.site.ledger import readings
from perron.site.ledger.evidence import frozen_reading, thawed
from perron.site.ledger.models import Commitment, Expectation, Indicator
from perron.site.ledger.services import review


@dataclass(frozen=True, slots=True)
class Expected:
    """An expectation as reviewing needs it, stored or not: the replay reviews with the same code."""

    indicator: Indicator
    territory: str
    period: str
    low: float | None
    high: float | None
    baseline: float | None = None
    baseline_period: str = ""
    comparator: str = ""
    comparator_baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the lake says of an expectation. `ready` is whether the machine may write it by itself."""

    expected: Expected
    figure: Figure
    comparator: Figure | None
    verdict: str
    grade: str
    #: Change since the baseline, in percent, here and in the comparator.
    change: float | None
    comparator_change: float | None
    said: str
    ready: bool
    #: The figures as they were read, for the entry.
    frozen: tuple[dict[str, Any], ...]

    def fields(self) -> dict[str, Any]:
        """What `services.review` takes: by default, what the machine would write."""
        origin = self.figure.origin
        shown = self.figure.state in SHOWN
        compared = self.comparator
        return {
            "verdict": self.verdict,
            "grade": self.grade,
            "value": self.figure.value,
            "state": self.figure.state.value,
            "period": self.figure.period,
            "comparator_value": compared.value if compared else None,
            "comparator_state": compared.state.value if compared else "",
            "words": self.said[:600],
            "source": figures.source_text(origin.publisher, origin.source)[:300] if shown else "",
            "source_url": origin.url[:500] if shown else "",
            "figures": self.frozen,
        }


def expected_of(expectation: Expectation) -> Expected:
    """A stored expectation."""
    return Expected(
        expectation.indicator,
        *(expectation.territory, expectation.period, expectation.low, expectation.high),
        *(expectation.baseline, expectation.baseline_period),
        *(expectation.comparator, expectation.comparator_baseline),
    )


def propose(
    expectation: Expectation | Expected, held: Catalogue | None = None, language: str = "fr"
) -> Draft:
    """What the lake says of an expectation, as a review that a person or the machine may write."""
    held = held or catalogue()
    asked = expected_of(expectation) if isinstance(expectation, Expectation) else expectation
    frozen = [_read(asked, asked.territory, asked.period, held, language)]
    figure, exact = thawed(frozen[0]), True
    if figure.state not in SHOWN and (
        near := readings.nearest(asked.indicator, asked.territory, asked.period, held)
    ):
        other = _read(asked, asked.territory, near, held, language)
        if thawed(other).state in SHOWN:
            frozen, figure, exact = [other], thawed(other), False
    comparator = None
    if asked.comparator:
        frozen.append(_read(asked, asked.comparator, figure.period, held, language))
        comparator = thawed(frozen[1])
    proof = rule.Proof(published=True, exact=exact, low=figure.low, high=figure.high)
    verdict = rule.verdict(figure.value, asked.low, asked.high)
    grade = rule.grade(figure.value, asked.low, asked.high, proof)
    change = rule.growth(asked.baseline, figure.value)
    beside = rule.growth(asked.comparator_baseline, comparator.value) if comparator else None
    with override(language):
        said = _said(asked, figure, comparator, (change, beside), language)
    ready = exact and figure.state in SHOWN
    return Draft(
        *(asked, figure, comparator, verdict, grade, change, beside, said, ready), tuple(frozen)
    )


def _read(
    asked: Expected, territory: str, period: str, held: Catalogue, language: str
) -> dict[str, Any]:
    return frozen_reading(asked.indicator, territory, period, held, language)


# --- in words ---------------------------------------------------------------------------------------


def range_text(asked: Expected, language: str) -> str:
    """The range that was expected: "de 40 000 à 45 000 emplois", "au moins 12 %"."""
    indicator = asked.indicator
    unit = (indicator.unit_en if language == "en" else "") or indicator.unit

    def written(value: float, last: bool = True) -> str:
        return formats.with_unit(value, unit if last else "", indicator.decimals, language)

    if asked.low is None and asked.high is None:
        return ""
    if asked.low is None:
        return _("au plus {high}").format(high=written(asked.high or 0.0))
    if asked.high is None:
        return _("au moins {low}").format(low=written(asked.low))
    if asked.low == asked.high:
        return written(asked.low)
    return _("de {low} à {high}").format(
        low=written(asked.low, last=False), high=written(asked.high)
    )


def _said(
    asked: Expected,
    figure: Figure,
    comparator: Figure | None,
    changes: tuple[float | None, float | None],
    language: str,
) -> str:
    """One sentence: what was expected, what is read and where, what the comparator did."""
    wanted = _("On attendait {range} en {period} ({place})").format(
        range=range_text(asked, language),
        period=formats.period(asked.period, language),
        place=figure.territory,
    )
    if figure.state not in SHOWN:
        return _("{wanted} ; le lac ne le dit pas : {word}. {reason}").format(
            wanted=wanted, word=figures.word(figure.state), reason=figure.method
        )
    read = _("on lit {value}").format(value=figures.value_text(figure) or "0")
    if figure.period != asked.period:
        read = _("on lit {value} en {period}, la période la plus proche que le lac ait").format(
            value=figures.value_text(figure), period=formats.period(figure.period, language)
        )
    source = figures.source_text(figure.origin.publisher, figure.origin.source)
    parts = [wanted, f"{read} ({source})"]
    if comparator is not None:
        parts.append(_beside(asked, comparator, changes, language))
    return " ; ".join(parts) + "."


def _beside(
    asked: Expected,
    comparator: Figure,
    changes: tuple[float | None, float | None],
    language: str,
) -> str:
    """What the comparator did over the same time, and the gap in points: never a judgement."""
    change, beside = changes
    name = comparator.territory
    if beside is None:
        return _("{name}, le comparateur : {word}").format(
            name=name, word=figures.word(comparator.state) or _("évolution inconnue")
        )
    grown = _("{name}, le comparateur, a fait {change} % depuis {since}").format(
        name=name,
        change=formats.signed(beside, 1, language),
        since=formats.period(asked.baseline_period, language) or "?",
    )
    if change is None:
        return grown
    return _("{grown}, contre {change} % ici, soit {gap} points").format(
        grown=grown,
        change=formats.signed(change, 1, language),
        gap=formats.signed(change - beside, 1, language),
    )


# --- by itself, every day -----------------------------------------------------------------------------


def due(today: date | None = None) -> QuerySet[Expectation]:
    """Expectations whose day has come and that nobody has reviewed, the oldest first."""
    waiting = Expectation.objects.filter(
        due__lte=today or timezone.localdate(),
        withdrawn__isnull=True,
        reviewed__isnull=True,
        commitment__closed_on__isnull=True,
    )
    return waiting.select_related("indicator").order_by("due", "pk")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: how many reviews were written, how many wait for a person, what failed."""

    written: int
    waiting: int
    failed: tuple[str, ...] = ()


def review_due(today: date | None = None, held: Catalogue | None = None) -> Round:
    """Write, signed by the machine, the review of each due expectation that the lake answers.

    Two rounds at once write each review once: the second finds it there. One that fails says so and
    stops no other.
    """
    held = held or catalogue()
    written = waiting = 0
    failed = []
    for expectation in list(due(today)):
        try:
            if _write(expectation, held):
                written += 1
            else:
                waiting += 1
        except PerronError as error:
            failed.append(f"{expectation.pk} : {error}")
    return Round(written, waiting, tuple(failed))


@transaction.atomic
def _write(expectation: Expectation, held: Catalogue) -> bool:
    """Write the review of one expectation if the lake answers and nobody was first."""
    draft = propose(expectation, held)
    if not draft.ready:
        return False
    locked(Commitment, expectation.commitment_id, MACHINE)
    alone = Expectation.objects.filter(
        pk=expectation.pk, reviewed__isnull=True, withdrawn__isnull=True
    )
    if not alone.exists():
        return False
    review(MACHINE, expectation=expectation.pk, **draft.fields())
    return True

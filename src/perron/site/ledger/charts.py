"""What the pages of the register draw: one square an expectation, a range with what came, tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from perron import formats
from perron.lake.provenance import State
from perron.site.components.figures import grade_word, language, word
from perron.site.components.scales import Scale, Tick, round_scale, ticks_at
from perron.site.components.tables import Column, Table, TableRow
from perron.site.ledger import territories, words
from perron.site.ledger.models import Commitment, Expectation, Grade
from perron.site.ledger.selectors import Outcomes

#: Squares on a line of the unit chart, and the most of them: beyond, one square is several.
ACROSS, MOST = 12, 120
_CLASSES = {
    Grade.ATTESTED: "u-a",
    Grade.PROBABLE: "u-b",
    Grade.CLAIMED: "u-c",
    Grade.NOT_MEASURED: "u-off",
}


@dataclass(frozen=True, slots=True)
class Units:
    """The unit chart: squares with their class and place, one for `each` expectations."""

    squares: tuple[tuple[str, int, int], ...]
    width: int
    height: int
    each: int
    said: str

    @property
    def drawn_width(self) -> int:
        return 2 * self.width

    @property
    def drawn_height(self) -> int:
        return 2 * self.height


def units(found: Outcomes) -> Units | None:
    """One square for each expectation whose day has come, by how its result is shown."""
    if not found.due:
        return None
    each = -(-found.due // MOST)
    kinds = [css for grade, css in _CLASSES.items() for _n in range(-(-found.of(grade) // each))]
    squares = tuple((css, i % ACROSS * 16, i // ACROSS * 16) for i, css in enumerate(kinds))
    lines = -(-len(kinds) // ACROSS)
    return Units(squares, min(len(kinds), ACROSS) * 16, lines * 16, each, words.counted(found))


@dataclass(frozen=True, slots=True)
class Span:
    """An expectation on its own scale: every place is an SVG length, empty where nothing is drawn."""

    low: str
    high: str
    open_low: bool
    open_high: bool
    baseline: str
    value: str
    comparator: str
    ticks: tuple[Tick, ...]
    said: str


def span(found: Expectation, today: date) -> Span:
    """Where it started, the range expected, and what came once it was reviewed."""
    review = found.reviewed
    came = review.value if review else None
    beside = as_compared(found, review.comparator_value) if review else None
    known = [v for v in (found.baseline, found.low, found.high, came, beside) if v is not None]
    lone = len(set(known)) == 1
    scale = round_scale(known, from_zero=lone or 0 <= min(known) < max(known) / 2)
    if scale.low == scale.high:
        scale = Scale(scale.low - 1, scale.high + 1)
    return Span(
        low=scale.at(found.low) if found.low is not None else "0%",
        high=scale.at(found.high) if found.high is not None else "100%",
        open_low=found.low is None,
        open_high=found.high is None,
        baseline=scale.at(found.baseline) if found.baseline is not None else "",
        value=scale.at(came) if came is not None else "",
        comparator=scale.at(beside) if beside is not None else "",
        ticks=tuple(ticks_at(sorted({scale.low, scale.high}), scale)),
        said=_("Départ : {baseline}. Attendu : {range}. Résultat : {value}.").format(
            baseline=words.baseline(found),
            range=words.expected(found.indicator, found.low, found.high),
            value=words.arrived(found, review, today),
        ),
    )


def as_compared(found: Expectation, value: float | None) -> float | None:
    """Where the indicator would be, had it moved in proportion as the place beside it did.

    The place itself may be a hundred times larger, and says nothing on this scale.
    """
    if value is None or found.baseline is None or not found.comparator_baseline:
        return None
    return found.baseline * value / found.comparator_baseline


# --- tables, for files and documents ----------------------------------------------------------------


def _state(value: float | None, state: str) -> str:
    if value is not None:
        return _("observé") if value else word(State.ZERO)
    return word(state) if state in list(State) else ""


def register(decisions: Iterable[Commitment]) -> Table:
    """The decisions of the register, one a line, for a file."""
    reference = territories.known()
    rows = []
    for found in decisions:
        live = list(found.expectations.all())
        rows.append(
            TableRow(
                found.title,
                (
                    found.reference,
                    found.decided_on.isoformat(),
                    found.decided_by,
                    found.decision,
                    str(found.kind),
                    str(found.stage or ""),
                    territories.name_of(found.territory, reference),
                    "; ".join(str(term) for term in found.criteria.all()),
                    found.closed_on.isoformat() if found.closed_on else "",
                    found.closed_because,
                    float(len(live)),
                    float(sum(e.reviewed is not None for e in live)),
                    _("exemple fictif") if found.fictional else "",
                ),
            )
        )
    texts = (
        *(_("Numéro"), _("Date"), _("Organe"), _("Décision en une phrase"), _("Type"), _("Étape")),
        *(_("Territoire"), _("Critères"), _("Close le"), _("Pourquoi close")),
    )
    return Table(
        title=_("Registre des décisions"),
        says="",
        first=_("Décision"),
        columns=(
            *(Column(label, numeric=False) for label in texts),
            Column(_("Attentes")),
            Column(_("Attentes relues")),
            Column(_("Nature"), numeric=False),
        ),
        rows=rows,
        about=_("registre des décisions"),
    )


def expectations(decision: Commitment, found: Iterable[Expectation]) -> Table:
    """What was expected of one decision and what came, each number with its state, for a file."""
    reference = territories.known()
    return Table(
        title=_("Ce qui était attendu, et ce qui est arrivé"),
        says=words.marked(decision),
        first=_("Attente"),
        columns=tuple(_expectation_columns()),
        rows=[
            TableRow(
                one.sentence,
                (
                    str(one.indicator),
                    words.unit_of(one.indicator),
                    territories.name_of(one.territory, reference),
                    one.baseline,
                    _state(one.baseline, one.baseline_state),
                    one.baseline_period,
                    one.low,
                    one.high,
                    one.period,
                    one.due.isoformat(),
                    territories.name_of(one.comparator, reference),
                    *_result(one),
                    _("retirée") if one.withdrawn_id else "",
                ),
            )
            for one in found
        ],
        about=_("attentes de la décision {n}").format(n=decision.reference),
    )


def _expectation_columns() -> Iterator[Column]:
    for label, decimals in (
        *((_("Indicateur"), None), (_("Unité"), None), (_("Territoire"), None)),
        *((_("Départ"), 4), (_("Départ, état"), None), (_("Départ, période"), None)),
        *((_("Attendu, bas"), 4), (_("Attendu, haut"), 4), (_("Période attendue"), None)),
        *((_("Échéance"), None), (_("Comparé à"), None)),
        *((_("Résultat"), 4), (_("Résultat, état"), None), (_("Résultat, période"), None)),
        *((_("Degré de preuve"), None), (_("Verdict"), None), (_("Mots"), None)),
        *((_("Source"), None), (_("Adresse"), None), (_("Retrait"), None)),
    ):
        yield Column(label, numeric=decimals is not None, decimals=decimals or 0)


def _result(found: Expectation) -> tuple[str | float | None, ...]:
    review = found.reviewed
    if review is None:
        return (None, "", "", "", "", "", "", "")
    return (
        review.value,
        _state(review.value, review.state),
        review.period,
        grade_word(review.grade),
        words.verdict(review),
        review.words,
        review.source,
        review.source_url,
    )


def expectations_drawn(found: Iterable[Expectation], today: date) -> Table:
    """The same in few columns, for a document that is read."""
    return Table(
        title=_("Ce qui était attendu, et ce qui est arrivé"),
        says=_("Un résultat absent reste écrit : il ne devient ni zéro, ni « en cours »."),
        first=_("Attente"),
        columns=tuple(
            Column(label, numeric=False) for label in (*(_("Départ"), _("Attendu"), _("Arrivé")),)
        ),
        rows=[
            TableRow(
                one.sentence,
                (
                    words.baseline(one),
                    _("{range}, échéance le {due}").format(
                        range=words.expected(one.indicator, one.low, one.high),
                        due=formats.date(one.due, language()),
                    ),
                    _came(one, today),
                ),
                sub=" · ".join(
                    part
                    for part in (str(one.indicator), territories.name_of(one.territory))
                    if part
                ),
            )
            for one in found
        ],
        id="attentes",
        sortable=False,
        about=_("attentes"),
    )


def _came(found: Expectation, today: date) -> str:
    said = words.arrived(found, found.reviewed, today)
    if found.reviewed is None:
        return said
    if found.reviewed.value is None:
        return f"{said}, {words.verdict(found.reviewed)}"
    return f"{said} ({grade_word(found.reviewed.grade)}), {words.verdict(found.reviewed)}"

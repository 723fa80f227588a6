"""How a figure is said: its value or the word of its state, its age, and its answer to "d'où ?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from perron import formats
from perron.lake.provenance import Figure, State

#: The word of each state, as a reader sees it. A suppressed value is never said otherwise.
WORDS = {
    State.ZERO: _lazy("zéro"),
    State.SUPPRESSED: _lazy("supprimé"),
    State.UNKNOWN: _lazy("inconnu"),
    State.NOT_MEASURED: _lazy("non mesuré"),
}


def language() -> str:
    """The language of the page, as `perron.formats` takes it."""
    return (get_language() or "fr")[:2]


def word(state: State | str) -> str:
    """The word of a state; an observed value has none."""
    return str(WORDS.get(State(state), ""))


def value_text(figure: Figure, signed: bool = False, unit: bool = True) -> str:
    """The figure in one short text: "1,43", "45 %", or the word of its state."""
    if figure.state is not State.OBSERVED or figure.value is None:
        return word(figure.state)
    if signed:
        text = formats.signed(figure.value, figure.decimals, language())
        return f"{text}{formats.NBSP}{figure.unit}" if unit and figure.unit else text
    shown = figure.unit if unit else ""
    return formats.with_unit(figure.value, shown, figure.decimals, language())


def interval_text(figure: Figure) -> str:
    """The bounds in words, "1,34 à 1,52", or nothing where none is published."""
    if figure.low is None or figure.high is None:
        return ""
    return formats.interval(figure.low, figure.high, figure.decimals, language())


def years(count: int) -> str:
    """An age in whole years."""
    if count == 0:
        return _("moins d’un an")
    return ngettext("{n} an", "{n} ans", count).format(n=count)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the answer to "d'où ?": `state` or `stale` asks for its mark beside the words."""

    label: str
    text: str
    state: str = ""
    stale: str = ""


def provenance(figure: Figure, today: date) -> Sequence[Line]:
    """Everything a hostile reader may ask about a figure, in the order of the panel."""
    origin = figure.origin
    published = source_text(origin.publisher, origin.source)
    lines = [
        Line(_("Territoire"), figure.territory),
        Line(_("Période"), formats.period(figure.period, language())),
        Line(_("Source"), published),
        Line(_("Licence"), _(origin.licence)),
        Line(_("Extrait le"), formats.date(origin.retrieved, language())),
    ]
    if figure.method:
        lines.append(Line(_("Méthode"), figure.method))
    bounds = interval_text(figure)
    if bounds:
        lines.append(Line(_("Intervalle"), f"{bounds}, {figure.interval}".rstrip(", ")))
    else:
        lines.append(Line(_("Intervalle"), _("non publié"), state=State.NOT_MEASURED.value))
    limit = _("limite {years}").format(years=years(figure.limit_years or 0))
    age = years(figure.age(today))
    if figure.limit_years is None:
        lines.append(Line(_("Âge"), age))
    elif figure.stale(today):
        lines.append(Line(_("Âge"), age, stale=limit))
    else:
        lines.append(Line(_("Âge"), f"{age}, {limit}"))
    return lines


def source_text(publisher: str, source: str) -> str:
    """The publisher, then the table in the middle of a sentence, the publisher said once.

    >>> source_text("Statbel", "Population des communes"), source_text("SPF", "NACE-BEL 2008")
    ('Statbel, population des communes', 'SPF, NACE-BEL 2008')
    """
    # A table's title is stored in French in its manifest and said in the reader's language.
    source = _(source)
    if source.startswith(publisher):
        return source
    title = source[0].lower() + source[1:] if source[1:2].islower() else source
    return f"{publisher}, {title}"


def context_text(figure: Figure) -> str:
    """What stands under a value when a page says nothing better: interval and period."""
    parts = [interval_text(figure), formats.period(figure.period, language())]
    return " · ".join(part for part in parts if part)


#: The degrees of proof of a result, as the ledger grades them.
GRADES = {
    "attested": _lazy("attesté"),
    "probable": _lazy("probable"),
    "claimed": _lazy("déclaré"),
    "not_measured": _lazy("non mesuré"),
}


def grade_word(grade: str) -> str:
    """The word of a degree of proof; an unknown one is a mistake in the caller (KeyError)."""
    return str(GRADES[grade])

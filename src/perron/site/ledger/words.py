"""What the register says in words: titles, what is expected, what came of it, what is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import State
from perron.site.components.figures import grade_word, language, word
from perron.site.ledger.models import Commitment, Expectation, Grade, Indicator, Review, Verdict
from perron.site.ledger.selectors import Outcomes

VERDICTS: Mapping[str, object] = {
    Verdict.HELD: _lazy("attente tenue"),
    Verdict.ABOVE: _lazy("au-delà de l’attente"),
    Verdict.BELOW: _lazy("attente non atteinte"),
    Verdict.UNKNOWN: _lazy("pas de réponse"),
}


def marked(found: Commitment) -> str:
    """The title with its number, and the mark of what is invented where the title stands alone."""
    title, mark = f"{found.reference} · {found.title}", _("exemple fictif")
    return f"{title} ({mark})" if found.fictional and mark not in title else title


# --- the register ----------------------------------------------------------------------------------


def register_title(found: Outcomes, decisions: bool) -> str:
    """What became of what was expected, in a sentence; the question where nothing is inscribed."""
    if not decisions:
        return _("Que décidons-nous, et qu’en attendons-nous ?")
    if not found.due:
        return _("Aucune attente n’est encore échue.")
    return _("De {due}, {parts}.").format(
        due=ngettext("{n} attente échue", "{n} attentes échues", found.due).format(n=found.due),
        parts=formats.listed(_outcomes(found), language()),
    )


def _outcomes(found: Outcomes) -> list[str]:
    """How many of each degree; that none is attested is said."""
    attested, probable, claimed, none = (found.of(g) for g in Grade.values)
    said = [
        ngettext("{n} est attestée", "{n} sont attestées", attested).format(n=attested)
        if attested
        else _("aucune n’est attestée")
    ]
    if probable:
        said.append(ngettext("{n} probable", "{n} probables", probable).format(n=probable))
    if claimed:
        said.append(ngettext("{n} déclarée", "{n} déclarées", claimed).format(n=claimed))
    if none:
        said.append(
            ngettext("{n} n’a pas été mesurée", "{n} n’ont pas été mesurées", none).format(n=none)
        )
    return said


def counted(found: Outcomes) -> str:
    """The same without verbs: what the unit chart shows, for who does not see it."""
    attested, probable, claimed, none = (found.of(g) for g in Grade.values)
    said = (
        (attested, ngettext("{n} attestée", "{n} attestées", attested)),
        (probable, ngettext("{n} probable", "{n} probables", probable)),
        (claimed, ngettext("{n} déclarée", "{n} déclarées", claimed)),
        (none, ngettext("{n} non mesurée", "{n} non mesurées", none)),
    )
    return ", ".join(words.format(n=n) for n, words in said if n)


def counted_decisions(count: int) -> str:
    """How many decisions a list holds."""
    return ngettext("{n} décision", "{n} décisions", count).format(n=count)


def summary(found: Sequence[Expectation], today: date) -> str:
    """What became of one decision's expectations, in a sentence."""
    if not found:
        return _("Rien n’est encore attendu de cette décision : on ne saura pas si elle a réussi.")
    if len(found) == 1:
        return _alone(found[0], today)
    verdicts = [one.reviewed.verdict for one in found if one.reviewed]
    held = sum(v in (Verdict.HELD, Verdict.ABOVE) for v in verdicts)
    below, unknown = verdicts.count(Verdict.BELOW), verdicts.count(Verdict.UNKNOWN)
    late = sum(one.reviewed is None and one.due <= today for one in found)
    coming = len(found) - len(verdicts) - late
    parts = []
    if held:
        parts.append(ngettext("{n} est tenue", "{n} sont tenues", held).format(n=held))
    if below:
        parts.append(
            ngettext("{n} n’est pas atteinte", "{n} ne sont pas atteintes", below).format(n=below)
        )
    if unknown:
        parts.append(
            ngettext("{n} reste sans réponse", "{n} restent sans réponse", unknown).format(
                n=unknown
            )
        )
    if late:
        parts.append(
            ngettext("{n} attend sa relecture", "{n} attendent leur relecture", late).format(n=late)
        )
    if coming:
        parts.append(
            ngettext("{n} n’est pas encore échue", "{n} ne sont pas encore échues", coming).format(
                n=coming
            )
        )
    return _("De {n} attentes, {parts}.").format(
        n=len(found), parts=formats.listed(parts, language())
    )


def _alone(one: Expectation, today: date) -> str:
    if one.reviewed is None:
        late = one.due <= today
        return (
            _("L’attente est échue et attend sa relecture.")
            if late
            else _("L’attente n’est pas encore échue.")
        )
    return {
        Verdict.HELD: _("L’attente est tenue."),
        Verdict.ABOVE: _("L’attente est dépassée."),
        Verdict.BELOW: _("L’attente n’est pas atteinte."),
        Verdict.UNKNOWN: _("L’attente reste sans réponse."),
    }[Verdict(one.reviewed.verdict)]


# --- one expectation -------------------------------------------------------------------------------


def unit_of(indicator: Indicator) -> str:
    """The unit in the language of the page."""
    return indicator.unit_en if indicator.unit_en and language() == "en" else indicator.unit


def amount(indicator: Indicator, value: float | None, state: str, unit: bool = True) -> str:
    """A value with its unit, or the word of its state."""
    if value is None:
        return word(state) if state in list(State) else word(State.UNKNOWN)
    return formats.with_unit(
        value, unit_of(indicator) if unit else "", _places(indicator, value), language()
    )


def _places(indicator: Indicator, value: float) -> int:
    """As many decimals as the indicator has, and more where a typed value would be cut."""
    places = indicator.decimals
    while places < 4 and abs(round(value, places) - value) > 1e-9:
        places += 1
    return places


def expected(indicator: Indicator, low: float | None, high: float | None) -> str:
    """The range in words: "20 à 26 emplois", "au moins 20 emplois"."""
    if low is not None and high is not None and low != high:
        places = max(_places(indicator, low), _places(indicator, high))
        return (
            f"{formats.interval(low, high, places, language())}{formats.NBSP}{unit_of(indicator)}"
        )
    if low is not None and high is not None:
        return amount(indicator, low, State.OBSERVED)
    if low is not None:
        return _("au moins {value}").format(value=amount(indicator, low, State.OBSERVED))
    return _("au plus {value}").format(value=amount(indicator, high, State.OBSERVED))


def baseline(found: Expectation) -> str:
    """Where it started, and when."""
    said = amount(found.indicator, found.baseline, found.baseline_state)
    if not found.baseline_period:
        return said
    return _("{value} en {period}").format(
        value=said, period=formats.period(found.baseline_period, language())
    )


def arrived(found: Expectation, review: Review | None, today: date) -> str:
    """What came, or why nothing is said of it yet."""
    if review is None:
        return _("à relire") if found.due <= today else _("pas encore échu")
    return amount(found.indicator, review.value, review.state)


def verdict(review: Review | None) -> str:
    return "" if review is None else str(VERDICTS[review.verdict])


def result(found: Expectation, review: Review) -> str:
    """What a review says, in one sentence."""
    value = amount(found.indicator, review.value, review.state)
    degree = grade_word(review.grade)
    if review.value is None:
        return _("Résultat : {value}. {verdict}.").format(
            value=value, verdict=verdict(review).capitalize()
        )
    when = formats.period(review.period or found.period, language())
    return _("Résultat : {value} ({period}), {grade}. {verdict}.").format(
        value=value, period=when, grade=degree, verdict=verdict(review).capitalize()
    )


# --- what falls due --------------------------------------------------------------------------------


def due_title(late: int, month: int, later: int) -> str:
    """What waits for a review, in a sentence."""
    if late:
        return ngettext(
            "{n} attente est échue et attend sa relecture.",
            "{n} attentes sont échues et attendent leur relecture.",
            late,
        ).format(n=late)
    if month:
        return ngettext(
            "{n} attente vient à échéance ce mois-ci.",
            "{n} attentes viennent à échéance ce mois-ci.",
            month,
        ).format(n=month)
    if later:
        return ngettext(
            "Rien n’est en retard ; {n} attente viendra à échéance.",
            "Rien n’est en retard ; {n} attentes viendront à échéance.",
            later,
        ).format(n=later)
    return _("Aucune attente n’a d’échéance à venir.")


def distance(due: date, today: date) -> str:
    """How far a day is, in days up to two months, then in months."""
    days = (due - today).days
    if days == 0:
        return _("aujourd’hui")
    count, late = abs(days), days < 0
    if count < 60:
        said = ngettext("{n} jour", "{n} jours", count).format(n=count)
    else:
        said = _("{n} mois").format(n=round(count / 30.44))
    return (
        _("en retard de {time}").format(time=said) if late else _("dans {time}").format(time=said)
    )

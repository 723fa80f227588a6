"""The conclusions that the page Moteurs puts above its charts and tables, as its figures give them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure, State
from perron.site.components.figures import language, value_text
from perron.site.economy.drivers import ruptures
from perron.site.economy.drivers.churn import Churn
from perron.site.economy.drivers.establishments import Trend
from perron.site.economy.drivers.growth import Growth, Line
from perron.site.economy.drivers.ruptures import Rupture, Ruptures


def hundreds(value: float | None, sign: bool = True) -> str:
    """A number of jobs in a sentence, as finely as the source writes it."""
    rounded = round(value or 0.0, -2)
    write = formats.signed if sign else formats.number
    return write(rounded if sign else abs(rounded), 0, language())


def percent(figure: Figure) -> str:
    """A change with its sign and unit."""
    return value_text(figure, signed=True)


def gaps(found: Growth) -> str:
    """The branches that lie furthest below and above the pace of the base."""
    zero = 0.0 if found.adds_up else 1.0
    lines = sorted(found.lines, key=lambda line: line.difference.value or zero)
    worst, best = lines[0], lines[-1]
    below, above = (worst.difference.value or zero) < zero, (best.difference.value or zero) > zero
    if not found.adds_up:
        return _("Le plus loin sous la base : {worst} ; le plus loin au-dessus : {best}.").format(
            worst=worst.label, best=best.label
        )
    if below and above:
        return _(
            "Le plus loin sous le rythme de la base : {worst} ({lost}) ; au-dessus : {best} ({won})."
        ).format(
            worst=worst.label,
            lost=hundreds(worst.difference.value),
            best=best.label,
            won=hundreds(best.difference.value),
        )
    if below:
        return _(
            "Toutes les branches sont sous le rythme de la base, {worst} d’abord ({lost})."
        ).format(worst=worst.label, lost=hundreds(worst.difference.value))
    return _(
        "Aucune branche n’est sous le rythme de la base ; {best} va le plus loin ({won})."
    ).format(best=best.label, won=hundreds(best.difference.value))


def contributions(found: Growth) -> str:
    """Which branch brought most, and which took most away."""
    lines = sorted(found.lines, key=lambda line: line.points.value or 0.0)
    most, least = lines[-1], lines[0]
    whole = percent(found.total.rate)
    if (most.points.value or 0.0) <= 0:
        return _(
            "Aucune branche n’a apporté d’emplois ; {least} en a retiré le plus ({n} points)."
        ).format(least=least.label, n=_points(least))
    said = _("Sur {whole}, « {most} » apporte {n} points").format(
        whole=whole, most=most.label, n=_points(most)
    )
    if (least.points.value or 0.0) < 0:
        said += _(" ; « {least} » en retire {n}").format(
            least=least.label, n=formats.number(abs(least.points.value or 0.0), 1, language())
        )
    return said + "."


def _points(line: Line) -> str:
    return formats.signed(line.points.value or 0.0, 1, language())


def turnover(found: Churn) -> str:
    """The sections in which more enterprises stop than start, beyond chance."""
    losing = [
        s.label for s in found.sections if s.net.high is not None and s.net.high < 0 and not s.small
    ]
    gaining = [s for s in found.sections if s.net.low is not None and s.net.low > 0 and not s.small]
    if losing:
        return ngettext(
            "{n} section perd nettement des entreprises : {names} ; {m} en gagnent nettement.",
            "{n} sections perdent nettement des entreprises : {names} ; {m} en gagnent nettement.",
            len(losing),
        ).format(n=len(losing), names=formats.listed(losing, language()), m=len(gaining))
    if gaining:
        return ngettext(
            "{m} section gagne nettement des entreprises ; aucune n’en perd nettement.",
            "{m} sections gagnent nettement des entreprises ; aucune n’en perd nettement.",
            len(gaining),
        ).format(m=len(gaining))
    return _("Une année ne suffit pas à dire d’une section qu’elle gagne ou perd des entreprises.")


def hidden_sections(found: Churn) -> str:
    """The sections that the chart leaves out, with the reason."""
    names = {
        state: [s.label for s in found.sections if s.net.state is state]
        for state in (State.SUPPRESSED, State.UNKNOWN)
    }
    said = []
    if hidden := names[State.SUPPRESSED]:
        said.append(_("Supprimées : {names}.").format(names=", ".join(hidden)))
    if unknown := names[State.UNKNOWN]:
        said.append(_("Inconnues : {names}.").format(names=", ".join(unknown)))
    return " ".join(said)


def courses(found: Ruptures) -> str:
    """Which branches changed course, and after which year; none is an answer."""
    broken = found.of(ruptures.BREAK)
    if not broken:
        return _("Aucune branche n’a changé de cours de façon sûre.")
    names = [
        _("{branch} après {year}").format(branch=test.label, year=test.year) for test in broken
    ]
    return _("Le cours de l’emploi a changé : {names}.").format(
        names=formats.listed(names, language())
    )


def tests(found: Ruptures) -> str:
    sure, weak = len(found.of(ruptures.BREAK)), len(found.of(ruptures.FRAGILE))
    tested = len(found.tests) + 1
    said = ngettext(
        "{n} rupture sûre sur {all} épreuves", "{n} ruptures sûres sur {all} épreuves", sure
    ).format(n=sure, all=tested)
    if weak:
        said += ngettext(
            " ; {n} ne tient que si les années sont indépendantes",
            " ; {n} ne tiennent que si les années sont indépendantes",
            weak,
        ).format(n=weak)
    return said + "."


def why_none(found: Ruptures) -> str:
    """Why nothing was called a break, or not everywhere."""
    best = min((*found.tests, found.total), key=lambda test: test.q_linked)
    return _(
        "Le cas le plus net, {branch} après {year}, a un q de {q} quand on suppose que les années se suivent (corrélation {linked}) : au-dessus de {rate}, on ne conclut pas."
    ).format(
        branch=best.label,
        year=best.year,
        q=formats.number(best.q_linked, 3, language()),
        linked=formats.number(ruptures.LINKED, 1, language()),
        rate=formats.number(ruptures.RATE, 2, language()),
    )


def verdict(test: Rupture) -> str:
    return {
        ruptures.BREAK: _("rupture"),
        ruptures.FRAGILE: _("fragile"),
        ruptures.NONE: _("aucune"),
    }[test.verdict]


def span(years: Sequence[int]) -> str:
    """Years in few characters: stretches of them.

    >>> span((2004, 2005, 2008)), span((2008,))
    ('2004-2005, 2008', '2008')
    """
    stretches: list[list[int]] = []
    for year in years:
        if stretches and year == stretches[-1][-1] + 1:
            stretches[-1].append(year)
        else:
            stretches.append([year])
    return ", ".join(f"{s[0]}-{s[-1]}" if len(s) > 1 else str(s[0]) for s in stretches)


def recent(found: Trend) -> str:
    here, there = found.change, found.reference_change
    said = _("Depuis {first}, {change} d’établissements").format(
        first=found.periods[0], change=percent(here)
    )
    if there.value is not None and found.place.code != found.reference.code:
        said += _(", contre {other} en référence ({reference})").format(
            other=percent(there), reference=found.reference.name(language())
        )
    return said + "."

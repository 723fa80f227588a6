"""What the register says in words: titles, summaries, what its pages cannot say."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure
from perron.site.components.figures import interval_text, language, value_text
from perron.site.directory.activities import Activity
from perron.site.economy.sectors.words import short
from perron.site.strategy.exchange import ADDED, REFUSED, SAME
from perron.site.strategy.exposures import Exposedness
from perron.site.strategy.models import Direction, Driver, Kind, Status
from perron.site.strategy.selectors import DriverSheet, Filters, Register


def marked(driver: Driver) -> str:
    """The title, with the mark of what is invented: it shows wherever the title does."""
    return f"{driver.title} ({_('exemple fictif')})" if driver.fictional else driver.title


def period(driver: Driver) -> str:
    """Since when and until when, in few words."""
    since, until = (
        formats.period(p, language()) if p else "" for p in (driver.since, driver.until)
    )
    if since and until:
        return _("de {since} à {until}").format(since=since, until=until)
    if since:
        return _("depuis {since}").format(since=since)
    return _("jusqu’à {until}").format(until=until) if until else _("date inconnue")


def summary(driver: Driver) -> str:
    """Kind, direction, dates and state in one line."""
    return " · ".join(
        (
            str(Kind(driver.kind).label),
            str(Direction(driver.direction).label),
            period(driver),
            str(Status(driver.status).label),
        )
    )


def register_title(found: Register) -> str:
    """How many drivers push here, and which way."""
    if not found.total:
        return _("Aucun moteur de changement n’est inscrit.")
    if not found.cards:
        return _("Aucun moteur ne répond à ce choix.")
    counted = {d: sum(c.driver.direction == d for c in found.cards) for d in Direction}
    parts = []
    if n := counted[Direction.THREAT]:
        parts.append(ngettext("{n} est une menace", "{n} sont des menaces", n).format(n=n))
    if n := counted[Direction.OPPORTUNITY]:
        parts.append(
            ngettext("{n} est une opportunité", "{n} sont des opportunités", n).format(n=n)
        )
    if n := counted[Direction.BOTH]:
        parts.append(
            ngettext("{n} est menace et opportunité", "{n} sont menace et opportunité", n).format(
                n=n
            )
        )
    return ngettext(
        "{n} moteur de changement : {parts}.",
        "{n} moteurs de changement : {parts}.",
        len(found.cards),
    ).format(n=len(found.cards), parts=formats.listed(parts, language()))


def exposed_most(found: Register) -> str:
    """Drivers that touch more of us than of the reference, and how many can be compared."""
    comparable = [
        c for c in found.cards if _ratio(c.exposed.enterprises, c.exposed.enterprises_there)
    ]
    more = [
        c
        for c in comparable
        if (_ratio(c.exposed.enterprises, c.exposed.enterprises_there) or 0) > 1
    ]
    if not comparable:
        return _("Les nombres publiés ne permettent de comparer l’exposition à aucun moteur.")
    return ngettext(
        "{n} moteur sur {all} comparable touche ici une part plus grande des entreprises qu’en référence.",
        "{n} moteurs sur {all} comparables touchent ici une part plus grande des entreprises qu’en référence.",
        len(more),
    ).format(n=len(more), all=len(comparable))


def _ratio(here: Figure, there: Figure) -> float | None:
    if here.value is None or not there.value:
        return None
    return here.value / there.value


def lead(found: DriverSheet) -> str:
    """How much of us is exposed, beside the reference, or why that is not known."""
    exposed = found.exposed
    if not found.touched:
        return _("Aucune activité exposée n’est inscrite : l’exposition ne se calcule pas.")
    here, there = exposed.enterprises, exposed.enterprises_there
    reference = exposed.reference.name(language())
    ratio = _ratio(here, there)
    if ratio is not None and exposed.place.code != exposed.reference.code:
        return _(
            "{n} entreprises d’ici sont dans une activité exposée : {share}, soit {ratio} fois la part en référence ({reference}, {other})."
        ).format(
            n=value_text(exposed.count),
            share=value_text(here),
            ratio=formats.number(ratio, 1, language()),
            reference=reference,
            other=value_text(there),
        )
    if here.value is not None:
        return _("{n} entreprises d’ici sont dans une activité exposée : {share}.").format(
            n=value_text(exposed.count), share=value_text(here)
        )
    return _(
        "La part des entreprises exposées n’est connue que par des bornes : {bounds} %."
    ).format(bounds=interval_text(here) or "?")


def sections(found: DriverSheet) -> str:
    """The section most touched, as far as it is known."""
    known = [s for s in found.exposed.sections if s.here.value is not None]
    if not known:
        return _(
            "Aucune section n’a de part exacte : les nombres publiés ne donnent que des bornes."
        )
    most = max(known, key=lambda s: s.here.value or 0.0)
    return _("La section la plus touchée dont la part est connue : « {section} », {share}.").format(
        section=most.label, share=value_text(most.here)
    )


def reserves(found: DriverSheet) -> list[str]:
    """What a reader of the exposure must know."""
    said = [
        _(
            "Être exposé n’est pas être condamné : une part dit ce qui est touché, pas ce qui sera perdu ou gagné."
        ),
        _(
            "Une entreprise compte à son siège, quelle que soit sa taille. Les emplois ne sont publiés que par division : une activité plus fine n’y a que des bornes."
        ),
    ]
    if found.touched and not found.exposed.degrees_known:
        said.append(
            _("Aucune part exposée n’est connue : les chiffres comptent l’activité entière.")
        )
    return said


def share(value: float | None) -> str:
    """The share of an activity that is exposed."""
    return _("inconnue") if value is None else formats.percent(value, 0, language())


def activity(known: Activity | None, code: str) -> str:
    return short(known) if known else code


def facts(exposed: Exposedness) -> list[dict[str, Any]]:
    """The figures of a sheet, with what stands under each."""
    reference = exposed.reference.name(language())
    found = [
        {"figure": exposed.count, "label": _("Entreprises exposées"), "text": ""},
        {
            "figure": exposed.enterprises,
            "label": _("Part des entreprises"),
            "text": _under(exposed.enterprises, exposed.enterprises_there, reference),
        },
        {
            "figure": exposed.jobs,
            "label": _("Part des emplois"),
            "text": _under(exposed.jobs, exposed.jobs_there, reference),
        },
    ]
    if exposed.degrees_known:
        found.append(
            {
                "figure": exposed.degree,
                "label": _("Part exposée, degrés compris"),
                "text": _under(exposed.degree, exposed.degree_there, reference),
            }
        )
    return found


def _under(here: Figure, there: Figure, reference: str) -> str:
    """The bounds of a figure, the reference's, and the period."""
    other = value_text(there) if there.value is not None else interval_text(there)
    said = (
        [_("bornes : {bounds} %").format(bounds=interval_text(here))] if interval_text(here) else []
    )
    if other:
        unit = "" if there.value is not None else " %"
        said.append(f"{reference} : {other}{unit}")
    return " · ".join([*said, formats.period(here.period, language())])


def filters(chosen: Filters) -> list[dict[str, Any]]:
    """The choices of the list, each with its answers."""
    states = [("", _("en cours")), *Status.choices, ("all", _("tous"))]
    return [
        {
            "name": "nature",
            "label": _("Nature"),
            "value": chosen.kind,
            "answers": [("", _("toutes")), *Kind.choices],
        },
        {
            "name": "sens",
            "label": _("Sens"),
            "value": chosen.direction,
            "answers": [("", _("tous")), *Direction.choices],
        },
        {"name": "etat", "label": _("État"), "value": chosen.status, "answers": states},
    ]


def fate(found: str) -> str:
    """What becomes of a row of an imported file."""
    return {ADDED: _("à inscrire"), SAME: _("déjà au registre"), REFUSED: _("refusée")}[found]

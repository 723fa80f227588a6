"""What the register of challenges says in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.site.accounts.access import Reader
from perron.site.components.figures import language
from perron.site.directory.models import Family
from perron.site.directory.vocabulary import selectors as vocabulary
from perron.site.strategy.challenges.selectors import Filters, Register
from perron.site.strategy.models import Challenge, Side, Stand


def title(found: Register) -> str:
    """How many challenges are open, and how many of them wait for a decision."""
    if not found.total:
        return _("Aucun défi n’est inscrit.")
    if not found.open:
        return _("Aucun défi n’est ouvert.")
    said = ngettext("{n} défi est ouvert", "{n} défis sont ouverts", found.open)
    said = said.format(n=found.open)
    if not found.unanswered:
        return _("{open} ; chacun a conduit à une décision.").format(open=said)
    if found.unanswered == found.open:
        return _("{open}, sans décision jusqu’ici.").format(open=said)
    return ngettext(
        "{open}, dont {n} sans décision.", "{open}, dont {n} sans décision.", found.unanswered
    ).format(open=said, n=found.unanswered)


def period(found: Challenge) -> str:
    """Since when and until when, in few words; "" where nothing is known."""
    since, until = (formats.period(p, language()) if p else "" for p in (found.since, found.until))
    if since and until:
        return _("de {since} à {until}").format(since=since, until=until)
    if since:
        return _("depuis {since}").format(since=since)
    return _("jusqu’à {until}").format(until=until) if until else ""


def filters(chosen: Filters) -> list[dict[str, Any]]:
    """The choices of the list, each with its answers."""
    terms = {
        family: [(t.code, str(t)) for t in vocabulary.every(family)]
        for family in (Family.CHALLENGE, Family.CRITERION)
    }
    states = [("", _("en cours")), *Stand.choices, ("all", _("tous"))]
    every, each = ("", _("tous")), ("", _("tous"))
    return [
        _filter("sens", _("Sens"), chosen.side, [every, *Side.choices]),
        _filter("type", _("Type"), chosen.kind, [every, *terms[Family.CHALLENGE]]),
        _filter("critere", _("Critère"), chosen.criterion, [each, *terms[Family.CRITERION]]),
        _filter("etat", _("État"), chosen.status, states),
    ]


def _filter(name: str, label: str, value: str, answers: list[Any]) -> dict[str, Any]:
    return {"name": name, "label": label, "value": value, "answers": answers}


def lead(found: Register, reader: Reader) -> str:
    """What the register is for, and what of it is shown."""
    said = _(
        "Un défi dit ce qui est en jeu, sur quelles preuves, et à quelle décision il a conduit."
    )
    if not reader.signed_in:
        return said + " " + _("Seuls les défis publics se lisent sans compte.")
    return said

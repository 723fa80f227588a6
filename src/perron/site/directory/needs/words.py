"""Sentences of the pages of needs."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.site.directory.models import Family, Need, NeedStatus
from perron.site.directory.needs.selectors import OVERDUE, WITHIN, Filters, Listing, Sheet
from perron.site.directory.organisations.reference import Reference, language
from perron.site.directory.vocabulary import selectors as vocabulary


def title(found: Listing) -> str:
    """How many needs are open, and how many have waited too long."""
    if not found.total:
        return (
            _("Aucun besoin ne répond à ce choix.")
            if found.filters.asked
            else _("Aucun besoin n’est encore noté.")
        )
    if found.filters.status == NeedStatus.ANSWERED:
        return ngettext("{n} besoin répondu.", "{n} besoins répondus.", found.answered).format(
            n=found.answered
        )
    if found.filters.status == NeedStatus.CLOSED:
        return ngettext("{n} besoin clos.", "{n} besoins clos.", found.closed).format(
            n=found.closed
        )
    if not found.open:
        return _("Aucun besoin ouvert : tous ont une réponse ou sont clos.")
    opened = ngettext("{n} besoin ouvert", "{n} besoins ouverts", found.open).format(n=found.open)
    if not found.late:
        return _("{opened}, aucun n’attend une réponse depuis plus de 30 jours.").format(
            opened=opened
        )
    return ngettext(
        "{opened}, dont {m} attend une réponse depuis plus de 30 jours.",
        "{opened}, dont {m} attendent une réponse depuis plus de 30 jours.",
        found.late,
    ).format(opened=opened, m=found.late)


def filters(asked: Filters, known: Reference) -> list[dict[str, Any]]:
    """The choices of the list, each with its answers. Types out of use are still there to filter by."""
    kinds = [(term.code, str(term)) for term in vocabulary.every(Family.NEED)]
    statuses = [
        (NeedStatus.OPEN.value, _("ouverts")),
        (NeedStatus.ANSWERED.value, _("répondus")),
        (NeedStatus.CLOSED.value, _("clos")),
        ("all", _("tous")),
    ]
    within = [
        ("", _("n’importe quand")),
        (OVERDUE, _("déjà passé")),
        *((key, _("dans les {n} jours").format(n=days)) for key, days in WITHIN.items()),
    ]
    return [
        {"name": "etat", "label": _("État"), "value": asked.status, "answers": statuses},
        {
            "name": "type",
            "label": _("Type"),
            "value": asked.kind,
            "answers": [("", _("tous")), *kinds],
        },
        {"name": "pour", "label": _("Pour quand"), "value": asked.within, "answers": within},
        {
            "name": "qui",
            "label": _("Suivi par"),
            "value": "moi" if asked.mine else "",
            "answers": [("", _("tout le monde")), ("moi", _("moi"))],
        },
    ]


def sheet_title(need: Need) -> str:
    """A need as its page calls it: what is needed, or what was said."""
    return need.sentence if need.sentence.endswith((".", "?", "!")) else f"{need.sentence}."


def who_reads(found: Sheet) -> str:
    """Who may read a need, in a sentence."""
    need = found.need
    return {
        "public": _("Tout le monde peut lire ce besoin."),
        "agency": _("Les rôles qui lisent les besoins internes peuvent lire celui-ci."),
        "restricted": _(
            "Confidentiel : son responsable, les personnes nommées, l’organisation elle-même et les rôles qui lisent tout. Chaque lecture est notée."
        ),
    }[need.confidentiality]


def quantity(need: Need) -> str:
    """A quantity with its unit: "12", "3 000 m²"; empty where it is not known."""
    if need.quantity is None:
        return ""
    if not need.unit:
        return formats.number(need.quantity, 0, language())
    return formats.with_unit(need.quantity, need.unit, 0, language())


def short(need: Need) -> str:
    """A need in a list: "12 soudeurs", "Hall, 3 000 m²", or the sentence where nothing was read in it."""
    if not need.object:
        return need.sentence
    counted = quantity(need)
    # "2 soudeurs et 3 tuyauteurs" says its numbers itself.
    if not counted or (not need.unit and any(c.isdigit() for c in need.object[:4])):
        return capfirst(need.object)
    return f"{capfirst(need.object)}, {counted}" if need.unit else f"{counted} {need.object}"


def field_word(name: str) -> str:
    """A field that a proposal gives, as the page calls it."""
    return {
        "quantity": _("combien"),
        "needed_by": _("pour quand"),
        "place": _("où"),
        "kind": _("type"),
    }.get(name, name)

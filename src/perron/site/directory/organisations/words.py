"""What the pages of organisations say in words: titles computed from what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.site.accounts.access import Reader
from perron.site.directory.models import Family, Organisation
from perron.site.directory.organisations.reference import language
from perron.site.directory.organisations.selectors import Directory, Filters, Sheet
from perron.site.directory.vocabulary import selectors as vocabulary


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of the directory's form."""

    name: str
    label: str
    value: str
    answers: Sequence[tuple[str, str]]


def title(page: Directory) -> str:
    """The question of the directory, and how far it is answered."""
    n = formats.number(page.count, 0, language())
    if page.filters.asked:
        return ngettext(
            "Qui fait quoi ici ? {n} organisation à ce choix.",
            "Qui fait quoi ici ? {n} organisations à ce choix.",
            page.count,
        ).format(n=n)
    return ngettext(
        "Qui fait quoi ici ? {n} organisation au répertoire.",
        "Qui fait quoi ici ? {n} organisations au répertoire.",
        page.count,
    ).format(n=n)


def lead(page: Directory, reader: Reader) -> str:
    """What to know of the list: who sees it, and how many facts are old."""
    if not reader.signed_in:
        return _("Vous voyez les fiches publiques. Les autres demandent de se connecter.")
    if not page.count:
        return ""
    if not page.old:
        return _("Aucune fiche n’attend une confirmation depuis plus de douze mois.")
    return ngettext(
        "{n} fiche n’a pas été confirmée depuis douze mois.",
        "{n} fiches n’ont pas été confirmées depuis douze mois.",
        page.old,
    ).format(n=formats.number(page.old, 0, language()))


def filters(asked: Filters, reader: Reader) -> list[Filter]:
    """The choices of the directory's form that are lists."""
    only = [("", _("toutes"))]
    if reader.signed_in:
        only += [
            ("mine", _("les miennes")),
            ("stale", _("à confirmer")),
            ("public", _("publiques")),
        ]
    kinds = [("", _("tous")), *((t.code, str(t)) for t in vocabulary.every(Family.ORGANISATION))]
    found = [Filter("type", _("Type"), asked.kind, kinds)]
    if len(only) > 1:
        found.append(Filter("fiches", _("Fiches"), asked.only, only))
    return found


def sheet_lead(sheet: Sheet) -> str:
    """The answer of an organisation's page, in a sentence or two."""
    wanted = [need for need in sheet.needs if need.status == "open"]
    said = []
    if wanted:
        said.append(
            ngettext(
                "{n} besoin attend une réponse.", "{n} besoins attendent une réponse.", len(wanted)
            ).format(n=len(wanted))
        )
    if sheet.links:
        said.append(
            ngettext(
                "Elle est liée à {n} autre chose.",
                "Elle est liée à {n} autres choses.",
                len(sheet.links),
            ).format(n=formats.number(len(sheet.links), 0, language()))
        )
    return " ".join(said)


def confirmed(organisation: Organisation) -> str:
    """Who last said that the facts are right, and when."""
    if organisation.confirmed_at is None:
        return _("Personne n’a encore confirmé ces faits.")
    day = formats.date(timezone.localdate(organisation.confirmed_at), language())
    said = (
        _("Confirmé par l’organisation le {day}.")
        if organisation.confirmed_by == "organisation"
        else _("Confirmé par l’agence le {day}.")
    )
    return said.format(day=day)


def old(organisation: Organisation) -> str:
    """How old the facts are, for those that look old."""
    since = organisation.confirmed_at or organisation.created
    now = timezone.now()
    months = (now.year - since.year) * 12 + now.month - since.month - (now.day < since.day)
    return ngettext("{n} mois sans confirmation", "{n} mois sans confirmation", months).format(
        n=months
    )

"""An import in sentences: what each fate is called, and what a page of a preview is titled."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from perron import formats
from perron.site.components.figures import language
from perron.site.directory.exchange.fates import (
    ADD,
    ADDED,
    CHANGED,
    CONFLICT,
    DECIDE,
    FATES,
    FILE,
    IS,
    REFUSED,
    SAME,
    TWICE,
    Fate,
)
from perron.site.directory.exchange.selectors import Previewed
from perron.site.directory.models import Import

WORDS = {
    ADDED: _lazy("à ajouter"),
    CHANGED: _lazy("à changer"),
    SAME: _lazy("identique"),
    REFUSED: _lazy("refusée"),
    TWICE: _lazy("en double dans le fichier"),
    DECIDE: _lazy("à décider"),
    CONFLICT: _lazy("changée depuis l’export"),
}


def _number(count: int) -> str:
    return formats.number(count, 0, language())


def title(page: Previewed) -> str:
    """What confirming would do, in a sentence."""
    added, changed = page.count(ADDED), page.count(CHANGED)
    if not added and not changed:
        return _("Rien à écrire : aucune ligne n’ajoute ni ne change une fiche")
    parts = []
    if added:
        parts.append(
            ngettext("{n} fiche serait ajoutée", "{n} fiches seraient ajoutées", added).format(
                n=_number(added)
            )
        )
    if changed:
        parts.append(
            ngettext("{n} changée", "{n} changées", changed).format(n=_number(changed))
            if added
            else ngettext(
                "{n} fiche serait changée", "{n} fiches seraient changées", changed
            ).format(n=_number(changed))
        )
    return formats.listed(parts, language())


def lead(page: Previewed) -> str:
    """What waits for the person, and that nothing is written."""
    said = [_("Rien n’est encore écrit.")]
    refused, waiting = page.count(REFUSED), page.count(DECIDE) + page.count(CONFLICT)
    if refused:
        said.append(
            ngettext(
                "{n} ligne est refusée : sa raison est ci-dessous.",
                "{n} lignes sont refusées, chacune avec sa raison.",
                refused,
            ).format(n=_number(refused))
        )
    if waiting:
        said.append(
            ngettext(
                "{n} ligne attend votre choix ; sans lui, elle ne change rien.",
                "{n} lignes attendent votre choix ; sans lui, elles ne changent rien.",
                waiting,
            ).format(n=_number(waiting))
        )
    return " ".join(said)


def done(found: Import) -> str:
    """What an import did."""
    added, changed = (int(found.counts.get(fate, 0)) for fate in (ADDED, CHANGED))
    said = []
    if added:
        said.append(
            ngettext("{n} fiche ajoutée", "{n} fiches ajoutées", added).format(n=_number(added))
        )
    if changed:
        said.append(
            ngettext("{n} fiche changée", "{n} fiches changées", changed).format(n=_number(changed))
        )
    return formats.listed(said, language()) or _("Rien n’était à écrire")


def filters(page: Previewed) -> list[tuple[str, str, int, bool]]:
    """The fates that there are, with how many rows have each."""
    found = [("", _("toutes"), page.total, not page.fate)]
    found += [
        (fate, str(WORDS[fate]), page.count(fate), page.fate == fate)
        for fate in FATES
        if page.count(fate)
    ]
    if page.differ:
        said = _("d’un autre sort qu’à l’aperçu")
        found.append(("differ", said, page.differ, page.fate == "differ"))
    return found


def answers(fate: Fate) -> list[tuple[str, str]]:
    """What a person may answer to a row that waits."""
    if fate.fate == CONFLICT:
        return [
            ("", _("garder la fiche du répertoire")),
            (FILE, _("prendre les valeurs du fichier")),
        ]
    return [
        ("", _("ne rien faire")),
        *((f"{IS}{pk}", _("c’est {name}").format(name=name)) for pk, name in fate.candidates),
        (ADD, _("c’est une autre : l’ajouter")),
    ]


def status(found: Import) -> str:
    """Where an import stands, in the list of the latest."""
    if found.written:
        return done(found)
    return _("abandonné") if found.dropped else _("à confirmer")

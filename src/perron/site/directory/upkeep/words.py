"""What waits to be kept right, in sentences; two records side by side."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.site.directory.models import Organisation
from perron.site.directory.organisations import rules
from perron.site.directory.organisations.reference import Reference, language
from perron.site.directory.organisations.services import named
from perron.site.directory.upkeep.selectors import Moves, Upkeep


def _number(count: int) -> str:
    return formats.number(count, 0, language())


def title(page: Upkeep) -> str:
    """What waits, as the answer."""
    said = []
    if page.old:
        said.append(
            ngettext(
                "{n} organisation attend d’être confirmée",
                "{n} organisations attendent d’être confirmées",
                page.old,
            ).format(n=_number(page.old))
        )
    if page.due:
        said.append(
            ngettext("{n} personne est à effacer", "{n} personnes sont à effacer", page.due).format(
                n=_number(page.due)
            )
        )
    if page.waiting:
        said.append(
            ngettext(
                "{n} besoin attend depuis plus de 90 jours",
                "{n} besoins attendent depuis plus de 90 jours",
                page.waiting,
            ).format(n=_number(page.waiting))
        )
    return formats.listed(said, language()) if said else _("Le répertoire est à jour")


def doubles_title(count: int) -> str:
    if not count:
        return _("Aucun doublon n’est en vue")
    return ngettext(
        "{n} paire de fiches est peut-être une seule organisation",
        "{n} paires de fiches sont peut-être une seule organisation",
        count,
    ).format(n=_number(count))


def facts(organisation: Organisation, known: Reference) -> list[tuple[str, str]]:
    """The public facts of an organisation, those that are known; never notes nor persons."""
    place = known.place_name(organisation.place) if organisation.place else ""
    sectors = " ; ".join(
        f"{known.sector_name(code)} ({known.sector_code(code)})"
        for code in organisation.sectors.values_list("activity", flat=True)
    )
    found = [
        ("name", organisation.name),
        ("short_name", organisation.short_name),
        ("kind", str(organisation.kind) if organisation.kind else ""),
        ("company_number", rules.written(organisation.company_number)),
        ("place", place),
        ("address", organisation.address),
        ("website", organisation.website),
        ("makes", organisation.makes),
        ("known_for", organisation.known_for),
        ("sectors", sectors),
    ]
    return [(named(name).capitalize(), value) for name, value in found]


def beside(
    one: Organisation, other: Organisation, known: Reference, moves: tuple[Moves, Moves]
) -> list[tuple[str, str, str]]:
    """Two records field by field, then what would move with each."""
    rows = [
        (label, left, right)
        for (label, left), (_label, right) in zip(
            facts(one, known), facts(other, known), strict=True
        )
        if left or right
    ]
    rows += [
        (named(name).capitalize(), getattr(one, name), getattr(other, name))
        for name in ("notes", "source")
        if getattr(one, name) or getattr(other, name)
    ]
    rows.append(
        (
            named("confidentiality").capitalize(),
            one.get_confidentiality_display(),
            other.get_confidentiality_display(),
        )
    )
    labels = {
        "contacts": _("Contacts"),
        "needs": _("Besoins"),
        "memories": _("Souvenirs"),
        "links": _("Liens"),
    }
    left, right = moves
    rows += [
        (label, _number(getattr(left, name)), _number(getattr(right, name)))
        for name, label in labels.items()
    ]
    return rows

"""What waits for the person who comes in: each with its day, a sentence and one thing to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.site.accounts.access import Capability, Reader
from perron.site.components.figures import language
from perron.site.directory import waiting as directory
from perron.site.ledger import selectors as ledger
from perron.site.ledger.words import distance

#: How many are shown, the nearest day first; an expectation shows from so long before its day.
MOST, BEFORE = 12, timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: `day` is when it is due; today where nothing sets a day."""

    day: date
    title: str
    said: str
    url: str
    action: str
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """Something that falls due, in the margin."""

    day: date
    title: str
    url: str
    fictional: bool


def tasks(reader: Reader, today: date) -> list[Task]:
    """Everything that waits for this reader, the nearest day first, in a fixed number of queries."""
    found = [
        *_expectations(reader, today),
        *_needs(reader, today),
        *_remarks(reader, today),
        *_imports(reader, today),
        *_stale(reader, today),
    ]
    return sorted(found, key=lambda task: task.day)[:MOST]


def _expectations(reader: Reader, today: date) -> Iterator[Task]:
    """Expectations of the reader's own decisions, and of nobody's, due or nearly."""
    if not reader.can(Capability.LEDGER_REVIEW):
        return
    owners = {reader.user, None}
    shown = 0
    for one in ledger.expectations_due(reader, until=today + BEFORE)[:200]:
        decision = one.commitment
        if decision.owner_id not in owners or shown == MOST:
            continue
        shown += 1
        late = one.due <= today
        yield Task(
            one.due,
            (
                _("Relire l’attente de la décision {n}, arrivée à échéance")
                if late
                else _("Préparer la relecture de la décision {n}")
            ).format(n=decision.reference),
            f"{one.sentence} ({distance(one.due, today)})",
            reverse("expectation-review", args=[decision.reference, one.entry_id])
            if late
            else reverse("commitment", args=[decision.reference]),
            _("Noter le résultat") if late else _("Ouvrir la décision"),
            decision.fictional,
        )


def _needs(reader: Reader, today: date) -> Iterator[Task]:
    for need, organisation in directory.own_needs(reader, today):
        waits = need.said_on + directory.ANSWERED_WITHIN  # since then it has waited too long
        name = organisation.name if organisation else _("la demande notée")
        yield Task(
            min(waits, need.needed_by or waits),
            _("Répondre à {name}").format(name=name),
            need.sentence,
            reverse("need", args=[need.pk]),
            _("Ouvrir le besoin"),
            need.fictional,
        )


def _remarks(reader: Reader, today: date) -> Iterator[Task]:
    for one in directory.remarks(reader):
        yield Task(
            today,
            _("Lire la remarque de {name} sur sa fiche").format(name=one.organisation.name),
            one.remark,
            reverse("organisation", args=[one.organisation_id]),
            _("Ouvrir la fiche"),
            one.organisation.fictional,
        )


def _imports(reader: Reader, today: date) -> Iterator[Task]:
    for one in directory.own_imports(reader):
        count = sum(one.counts.values())
        said = ngettext(
            "{n} ligne lue le {day} ; rien n’est écrit avant votre accord.",
            "{n} lignes lues le {day} ; rien n’est écrit avant votre accord.",
            count,
        )
        yield Task(
            today,
            _("Confirmer ou abandonner l’import « {file} »").format(file=one.filename),
            said.format(
                n=formats.number(count, 0, language()),
                day=formats.date(timezone.localdate(one.at), language()),
            ),
            reverse("import-preview", args=[one.pk]),
            _("Voir le sort des lignes"),
        )


def _stale(reader: Reader, today: date) -> Iterator[Task]:
    count, first = directory.own_stale(reader)
    if first is None:
        return
    if count == 1:
        title, url = _("Confirmer la fiche {name}"), reverse("organisation", args=[first.pk])
    else:
        title, url = _("Confirmer {n} de vos fiches"), reverse("directory") + "?fiches=stale"
    yield Task(
        today,
        title.format(name=first.name, n=count),
        _("Personne n’en a confirmé les faits depuis plus d’un an."),
        url,
        _("Confirmer"),
        first.fictional and count == 1,
    )


def due(reader: Reader, today: date, most: int = 6) -> list[Due]:
    """The expectations that fall due next, of all decisions that the reader may see."""
    found = ledger.expectations_due(reader, until=today + timedelta(days=180)).filter(
        due__gte=today
    )
    return [
        Due(
            one.due,
            one.sentence,
            reverse("commitment", args=[one.commitment.reference]),
            one.commitment.fictional,
        )
        for one in found[:most]
    ]


def first_steps(reader: Reader) -> list[tuple[str, str, str]]:
    """What a newcomer may do first: (what, why, address), as their rights allow."""
    offered = (
        (
            Capability.NEEDS_WRITE,
            _("Noter un premier besoin"),
            _("Une phrase suffit : la machine propose une fiche, vous confirmez."),
            "need-add",
        ),
        (
            Capability.DIRECTORY_WRITE,
            _("Inscrire une organisation"),
            _("Son nom suffit ; le reste s’ajoute ensuite."),
            "organisation-add",
        ),
        (
            Capability.EXCHANGE,
            _("Importer un fichier que vous tenez déjà"),
            _("Le sort de chaque ligne se voit avant que rien ne soit écrit."),
            "import-new",
        ),
        (
            Capability.LEDGER_WRITE,
            _("Inscrire une décision et ce qu’on en attend"),
            _("Au jour dit, Perron vous rappellera de regarder ce qui est arrivé."),
            "ledger-new",
        ),
        (
            Capability.STRATEGY_WRITE,
            _("Inscrire un défi"),
            _("Le premier maillon de ce qu’une décision raconte."),
            "challenge-add",
        ),
    )
    found = [
        (title, why, address)
        for right, title, why, name in offered
        if reader.can(right) and (address := _address(name))
    ]
    found.append(
        (
            _("Lire ce que l’on sait du territoire"),
            _("Chaque chiffre dit d’où il vient."),
            reverse("territory"),
        )
    )
    return found[:4]


def _address(name: str) -> str:
    """The address of a page, "" where this installation has none by that name."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

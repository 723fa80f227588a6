"""The sheet of a driver as a document: its evidence, what it touches, what was written of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from perron import formats
from perron.errors import InputError
from perron.site.accounts import access
from perron.site.components.figures import grade_word, language
from perron.site.components.sheets import Block, Dots, Fact, Facts, Heading, Note, Sheet, Text
from perron.site.components.tables import Column, Table, TableRow
from perron.site.directory.selectors import catalogue
from perron.site.economy.reader import Reader
from perron.site.strategy import charts, selectors, words
from perron.site.strategy.selectors import DriverSheet


def driver(key: str, given: Mapping[str, str], person: access.Reader) -> Sheet:
    """The driver of a number, its exposure in the territory that the query asks."""
    if not key.isdigit() or len(key) > 9:
        raise InputError(_("Ce moteur n’existe pas dans le registre."))
    held = catalogue()
    found = selectors.sheet(held, language(), int(key), given.get("territoire", "")[:20])
    place = found.place.name(language())
    return Sheet(
        title=words.marked(found.driver),
        subject=found.driver.title,
        lead=found.driver.sentence,
        where=f"{words.summary(found.driver)} · {place}",
        blocks=tuple(_blocks(found, Reader(held, language()))),
        reserves=tuple(words.reserves(found)),
        address=reverse("driver-sheet", args=[found.driver.pk]) + f"?territoire={found.place.code}",
    )


def _blocks(found: DriverSheet, reader: Reader) -> Iterator[Block]:
    if found.driver.closed_because:
        yield Note(found.driver.closed_because, title=_("Clos."))
    yield Text(words.lead(found))
    if found.touched:
        yield Facts(
            tuple(
                Fact(fact["figure"], fact["label"], fact["text"])
                for fact in words.facts(found.exposed)
            )
        )
    yield Heading(_("Sur quelles preuves ?"))
    if found.evidences:
        yield _evidences(found)
    else:
        yield Note(_("Aucune preuve n’est inscrite."))
    if touched := charts.activities(found, reader):
        yield Heading(_("Quelles activités sont touchées ?"))
        yield touched
    if sections := charts.sections(found):
        yield Heading(_("Quelles sections sont les plus exposées ?"))
        yield Dots(sections)


def _evidences(found: DriverSheet) -> Table:
    return Table(
        title=_("Ce que les sources disent, et ce qu’elles valent."),
        says=_(
            "Attesté : un texte officiel ou une statistique. Déclaré : dit par l’intéressé seul."
        ),
        first=_("Source"),
        columns=(
            Column(_("Ce qu’elle dit"), numeric=False),
            Column(_("Degré"), numeric=False),
            Column(_("Éditeur"), numeric=False),
        ),
        rows=[
            TableRow(
                evidence.title,
                (
                    evidence.words,
                    grade_word(evidence.grade),
                    f"{evidence.publisher}, {formats.period(evidence.date, language())}",
                ),
                sub=evidence.url or f"{evidence.table} {evidence.version}",
            )
            for evidence in found.evidences
        ],
        id="preuves",
        sortable=False,
        about=_("preuves"),
    )


RENDERERS = {"moteur": driver}

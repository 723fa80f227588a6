"""What the pages of the register draw: the exposure of each driver, and of each section to one of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron.lake.provenance import Figure
from perron.site.components.charts import Row, RowChart
from perron.site.components.figures import language
from perron.site.components.tables import Column, Table, TableRow
from perron.site.economy.reader import Reader
from perron.site.strategy import words
from perron.site.strategy.exchange import REFUSED, Preview
from perron.site.strategy.selectors import DriverSheet, Register


def exposures(found: Register, csv: str = "") -> Table | None:
    """What each driver touches, in enterprises and jobs, here and in the reference."""
    if not found.cards:
        return None
    rows = []
    for card in found.cards:
        exposed = card.exposed
        rows.append(
            TableRow(
                words.marked(card.driver),
                (
                    exposed.count,
                    exposed.enterprises,
                    exposed.enterprises,
                    exposed.enterprises_there,
                    exposed.jobs,
                    exposed.jobs,
                    exposed.jobs_there,
                ),
                sub=words.summary(card.driver),
                href=reverse("driver-sheet", args=[card.driver.pk]),
                code=str(card.driver.pk),
            )
        )
    return Table(
        title=words.exposed_most(found),
        says=_(
            "{place}, base : {reference}. Entreprises au siège, {year} ; emplois par division. Un nombre supprimé ou trop fin laisse des bornes."
        ).format(
            place=found.place.name(language()),
            reference=found.reference.name(language()),
            year=found.cards[0].exposed.count.period,
        ),
        first=_("Moteur"),
        columns=(
            Column(_("Entreprises exposées")),
            Column(_("Part ici, %"), decimals=2),
            Column(_("Bornes"), interval_of=True),
            Column(_("Part en référence, %"), decimals=2),
            Column(_("Part des emplois, %"), decimals=2),
            Column(_("Bornes, emplois"), interval_of=True),
            Column(_("Emplois en référence, %"), decimals=2),
        ),
        rows=rows,
        id="exposition",
        source=found.cards[0].exposed.count,
        csv_url=csv,
        about=_("exposition aux moteurs"),
    )


def sections(found: DriverSheet, csv: str = "") -> RowChart | None:
    """The part of each section that the driver touches, here, with its bounds where counts are hidden."""
    if not found.exposed.sections:
        return None
    return RowChart(
        title=words.sections(found),
        says=_(
            "Part des entreprises de la section dans une activité exposée, {year}, {place}. Bande : bornes, là où un nombre est supprimé."
        ).format(year=found.exposed.count.period, place=found.exposed.place.name(language())),
        rows=[
            Row(
                section.label,
                section.here,
                sub=_("section {code}").format(code=section.code),
                cells=(section.there, section.count),
            )
            for section in found.exposed.sections
        ],
        label=_("Section"),
        value=_("Part ici, %"),
        columns=(Column(_("Part en référence, %"), decimals=1), Column(_("Entreprises exposées"))),
        low=0.0,
        high=100.0,
        source=found.exposed.count,
        csv_url=csv,
        about=_("exposition par section"),
    )


def activities(found: DriverSheet, reader: Reader) -> Table | None:
    """The activities named, each with its share and its enterprises where they may be shown."""
    if not found.touched:
        return None
    rows = []
    for touched in found.touched:
        code = touched.exposure.activity
        known = touched.activity
        cells: list[Figure | str] = [
            words.share(touched.exposure.share),
            reader.count(found.place, "enterprises", code) if known else "",
            reader.count(reader.reference, "enterprises", code) if known else "",
            reader.jobs(found.place, code) if known else "",
            touched.exposure.reason,
        ]
        rows.append(
            TableRow(
                words.activity(known, code),
                cells,
                sub=known.written if known else code,
                href=reverse("sector", args=[code]) if known else "",
            )
        )
    return Table(
        title=ngettext(
            "{n} activité est exposée.", "{n} activités sont exposées.", len(rows)
        ).format(n=len(rows)),
        says=_("{place}, {year}. La part dit quelle proportion de l’activité est touchée.").format(
            place=found.place.name(language()), year=found.exposed.count.period
        ),
        first=_("Activité"),
        columns=(
            Column(_("Part exposée"), numeric=False),
            Column(_("Entreprises ici")),
            Column(_("En référence")),
            Column(_("Emplois ici")),
            Column(_("Pourquoi"), numeric=False),
        ),
        rows=rows,
        id="activites",
        sortable=False,
        source=found.exposed.count,
        about=_("activités exposées"),
    )


def fates(found: Preview) -> Table:
    """What becomes of each row of an imported file."""
    refused = found.count(REFUSED)
    return Table(
        title=ngettext("{n} ligne refusée", "{n} lignes refusées", refused).format(n=refused)
        + ngettext(" sur {all}.", " sur {all}.", len(found.fates)).format(all=len(found.fates)),
        says=_("Le numéro est celui de la ligne dans le fichier."),
        first=_("Ligne"),
        columns=(
            Column(_("Sorte"), numeric=False),
            Column(_("Nom"), numeric=False),
            Column(_("Sort"), numeric=False),
            Column(_("Raison"), numeric=False),
        ),
        rows=[
            TableRow(str(fate.line), (fate.about, fate.name, words.fate(fate.fate), fate.why))
            for fate in found.fates
        ],
        id="lignes",
        sortable=False,
        about=_("lignes du fichier"),
    )

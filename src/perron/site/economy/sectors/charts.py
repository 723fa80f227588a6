"""What the pages of sectors draw. Each title is a conclusion that the figures give."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure
from perron.site.components.charts import LineChart, RowChart, Series
from perron.site.components.charts import Row as ChartRow
from perron.site.components.figures import language
from perron.site.components.maps import Choropleth, Unit
from perron.site.components.tables import Column, Table, TableRow
from perron.site.directory.geometry import WIDTH
from perron.site.directory.places import Place
from perron.site.directory.selectors import catalogue
from perron.site.economy.links.flows import Flow, Flows
from perron.site.economy.links.networks import EMPLOYMENT
from perron.site.economy.sectors.beside import Beside, Neighbour, beside
from perron.site.economy.sectors.selectors import ABOVE, ALIKE, BELOW, Row, SectorPage
from perron.site.economy.sectors.words import read_word, sheet_url, short
from perron.site.economy.sizes import GROUPS

#: The limits between the classes of the map: around the reference, then twice and three times it.
BREAKS = (0.8, 1.25, 2.0, 3.0)


def address(page: SectorPage, code: str = "", territory: str = "") -> str:
    """The sheet of an activity for the territory that the page is about, or another."""
    place = territory or ("" if page.is_ours else page.place.code)
    return sheet_url(code or page.activity.code, place)


def file_url(page: SectorPage, table: str, suffix: str = "csv") -> str:
    url = reverse("sector-download", args=[page.activity.code, table, suffix])
    return url if page.is_ours else f"{url}?territoire={page.place.code}"


def comparison(page: SectorPage) -> RowChart:
    """The quotients of the place, its districts and what it lies in, with their intervals."""
    inside = {p.code for p in page.territories} | {page.place.code}
    rows = sorted(page.compared, key=lambda r: -(r.quotient.value or 0.0))
    highs = [r.quotient.high for r in rows if r.quotient.high is not None]
    values = [r.quotient.value for r in rows if r.quotient.value is not None]
    # One tiny place must not flatten the others: its interval then ends in an arrow.
    edge = max([2.0, *values]) * 1.3 if values else None
    return RowChart(
        title=_where(page, rows),
        says=_(
            "Quotient de localisation en entreprises, {year}. Trait vertical : {reference} = 1. Bande : intervalle à 95 %."
        ).format(year=page.here.quotient.period, reference=page.reference.name(language())),
        rows=[
            ChartRow(
                r.place.short(language()),
                r.quotient,
                kind=1 if r.place.code in inside else 2,
                strong=r.place.code == page.place.code,
                href=address(page, territory=r.place.code),
                cells=(r.enterprises, r.balance, read_word(r.reading)),
            )
            for r in rows
        ],
        label=_("Territoire"),
        value=_("Quotient"),
        columns=(
            Column(_("Entreprises")),
            Column(_("Solde"), signed=True),
            Column(_("Lecture"), numeric=False),
        ),
        reference=1.0,
        low=0.0,
        high=edge if highs and edge and max(highs) > edge else None,
        source=page.here.quotient,
        csv_url=file_url(page, "territoires"),
        about=_("territoires"),
    )


def _where(page: SectorPage, rows: Sequence[Row]) -> str:
    districts = [r for r in rows if r.place.code != page.place.code and r.place.level == "district"]
    over = [r.place.short(language()) for r in districts if r.reading == ABOVE]
    alike = [r.place.short(language()) for r in districts if r.reading == ALIKE]
    if districts and len(over) == len(districts):
        return _("Chaque arrondissement s’y distingue nettement de la référence.")
    if over:
        return _("Nettement au-dessus de la référence : {names}.").format(
            names=formats.listed(over, language())
        )
    if alike and len(alike) == len(districts):
        return _("Aucun arrondissement ne se distingue nettement de la référence.")
    return _("Le poids du secteur, territoire par territoire.")


def thematic_map(page: SectorPage) -> Choropleth | None:
    """The quotient of each municipality."""
    if page.drawing is None or not page.drawing.shapes:
        return None
    by_code = {r.place.code: r for r in page.units}
    strong = [r for r in page.units if r.reading == ABOVE]
    title = ngettext(
        "{n} commune sur {all} y est nettement spécialisée.",
        "{n} communes sur {all} y sont nettement spécialisées.",
        len(strong),
    ).format(n=len(strong), all=len(page.units))
    return Choropleth(
        title=title,
        says=_(
            "Part des entreprises dans « {sector} » (NACE-BEL {code}), {reference} = 1. {n} communes, {year}. Traits noirs : arrondissements."
        ).format(
            sector=short(page.unit_activity),
            code=page.unit_activity.written,
            reference=page.reference.name(language()),
            n=len(page.units),
            year=page.here.quotient.period,
        ),
        units=[
            Unit(
                shape.code,
                by_code[shape.code].place.name(language()),
                shape.path,
                shape.x,
                shape.y,
                by_code[shape.code].quotient,
            )
            for shape in page.drawing.shapes
        ],
        breaks=list(BREAKS),
        width=WIDTH,
        height=page.drawing.height,
        borders=page.drawing.outlines,
        labels=page.labels,
        decimals=2,
        why=_("moins de 3 entreprises"),
        name="carte",
        table_id="communes",
        source=page.here.quotient,
        csv_url=file_url(page, "communes"),
        about=_("carte des communes"),
    )


def trend(page: SectorPage) -> LineChart | None:
    """Jobs of the finest series there is, as indices."""
    found = page.trend
    if found is None:
        return None
    ends = [
        (place, next((f for f in reversed(line) if f.value is not None), None))
        for place, line in found.lines
    ]
    kinds = {page.place.code: 1, page.reference.code: 2}
    return LineChart(
        title=_evolution(found.base, ends),
        says=_("Emplois, {label}, {base} = 100.").format(label=found.label, base=found.base),
        periods=found.periods,
        series=[
            Series(place.short(language()), line, kind=kinds.get(place.code, 3))
            for place, line in found.lines
        ],
        from_zero=False,
        reference=100.0,
        source=found.lines[0][1][-1],
        csv_url=file_url(page, "emploi"),
        about=_("emploi depuis {base}").format(base=found.base),
    )


def _evolution(base: str, ends: Sequence[tuple[Place, Figure | None]]) -> str:
    parts = []
    for place, figure in (ends[0], ends[-1]):
        if figure is None or figure.value is None:
            continue
        parts.append(
            _("{change} % ({place})").format(
                change=formats.signed(figure.value - 100, 0, language()),
                place=place.short(language()),
            )
        )
    return _("L’emploi depuis {base} : {changes}.").format(
        base=base, changes=formats.listed(parts, language())
    )


def children(page: SectorPage) -> Table | None:
    """The activities just below, each with its quotient and what can be said of it."""
    if not page.children:
        return None
    told = [r for r in page.children if r.reading in (ABOVE, BELOW)]
    return Table(
        title=ngettext(
            "{n} activité sur {all} se distingue nettement de la référence.",
            "{n} activités sur {all} se distinguent nettement de la référence.",
            len(told),
        ).format(n=len(told), all=len(page.children)),
        says=f"{page.place.name(language())}, {page.here.enterprises.period}.",
        first=_("Activité"),
        columns=_sector_columns(),
        rows=[_line(r, address(page, r.activity.code)) for r in page.children],
        id="activites",
        sorted_by=None,
        source=page.here.enterprises,
        csv_url=file_url(page, "activites"),
        about=_("activités plus fines"),
    )


def _sector_columns() -> tuple[Column, ...]:
    return (
        Column(_("Entreprises")),
        Column(_("Quotient"), decimals=2),
        Column(_("Intervalle 95 %"), interval_of=True),
        Column(_("Lecture"), numeric=False),
        Column(_("Créations")),
        Column(_("Cessations")),
        Column(_("Emplois")),
    )


def _line(r: Row, href: str) -> TableRow:
    return TableRow(
        short(r.activity),
        (r.enterprises, r.quotient, r.quotient, read_word(r.reading), r.starts, r.stops, r.jobs),
        sub=r.activity.written,
        href=href,
        code=r.activity.code,
    )


def activities(
    rows: Sequence[Row], place: Place, source: Figure, csv: str, territory: str
) -> Table:
    """Every activity of a level in a place, each leading to its sheet."""
    return Table(
        title=_("Chaque secteur, avec ce qu’on peut en conclure."),
        says=f"{place.name(language())}, {source.period}.",
        first=_("Secteur"),
        columns=_sector_columns(),
        rows=[_line(r, sheet_url(r.activity.code, territory)) for r in rows],
        id="secteurs",
        source=source,
        csv_url=csv,
        about=_("secteurs"),
    )


def units(page: SectorPage) -> Table | None:
    """The municipalities of the map, in a table."""
    if not page.units:
        return None
    return Table(
        title=_units_title(page),
        says=_("« {sector} », NACE-BEL {code}, {year}.").format(
            sector=short(page.unit_activity),
            code=page.unit_activity.written,
            year=page.here.enterprises.period,
        ),
        first=_("Commune"),
        columns=(
            Column(_("Entreprises")),
            Column(_("Quotient"), decimals=2),
            Column(_("Intervalle 95 %"), interval_of=True),
            Column(_("Lecture"), numeric=False),
            Column(_("Créations")),
            Column(_("Cessations")),
        ),
        rows=[
            TableRow(
                r.place.name(language()),
                (r.enterprises, r.quotient, r.quotient, read_word(r.reading), r.starts, r.stops),
                href=reverse("place", args=[r.place.code]),
                code=r.place.code,
            )
            for r in page.units
        ],
        id="communes",
        sorted_by=0,
        source=page.here.enterprises,
        csv_url=file_url(page, "communes"),
        about=_("communes"),
    )


def _units_title(page: SectorPage) -> str:
    most = max(
        (r for r in page.units if r.enterprises.value),
        key=lambda r: r.enterprises.value or 0.0,
        default=None,
    )
    if most is None:
        return _("Les communes, une à une.")
    return _("C’est à {place} que l’on compte le plus de sièges : {n}.").format(
        place=most.place.name(language()),
        n=formats.number(most.enterprises.value or 0.0, 0, language()),
    )


def size(page: SectorPage) -> Table | None:
    """Enterprises of the section by number of employees, in the territories that say so."""
    if not page.size:
        return None
    return Table(
        title=_size_title(page),
        says=_(
            "Section {code} entière, {label}, {year}. La division n’est pas publiée par taille : non mesurée."
        ).format(code=page.section.code, label=short(page.section), year=page.size_period),
        first=_("Territoire"),
        columns=(
            Column(_("Entreprises")),
            *(Column(str(words)) for _classes, words in GROUPS.values()),
        ),
        rows=[
            TableRow(
                r.place.short(language()),
                (r.total, *r.groups),
                code=r.place.code,
                strong=r.place.code == page.place.code,
            )
            for r in page.size
        ],
        id="tailles",
        sortable=False,
        source=page.size[0].total,
        csv_url=file_url(page, "tailles"),
        about=_("tailles"),
    )


def _size_title(page: SectorPage) -> str:
    first = page.size[0]
    none = first.groups[0]
    if first.total.value and none.value is not None:
        return _("{share} % des entreprises de la section n’ont aucun salarié ({place}).").format(
            share=formats.number(100 * none.value / first.total.value, 0, language()),
            place=first.place.short(language()),
        )
    return _("Les entreprises de la section par taille.")


def _beside(page: SectorPage) -> Beside:
    return beside(catalogue(), language(), page.activity.code, page.place.code)


def neighbours(page: SectorPage) -> RowChart | None:
    """The activities found in the same regions more often than chance would have it."""
    found = _beside(page)
    if not found.neighbours:
        return None
    held = [n for n in found.neighbours if (n.quotient.value or 0.0) > 1]
    where = (
        _("{n} régions NUTS 2 d’Europe, emplois {year}")
        if found.network == EMPLOYMENT
        else _("{n} communes, entreprises {year}")
    ).format(n=formats.number(found.territories, 0, language()), year=found.period)
    return RowChart(
        title=_near_title(page, held),
        says=_(
            "Proximité : chance que deux spécialités soient dans la même région ({where}). Seuls les liens au-delà du hasard sont montrés."
        ).format(where=where),
        rows=[
            ChartRow(
                short(n.activity),
                n.proximity,
                sub=n.activity.written,
                kind=1 if n in held else 2,
                href=address(page, n.activity.code),
                cells=(n.gap, n.together, n.quotient),
            )
            for n in found.neighbours
        ],
        label=_("Secteur"),
        value=_("Proximité"),
        columns=(
            Column(_("Écart au hasard (z)"), decimals=1),
            Column(_("Territoires communs")),
            Column(_("Quotient ici"), decimals=2),
        ),
        source=found.neighbours[0].proximity,
        csv_url=file_url(page, "voisins"),
        about=_("secteurs voisins"),
    )


def _near_title(page: SectorPage, held: Sequence[Neighbour]) -> str:
    names = formats.listed([short(n.activity) for n in held], language())
    if not held:
        return _("Aucun secteur voisin n’est une spécialité d’ici ({place}).").format(
            place=page.place.short(language())
        )
    return ngettext(
        "Un secteur voisin pèse déjà plus ici qu’en référence : {names}.",
        "{n} secteurs voisins pèsent déjà plus ici qu’en référence : {names}.",
        len(held),
    ).format(n=len(held), names=names)


def sales(page: SectorPage) -> Table | None:
    """To whom the branch sells most, in the national table."""
    found = _beside(page).flows
    return _flows(page, found, found.sells_to, "ventes") if found and found.sells_to else None


def purchases(page: SectorPage) -> Table | None:
    """From whom the branch buys most, in the national table."""
    found = _beside(page).flows
    return _flows(page, found, found.buys_from, "achats") if found and found.buys_from else None


def _flows(page: SectorPage, found: Flows, rows: Sequence[Flow], name: str) -> Table:
    title = (
        _("La branche vend d’abord à : {other}.")
        if name == "ventes"
        else _("La branche achète d’abord à : {other}.")
    )
    return Table(
        title=title.format(other=rows[0].name),
        says=_("« {branch} », {place}, {year}. La part locale de ces flux est inconnue.").format(
            branch=found.name, place=rows[0].amount.territory, year=found.period
        ),
        first=_("Branche"),
        columns=(Column(_("M€")), Column(_("Part, %"), decimals=1)),
        rows=[TableRow(flow.name, (flow.amount, flow.share), sub=flow.branch) for flow in rows],
        id=name,
        sortable=False,
        source=rows[0].amount,
        csv_url=file_url(page, name),
        about=_("ventes") if name == "ventes" else _("achats"),
    )


def summary(page: SectorPage) -> Table:
    """The figures of the head of the sheet, one a line: what is handed over first."""
    here = page.here
    rows = [
        here.quotient,
        here.enterprises,
        here.starts,
        here.stops,
        here.balance,
        page.division_jobs,
        page.jobs_quotient,
    ]
    return Table(
        title=_("Les chiffres de la fiche."),
        says=page.place.name(language()),
        first=_("Chiffre"),
        columns=(Column(_("Valeur")),),
        rows=[TableRow(f.name, (f,), sub=f.method) for f in rows],
        source=here.enterprises,
        about=_("chiffres de la fiche"),
    )

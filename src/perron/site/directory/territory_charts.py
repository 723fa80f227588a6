"""What the page Territoire draws: its map, its comparison, its sections and its table of units.

Each title is a conclusion computed from the figures, so that it stays true on any territory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure
from perron.site.components.charts import Row, RowChart
from perron.site.components.figures import language
from perron.site.components.maps import Choropleth, Unit
from perron.site.components.tables import Column, Table, TableRow
from perron.site.directory.geometry import WIDTH
from perron.site.directory.selectors import Profile, TerritoryPage

#: Limits between the classes of a map, as multiples of the reference's own value.
AROUND = (0.8, 0.95, 1.05, 1.25)


@dataclass(frozen=True, slots=True)
class Theme:
    """A measure that the map can show, in the words of its switch."""

    label: str | Promise
    says: str | Promise
    figure: Callable[[Profile], Figure]


MAPS = {
    "creation": Theme(
        _lazy("Taux de création"),
        _lazy("Créations de l’année pour 100 entreprises"),
        lambda profile: profile.start_rate,
    ),
    "densite": Theme(
        _lazy("Entreprises par habitant"),
        _lazy("Entreprises pour 1 000 habitants"),
        lambda profile: profile.density,
    ),
}


def theme_of(asked: str) -> str:
    """The map that an address asks for, or the first one."""
    return asked if asked in MAPS else next(iter(MAPS))


def _url(page: TerritoryPage, table: str, suffix: str = "csv") -> str:
    return reverse("territory-download", args=[page.place.code, table, suffix])


def thematic_map(page: TerritoryPage, theme: str) -> Choropleth | None:
    """The map of the units inside the place, in classes set around the value of the reference."""
    if page.drawing is None or not page.drawing.shapes:
        return None
    chosen = MAPS[theme]
    reference = chosen.figure(page.reference)
    mark = reference.value
    by_code = {profile.place.code: profile for profile in page.units}
    above = sum(
        1 for p in page.units if mark is not None and (chosen.figure(p).value or 0.0) > mark
    )
    title = ngettext(
        "{above} commune sur {all} dépasse la référence ({reference}, {value}).",
        "{above} communes sur {all} dépassent la référence ({reference}, {value}).",
        above,
    ).format(
        above=above,
        all=len(page.units),
        reference=page.reference.name,
        value=formats.with_unit(mark, reference.unit, 1, language()) if mark is not None else "",
    )
    return Choropleth(
        title=title,
        says=_(
            "{what}, {year}, {n} communes. Classes autour de la valeur de référence ; traits noirs : arrondissements."
        ).format(what=chosen.says, year=reference.period, n=len(page.units)),
        units=[
            Unit(
                shape.code,
                by_code[shape.code].place.name(language()),
                shape.path,
                shape.x,
                shape.y,
                chosen.figure(by_code[shape.code]),
            )
            for shape in page.drawing.shapes
        ],
        breaks=[round(mark * k, 1) for k in AROUND] if mark else [],
        width=WIDTH,
        height=page.drawing.height,
        borders=page.drawing.outlines,
        labels=page.labels,
        decimals=1,
        unit=reference.unit,
        why=_("moins de 3 entreprises"),
        name="carte",
        table_id="communes",
        source=reference,
        csv_url=_url(page, "communes"),
        about=_("carte des communes"),
    )


def comparison(page: TerritoryPage) -> RowChart:
    """Start rates beside one another, with their intervals and the reference as a line."""
    mark = page.reference.start_rate
    own = {u.place.parent for u in page.units} | {page.place.code}
    rows = [
        *((profile, 1 if profile.place.code in own else 2) for profile in page.peers),
        *(
            ((page.profile, 1),)
            if page.place.code not in {p.place.code for p in page.peers}
            else ()
        ),
        *((profile, 2) for profile in page.wider),
    ]
    rows.sort(key=lambda row: -(row[0].start_rate.value or 0.0))
    ours = [profile for profile, kind in rows if kind == 1 and profile.start_rate.low is not None]
    below = [p for p in ours if mark.value is not None and (p.start_rate.high or 0.0) < mark.value]
    over = [p for p in ours if mark.value is not None and (p.start_rate.low or 0.0) > mark.value]
    return RowChart(
        title=_conclusion(page, below, over, len(ours)),
        says=_(
            "Créations de {year} pour 100 entreprises. Trait vertical : {reference}. Bande : intervalle à 95 %."
        ).format(year=mark.period, reference=page.reference.name),
        rows=[
            Row(
                profile.name,
                profile.start_rate,
                kind=kind,
                strong=profile.place.code == page.place.code,
                href=reverse("place", args=[profile.place.code]),
                cells=(profile.stop_rate, profile.balance, profile.enterprises),
            )
            for profile, kind in rows
        ],
        label=_("Territoire"),
        value=_("Taux de création, %"),
        columns=(
            Column(_("Taux de cessation, %")),
            Column(_("Solde"), signed=True),
            Column(_("Entreprises")),
        ),
        reference=mark.value,
        low=_floor(rows),
        source=mark,
        table_url="",
        csv_url=_url(page, "comparaison"),
        about=_("comparaison des territoires"),
    )


def _floor(rows: list[tuple[Profile, int]]) -> float | None:
    """Where the axis of the dots begins: they need no zero, and the axis writes its ends."""
    lows = [p.start_rate.low for p, _kind in rows if p.start_rate.low is not None]
    return float(int(min(lows))) if lows else None


def _conclusion(page: TerritoryPage, below: list[Profile], over: list[Profile], total: int) -> str:
    names = formats.listed([p.name for p in (over or below)], language())
    reference = page.reference.name
    if over and below:
        return _(
            "Nettement au-dessus de la référence ({reference}) : {over}. Nettement en dessous : {below}."
        ).format(
            reference=reference,
            over=names,
            below=formats.listed([p.name for p in below], language()),
        )
    if over:
        return _("Nettement au-dessus de la référence ({reference}) : {names}.").format(
            reference=reference, names=names
        )
    if below:
        return _("Nettement en dessous de la référence ({reference}) : {names}.").format(
            reference=reference, names=names
        )
    return ngettext(
        "Rien ne distingue nettement ce territoire de la référence ({reference}).",
        "Rien ne distingue nettement ces {n} territoires de la référence ({reference}).",
        total,
    ).format(n=total, reference=reference)


def sections(page: TerritoryPage) -> Table:
    """Enterprises by NACE section, here and in the reference."""
    typical = page.most_typical
    title = (
        _(
            "« {section} » est la section qui pèse le plus ici face à la référence ({reference})."
        ).format(section=typical.label, reference=page.reference.name)
        if typical
        else _("Les entreprises par section d’activité.")
    )
    return Table(
        title=title,
        says=_(
            "Entreprises, créations et cessations par section NACE-BEL {revision}, {year}, {name}."
        ).format(revision="2008", year=page.profile.enterprises.period, name=page.name),
        first=_("Section"),
        columns=(
            Column(_("Entreprises")),
            Column(_("Part ici, %"), decimals=1),
            Column(_("Part en référence, %"), decimals=1),
            Column(_("Créations")),
            Column(_("Cessations")),
        ),
        rows=[
            TableRow(
                row.label,
                (row.enterprises, row.share, row.reference_share, row.starts, row.stops),
                sub=_("section {code}").format(code=row.section.code),
                code=row.section.code,
            )
            for row in sorted(page.sections, key=lambda r: -(r.enterprises.value or 0.0))
        ],
        id="sections",
        sorted_by=1,
        descending=True,
        source=page.profile.enterprises,
        csv_url=_url(page, "sections"),
        about=_("sections d’activité"),
    )


def units(page: TerritoryPage) -> Table | None:
    """Every unit of the map in a table: what the map shows, and the rest."""
    if not page.units:
        return None
    told = page.distinguishable
    return Table(
        title=ngettext(
            "{n} commune se distingue nettement de la référence ({reference}) ; pour les autres, une année ne suffit pas à conclure.",
            "{n} communes se distinguent nettement de la référence ({reference}) ; pour les autres, une année ne suffit pas à conclure.",
            told,
        ).format(n=told, reference=page.reference.name),
        says=_("Les {n} communes, {year}. Intervalle à 95 % du taux de création.").format(
            n=len(page.units), year=page.profile.enterprises.period
        ),
        first=_("Commune"),
        columns=(
            Column(_("Entreprises")),
            Column(_("Créations")),
            Column(_("Cessations")),
            Column(_("Solde"), signed=True),
            Column(_("Taux de création, %"), decimals=1),
            Column(_("Intervalle 95 %"), interval_of=True),
            Column(_("Habitants")),
            Column(_("Entreprises pour 1 000 hab."), decimals=1),
        ),
        rows=[
            TableRow(
                unit.place.name(language()),
                (
                    unit.enterprises,
                    unit.starts,
                    unit.stops,
                    unit.balance,
                    unit.start_rate,
                    unit.start_rate,
                    unit.population,
                    unit.density,
                ),
                href=reverse("place", args=[unit.place.code]),
                code=unit.place.code,
            )
            for unit in page.units
        ],
        id="communes",
        sorted_by=0,
        source=page.profile.enterprises,
        csv_url=_url(page, "communes"),
        about=_("communes"),
    )

"""What the page Options draws: the plot, every sector in a table, the sweep of the cut, one sector."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from perron import formats
from perron.lake.provenance import Figure, state_of
from perron.methods.economy import Position
from perron.methods.economy.uncertainty import CUTS
from perron.site.components.charts import LineChart, Series
from perron.site.components.figures import language
from perron.site.components.quadrants import Point, QuadrantChart
from perron.site.components.tables import Column, Table, TableRow
from perron.site.directory.activities import Activities
from perron.site.economy.links.naming import tag
from perron.site.economy.options.basis import JOBS
from perron.site.economy.options.selectors import QUADRANTS, Option, OptionsPage
from perron.site.economy.options.words import NAMES, ONE, address
from perron.site.economy.sectors.words import sheet_url, short

#: The corners of the plot: above left, above right, below left, below right.
_CORNERS = (
    Position.OPPORTUNITY,
    Position.STRENGTH,
    Position.WEAKNESS,
    Position.THREAT,
)
#: The most sectors that the page's table shows: beyond, a page is neither read nor quick.
_WHOLE = 300
#: The tables of the page, by the name of their file.
FILES = ("secteurs", "seuils", "secteur", "voisins")


def file_url(page: OptionsPage, table: str, suffix: str = "csv", sector: str = "") -> str:
    """The address of a table as a file, with the choices of the page."""
    asked = dict(parse_qsl(urlsplit(address(page)).query))
    if sector:
        asked["secteur"] = sector
    url = reverse("options-download", args=[table, suffix])
    return f"{url}?{urlencode(asked)}" if asked else url


def _what(page: OptionsPage) -> str:
    """Unit, reference, period and territory of a picture."""
    if page.base == JOBS:
        return _("Emplois par division, {place}, {period}.").format(
            place=page.place.name(language()), period=page.period
        )
    return _("Entreprises au siège, {place}, {period}.").format(
        place=page.place.name(language()), period=page.period
    )


def plot(page: OptionsPage) -> QuadrantChart:
    """Every sector that is assessed, by what it weighs and by what lies near it."""
    shown = [option for option in page.options if option.position is not Position.UNASSESSED]
    surrounded = sum(1 for o in shown if o.assessment.near and o.assessment.near.ratio > 1)
    unsure, whole = len(page.at(Position.UNDECIDED)), shown_whole(page)
    return QuadrantChart(
        title=_("{n} secteurs sur {all} ont autour d’eux plus que le hasard ne mettrait.").format(
            n=surrounded, all=len(shown)
        ),
        says=_(
            "{what} De gauche à droite, le poids du secteur (référence : {reference} = 1), doublant à chaque trait ; de bas en haut, le voisinage, hasard = 1. Bandes : intervalles. Noms : les plus grands."
        ).format(what=_what(page), reference=page.reference),
        points=[
            Point(
                option.activity.code,
                f"{option.activity.written} {short(option.activity)}",
                f"{option.activity.written} {tag(short(option.activity))}",
                option.quotient,
                option.near,
                kind=_CORNERS.index(option.position) + 1 if option.position in _CORNERS else 0,
                weight=option.size.value or 0.0,
                href=f"#secteurs-{option.activity.code}"
                if whole or option.position in QUADRANTS
                else f"{address(page, secteur=option.activity.code)}#secteur",
            )
            for option in shown
        ],
        corners=tuple(f"{NAMES[p]} ({len(page.at(p))})" for p in _CORNERS),  # type: ignore[arg-type]
        x_label=_("quotient"),
        y_label=_("voisinage"),
        x_name=_("quotient, {reference} = 1").format(reference=page.reference),
        y_name=_("voisinage, hasard = 1"),
        source=page.options[0].size if page.options else page.origin,
        table_id="secteurs",
        csv_url=file_url(page, "secteurs"),
        about=_("forces, opportunités, menaces, faiblesses"),
        aside=_(
            "Points creux : {n} secteurs indécis, dont un intervalle au moins contient 1. Leurs intervalles se montrent au survol."
        ).format(n=unsure),
    )


def shown_whole(page: OptionsPage) -> bool:
    """Whether the page's table has every sector; beyond, those in a quadrant alone, and the file all."""
    return len(page.options) <= _WHOLE


def sectors(page: OptionsPage, whole: bool = True) -> Table:
    """Every sector in the order of the codes, or those in a quadrant: nothing is ranked."""
    here = "" if page.is_ours else page.place.code
    size = _("Emplois") if page.base == JOBS else _("Entreprises")
    listed = [o for o in page.options if whole or o.position in QUADRANTS]
    says = _(
        "{what} Dans l’ordre des codes. Seuils : à combien des {n} coupes du quotient, de 0,75 à 1,25, la réponse est la même. Hasard : chances qu’il fasse autant."
    ).format(what=_what(page), n=len(CUTS))
    if not whole:
        says += " " + _(
            "Seuls sont montrés les {some} secteurs rangés ; le fichier a les {all}."
        ).format(some=len(listed), all=len(page.options))
    return Table(
        title=_("Chaque secteur, avec ses deux mesures et ce qui les fait douter."),
        says=says,
        first=_("Secteur"),
        columns=(
            Column(_("Place"), numeric=False),
            Column(size),
            Column(_("Quotient"), decimals=2),
            Column(_("Intervalle"), interval_of=True),
            Column(_("Voisinage"), decimals=2),
            Column(_("Intervalle du voisinage"), interval_of=True),
            Column(_("Seuils")),
            Column(_("Hasard, %")),
            Column(_("Voisinage connu, %")),
        ),
        rows=[
            TableRow(
                short(option.activity),
                (
                    str(ONE[option.position]),
                    option.size,
                    option.quotient,
                    option.quotient,
                    option.near,
                    option.near,
                    option.stays,
                    option.chance,
                    option.known,
                ),
                sub=option.activity.written,
                href=sheet_url(option.activity.code, here),
                code=option.activity.code,
            )
            for option in listed
        ],
        id="secteurs",
        source=page.options[0].size if page.options else page.origin,
        csv_url=file_url(page, "secteurs"),
        about=_("les secteurs et leur place"),
    )


def sweep(page: OptionsPage) -> LineChart:
    """How many sectors fall in each quadrant, by their points alone, at each cut."""

    def figures(position: Position) -> list[Figure]:
        return [
            replace(
                page.counts[position],
                name=str(NAMES[position]),
                value=float(count),
                state=state_of(float(count)),
                method=_("Points seuls, sans leurs intervalles, en coupant à {cut}.").format(
                    cut=_cut(cut)
                ),
            )
            for at, cut in enumerate(CUTS)
            for count in [sum(o.assessment.sweep[at].position is position for o in page.options)]
        ]

    series = {position: figures(position) for position in QUADRANTS}
    held = [
        sum(series[p][at].value or 0 for p in (Position.STRENGTH, Position.THREAT))
        for at in (0, -1)
    ]
    kinds = {
        Position.STRENGTH: 1,
        Position.OPPORTUNITY: 3,
        Position.THREAT: 4,
        Position.WEAKNESS: 2,
    }
    return LineChart(
        title=_(
            "En coupant à 0,75, il y aurait {many} spécialités ; à 1,25, il y en aurait {few}."
        ).format(many=round(held[0]), few=round(held[1])),
        says=_(
            "{what} Nombre de secteurs dans chaque quadrant par leurs points seuls, selon le quotient au-dessus duquel on parle de spécialité."
        ).format(what=_what(page)),
        periods=[_cut(cut) for cut in CUTS],
        series=[Series(str(NAMES[p]), series[p], kind=kinds[p]) for p in QUADRANTS],
        source=page.options[0].size,
        csv_url=file_url(page, "seuils"),
        about=_("balayage du seuil"),
    )


def one_sweep(page: OptionsPage, option: Option) -> Table:
    """Where one sector falls at each cut."""
    stays = option.assessment.stays
    name = short(option.activity)
    title = (
        _("{name} : la même place à tous les seuils.")
        if stays == len(CUTS)
        else _("{name} : la même place à {n} seuils sur {all}.")
    )
    return Table(
        title=title.format(name=name, n=stays, all=len(CUTS)),
        says=_(
            "Place du point, sans intervalle, selon le quotient au-dessus duquel on parle de spécialité. Quotient : {value}."
        ).format(value=_value(option.quotient)),
        first=_("Seuil"),
        columns=(
            Column(_("Spécialité ?"), numeric=False),
            Column(_("Voisinage"), decimals=2),
            Column(_("Place"), numeric=False),
        ),
        rows=[
            TableRow(
                _cut(at.cut),
                (
                    _("oui") if at.held else _("non"),
                    replace(
                        option.near,
                        value=at.ratio,
                        state=option.near.state
                        if option.near.value is None
                        else state_of(at.ratio),
                        low=None,
                        high=None,
                        interval="",
                    ),
                    str(ONE[at.position]),
                ),
                strong=at.cut == 1.0,
            )
            for at in option.assessment.sweep
        ],
        id="seuils-du-secteur",
        sortable=False,
        source=option.quotient,
        csv_url=file_url(page, "secteur", sector=option.activity.code),
        about=_("seuils d’un secteur"),
    )


def neighbours(page: OptionsPage, option: Option, tree: Activities) -> Table:
    """What lies nearest to one sector, and whether it is there."""
    here = "" if page.is_ours else page.place.code
    near = option.assessment.nearest
    words = {True: _("oui"), False: _("non"), None: _("caché")}
    held = sum(1 for one in near if one.held)
    return Table(
        title=_("{held} des {n} secteurs les plus proches sont des spécialités d’ici.").format(
            held=held, n=len(near)
        ),
        says=_(
            "Part de chacun dans tout ce qui est proche, d’après {n} autres territoires, {period}."
        ).format(n=page.others, period=page.period),
        first=_("Secteur proche"),
        columns=(Column(_("Part, %")), Column(_("Spécialité ici"), numeric=False)),
        rows=[
            TableRow(
                short(tree[one.code]),
                (
                    replace(
                        option.density,
                        name=_("Part dans ce qui est proche"),
                        value=100 * one.share,
                        state=state_of(one.share),
                    ),
                    words[one.held],
                ),
                sub=tree[one.code].written,
                href=sheet_url(one.code, here),
            )
            for one in near
        ],
        id="voisins-du-secteur",
        sortable=False,
        source=option.near,
        csv_url=file_url(page, "voisins", sector=option.activity.code),
        about=_("secteurs proches"),
    )


def _value(figure: Figure) -> str:
    return "—" if figure.value is None else formats.number(figure.value, 2, language())


def _cut(cut: float) -> str:
    return formats.number(cut, 2, language())


def drawn(page: OptionsPage, tree: Activities, sector: str = "") -> dict[str, object]:
    """Everything the template draws."""
    chosen = page.of(sector) if sector else None
    if page.why:
        return {}
    found: dict[str, object] = {
        "plot": plot(page),
        "table": sectors(page, shown_whole(page)),
        "sweep": sweep(page),
    }
    if chosen is not None and chosen.position is not Position.UNASSESSED:
        found["one_sweep"] = one_sweep(page, chosen)
        found["neighbours"] = neighbours(page, chosen, tree)
    return found


def export_table(
    page: OptionsPage, name: str, sector: str, tree: Activities
) -> Table | LineChart | None:
    """The table behind a file, None for a sector that is not assessed."""
    if name == "secteurs":
        return sectors(page)
    if name == "seuils":
        return sweep(page)
    chosen = page.of(sector)
    if chosen is None or chosen.position is Position.UNASSESSED:
        return None
    return one_sweep(page, chosen) if name == "secteur" else neighbours(page, chosen, tree)


def files(page: OptionsPage, sector: str = "") -> list[tuple[str, str, str]]:
    """What the margin hands over: the name of each table, its XLSX and its CSV."""
    names = [
        ("secteurs", _("Les secteurs et leur place"), ""),
        ("seuils", _("Le balayage du seuil"), ""),
    ]
    chosen = page.of(sector) if sector else None
    if chosen is not None and chosen.position is not Position.UNASSESSED:
        names += [
            ("secteur", _("{code} : ses seuils").format(code=chosen.activity.written), sector),
            ("voisins", _("{code} : ses voisins").format(code=chosen.activity.written), sector),
        ]
    return [
        (label, file_url(page, name, "xlsx", code), file_url(page, name, "csv", code))
        for name, label, code in names
    ]

"""What the page Moteurs draws. Each title is a conclusion that the figures give."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from perron.lake.provenance import Figure, state_of
from perron.site.components.charts import LineChart, Row, RowChart, Series
from perron.site.components.downloads import Drawn
from perron.site.components.figures import language, value_text
from perron.site.components.tables import Column, Table, TableRow
from perron.site.economy.drivers import conclusions, ruptures
from perron.site.economy.drivers.addresses import file_url
from perron.site.economy.drivers.branches import short
from perron.site.economy.drivers.churn import Turnover
from perron.site.economy.drivers.comparison import NAMES
from perron.site.economy.drivers.growth import PARTS, Growth, Line
from perron.site.economy.drivers.ruptures import Rupture
from perron.site.economy.drivers.selectors import DriversPage

#: Series drawn at most beside all branches: more could not be told apart.
_MOST_LINES = 3


def _says(found: Growth) -> str:
    made = found.comparison
    return _("{place}, base : {base}, {start} à {end}, {dataset} ({code}).").format(
        place=made.here.name,
        base=made.base.name,
        start=made.start,
        end=made.end,
        dataset=NAMES[made.dataset],
        code=made.dataset,
    )


def gaps(page: DriversPage) -> RowChart | None:
    """How far each branch ended from where the pace of the base would have led it."""
    found = page.growth
    if found is None:
        return None
    lines = sorted(found.lines, key=lambda line: -(line.difference.value or 0.0))
    # Factors that multiply have no table of parts behind them: they stand here.
    factors = () if found.adds_up else found.components
    return RowChart(
        title=conclusions.gaps(found),
        says=_says(found)
        + " "
        + (
            _("Barre : emplois de plus ou de moins qu’au rythme de la base.")
            if found.adds_up
            else _(
                "Point : croissance de la branche rapportée à celle de la base, toutes branches."
            )
        ),
        rows=[
            Row(
                line.label,
                line.difference,
                sub=_sub(line),
                kind=1 if (line.difference.value or 0.0) >= (0.0 if found.adds_up else 1.0) else 2,
                cells=(*(line.parts[name] for name in factors), line.rate, line.base_rate),
            )
            for line in lines
        ],
        label=_("Branche"),
        value=str(PARTS["net_total_shift"]) if found.adds_up else _("Facteur"),
        columns=(
            *(Column(str(PARTS[name]), decimals=3) for name in factors),
            Column(_("Croissance, %"), signed=True, decimals=1),
            Column(_("Base, %"), signed=True, decimals=1),
        ),
        reference=None if found.adds_up else 1.0,
        low=None if found.adds_up else 0.0,
        signed=found.adds_up,
        source=found.total.change,
        csv_url=file_url(page, "ecarts"),
        about=_("écarts à la base par branche"),
    )


def _sub(line: Line) -> str:
    """The branch's code, and what Eurostat says of its cells."""
    marks = {"b": _("rupture de série"), "u": _("peu fiable"), "p": _("provisoire")}
    said = [marks[flag] for flag in line.flags if flag in marks]
    return " · ".join([line.branch, *said])


def parts(page: DriversPage) -> Table | None:
    """Every part of every branch, which add up in both directions."""
    found = page.growth
    if found is None or not found.adds_up:
        return None

    def row(line: Line, strong: bool = False) -> TableRow:
        return TableRow(
            line.label,
            (
                line.start,
                line.end,
                line.change,
                *(line.parts[name] for name in found.components),
                line.difference,
            ),
            sub="" if strong else line.branch,
            strong=strong,
        )

    return Table(
        title=_("Les parts s’additionnent : dans chaque ligne, et dans chaque colonne."),
        says=_says(found)
        + " "
        + _(
            "La source arrondit à la centaine, la table à l’unité : une somme peut s’écarter d’une unité ou deux."
        ),
        first=_("Branche"),
        columns=(
            Column(found.comparison.start),
            Column(found.comparison.end),
            Column(_("Évolution"), signed=True),
            *(Column(str(PARTS[name]), signed=True) for name in found.components),
            Column(str(PARTS["net_total_shift"]), signed=True),
        ),
        rows=[row(line) for line in found.lines],
        foot=(row(found.total, strong=True),),
        id="parts",
        sortable=True,
        source=found.total.change,
        csv_url=file_url(page, "parts"),
        about=_("parts de la croissance"),
    )


def contributions(page: DriversPage) -> RowChart | None:
    """Points of growth that each branch brought, here and in the base."""
    found = page.growth
    if found is None:
        return None
    lines = sorted(found.lines, key=lambda line: -(line.points.value or 0.0))
    return RowChart(
        title=conclusions.contributions(found),
        says=_says(found)
        + " "
        + _("Points de la croissance de toutes les branches ; ils s’additionnent."),
        rows=[
            Row(
                line.label,
                line.points,
                sub=line.branch,
                kind=1 if (line.points.value or 0.0) >= 0 else 2,
                cells=(line.base_points, line.change),
            )
            for line in lines
        ],
        label=_("Branche"),
        value=_("Points ici"),
        columns=(
            Column(_("Points, base"), signed=True, decimals=2),
            Column(_("Emplois"), signed=True),
        ),
        signed=True,
        source=found.total.points,
        csv_url=file_url(page, "contributions"),
        about=_("contributions à la croissance"),
    )


def turnover(page: DriversPage) -> RowChart:
    """The net rate of each section with its interval, beside that of the reference.

    Sections that may not be shown are named under the title, and stand in the table of rates.
    """
    found = page.churn
    pairs = list(zip(found.sections, found.reference_sections, strict=True))
    shown = [pair for pair in pairs if pair[0].net.value is not None]
    shown.sort(key=lambda pair: (pair[0].small, -(pair[0].net.value or 0.0)))
    says = _(
        "Créations moins cessations pour 100 entreprises actives, {year}, {place}. Trait vertical : zéro. Bande : intervalle à 95 %."
    ).format(year=found.total.net.period, place=found.place.name(language()))
    return RowChart(
        title=conclusions.turnover(found),
        says=f"{says} {conclusions.hidden_sections(found)}".strip(),
        rows=[
            _section(found.total, found.reference_total, strong=True),
            *(_section(*pair, strong=False) for pair in shown),
        ],
        label=_("Section"),
        value=_("Taux net, %"),
        columns=(
            Column(_("Net en référence, %"), signed=True, decimals=1),
            Column(_("Création, %"), decimals=1),
            Column(_("Cessation, %"), decimals=1),
            Column(_("Actives")),
        ),
        reference=0.0,
        low=_edge(shown, "low", -10.0),
        high=_edge(shown, "high", 20.0),
        signed=True,
        source=found.total.net,
        csv_url=file_url(page, "demographie"),
        about=_("créations et cessations par section"),
    )


def _edge(pairs: Sequence[tuple[Turnover, Turnover]], bound: str, limit: float) -> float:
    """The end of the axis: one tiny section must not flatten the others, its interval ends in an arrow."""
    known = [v for p, _r in pairs if not p.small and (v := getattr(p.net, bound)) is not None]
    if bound == "low":
        return float(math.floor(max(min([0.0, *known]), limit)))
    return float(math.ceil(min(max([0.0, *known]), limit)))


def _section(here: Turnover, there: Turnover, strong: bool) -> Row:
    label = "" if strong else _("section {code}").format(code=here.section)
    if here.small:
        label += " · " + _("peu d’entreprises, à ne pas comparer")
    return Row(
        here.label,
        here.net,
        sub=label,
        kind=2 if here.small else 1,
        strong=strong,
        cells=(there.net, here.birth, here.stop, here.active),
    )


def rates(page: DriversPage) -> Table:
    """The four rates with their intervals, for whoever checks them."""
    found = page.churn
    columns = []
    for name in (_("Création, %"), _("Cessation, %"), _("Rotation, %"), _("Net, %")):
        columns += [Column(name, decimals=1), Column(_("Intervalle 95 %"), interval_of=True)]

    def row(t: Turnover, strong: bool = False) -> TableRow:
        cells = [cell for rate in (t.birth, t.stop, t.churn, t.net) for cell in (rate, rate)]
        return TableRow(t.label, (t.active, *cells), sub="" if strong else t.section, strong=strong)

    return Table(
        title=_("Chaque taux avec ce que le hasard d’une année peut y faire."),
        says=_("{place}, {year}. Pour 100 entreprises actives dans l’année.").format(
            place=found.place.name(language()), year=found.total.net.period
        ),
        first=_("Section"),
        columns=(Column(_("Actives")), *columns),
        rows=[row(section) for section in found.sections],
        foot=(row(found.total, strong=True),),
        id="taux",
        source=found.total.net,
        csv_url=file_url(page, "taux"),
        about=_("taux et intervalles par section"),
    )


def courses(page: DriversPage) -> LineChart | None:
    """Jobs of all branches, and of those whose course broke, as indices of the first year."""
    found = page.ruptures
    if found is None:
        return None
    broken = [t for t in found.of(ruptures.BREAK) if t is not found.total]
    drawn = [(found.total, 1), *zip(broken[:_MOST_LINES], (3, 4, 2), strict=False)]
    return LineChart(
        title=conclusions.courses(found),
        says=_("{place}, emplois, {first} = 100, comptes régionaux.").format(
            place=found.place.name(language()), first=found.years[0]
        ),
        periods=found.years,
        series=[
            Series(
                short(test.branch),
                _indices(test),
                kind=kind,
                marks=(str(test.year),) if test.verdict == ruptures.BREAK else (),
            )
            for test, kind in drawn
        ],
        from_zero=False,
        reference=100.0,
        source=found.total.series[-1],
        csv_url=file_url(page, "cours"),
        about=_("cours de l’emploi"),
    )


def _indices(test: Rupture) -> list[Figure]:
    start = test.series[0].value or 1.0
    return [
        Figure(
            _("Emplois, {branch}, indice").format(branch=test.label),
            None if f.value is None else 100 * f.value / start,
            f.state if f.value is None else state_of(100 * f.value / start),
            f.territory,
            f.period,
            f.origin,
            decimals=1,
            limit_years=f.limit_years,
            method=_("{jobs} emplois ; {start} en {year}.").format(
                jobs=value_text(f), start=value_text(test.series[0]), year=test.series[0].period
            ),
        )
        for f in test.series
    ]


def tests(page: DriversPage) -> Table | None:
    """What each branch was tested for, and what came out."""
    found = page.ruptures
    if found is None:
        return None

    def row(test: Rupture, strong: bool = False) -> TableRow:
        return TableRow(
            test.label,
            (
                conclusions.verdict(test),
                str(test.year),
                conclusions.span(test.set),
                test.before,
                test.after,
                test.p,
                test.q,
                test.q_linked,
                test.correlation,
            ),
            sub="" if strong else test.branch,
            strong=strong,
        )

    return Table(
        title=conclusions.tests(found),
        says=_(
            "{place}, {first} à {last}. La date est la dernière année de l’ancien cours ; q : part de fausses découvertes acceptée en nommant cette branche et les plus nettes."
        ).format(place=found.place.name(language()), first=found.years[0], last=found.years[-1]),
        first=_("Branche"),
        columns=(
            Column(_("Lecture"), numeric=False),
            Column(_("Après"), numeric=False),
            Column(_("Conviennent aussi"), numeric=False),
            Column(_("Emplois par an, avant"), signed=True),
            Column(_("Emplois par an, après"), signed=True),
            Column(_("Valeur p"), decimals=4),
            Column(_("Valeur q"), decimals=3),
            Column(_("q, années liées"), decimals=3),
            Column(_("Corrélation"), decimals=2, signed=True),
        ),
        rows=[row(test) for test in found.tests],
        foot=(row(found.total, strong=True),),
        id="ruptures",
        source=found.total.series[-1],
        csv_url=file_url(page, "ruptures"),
        about=_("épreuve des ruptures"),
    )


def recent(page: DriversPage) -> LineChart | None:
    """Establishments here and in the reference, as indices of the first year."""
    found = page.establishments
    if found is None:
        return None
    lines = [(found.place, found.here, 1)]
    if found.reference.code != found.place.code and any(f.value for f in found.there):
        lines.append((found.reference, found.there, 2))
    return LineChart(
        title=conclusions.recent(found),
        says=_("Établissements comptés là où ils sont, {first} = 100.").format(
            first=found.periods[0]
        ),
        periods=found.periods,
        series=[Series(place.short(language()), line, kind=kind) for place, line, kind in lines],
        from_zero=False,
        reference=100.0,
        source=found.last,
        csv_url=file_url(page, "etablissements"),
        about=_("établissements"),
    )


#: The pieces of the page, by the name of their file.
PIECES: dict[str, Callable[[DriversPage], Drawn | None]] = {
    "ecarts": gaps,
    "parts": parts,
    "contributions": contributions,
    "demographie": turnover,
    "taux": rates,
    "cours": courses,
    "ruptures": tests,
    "etablissements": recent,
}

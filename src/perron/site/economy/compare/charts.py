"""What the page Comparer draws: rates and quotients with their intervals, and a table a group."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from perron import formats
from perron.lake.provenance import Figure
from perron.site.components.charts import Row, RowChart
from perron.site.components.figures import language
from perron.site.components.tables import Column, Table, TableRow
from perron.site.economy.compare import words
from perron.site.economy.compare.indicators import FIRST, ROWS, Group, Indicator
from perron.site.economy.compare.selectors import ComparePage, Side
from perron.site.economy.sectors.words import sheet_url, short

#: Groups drawn as dots with their intervals: their main indicator has one.
_DOTS = (FIRST, "variete")
#: The files that are not a group's.
TYPICAL, SECTOR = "specialites", "secteur"


def file_url(page: ComparePage, name: str, suffix: str = "csv") -> str:
    """The address of a table as a file."""
    asked = {"territoires": ",".join(page.choice.codes)}
    if page.choice.sector:
        asked["secteur"] = page.choice.sector
    url = reverse("compare-download", args=[name, suffix])
    return f"{url}?{urlencode(asked, safe=',')}"


def _row(page: ComparePage, side: Side, figure: Figure, cells: tuple[Figure, ...]) -> Row:
    return Row(
        side.name,
        figure,
        sub=words.level_of(side),
        kind=1 if side.ours else 2,
        strong=side.place.code == page.choice.codes[0],
        href=reverse("place", args=[side.place.code]),
        cells=cells,
    )


def _source(page: ComparePage, indicator: Indicator) -> Figure:
    """A figure that is known, for the line of the source."""
    figures = [page.of(side, indicator) for side in page.sides]
    return next((figure for figure in figures if figure.value is not None), figures[0])


def group_drawn(page: ComparePage, group: Group) -> RowChart | Table:
    """A group as dots where its main indicator has an interval, as a table otherwise."""
    if group.name in _DOTS:
        return _dots(page, group)
    return _table(page, group)


def _dots(page: ComparePage, group: Group) -> RowChart:
    main = group.lead()
    others = [i for i in group.indicators if i is not main]
    mark = page.reference_figures[main.name].value if main.name == "start_rate" else None
    return RowChart(
        title=words.against_reference(page, main)
        if mark is not None
        else words.extremes(page, main),
        says=_says(page, group, main, mark is not None),
        rows=[
            _row(
                page,
                side,
                page.of(side, main),
                tuple(page.of(side, i) for i in others),
            )
            for side in page.sides
        ],
        label=_("Territoire"),
        value=str(main.label),
        columns=[Column(str(i.label), signed=i.signed) for i in others],
        reference=mark,
        low=_floor(page, main) if mark is not None else None,
        source=_source(page, main),
        csv_url=file_url(page, group.name),
        about=str(group.question),
    )


def _says(page: ComparePage, group: Group, main: Indicator, line: bool) -> str:
    bounded = any(page.of(side, main).low is not None for side in page.sides)
    parts = [words.says(page, group)]
    if line:
        parts.append(
            _("Trait vertical : {reference}.").format(reference=page.reference.name(language()))
        )
    if bounded:
        parts.append(
            _("Bande : intervalle à 95 %.")
            if line
            else _("Bande : ce que les nombres supprimés peuvent changer.")
        )
    return " ".join(parts)


def _floor(page: ComparePage, indicator: Indicator) -> float | None:
    """Where the axis of dots begins: they need no zero, and the axis writes its ends."""
    lows = [page.of(s, indicator).low for s in page.sides]
    marks = [
        low for low in (*lows, page.reference_figures[indicator.name].value) if low is not None
    ]
    return float(int(min(marks))) if marks else None


def _table(page: ComparePage, group: Group) -> Table:
    main = group.lead()
    return Table(
        title=words.extremes(page, main),
        says=words.says(page, group),
        first=_("Territoire"),
        columns=[Column(str(i.label), signed=i.signed) for i in group.indicators],
        rows=[
            TableRow(
                side.name,
                tuple(page.of(side, i) for i in group.indicators),
                sub=words.level_of(side),
                href=reverse("place", args=[side.place.code]),
                strong=side.place.code == page.choice.codes[0],
            )
            for side in page.sides
        ],
        id=group.name,
        sortable=False,
        source=_source(page, main),
        csv_url=file_url(page, group.name),
        about=str(group.question),
    )


def specialities(page: ComparePage) -> Table:
    """The most typical sectors of each territory, for a file."""
    lines = [(side, one) for side in page.sides for one in side.typical]
    return Table(
        title=_("Les secteurs les plus typiques de chaque territoire."),
        says=words.typical_says(page),
        first=_("Territoire"),
        columns=(
            Column(_("Secteur"), numeric=False),
            Column(_("Code"), numeric=False),
            Column(_("Quotient"), decimals=2),
            Column(_("Intervalle"), interval_of=True),
            Column(_("Entreprises")),
        ),
        rows=[
            TableRow(
                side.name,
                (
                    short(one.activity),
                    one.activity.written,
                    one.quotient,
                    one.quotient,
                    one.enterprises,
                ),
                sub=words.level_of(side),
            )
            for side, one in lines
        ],
        id=TYPICAL,
        source=lines[0][1].quotient if lines else "",
        csv_url=file_url(page, TYPICAL),
        about=_("secteurs les plus typiques"),
    )


def typical_of(page: ComparePage, side: Side) -> RowChart | None:
    """The most typical sectors of one territory, with their intervals."""
    if not side.typical:
        return None
    return RowChart(
        title=words.typical_title(page, side),
        says="",
        rows=[
            Row(
                short(one.activity),
                one.quotient,
                sub=words.typical_sub(one),
                kind=1 if side.ours else 2,
                href=sheet_url(one.activity.code, side.place.code),
            )
            for one in side.typical
        ],
        label=_("Secteur"),
        value=_("Quotient"),
        reference=1.0,
        high=_HIGHEST if any((o.quotient.high or 0) > _HIGHEST for o in side.typical) else None,
        source=side.typical[0].quotient,
        about=side.name,
    )


#: Where the axis of quotients ends when an interval goes further: it then ends in an arrow.
_HIGHEST = 10.0


def sector_dots(page: ComparePage) -> RowChart | None:
    """One sector in every territory: quotient with its interval, count, balance, jobs."""
    if page.sector is None:
        return None
    name = short(page.sector)
    known = [s.quotient for s in page.sector_sides if s.quotient.value is not None]
    sides = {side.place.code: side for side in page.sides}
    above = [
        sides[s.place.code].name
        for s in page.sector_sides
        if s.quotient.low is not None and s.quotient.low > 1
    ]
    title = (
        _("{sector} : spécialité nette, {names}.").format(
            sector=name, names=formats.listed(above, language())
        )
        if above
        else _("{sector} : spécialité nette d’aucun de ces territoires.").format(sector=name)
    )
    return RowChart(
        title=title,
        says=_(
            "Quotient en entreprises, {period}, référence : {reference} = 1. Bande : intervalle à 95 %. Femmes : personnes occupées dans la section entière, recensement de 2011."
        ).format(
            period=page.sector_sides[0].quotient.period, reference=page.reference.name(language())
        ),
        rows=[
            _row(
                page,
                sides[s.place.code],
                s.quotient,
                (s.enterprises, s.balance, s.jobs_quotient, s.women),
            )
            for s in page.sector_sides
        ],
        label=_("Territoire"),
        value=_("Quotient"),
        columns=(
            Column(_("Entreprises")),
            Column(_("Solde"), signed=True),
            Column(_("Quotient en emplois"), decimals=2),
            Column(_("Femmes, %")),
        ),
        reference=1.0,
        high=_HIGHEST if any((f.high or 0) > _HIGHEST for f in known) else None,
        source=known[0] if known else page.sector_sides[0].quotient,
        csv_url=file_url(page, SECTOR),
        about=name,
    )


def piece(page: ComparePage, name: str) -> dict[str, object] | None:
    """A group with what is drawn of it, None where its table is not in the lake."""
    group = page.group(name)
    if group is None:
        return None
    drawn = group_drawn(page, group)
    return {
        "name": group.name,
        "question": group.question,
        "dots": drawn if isinstance(drawn, RowChart) else None,
        "table": drawn if isinstance(drawn, Table) else None,
        "figures": [(side.name, page.of(side, group.lead())) for side in page.sides],
    }


def rows(page: ComparePage) -> list[list[dict[str, object]]]:
    """The groups under the first, as they stand beside one another."""
    found = [[one for name in row if (one := piece(page, name))] for row in ROWS]
    return [row for row in found if row]


def file_of(page: ComparePage, name: str) -> RowChart | Table | None:
    """The piece behind a file, None for a name that the page does not have."""
    if name == TYPICAL:
        return specialities(page)
    if name == SECTOR:
        return sector_dots(page)
    group = page.group(name)
    return group_drawn(page, group) if group else None


def files(page: ComparePage) -> list[tuple[str, str, str]]:
    """What the margin hands over: the name of each table, its XLSX and its CSV."""
    names = [(group.name, str(group.question)) for group in page.groups]
    names.append((TYPICAL, _("Les secteurs les plus typiques")))
    if page.sector:
        names.append((SECTOR, short(page.sector)))
    return [(label, file_url(page, name, "xlsx"), file_url(page, name)) for name, label in names]

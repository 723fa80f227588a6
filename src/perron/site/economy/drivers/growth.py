"""Why jobs grew or shrank: the parts of the growth of a territory beside those of its base.

Everything is computed on the branches that both sides publish in every year used; a branch that one
of them hides or lacks is left out on both sides, and named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from perron.errors import InputError
from perron.lake.provenance import Figure, Origin, State, state_of
from perron.lake.published import Cell
from perron.methods.economy import growth_contribution, shift_share, shift_share_by_sector
from perron.methods.economy.shift_share import COMPONENTS, Method
from perron.site.directory.jobs import EVERYTHING, JOBS, regional_jobs
from perron.site.economy.drivers.branches import BRANCHES, word
from perron.site.economy.drivers.comparison import NAMES, Comparison, Side
from perron.site.economy.reader import Reader

#: What each part of a decomposition is called on a screen.
PARTS: dict[str, Promise] = {
    "national_share": _lazy("Au rythme de la base"),
    "industrial_mix": _lazy("Effet de structure"),
    "regional_share": _lazy("Effet propre"),
    "net_total_shift": _lazy("Écart à la base"),
    "allocation_effect": _lazy("Effet d’allocation"),
    "national_growth_expected": _lazy("Rythme, attendu"),
    "national_growth_differential": _lazy("Rythme, différentiel"),
    "industrial_mix_expected": _lazy("Structure, attendue"),
    "industrial_mix_differential": _lazy("Structure, différentielle"),
    "regional_growth_expected": _lazy("Région, attendue"),
    "regional_growth_differential": _lazy("Région, différentielle"),
    "regional_industrial_mix_expected": _lazy("Région et structure, attendues"),
    "regional_industrial_mix_differential": _lazy("Région et structure, différentielles"),
}
#: What each way of sharing out the growth is called.
METHODS: dict[Method, Promise] = {
    Method.DUNN: _lazy("classique (Dunn)"),
    Method.ESTEBAN: _lazy("Esteban-Marquillas"),
    Method.ARCELUS: _lazy("Arcelus"),
    Method.GERFIN: _lazy("Gerfin, en facteurs"),
    Method.DYNAMIC: _lazy("dynamique, année par année"),
}
#: Eurostat's mark of a series that is not comparable with the year before.
_BROKEN = "b"


@dataclass(frozen=True, slots=True)
class Line:
    """One branch, or all those compared: its jobs, its growth, the parts of it."""

    branch: str
    label: str
    start: Figure
    end: Figure
    change: Figure
    rate: Figure
    base_rate: Figure
    difference: Figure
    parts: dict[str, Figure] = field(hash=False)
    points: Figure
    base_points: Figure
    flags: str


@dataclass(frozen=True, slots=True)
class Growth:
    """A decomposition by branch, and what had to be left out of it."""

    comparison: Comparison
    method: Method
    lines: tuple[Line, ...]
    total: Line
    left_out: tuple[tuple[str, str], ...]
    #: Jobs of all branches at both dates, the ones left out included.
    published: tuple[Figure, Figure]
    #: Years after the first in which the source says that its series broke.
    broken: tuple[str, ...]

    @property
    def components(self) -> tuple[str, ...]:
        """The parts that add up to the change, without their sums."""
        return tuple(
            name for name in COMPONENTS[self.method] if name not in ("growth", "net_total_shift")
        )

    @property
    def adds_up(self) -> bool:
        return self.method is not Method.GERFIN


def growth(reader: Reader, compared: Comparison, method: Method) -> Growth:
    """The decomposition of the growth of one side against the other.

    InputError where the method needs a year that is not there, or no branch is known on both sides.
    """
    years: tuple[str, ...] = (compared.start, compared.end)
    if method is Method.DYNAMIC:
        years = compared.between()
        if len(years) <= int(compared.end) - int(compared.start):
            raise InputError(
                _(
                    "La forme dynamique demande chaque année de {start} à {end} ; seules {years} sont publiées pour {place}."
                ).format(
                    start=compared.start,
                    end=compared.end,
                    years=", ".join(years),
                    place=compared.here.name,
                )
            )
    ours, theirs = (
        _table(reader, compared.dataset, s, years) for s in (compared.here, compared.base)
    )
    kept, left_out = _kept(ours, theirs)
    if not kept:
        raise InputError(
            _("Aucune branche n’est publiée des deux côtés en {start} et en {end}.").format(
                start=compared.start, end=compared.end
            )
        )
    ours, theirs = ours[kept], theirs[kept]
    parts = _parts(ours, theirs, years, method)
    return _figures(reader, compared, method, ours, theirs, parts, left_out)


def _table(reader: Reader, dataset: str, side: Side, years: Sequence[str]) -> pd.DataFrame:
    """Jobs by year and branch, NaN where hidden or not known."""
    jobs = regional_jobs(reader.held)
    cells = {b: [jobs.at(dataset, side.regions, b, y).value for y in years] for b in BRANCHES}
    return pd.DataFrame(cells, index=list(years), dtype=float)


def _kept(ours: pd.DataFrame, theirs: pd.DataFrame) -> tuple[list[str], list[tuple[str, str]]]:
    """The branches to compare, and the others with the reason."""
    kept, left_out = [], []
    for branch in BRANCHES:
        if ours[branch].isna().any():
            left_out.append((branch, _("non publiée ici sur toute la période")))
        elif theirs[branch].isna().any():
            left_out.append((branch, _("non publiée dans la base sur toute la période")))
        elif (theirs[branch] == 0).any():
            left_out.append((branch, _("absente de la base : elle n’y a pas de rythme")))
        else:
            kept.append(branch)
    return kept, left_out


def _parts(
    ours: pd.DataFrame, theirs: pd.DataFrame, years: Sequence[str], method: Method
) -> Mapping[str, pd.Series]:
    """Each part by branch, with its total under `EVERYTHING`."""
    if method is Method.DYNAMIC:
        chosen, steps = Method.DUNN, list(pairwise(years))
    else:
        chosen, steps = method, [(years[0], years[-1])]
    cells, totals = [], []
    for before, after in steps:
        dates = (
            ours.loc[[before]],
            ours.loc[[after]].set_axis([before]),
            theirs.loc[before],
            theirs.loc[after],
        )
        cells.append(shift_share_by_sector(*dates, chosen).values[0])
        totals.append(shift_share(*dates, chosen).values[0])
    by_branch = np.sum(cells, axis=0)
    total = np.sum(totals, axis=0)
    index = [*ours.columns, EVERYTHING]
    return {
        name: pd.Series([*by_branch[:, i], total[i]], index)
        for i, name in enumerate(COMPONENTS[chosen])
    }


def _figures(
    reader: Reader,
    compared: Comparison,
    method: Method,
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    parts: Mapping[str, pd.Series],
    left_out: Sequence[tuple[str, str]],
) -> Growth:
    maker = _Maker(reader, compared, method)
    start, end = compared.start, compared.end
    points, base_points = (
        growth_contribution(table.loc[[start]], table.loc[[end]].set_axis([start])).loc[start]
        for table in (ours, theirs)
    )
    flags = _flags(reader, compared, list(ours.columns))

    def line(branch: str) -> Line:
        whole = branch == EVERYTHING
        x, y = (ours.loc[year].sum() if whole else ours.at[year, branch] for year in (start, end))
        base_x, base_y = (
            theirs.loc[year].sum() if whole else theirs.at[year, branch] for year in (start, end)
        )
        shift = parts.get("net_total_shift")
        if shift is None:
            expected = [n for n in parts if n.startswith(("national_share", "national_growth"))]
            off = y - x - sum(parts[name][branch] for name in expected)
        else:
            off = shift[branch]
        return Line(
            branch,
            word(branch),
            maker.jobs(branch, x, start),
            maker.jobs(branch, y, end),
            maker.change(branch, y - x),
            maker.rate(branch, x, y, compared.here),
            maker.rate(branch, base_x, base_y, compared.base),
            maker.part("net_total_shift", branch, off),
            {
                name: maker.part(name, branch, series[branch])
                for name, series in parts.items()
                if name not in ("growth", "net_total_shift")
            },
            maker.points(branch, points.sum() if whole else points[branch], compared.here),
            maker.points(
                branch, base_points.sum() if whole else base_points[branch], compared.base
            ),
            "" if whole else flags.get(branch, ""),
        )

    jobs = regional_jobs(reader.held)
    published = [
        maker.figure(
            _("Emplois"), jobs.at(compared.dataset, compared.here.regions, EVERYTHING, year), year
        )
        for year in (start, end)
    ]
    return Growth(
        compared,
        method,
        tuple(line(branch) for branch in ours.columns),
        line(EVERYTHING),
        tuple((word(branch), reason) for branch, reason in left_out),
        (published[0], published[1]),
        _broken(reader, compared),
    )


class _Maker:
    """Figures of one comparison: territory, years, source and method are those of all of them."""

    def __init__(self, reader: Reader, compared: Comparison, method: Method) -> None:
        self.reader, self.compared, self.method = reader, compared, method
        self.origin: Origin = reader.origin(JOBS)
        self.dataset = f"{NAMES[compared.dataset]} ({compared.dataset})"
        self.span = f"{compared.start}/{compared.end}"

    def figure(
        self,
        name: str,
        cell: Cell,
        period: str,
        *,
        side: Side | None = None,
        unit: str = "",
        decimals: int = 0,
        method: str = "",
    ) -> Figure:
        said = _("{dataset}. {method}").format(dataset=self.dataset, method=method).strip()
        return Figure(
            name,
            cell.value,
            cell.state,
            (side or self.compared.here).name,
            period,
            self.origin,
            unit=unit,
            decimals=decimals,
            method=said,
            limit_years=self.reader.limits.get(JOBS),
        )

    def jobs(self, branch: str, value: float, year: str) -> Figure:
        name = _("Emplois, {branch}").format(branch=word(branch))
        return self.figure(name, _cell(value), year, method=_("Publié à la centaine."))

    def change(self, branch: str, value: float) -> Figure:
        name = _("Évolution, {branch}").format(branch=word(branch))
        return self.figure(name, _cell(value), self.span, method=_("Différence des deux années."))

    def rate(self, branch: str, start: float, end: float, side: Side) -> Figure:
        value = 100 * (end / start - 1) if start else None
        return self.figure(
            _("Croissance, {branch}").format(branch=word(branch)),
            Cell(value, state_of(value, State.UNKNOWN)),
            self.span,
            side=side,
            unit="%",
            decimals=1,
            method=_("De {start} à {end} emplois.").format(
                start=self.reader.number(start), end=self.reader.number(end)
            ),
        )

    def part(self, name: str, branch: str, value: float) -> Figure:
        ratio = self.method is Method.GERFIN
        return self.figure(
            _("{part}, {branch}").format(part=PARTS[name], branch=word(branch)),
            _cell(value),
            self.span,
            decimals=3 if ratio else 0,
            method=_("Analyse structurelle-résiduelle, forme {method}, base : {base}.").format(
                method=METHODS[self.method], base=self.compared.base.name
            ),
        )

    def points(self, branch: str, value: float, side: Side) -> Figure:
        return self.figure(
            _("Contribution, {branch}").format(branch=word(branch)),
            _cell(value),
            self.span,
            side=side,
            unit=_("points"),
            decimals=2,
            method=_("Évolution de la branche pour 100 emplois de départ, toutes branches."),
        )


def _cell(value: float) -> Cell:
    """A computed value; not a number where nothing can be said of it."""
    if np.isnan(value):
        return Cell(None, State.UNKNOWN)
    return Cell(float(value), state_of(float(value)))


def _flags(reader: Reader, compared: Comparison, branches: Sequence[str]) -> dict[str, str]:
    """Eurostat's marks on the cells used, by branch.

    A break marked in the first year is one with the year before it, which is not compared.
    """
    jobs = regional_jobs(reader.held)
    found = {}
    for branch in branches:
        marks = set()
        for region in (*compared.here.regions, *compared.base.regions):
            first, last = (
                set(jobs.flags.get((compared.dataset, region, branch, year), ""))
                for year in (compared.start, compared.end)
            )
            marks |= (first - {_BROKEN}) | last
        found[branch] = "".join(sorted(marks))
    return found


def _broken(reader: Reader, compared: Comparison) -> tuple[str, ...]:
    """Years of the period, the first excepted, whose total or any branch is marked as a break."""
    jobs = regional_jobs(reader.held)
    regions = (*compared.here.regions, *compared.base.regions)
    return tuple(
        year
        for year in compared.between()[1:]
        if any(
            _BROKEN in jobs.flags.get((compared.dataset, region, branch, year), "")
            for region in regions
            for branch in (*BRANCHES, EVERYTHING)
        )
    )

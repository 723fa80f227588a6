"""When the yearly jobs of a branch changed course, and how sure that is.

A break is looked for in the trend of each branch (two straight lines rather than one), at a date that
is not known beforehand. Yearly figures follow each other, which makes breaks appear where there are
none: each p-value is computed twice, with independent years and with years that are linked, and what
is called a break holds under both. Branches are tested together: what is read is the q-value.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
from django.utils.translation import gettext as _

from perron.lake.derived import derived
from perron.lake.provenance import Figure, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.methods.economy import date_sets, sup_f
from perron.methods.statistics.false_discovery import q_values
from perron.site.directory.jobs import ACCOUNTS, EVERYTHING, JOBS, regional_jobs
from perron.site.directory.nuts import nuts_of
from perron.site.directory.places import Place, places
from perron.site.economy.drivers.branches import BRANCHES, word
from perron.site.economy.drivers.comparison import NAMES
from perron.site.economy.reader import Reader

#: Fewest years of a series: with fewer only huge breaks can be seen.
FEWEST = 10
#: What the second p-value supposes of the link between a year and the next.
LINKED = 0.5
#: The share of false discoveries accepted among the breaks named.
RATE = 0.05
#: What can be said of a branch.
BREAK, FRAGILE, NONE = "break", "fragile", "none"


@dataclass(frozen=True, slots=True)
class Rupture:
    """The test of one branch: its best date, the years that suit as well, and how sure it is."""

    branch: str
    label: str
    series: tuple[Figure, ...]
    year: int
    set: tuple[int, ...]
    p: float
    p_linked: float
    q: float
    q_linked: float
    correlation: float
    before: Figure
    after: Figure

    @property
    def verdict(self) -> str:
        if self.q_linked <= RATE:
            return BREAK
        return FRAGILE if self.q <= RATE else NONE


@dataclass(frozen=True, slots=True)
class Ruptures:
    """The branches of a place over the same years."""

    place: Place
    years: tuple[str, ...]
    tests: tuple[Rupture, ...]
    total: Rupture

    def of(self, verdict: str) -> list[Rupture]:
        return [t for t in (*self.tests, self.total) if t.verdict == verdict]


def ruptures(reader: Reader, place: Place) -> Ruptures | None:
    """The tests of the smallest place around that has a long enough yearly series, or None."""
    if JOBS not in reader.held.tables:
        return None
    for around in reader.known.lineage(place.code):
        rows = _tests(reader.held).get(around.code)
        if rows:
            return _read(reader, around, rows)
    return None


def years(held: Catalogue, regions: tuple[str, ...]) -> list[str]:
    """The longest run of consecutive years, up to the last, in which every branch is known."""
    jobs = regional_jobs(held)
    found: list[str] = []
    for year in reversed(jobs.periods.get(ACCOUNTS, ())):
        cells = [jobs.at(ACCOUNTS, regions, b, year) for b in (*BRANCHES, EVERYTHING)]
        if any(not cell.value for cell in cells) or (found and int(found[-1]) != int(year) + 1):
            break
        found.append(year)
    return found[::-1]


def prepare(held: Catalogue) -> None:
    """Test every place that has the years for it, once a state of the lake."""
    _tests(held)


@dataclass(frozen=True, slots=True)
class _Test:
    """A row of what is kept: the test of one branch of one place."""

    place: str
    branch: str
    first: int
    last: int
    year: int
    set: list[int]
    p: float
    p_linked: float
    correlation: float


_SCHEMA = pa.schema(
    [
        ("place", pa.string()),
        ("branch", pa.string()),
        ("first", pa.int64()),
        ("last", pa.int64()),
        ("year", pa.int64()),
        ("set", pa.list_(pa.int64())),
        ("p", pa.float64()),
        ("p_linked", pa.float64()),
        ("correlation", pa.float64()),
    ]
)


@lru_cache(maxsize=2)
def _tests(held: Catalogue) -> dict[str, list[_Test]]:
    found: dict[str, list[_Test]] = {}
    for row in derived(held, "ruptures", lambda: _computed(held)).to_pylist():
        found.setdefault(row["place"], []).append(_Test(**row))
    return found


def _computed(held: Catalogue) -> pa.Table:
    rows = []
    jobs = regional_jobs(held)
    for place in places(held):
        regions = nuts_of(held, place.code)
        run = years(held, regions) if regions else []
        if len(run) < FEWEST:
            continue
        for branch in (*BRANCHES, EVERYTHING):
            values = [jobs.at(ACCOUNTS, regions, branch, year).value or 0.0 for year in run]
            series = pd.Series(values, index=[int(year) for year in run])
            plain, linked = sup_f(series, "trend"), sup_f(series, "trend", autocorrelation=LINKED)
            last = plain.year
            row = _Test(
                place=place.code,
                branch=branch,
                first=int(run[0]),
                last=int(run[-1]),
                year=last or int(run[-1]),
                set=[] if last is None else list(date_sets(series, [last], "trend")[0]),
                p=plain.p_value,
                p_linked=linked.p_value,
                correlation=plain.autocorrelation,
            )
            rows.append(asdict(row))
    return pa.Table.from_pylist(rows, _SCHEMA)


def _read(reader: Reader, place: Place, rows: list[_Test]) -> Ruptures:
    # False discoveries are counted over all that was tested here, the total included.
    pairs = zip(q_values([t.p for t in rows]), q_values([t.p_linked for t in rows]), strict=True)
    run = [str(year) for year in range(rows[0].first, rows[0].last + 1)]
    tests = [
        _rupture(reader, place, row, run, float(q), float(q_linked))
        for row, (q, q_linked) in zip(rows, pairs, strict=True)
    ]
    return Ruptures(place, tuple(run), tuple(tests[:-1]), tests[-1])


def _rupture(
    reader: Reader, place: Place, test: _Test, run: list[str], q: float, q_linked: float
) -> Rupture:
    jobs, regions = regional_jobs(reader.held), nuts_of(reader.held, place.code)
    cells = [jobs.at(ACCOUNTS, regions, test.branch, year) for year in run]
    name = _("Emplois, {branch}").format(branch=word(test.branch))
    series = tuple(
        _figure(reader, place, name, cell, year) for year, cell in zip(run, cells, strict=True)
    )
    values = pd.Series([cell.value or 0.0 for cell in cells], index=[int(year) for year in run])
    return Rupture(
        test.branch,
        word(test.branch),
        series,
        test.year,
        tuple(test.set),
        test.p,
        test.p_linked,
        q,
        q_linked,
        test.correlation,
        _slope(reader, place, test.branch, values.loc[: test.year]),
        _slope(reader, place, test.branch, values.loc[test.year + 1 :]),
    )


def _slope(reader: Reader, place: Place, branch: str, values: pd.Series) -> Figure:
    """Jobs added a year by the straight line fitted to a stretch of years."""
    known = len(values) > 1
    slope = (
        float(np.polyfit(values.index.to_numpy(float), values.to_numpy(), 1)[0]) if known else None
    )
    span = f"{values.index[0]}/{values.index[-1]}" if len(values) else "0000"
    return _figure(
        reader,
        place,
        _("Emplois par an, {branch}").format(branch=word(branch)),
        Cell(slope, state_of(slope)),
        span,
        _("Pente de la droite des moindres carrés."),
    )


def _figure(
    reader: Reader, place: Place, name: str, cell: Cell, period: str, method: str = ""
) -> Figure:
    return reader.figure(
        place,
        name,
        cell,
        period=period,
        origin=reader.origin(JOBS),
        limit_years=reader.limits.get(JOBS),
        method=_("{dataset} ({code}). {method}")
        .format(dataset=str(NAMES[ACCOUNTS]).capitalize(), code=ACCOUNTS, method=method)
        .strip(),
    )

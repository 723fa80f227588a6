"""Jobs by European region, for places of ours: one year by division, and series by group of branches."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from perron.lake.engines import connect
from perron.lake.provenance import State, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.activities import Activities
from perron.site.directory.nuts import nuts_of
from perron.site.directory.sums import summed
from perron.site.economy.panels import JOBS, STRUCTURAL

#: Regional accounts: all persons employed, by NUTS 3 region and group of branches, every year.
ACCOUNTS = "nama_10r_3empers"
#: Labour force survey: employed people where they live, by NUTS 2 region and group, with flags.
SURVEY = "lfst_r_lfe2en2"
#: All branches together.
EVERYTHING = "TOTAL"
#: Groups of sections that the accounts and the survey publish, by section; C stands apart in the accounts.
GROUPS = {
    **dict.fromkeys("BCDE", "B-E"),
    **dict.fromkeys("GHI", "G-I"),
    **dict.fromkeys("MN", "M-N"),
    **dict.fromkeys("OPQ", "O-Q"),
    **dict.fromkeys("RSTU", "R-U"),
    **{letter: letter for letter in "AFJKL"},
}


@dataclass(frozen=True, slots=True)
class RegionalJobs:
    """Every published job count by dataset, NUTS region, activity and period."""

    cells: dict[tuple[str, str, str, str], Cell] = field(repr=False)
    flags: dict[tuple[str, str, str, str], str] = field(repr=False)
    periods: dict[str, tuple[str, ...]]

    def at(self, dataset: str, regions: tuple[str, ...], activity: str, period: str) -> Cell:
        """The sum over the regions; not measured where no region is, unknown where one lacks it."""
        if not regions:
            return Cell(None, State.NOT_MEASURED)
        missing = Cell(None, State.UNKNOWN)
        return summed([self.cells.get((dataset, r, activity, period), missing) for r in regions])

    def regions(self, dataset: str) -> set[str]:
        return {region for name, region, _activity, _period in self.cells if name == dataset}


@lru_cache(maxsize=2)
def regional_jobs(catalogue: Catalogue) -> RegionalJobs:
    """The jobs of the lake, in the version that `catalogue` holds; empty where it has no such table."""
    if JOBS not in catalogue.tables:
        return RegionalJobs({}, {}, {})
    table = connect(catalogue).table(JOBS).to_pyarrow()
    names = ("dataset", "territory", "activity", "period", "flag", "jobs", "jobs_status")
    cells, flags = {}, {}
    periods: dict[str, set[str]] = {}
    for dataset, region, activity, period, flag, jobs, status in zip(
        *(table.column(name).to_pylist() for name in names), strict=True
    ):
        key = dataset, region, activity, period
        cells[key] = Cell(None if jobs is None else float(jobs), State(status))
        if flag:
            flags[key] = flag
        periods.setdefault(dataset, set()).add(period)
    return RegionalJobs(cells, flags, {name: tuple(sorted(of)) for name, of in periods.items()})


def by_division(
    catalogue: Catalogue, place: str, division: str, tree: Activities
) -> tuple[Cell, str]:
    """Persons employed in a division or section of a place, and the year.

    Not measured without a region of its own, and for any finer activity.
    """
    jobs = regional_jobs(catalogue)
    years = jobs.periods.get(STRUCTURAL, ())
    if not years:
        return Cell(None, State.NOT_MEASURED), ""
    section = tree.lineage(division)[-1].code
    activity = section if division == section else f"{section}{division}"
    regions = nuts_of(catalogue, place)
    # A region of NUTS 3 has no count by division.
    if any(len(region) > 4 for region in regions):
        return Cell(None, State.NOT_MEASURED), years[-1]
    return jobs.at(STRUCTURAL, regions, activity, years[-1]), years[-1]


def series(catalogue: Catalogue, place: str, section: str) -> tuple[str, list[tuple[str, Cell]]]:
    """Jobs of the finest group that holds a section, in a place: the group, and a cell a year.

    The accounts publish manufacturing apart; other sections are in their group. Years in which
    the accounts say nothing of the place are unknown.
    """
    jobs = regional_jobs(catalogue)
    years = jobs.periods.get(ACCOUNTS, ())
    group = section if section == "C" else GROUPS.get(section, EVERYTHING)
    regions = nuts_of(catalogue, place)
    return group, [(year, jobs.at(ACCOUNTS, regions, group, year)) for year in years]


def share(part: Cell, whole: Cell) -> Cell:
    """A part in a whole, with the state that either forces."""
    for cell in (part, whole):
        if cell.value is None:
            return Cell(None, cell.state)
    if not whole.value:
        return Cell(None, State.UNKNOWN)
    value = (part.value or 0.0) / whole.value
    return Cell(value, state_of(value))

"""Jobs by European region, as Eurostat publishes them: every dataset, activity and year of the lake."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from perron.lake.engines import connect
from perron.lake.provenance import State
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.sums import summed

JOBS = "regional_jobs"
#: Structural business statistics: persons employed by NUTS 2 region and division.
STRUCTURAL = "sbs_r_nuts06_r2"
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

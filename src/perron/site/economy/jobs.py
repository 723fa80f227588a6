"""Jobs by European region, for places of ours: one year by division, and series by group of branches."""

from __future__ import annotations

from perron.lake.provenance import State, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.activities import Activities
from perron.site.directory.jobs import ACCOUNTS, EVERYTHING, GROUPS, STRUCTURAL, regional_jobs
from perron.site.directory.nuts import nuts_of


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

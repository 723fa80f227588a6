"""Jobs of any place that European statistics know, and how they changed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import Cell
from perron.site.directory.jobs import ACCOUNTS, EVERYTHING, JOBS, regional_jobs
from perron.site.directory.nuts import nuts_of
from perron.site.directory.places import Place
from perron.site.economy.reader import Reader


def _known(reader: Reader, place: Place) -> list[tuple[str, float]]:
    """The jobs of all branches in each year that the regional accounts publish for the place."""
    jobs = regional_jobs(reader.held)
    regions = nuts_of(reader.held, place.code)
    cells = [
        (year, jobs.at(ACCOUNTS, regions, EVERYTHING, year))
        for year in jobs.periods.get(ACCOUNTS, ())
    ]
    return [(year, cell.value) for year, cell in cells if cell.value]


def jobs(reader: Reader, place: Place) -> Figure:
    """All jobs where the work is done, in the last year known."""
    name = _("Emplois")
    known = _known(reader, place)
    if not known:
        return _missing(reader, place, name)
    year, value = known[-1]
    return _figure(
        reader,
        place,
        name,
        value,
        year,
        _("Personnes occupées là où elles travaillent, comptes régionaux, toutes branches."),
    )


def yearly_change(reader: Reader, place: Place) -> Figure:
    """Mean change a year in percent: spans of different length compare."""
    name = _("Évolution des emplois par an")
    known = _known(reader, place)
    years = int(known[-1][0]) - int(known[0][0]) if known else 0
    if not years:
        return _missing(reader, place, name, unit="%", decimals=2)
    (first, before), (last, after) = known[0], known[-1]
    return _figure(
        reader,
        place,
        name,
        100 * ((after / before) ** (1 / years) - 1),
        f"{first}/{last}",
        _("Taux annuel moyen de {before} à {after} emplois, de {first} à {last}.").format(
            before=reader.number(before), after=reader.number(after), first=first, last=last
        ),
        unit="%",
        decimals=2,
    )


def whole_change(reader: Reader, place: Place) -> Figure:
    """The change over all years known, in percent of the first."""
    name = _("Évolution des emplois")
    known = _known(reader, place)
    if len(known) < 2:
        return _missing(reader, place, name, unit="%", decimals=1)
    (first, before), (last, after) = known[0], known[-1]
    return _figure(
        reader,
        place,
        name,
        100 * (after / before - 1),
        f"{first}/{last}",
        _("De {first} à {last}.").format(first=first, last=last),
        unit="%",
        decimals=1,
    )


def _figure(
    reader: Reader,
    place: Place,
    name: str,
    value: float,
    period: str,
    method: str,
    *,
    unit: str = "",
    decimals: int = 0,
) -> Figure:
    return reader.figure(
        place,
        name,
        Cell(value, state_of(value)),
        period=period,
        origin=reader.origin(JOBS),
        limit_years=reader.limits.get(JOBS),
        method=method,
        unit=unit,
        decimals=decimals,
    )


def _missing(
    reader: Reader, place: Place, name: str, *, unit: str = "", decimals: int = 0
) -> Figure:
    """Not measured below NUTS 3; unknown where the region is not in the table."""
    regions = nuts_of(reader.held, place.code)
    there = JOBS in reader.held.tables and bool(regions)
    periods = regional_jobs(reader.held).periods.get(ACCOUNTS, ())
    return reader.figure(
        place,
        name,
        Cell(None, State.UNKNOWN if there else State.NOT_MEASURED),
        period=periods[-1] if periods else reader.counts.period,
        origin=reader.origin(JOBS) if JOBS in reader.held.tables else reader.register,
        method=_("Les comptes régionaux du lac n’ont pas ce territoire."),
        unit=unit,
        decimals=decimals,
    )

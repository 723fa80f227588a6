"""Is this sector a speciality here, since when, where, with what beside it, and how sure are we?"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _

from perron.errors import InputError
from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.activities import ALL, DIVISION, SECTION, UNKNOWN, Activity
from perron.site.directory.geometry import Drawing, drawing
from perron.site.directory.jobs import JOBS
from perron.site.directory.places import OUTSIDE, Place
from perron.site.directory.section_names import NAMES
from perron.site.economy.jobs import series
from perron.site.economy.reader import Reader
from perron.site.economy.sizes import GROUPS, sizes
from perron.site.economy.sizes import TABLE as SIZES

#: Whether a quotient tells a place from the reference.
ABOVE, BELOW, ALIKE, HIDDEN = "above", "below", "alike", "hidden"


def reading(quotient: Figure) -> str:
    """What the interval of a quotient allows to say."""
    if quotient.value is None:
        return HIDDEN
    if quotient.low is None or quotient.high is None:
        return ALIKE
    return ABOVE if quotient.low > 1 else BELOW if quotient.high < 1 else ALIKE


@dataclass(frozen=True, slots=True)
class Row:
    """One activity in one place."""

    place: Place
    activity: Activity
    enterprises: Figure
    quotient: Figure
    starts: Figure
    stops: Figure
    balance: Figure
    jobs: Figure

    @property
    def reading(self) -> str:
        return reading(self.quotient)


@dataclass(frozen=True, slots=True)
class Trend:
    """Jobs of the finest series there is, as indices of the first year that all its lines have."""

    group: str
    label: str
    base: str
    periods: tuple[str, ...]
    lines: tuple[tuple[Place, tuple[Figure, ...]], ...]
    #: Whether the series is of the activity itself, or of something wider.
    exact: bool


@dataclass(frozen=True, slots=True)
class SizeRow:
    """Enterprises of a section by group of sizes, in one territory."""

    place: Place
    total: Figure
    groups: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class SectorPage:
    """Everything the sheet of a sector shows about one place."""

    activity: Activity
    place: Place
    is_ours: bool
    in_sentence: str
    reference: Place
    lineage: tuple[Activity, ...]
    here: Row
    jobs_quotient: Figure
    #: The activity whose jobs and municipalities are shown: itself, or the division it lies in.
    division: Activity
    division_jobs: Figure
    division_quotient: Figure
    compared: tuple[Row, ...]
    units: tuple[Row, ...]
    unit_activity: Activity
    drawing: Drawing | None
    labels: tuple[str, ...]
    children: tuple[Row, ...]
    trend: Trend | None
    size: tuple[SizeRow, ...]
    size_period: str
    section: Activity
    territories: tuple[Place, ...] = field(repr=False)


def row(reader: Reader, place: Place, activity: Activity) -> Row:
    code = activity.code
    return Row(
        place,
        activity,
        reader.count(place, "enterprises", code),
        reader.quotient(place, code),
        reader.count(place, "starts", code),
        reader.count(place, "stops", code),
        reader.balance(place, code),
        reader.jobs(place, code),
    )


@lru_cache(maxsize=128)
def sector_page(held: Catalogue, language: str, code: str, territory: str = "") -> SectorPage:
    """The sheet of an activity in a place, by default the one that the agency steers."""
    reader = Reader(held, language)
    activity, place = reader.tree[code], reader.place(territory)
    if place.level == OUTSIDE:
        raise InputError(
            _("{name} n’est pas un territoire : aucun secteur ne s’y lit.").format(
                name=place.name(language)
            )
        )
    lineage = reader.tree.lineage(code)
    division = reader.tree.above(code, DIVISION)
    # Municipalities are shown down to divisions: a finer activity is mapped by the one it lies in.
    unit_activity = division
    units = _units(reader, place)
    return SectorPage(
        activity=activity,
        place=place,
        is_ours=place.code == reader.home.code,
        in_sentence=reader.said(place),
        reference=reader.reference,
        lineage=tuple(reversed(lineage)),
        here=row(reader, place, activity),
        jobs_quotient=reader.jobs_quotient(place, division.code),
        division=division,
        division_jobs=reader.jobs(place, division.code),
        division_quotient=reader.quotient(place, division.code),
        compared=tuple(row(reader, p, activity) for p in _compared(reader, place, code)),
        units=tuple(row(reader, p, unit_activity) for p in units),
        unit_activity=unit_activity,
        drawing=_map(reader, place, units),
        labels=reader.ours.place.labels,
        children=tuple(row(reader, place, reader.tree[c]) for c in activity.children),
        trend=_trend(reader, place, lineage),
        size=_size(reader, lineage[-1]),
        size_period=sizes(held).period,
        section=lineage[-1],
        territories=territories(reader),
    )


@lru_cache(maxsize=16)
def sector_rows(
    held: Catalogue, language: str, territory: str = "", within: str = "", level: int = DIVISION
) -> tuple[Row, ...]:
    """Every activity of a level, all of them or those inside one, in a place."""
    reader = Reader(held, language)
    place = reader.place(territory)
    return tuple(
        row(reader, place, activity)
        for activity in reader.tree.of_level(level)
        if not within or any(above.code == within for above in reader.tree.lineage(activity.code))
    )


def territories(reader: Reader) -> tuple[Place, ...]:
    """What the reader may switch to: what is wider, ours, and its districts and basins."""
    home = reader.home
    inside = [
        p
        for p in reader.known
        if p.level in (reader.ours.place.peer_level, "basin")
        and any(above.code == home.code for above in reader.known.lineage(p.code))
        and p.code != home.code
    ]
    wider = [reader.known[code] for code in reader.ours.place.comparators]
    return (home, *sorted(inside, key=lambda p: (p.level, p.names["fr"])), *wider)


def _units(reader: Reader, place: Place) -> list[Place]:
    level = reader.ours.place.unit_level
    if place.level == level:
        return []
    return reader.known.within(place.code, level)


def _compared(reader: Reader, place: Place, code: str) -> list[Place]:
    """Our place among the districts it holds, or those beside it, and what it lies in."""
    level, known = reader.ours.place.peer_level, reader.known
    inside = known.within(place.code, level) if place.level != level else []
    beside = [p for p in known if p.parent == place.parent and p.level == place.level]
    around = inside or (beside if len(beside) <= 12 else [])
    wider = [
        known[c] for c in dict.fromkeys([reader.home.code, *reader.ours.place.comparators[:-1]])
    ]
    chosen = {p.code: p for p in [place, *around, *wider] if p.code != reader.reference.code}
    return [p for p in chosen.values() if reader.counts.shows(p.code, code)]


def _map(reader: Reader, place: Place, units: list[Place]) -> Drawing | None:
    if not units:
        return None
    known, level = reader.known, reader.ours.place.unit_level
    groups = known.within(place.code, reader.ours.place.peer_level) or [place]
    return drawing(
        reader.held,
        tuple(unit.code for unit in units),
        tuple(tuple(u.code for u in known.within(group.code, level)) for group in groups),
    )


def _trend(reader: Reader, place: Place, lineage: list[Activity]) -> Trend | None:
    """The yearly jobs of the finest group that holds the activity, here, around and in the reference."""
    if JOBS not in reader.held.tables:
        return None
    section = lineage[-1].code
    around = [p for p in reader.known.lineage(place.code)[1:] if p.code == reader.home.code]
    chosen = {p.code: p for p in [place, *around, reader.reference]}
    found: list[tuple[Place, list[tuple[str, Cell]]]] = []
    group = ""
    for where in chosen.values():
        group, cells = series(reader.held, where.code, section)
        if sum(cell.value is not None for _year, cell in cells) > 2:
            found.append((where, cells))
    if not found or found[0][0].code != place.code:
        return None
    known = [{year for year, cell in cells if cell.value} for _where, cells in found]
    common = sorted(set.intersection(*known))
    if len(common) < 3:
        return None
    base = common[0]
    periods = [year for year, _cell in found[0][1] if year >= base]
    lines = []
    for where, cells in found:
        at = dict(cells)
        start = at[base].value or 1.0
        lines.append(
            (where, tuple(_index(reader, where, group, base, start, y, at[y]) for y in periods))
        )
    label = _group_label(reader, group)
    exact = lineage[0].code == group
    return Trend(group, label, base, tuple(periods), tuple(lines), exact)


def _index(
    reader: Reader, place: Place, group: str, base: str, start: float, year: str, cell: Cell
) -> Figure:
    value = None if cell.value is None else 100 * cell.value / start
    return reader.figure(
        place,
        _("Emploi, indice {base} = 100").format(base=base),
        Cell(value, cell.state if value is None else state_of(value)),
        period=year,
        origin=reader.origin(JOBS),
        limit_years=reader.limits.get(JOBS),
        decimals=0,
        method=_(
            "{jobs} personnes occupées, comptes régionaux, branche {group} ; {start} en {base}."
        ).format(
            jobs="—" if cell.value is None else reader.number(cell.value),
            group=group,
            start=reader.number(start),
            base=base,
        ),
    )


def _section_name(reader: Reader, code: str) -> str:
    return str(NAMES.get(code) or reader.tree[code].label(reader.language))


def _group_label(reader: Reader, group: str) -> str:
    """A group of sections in words: its sections' labels."""
    if group in reader.tree:
        return _section_name(reader, group)
    if "-" in group:
        first, last = group.split("-")
        names = [
            a.label(reader.language)
            for a in reader.tree.of_level(SECTION)
            if first <= a.code <= last
        ]
        return " ; ".join(names)
    return _("toutes branches")


def _size(reader: Reader, section: Activity) -> tuple[SizeRow, ...]:
    """The size structure of the section in the territories of ours that the table holds, and the reference."""
    if SIZES not in reader.held.tables:
        return ()
    table = sizes(reader.held)
    inside = [
        reader.known[code]
        for code in table.places()
        if code in reader.known
        and (
            code == reader.reference.code
            or any(p.code == reader.home.code for p in reader.known.lineage(code))
        )
    ]
    inside.sort(key=lambda p: (p.code == reader.reference.code, p.code))

    def made(place: Place, group: str, name: str) -> Figure:
        cell = table(place.code, section.code, group)
        return reader.figure(
            place,
            name,
            cell,
            period=table.period,
            origin=reader.origin(SIZES),
            limit_years=reader.limits.get(SIZES),
            method=_("Assujetties à la TVA, section {section}, par nombre de salariés.").format(
                section=section.code
            ),
        )

    return tuple(
        SizeRow(
            place,
            made(place, ALL, _("Entreprises")),
            tuple(made(place, group, str(words)) for group, (_c, words) in GROUPS.items()),
        )
        for place in inside
        if table(place.code, section.code).state is not State.NOT_MEASURED
    )


def unknown_here(held: Catalogue, language: str, territory: str = "") -> Figure:
    """Enterprises of a place whose activity the register doesn't know."""
    reader = Reader(held, language)
    place = reader.place(territory)
    cell = reader.counts(place.code, "enterprises", UNKNOWN)
    return reader.figure(place, _("Activité inconnue"), cell)

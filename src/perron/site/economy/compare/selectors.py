"""The page Comparer: a few territories, every indicator of each, and one sector where one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from perron.lake.provenance import Figure
from perron.lake.snapshots import Catalogue
from perron.site.directory.activities import DIVISION, SECTION, Activity
from perron.site.directory.business import counts
from perron.site.directory.places import Place
from perron.site.economy.compare import census
from perron.site.economy.compare.choice import Choice, asked, find
from perron.site.economy.compare.indicators import GROUPS, Group, Indicator
from perron.site.economy.compare.typical import Typical, count_of, depth_of, typical
from perron.site.economy.reader import Reader


@dataclass(frozen=True, slots=True)
class Side:
    """One territory of the comparison. `ours` where it is the steered one or lies in it."""

    place: Place
    name: str
    ours: bool
    figures: dict[str, Figure]
    typical: tuple[Typical, ...]
    typical_count: int
    depth: int


@dataclass(frozen=True, slots=True)
class SectorSide:
    """One sector in one territory."""

    place: Place
    quotient: Figure
    enterprises: Figure
    balance: Figure
    jobs_quotient: Figure
    women: Figure


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Everything the page shows."""

    choice: Choice
    sides: tuple[Side, ...]
    groups: tuple[Group, ...]
    #: Tables that the lake does not have, whose groups are not shown.
    missing: tuple[Group, ...]
    reference: Place
    reference_figures: dict[str, Figure]
    sector: Activity | None
    sector_sides: tuple[SectorSide, ...]

    def of(self, side: Side, indicator: Indicator) -> Figure:
        return side.figures[indicator.name]

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of the territories, each once."""
        return tuple(dict.fromkeys(side.place.level for side in self.sides))

    def group(self, name: str) -> Group | None:
        return next((group for group in self.groups if group.name == name), None)


def compare_page(
    held: Catalogue, language: str, territories: str = "", sector: str = ""
) -> ComparePage:
    """The page of the territories in an address. InputError for a code that is no territory."""
    return _page(held, language, asked(Reader(held, language), territories, sector))


@lru_cache(maxsize=64)
def _page(held: Catalogue, language: str, choice: Choice) -> ComparePage:
    reader = Reader(held, language)
    there = tuple(group for group in GROUPS if group.table in held.tables)
    chosen = [reader.known[code] for code in choice.codes]
    sector = reader.tree[choice.sector] if choice.sector else None
    return ComparePage(
        choice=choice,
        sides=tuple(_side(reader, place, there) for place in chosen),
        groups=there,
        missing=tuple(group for group in GROUPS if group not in there),
        reference=reader.reference,
        reference_figures=_figures(reader, reader.reference, there),
        sector=sector,
        sector_sides=tuple(_sector(reader, place, sector) for place in chosen) if sector else (),
    )


def found(held: Catalogue, language: str, query: str, choice: Choice) -> list[Place]:
    """Territories that a search finds and that are not compared yet."""
    return find(Reader(held, language).known, query, language, choice.codes)


def prepare(held: Catalogue) -> None:
    """Compute what the first visitor asks: our territory and those beside it."""
    counts(held)
    compare_page(held, "fr")


def _figures(reader: Reader, place: Place, groups: tuple[Group, ...]) -> dict[str, Figure]:
    return {i.name: i.of(reader, place) for group in groups for i in group.indicators}


def _side(reader: Reader, place: Place, groups: tuple[Group, ...]) -> Side:
    inside = {
        above.code for part in place.parts or (place.code,) for above in reader.known.lineage(part)
    }
    return Side(
        place,
        place.short(reader.language),
        reader.home.code in inside,
        _figures(reader, place, groups),
        typical(reader, place),
        count_of(reader, place),
        depth_of(reader, place),
    )


def _sector(reader: Reader, place: Place, activity: Activity) -> SectorSide:
    lineage = reader.tree.lineage(activity.code)
    division = next((a for a in lineage if a.level == DIVISION), activity)
    section = next(a for a in lineage if a.level == SECTION)
    return SectorSide(
        place,
        reader.quotient(place, activity.code),
        reader.count(place, "enterprises", activity.code),
        reader.balance(place, activity.code),
        reader.jobs_quotient(place, division.code),
        census.women(reader, place, section.code),
    )

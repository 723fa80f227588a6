"""Who works in a place, by sex and education: the census, at the place of work, by province."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import PERSONS, Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.nuts import nuts_of
from perron.site.directory.places import Place
from perron.site.economy.reader import Reader

TABLE = "census_jobs"
WOMEN, MEN = "women", "men"
#: International levels of education: tertiary, and lower secondary at most.
TERTIARY, LOW = ("ED5", "ED6"), ("NONE", "ED1", "ED2")
#: What the census could not state.
_UNSTATED = "UNK"
_REGION = 4


@dataclass(frozen=True, slots=True)
class Census:
    """Persons by NUTS 2 region, section, sex and education of one year."""

    period: str
    persons: dict[tuple[str, str, str, str], float] = field(repr=False)
    regions: frozenset[str] = field(repr=False)

    def count(
        self,
        regions: frozenset[str],
        section: str = "",
        sexes: tuple[str, ...] = (WOMEN, MEN),
        levels: tuple[str, ...] = (),
    ) -> float:
        """The sum over regions; of every section or education where none is asked for."""
        return sum(
            value
            for (region, activity, sex, level), value in self.persons.items()
            if region in regions
            and sex in sexes
            and (not section or activity == section)
            and (level in levels if levels else True)
        )


@lru_cache(maxsize=2)
def census(held: Catalogue) -> Census:
    """The census in the version that `held` has; empty where it has none."""
    if TABLE not in held.tables:
        return Census("", {}, frozenset())
    rows = pq.read_table(held.snapshot(TABLE).path).to_pylist()
    period = max((row["period"] for row in rows), default="")
    persons = {
        (row["territory"], row["activity"], row["sex"], row["education"]): float(row["persons"])
        for row in rows
        if row["period"] == period and row["persons"] is not None
    }
    return Census(period, persons, frozenset(region for region, *_rest in persons))


def women(reader: Reader, place: Place, section: str = "") -> Figure:
    """The share of women among those who work there."""
    name = _("Part des femmes")
    return _share(
        reader,
        place,
        name,
        _("Femmes pour 100 personnes occupées, au lieu de travail."),
        section,
        part=((WOMEN,), ()),
        whole=((WOMEN, MEN), ()),
    )


def tertiary(reader: Reader, place: Place, sexes: tuple[str, ...] = (WOMEN, MEN)) -> Figure:
    """The share that has a higher degree, among those whose education is stated."""
    names = {
        (WOMEN, MEN): _("Diplômés du supérieur"),
        (WOMEN,): _("Diplômées du supérieur, femmes"),
        (MEN,): _("Diplômés du supérieur, hommes"),
    }
    return _share(
        reader,
        place,
        names[sexes],
        _("Pour 100 personnes occupées dont le diplôme est connu, au lieu de travail."),
        part=(sexes, TERTIARY),
        whole=(sexes, _stated(reader)),
    )


def low(reader: Reader, place: Place) -> Figure:
    """The share that has lower secondary education at most."""
    return _share(
        reader,
        place,
        _("Au plus le secondaire inférieur"),
        _("Pour 100 personnes occupées dont le diplôme est connu, au lieu de travail."),
        part=((WOMEN, MEN), LOW),
        whole=((WOMEN, MEN), _stated(reader)),
    )


def _stated(reader: Reader) -> tuple[str, ...]:
    levels = {level for *_rest, level in census(reader.held).persons}
    return tuple(sorted(levels - {_UNSTATED}))


def _share(
    reader: Reader,
    place: Place,
    name: str,
    method: str,
    section: str = "",
    *,
    part: tuple[tuple[str, ...], tuple[str, ...]],
    whole: tuple[tuple[str, ...], tuple[str, ...]],
) -> Figure:
    found = census(reader.held)
    regions = _regions(reader, found, place)
    fields: dict[str, object] = {"unit": "%", "decimals": 1, "method": method}
    if found.period:
        fields |= {
            "period": found.period,
            "origin": reader.origin(TABLE),
            "limit_years": reader.limits.get(TABLE),
        }
    if not regions:
        return reader.figure(place, name, Cell(None, State.NOT_MEASURED), **fields)
    some = found.count(regions, section, *part)
    every = found.count(regions, section, *whole)
    # A share is hidden where those it counts, or those it leaves out, are fewer than the rule asks.
    if any(0 < n < PERSONS.minimum for n in (some, every - some, every)):
        return reader.figure(place, name, Cell(None, State.SUPPRESSED), **fields)
    value = 100 * some / every if every else None
    return reader.figure(place, name, Cell(value, state_of(value)), **fields)


def _regions(reader: Reader, found: Census, place: Place) -> frozenset[str]:
    """The regions of the census that make up the place; none for a district or a commune."""
    codes = nuts_of(reader.held, place.code)
    if not codes or any(len(code) > _REGION for code in codes):
        return frozenset()
    return frozenset(
        region
        for region in found.regions
        if len(region) == _REGION and any(region.startswith(code) for code in codes)
    )

"""Establishments counted where they stand, year by year, for any place: the recent trend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.municipal import Series, series
from perron.site.directory.places import Place
from perron.site.economy.reader import Reader

TABLE = "establishments"


@dataclass(frozen=True, slots=True)
class Trend:
    """Counts of the first and the last year, and indices of each, here and in the reference."""

    place: Place
    reference: Place
    first: Figure
    last: Figure
    change: Figure
    reference_change: Figure
    periods: tuple[str, ...]
    here: tuple[Figure, ...]
    there: tuple[Figure, ...]


@lru_cache(maxsize=2)
def counted(held: Catalogue) -> Series:
    """Establishments by place and year; none where the lake has no such table."""
    if TABLE not in held.tables:
        return Series((), {})
    rows = pq.read_table(
        held.snapshot(TABLE).path,
        columns=["territory", "period", "establishments", "establishments_status"],
    )
    columns = (rows.column(i).to_pylist() for i in range(4))
    return series(
        held,
        {
            (code, period): Cell(None if value is None else float(value), State(status))
            for code, period, value, status in zip(*columns, strict=True)
        },
    )


def trend(reader: Reader, place: Place) -> Trend | None:
    """The trend of a place, or None without a count of it in two years."""
    found = counted(reader.held)
    periods = [p for p in found.periods if found(place.code, p).value]
    if len(periods) < 2:
        return None
    span = found.periods[found.periods.index(periods[0]) :]
    first, last = span[0], periods[-1]

    def change(where: Place) -> Figure:
        before, after = found(where.code, first), found(where.code, last)
        known = before.value and after.value is not None
        value = 100 * ((after.value or 0.0) / (before.value or 1.0) - 1) if known else None
        return _figure(
            reader,
            where,
            _("Évolution des établissements"),
            Cell(value, state_of(value)),
            f"{first}/{last}",
            _("De {first} à {last}.").format(first=first, last=last),
            unit="%",
            decimals=1,
        )

    def line(where: Place) -> tuple[Figure, ...]:
        base = found(where.code, first).value
        cells = [found(where.code, p) for p in span]
        values = [None if c.value is None or not base else 100 * c.value / base for c in cells]
        return tuple(
            _figure(
                reader,
                where,
                _("Établissements, indice {first} = 100").format(first=first),
                Cell(v, cell.state if v is None else state_of(v))
                if base or v is not None
                else Cell(None, State.UNKNOWN),
                period,
                _("{n} établissements.").format(
                    n="—" if cell.value is None else reader.number(cell.value)
                ),
                decimals=1,
            )
            for period, cell, v in zip(span, cells, values, strict=True)
        )

    counts = _("Établissements")
    return Trend(
        place,
        reader.reference,
        _figure(reader, place, counts, found(place.code, first), first),
        _figure(reader, place, counts, found(place.code, last), last),
        change(place),
        change(reader.reference),
        tuple(span),
        line(place),
        line(reader.reference),
    )


def _figure(
    reader: Reader,
    place: Place,
    name: str,
    cell: Cell,
    period: str,
    method: str = "",
    *,
    unit: str = "",
    decimals: int = 0,
) -> Figure:
    return reader.figure(
        place,
        name,
        cell,
        period=period,
        origin=reader.origin(TABLE),
        limit_years=reader.limits.get(TABLE),
        unit=unit,
        decimals=decimals,
        method=_("Établissements comptés là où ils sont, en fin d’année. {method}")
        .format(method=method)
        .strip(),
    )

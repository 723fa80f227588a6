"""Taxable income of any place, summed from the municipalities of each year."""

from __future__ import annotations

from django.utils.translation import gettext as _

from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import Cell, mask
from perron.site.directory.incomes import TABLE, incomes
from perron.site.directory.places import Place
from perron.site.economy.reader import Reader


def per_declaration(reader: Reader, place: Place) -> Figure:
    """Net taxable income for each declaration that has one."""
    return _ratio(
        reader,
        place,
        "declarations",
        _("Revenu par déclaration"),
        _("Revenu net imposable, divisé par le nombre de déclarations."),
    )


def per_inhabitant(reader: Reader, place: Place) -> Figure:
    """Net taxable income for each inhabitant."""
    return _ratio(
        reader,
        place,
        "residents",
        _("Revenu par habitant"),
        _(
            "Revenu net imposable des déclarations, divisé par les habitants au 1er janvier suivant."
        ),
    )


def _ratio(reader: Reader, place: Place, by: str, name: str, method: str) -> Figure:
    tables = incomes(reader.held)
    periods = tables[by].periods
    if not periods:
        return reader.figure(place, name, Cell(None, State.NOT_MEASURED), unit="€")
    total, count = tables["net_taxable_income"](place.code), tables[by](place.code)
    state = mask(total, count)
    value = None if state or not count.value else (total.value or 0.0) / count.value
    return reader.figure(
        place,
        name,
        Cell(value, state or state_of(value)),
        unit="€",
        period=periods[-1],
        origin=reader.origin(TABLE),
        limit_years=reader.limits.get(TABLE),
        method=_("{method} Euros de {year}, somme des communes.").format(
            method=method, year=periods[-1]
        ),
    )

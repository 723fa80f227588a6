"""How enterprises come and go, by section: rates from the counts that may be shown, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from perron.lake.provenance import Figure, State, state_of
from perron.lake.published import Cell, mask
from perron.methods.economy import Population, enterprise_demography
from perron.site.directory.activities import ALL, SECTION
from perron.site.directory.business import MEASURES
from perron.site.directory.places import Place
from perron.site.directory.section_names import NAMES
from perron.site.economy.reader import Reader


@dataclass(frozen=True, slots=True)
class Turnover:
    """A section, or all of them, in one place. `small`: too few enterprises to be compared."""

    section: str
    label: str
    active: Figure
    birth: Figure
    stop: Figure
    churn: Figure
    net: Figure
    small: bool


@dataclass(frozen=True, slots=True)
class Churn:
    """The sections here and in the reference, in the same order."""

    place: Place
    reference: Place
    total: Turnover
    reference_total: Turnover
    sections: tuple[Turnover, ...]
    reference_sections: tuple[Turnover, ...]

    @property
    def hidden(self) -> int:
        """Sections whose rates may not be shown here."""
        return sum(s.net.state is State.SUPPRESSED for s in self.sections)


def churn(reader: Reader, place: Place) -> Churn:
    """The demography of the year, by section: masked where any count that makes it is masked."""
    codes = [ALL, *(section.code for section in reader.tree.of_level(SECTION))]
    here, there = (_of(reader, where, codes) for where in (place, reader.reference))
    kept = [i for i in range(1, len(codes)) if here[i].active.state is not State.ZERO]
    return Churn(
        place,
        reader.reference,
        here[0],
        there[0],
        tuple(here[i] for i in kept),
        tuple(there[i] for i in kept),
    )


def _of(reader: Reader, place: Place, codes: list[str]) -> list[Turnover]:
    cells = {m: [reader.counts(place.code, m, code) for code in codes] for m in MEASURES}
    known = {
        m: np.array([np.nan if c.value is None else c.value for c in found])
        for m, found in cells.items()
    }
    # More starts than enterprises of the year can't be one population: nothing is said of such a cell.
    odd = known["starts"] > known["enterprises"] + known["stops"]
    known["starts"] = np.where(odd, np.nan, known["starts"])
    found = enterprise_demography(
        known["enterprises"], known["starts"], known["stops"], Population.AT_YEAR_END
    )
    states = [mask(*(cells[m][i] for m in MEASURES)) for i in range(len(codes))]

    def rate(name: str, i: int) -> Figure:
        made = getattr(found, name)
        value, low, high = (100 * float(part[i]) for part in (made.value, made.low, made.high))
        state = states[i] or (State.UNKNOWN if np.isnan(value) else None)
        bounded = state is None
        return reader.figure(
            place,
            _name(name),
            Cell(None if state else value, state or state_of(value)),
            unit="%",
            decimals=1,
            low=low if bounded else None,
            high=high if bounded else None,
            interval=_("à 95 % : ce que le hasard d’une année peut faire"),
            method=_method(name, cells, i),
        )

    def active(i: int) -> Figure:
        stock, stops = cells["enterprises"][i], cells["stops"][i]
        hidden = mask(stock, stops)
        value = None if hidden else (stock.value or 0.0) + (stops.value or 0.0)
        return reader.figure(
            place,
            _("Entreprises actives dans l’année"),
            Cell(value, hidden or state_of(value)),
            method=_("Entreprises de fin d’année et cessations de l’année, au siège."),
        )

    return [
        Turnover(
            code,
            _label(reader, code),
            active(i),
            rate("birth", i),
            rate("stop", i),
            rate("churn", i),
            rate("net", i),
            bool(found.small[i]),
        )
        for i, code in enumerate(codes)
    ]


def _label(reader: Reader, code: str) -> str:
    if code == ALL:
        return _("Toutes sections")
    return str(NAMES.get(code) or reader.tree[code].label(reader.language))


def _name(rate: str) -> str:
    return {
        "birth": _("Taux de création"),
        "stop": _("Taux de cessation"),
        "churn": _("Rotation"),
        "net": _("Taux net"),
    }[rate]


def _method(rate: str, cells: dict[str, list[Cell]], i: int) -> str:
    said = {
        "birth": _(
            "Créations pour 100 entreprises actives dans l’année (fin d’année et cessations)."
        ),
        "stop": _(
            "Cessations pour 100 entreprises actives dans l’année (fin d’année et cessations)."
        ),
        "churn": _("Créations et cessations pour 100 entreprises actives dans l’année."),
        "net": _("Créations moins cessations pour 100 entreprises actives dans l’année."),
    }[rate]
    starts, stops = cells["starts"][i], cells["stops"][i]
    if starts.value is None or stops.value is None:
        return said
    return (
        said
        + " "
        + _("{starts} créations, {stops} cessations.").format(
            starts=round(starts.value), stops=round(stops.value)
        )
    )

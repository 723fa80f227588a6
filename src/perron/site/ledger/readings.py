"""Indicators read from the lake: which readers there are, and the figure of a place and a period.

An indicator names a reader and its parameters (`Indicator.reading`, `Indicator.parameters`); without
one, a person is asked at the due date. What the lake lacks has a state and a reason, never a zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from perron import formats
from perron.errors import InputError
from perron.lake.provenance import Figure, Origin, State
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.site.directory.places import Place, places
from perron.site.directory.selectors import steered
from perron.site.ledger.models import Indicator
from perron.site.ledger.readers import READINGS, Answer, Asked, Reading


def readings() -> dict[str, Reading]:
    """Every reader by its name."""
    return {reading.name: reading for reading in READINGS}


def reading_of(indicator: Indicator) -> Reading | None:
    """The reader of an indicator; None where a person is asked, or the reader is no longer there."""
    return readings().get(indicator.reading)


def parameters_of(
    reading: Reading, given: Mapping[str, str], held: Catalogue, language: str = "fr"
) -> dict[str, str]:
    """The parameters of a reader, each with its default where none is given. Empty without its table."""
    if reading.missing(held):
        return {}
    found = {}
    for parameter in reading.parameters:
        choices = dict(parameter.choices(held, language))
        found[parameter.name] = given.get(parameter.name) or next(iter(choices), "")
    return found


def reading_faults(name: str, given: Mapping[str, str], held: Catalogue) -> dict[str, str]:
    """The faults of a reader's name and parameters, by field."""
    if not name:
        return {}
    reading = readings().get(name)
    if reading is None:
        return {"reading": _("Ce lecteur de données n’existe pas : choisissez-en un de la liste.")}
    if table := reading.missing(held):
        return {
            "reading": _("La table {table} n’est pas dans le lac : chargez-la d’abord.").format(
                table=table
            )
        }
    if unknown := sorted(set(given) - {p.name for p in reading.parameters}):
        return {"parameters": _("Ce lecteur ne demande pas « {name} ».").format(name=unknown[0])}
    for parameter in reading.parameters:
        choices = dict(parameter.choices(held, "fr"))
        if (value := given.get(parameter.name, "")) and value not in choices:
            said = _("{label} : « {value} » n’est pas un choix.")
            return {"parameters": said.format(label=parameter.label, value=str(value)[:40])}
    return {}


def read(
    indicator: Indicator, territory: str, period: str, held: Catalogue, language: str = "fr"
) -> Figure:
    """The figure of an indicator for a place and a period, in the state it has in the lake.

    Not measured: nobody records it (no reader, no table, no such grain). Unknown: the table should
    give it and does not, as for a year that is not published yet. `Figure.method` says the reason.
    """
    with override(language):
        reading = reading_of(indicator)
        answer, place = _answer(reading, indicator, territory, period, held, language)
        return Figure(
            name=str(indicator),
            value=answer.cell.value,
            state=answer.cell.state,
            territory=place.name(language) if place else territory,
            period=period,
            origin=origin(held, reading.table if reading else ""),
            unit=(indicator.unit_en if language == "en" else "") or indicator.unit,
            decimals=indicator.decimals,
            method=answer.method,
            low=answer.low,
            high=answer.high,
            interval=answer.interval,
            limit_years=steered().limits.get(reading.table) if reading else None,
            others=tuple(origin(held, table) for table in answer.others),
        )


def _answer(
    reading: Reading | None,
    indicator: Indicator,
    territory: str,
    period: str,
    held: Catalogue,
    language: str,
) -> tuple[Answer, Place | None]:
    def absent(state: State, reason: str) -> Answer:
        return Answer(Cell(None, state), reason)

    place = _place(held, territory)
    if reading is None:
        return absent(State.NOT_MEASURED, _("Aucune table ne le donne : on le demande à une personne.")), place  # fmt: skip
    if table := reading.missing(held):
        said = _("La table {table} n’est pas dans le lac.")
        return absent(State.NOT_MEASURED, said.format(table=table)), place
    if place is None:
        said = _("Le territoire {code} n’est pas dans la référence des territoires de ce lac.")
        return absent(State.NOT_MEASURED, said.format(code=territory or "?")), None
    try:
        if faults := reading_faults(reading.name, indicator.parameters, held):
            return absent(State.NOT_MEASURED, next(iter(faults.values()))), place
        parameters = parameters_of(reading, indicator.parameters, held, language)
        periods = reading.periods(held, parameters)
        if period not in periods:
            return absent(State.UNKNOWN, _not_held(periods, period, language)), place
        return reading.answer(Asked(held, language, place, period, parameters)), place
    except InputError as error:  # a further table that the reader rests on is not there
        return absent(State.NOT_MEASURED, str(error)), place


def _not_held(periods: tuple[str, ...], period: str, language: str) -> str:
    wanted = formats.period(period, language)
    if not periods:
        return _("Le lac n’a aucune période de cette table : {period} manque.").format(
            period=wanted
        )
    if len(periods) == 1:
        return _("Le lac n’a que {only} : {period} manque.").format(
            only=formats.period(periods[0], language), period=wanted
        )
    return _("Le lac va de {first} à {last} : {period} manque.").format(
        first=formats.period(periods[0], language),
        last=formats.period(periods[-1], language),
        period=wanted,
    )


def _place(held: Catalogue, code: str) -> Place | None:
    """A place of the reference; that of the installation where none is named."""
    try:
        known = places(held)
        return known[code or steered().place.code]
    except InputError:
        return None


def origin(held: Catalogue, table: str) -> Origin:
    """Where a table comes from; that it is not there, on the day it was looked for, where it is not."""
    if table in held.tables:
        return held.snapshot(table).origin()
    said = _("Table absente du lac") if table else _("Demandé à une personne")
    return Origin(table, "", said, "Perron", "", timezone.localdate())


def periods(indicator: Indicator, territory: str, held: Catalogue) -> tuple[str, ...]:
    """The periods for which the lake tells something of a place, in order."""
    return _periods(indicator.reading, tuple(sorted(indicator.parameters.items())), territory, held)


@lru_cache(maxsize=256)
def _periods(
    name: str, given: tuple[tuple[str, str], ...], territory: str, held: Catalogue
) -> tuple[str, ...]:
    reading, place = readings().get(name), _place(held, territory)
    if reading is None or place is None:
        return ()
    absent = (State.UNKNOWN, State.NOT_MEASURED)
    try:
        if reading_faults(name, dict(given), held):
            return ()
        parameters = parameters_of(reading, dict(given), held)
        return tuple(
            period
            for period in reading.periods(held, parameters)
            if reading.answer(Asked(held, "fr", place, period, parameters)).cell.state not in absent
        )
    except InputError:  # a further table that the reader rests on is not there
        return ()


def nearest(indicator: Indicator, territory: str, period: str, held: Catalogue) -> str:
    """The held period nearest to another, the later of two as near; "" where none is within 2 years."""
    if not period[:4].isdigit():
        return ""
    wanted = int(period[:4])
    known = [p for p in periods(indicator, territory, held) if p[:4].isdigit()]
    near = [p for p in known if abs(int(p[:4]) - wanted) <= 2]
    return min(near, key=lambda p: (abs(int(p[:4]) - wanted), -int(p[:4])), default="")

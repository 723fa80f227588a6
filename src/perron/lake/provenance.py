"""Every figure can answer "where from?".

A figure is never a bare number: it is a value with its state, territory, period, source, licence,
retrieval date, method, interval and age. Pages, exports and the API all show this one object.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """What stands behind a value. The five words are never confused with one another."""

    OBSERVED = "observed"  # counted, and above zero
    ZERO = "zero"  # counted: there is none
    SUPPRESSED = "suppressed"  # exists, and may not be shown
    UNKNOWN = "unknown"  # the source should give it and does not
    NOT_MEASURED = "not_measured"  # nobody recorded it: no source at this grain


#: States in which a value is shown; in the others it is absent, and the word is shown instead.
SHOWN = frozenset({State.OBSERVED, State.ZERO})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a table comes from: the part of a figure's answer that its snapshot's manifest gives."""

    table: str
    version: str
    source: str
    publisher: str
    licence: str
    retrieved: date
    url: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One value and everything a hostile reader may ask about it.

    `value` is None in every state but observed and zero. `low` and `high` bound an interval whose
    nature `interval` says in words ("à 95 %"); all three absent mean that none is published.
    `period` is a period ("2019", "2023-Q4"), never a date. `limit_years` is the age from which the
    figure is shown as stale.
    """

    name: str
    value: float | None
    state: State
    territory: str
    period: str
    origin: Origin
    unit: str = ""
    decimals: int = 0
    method: str = ""
    low: float | None = None
    high: float | None = None
    interval: str = ""
    limit_years: int | None = None
    #: Further tables the figure is made from, such as the population under a rate.
    others: tuple[Origin, ...] = ()

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.state in SHOWN):
            raise ValueError(f"{self.name}: a value and the state {self.state} do not go together")

    def age(self, today: date) -> int:
        """Whole years between the end of the period and today: 2019 is 7 years old in 2026.

        A stretch of time ("2001/2018") is as old as its end.
        """
        return max(0, today.year - int(self.period.rsplit("/", 1)[-1][:4]))

    def stale(self, today: date) -> bool:
        """Whether the figure is older than the territory accepts for its source."""
        return self.limit_years is not None and self.age(today) > self.limit_years


def state_of(value: float | None, absent: State = State.UNKNOWN) -> State:
    """The state of a value that nothing else qualifies: zero, observed, or `absent` when None.

    >>> state_of(0.0), state_of(3.0), state_of(None)
    (<State.ZERO: 'zero'>, <State.OBSERVED: 'observed'>, <State.UNKNOWN: 'unknown'>)
    """
    if value is None:
        return absent
    return State.ZERO if value == 0 else State.OBSERVED

"""Expectations set with what was known in one year, reviewed with another by the code of any review.

A rule sets them, not the agency: a walk with drift in logarithms (`methods.statistics.drift`). It is given
the years up to the first one and nothing later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from perron.errors import InputError
from perron.lake.provenance import SHOWN, Figure, State, state_of
from perron.lake.published import Cell
from perron.lake.snapshots import Catalogue
from perron.methods.statistics.drift import FEWEST, proportional_drift
from perron.methods.statistics.expectations import growth
from perron.site.directory.jobs import ACCOUNTS, EVERYTHING, JOBS, regional_jobs
from perron.site.directory.nuts import nuts_of
from perron.site.directory.places import Place, places
from perron.site.directory.selectors import steered
from perron.site.ledger import reviewing
from perron.site.ledger.models import Indicator, Verdict
from perron.site.ledger.readers import group_name
from perron.site.ledger.readings import origin
from perron.site.ledger.reviewing import Draft, Expected

#: The year in which the expectations are set, the one by which they are to hold.
START, END = "2010", "2018"
#: The chance of holding that the rule gives each.
CONFIDENCE = 0.8
#: Groups of branches that don't overlap: these are counted.
COUNTED = ("A", "B-E", "F", "G-I", "J", "K", "L", "M-N", "O-Q", "R-U")
#: Shown beside them, and in them: not counted.
BESIDE = (EVERYTHING, "C")


@dataclass(frozen=True, slots=True)
class Line:
    """One sector: what was expected of it in jobs, what came, and the same in percent of the start."""

    group: str
    expected: Expected
    draft: Draft
    #: The first and the last year that the rule was given.
    known: tuple[str, str]
    #: Change since the start, its bounds being the range that was expected.
    change: Figure
    comparator_change: Figure | None

    @property
    def name(self) -> str:
        return group_name(self.group)

    @property
    def counted(self) -> bool:
        return self.group in COUNTED


@dataclass(frozen=True, slots=True)
class Replay:
    """The whole replay of a territory; no line where the lake can't tell."""

    place: Place | None
    comparator: Place | None
    lines: tuple[Line, ...] = ()
    #: Sectors without a series long enough before the start.
    left_out: tuple[str, ...] = ()

    @property
    def judged(self) -> list[Line]:
        """The lines that count and that have an answer."""
        return [
            line for line in self.lines if line.counted and line.draft.verdict != Verdict.UNKNOWN
        ]

    def ended(self, verdict: str) -> int:
        return sum(line.draft.verdict == verdict for line in self.judged)


def indicator_of(group: str) -> Indicator:
    """The indicator of a sector's jobs, as an agency would set it."""
    return Indicator(
        code=f"replay-{group.lower()}",
        name=_("Emplois, {group}").format(group=group_name(group)),
        unit=_("emplois"),
        reading="jobs",
        parameters={"activity": group},
    )


def known_in(series: Mapping[str, Cell], start: str) -> dict[str, float]:
    """The unbroken run of years that ends at the start: nothing later, nothing before a gap."""
    found: dict[str, float] = {}
    year = int(start)
    while (cell := series.get(str(year))) is not None and cell.value:
        found[str(year)] = cell.value
        year -= 1
    return dict(sorted(found.items()))


def expect_from(
    series: Mapping[str, Cell], start: str, end: str, confidence: float = CONFIDENCE
) -> tuple[dict[str, float], float, float] | None:
    """The years that the rule was given and the range it sets; None where they are too few."""
    known = known_in(series, start)
    if len(known) < FEWEST:
        return None
    found = proportional_drift(list(known.values()), int(end) - int(start), confidence)
    return known, found.low, found.high


@lru_cache(maxsize=16)
def replay(held: Catalogue, language: str, start: str = START, end: str = END) -> Replay:
    """The replay of our territory beside its widest comparator."""
    ours = steered().place
    try:
        known = places(held)
        place = known[ours.code]
        compared = known[ours.comparators[-1]] if ours.comparators else None
    except InputError:
        return Replay(None, None)
    if JOBS not in held.tables:
        return Replay(place, compared)
    lines, left_out = [], []
    for group in (*BESIDE, *COUNTED):
        set_then = expect_from(_series(held, place.code, group), start, end)
        if set_then is None:
            left_out.append(group_name(group))
        else:
            lines.append(_line(held, language, (place, compared), group, set_then, (start, end)))
    return Replay(place, compared, tuple(lines), tuple(left_out))


def _series(held: Catalogue, place: str, group: str) -> dict[str, Cell]:
    jobs, regions = regional_jobs(held), nuts_of(held, place)
    return {
        year: jobs.at(ACCOUNTS, regions, group, year) for year in jobs.periods.get(ACCOUNTS, ())
    }


def _line(
    held: Catalogue,
    language: str,
    of: tuple[Place, Place | None],
    group: str,
    set_then: tuple[dict[str, float], float, float],
    years: tuple[str, str],
) -> Line:
    (place, compared), (known, low, high), (start, end) = of, set_then, years
    base = known[start]
    beside = _series(held, compared.code, group).get(start) if compared else None
    expected = Expected(
        indicator_of(group),
        place.code,
        end,
        low,
        high,
        baseline=base,
        baseline_period=start,
        comparator=compared.code if compared else "",
        comparator_baseline=beside.value if beside else None,
    )
    draft = reviewing.propose(expected, held, language)

    def change(place: Place, value: float | None, state: State, *bounds: float | None) -> Figure:
        low, high = bounds or (None, None)
        said = _("attendu avec {n} chances sur 100 par la règle")
        return Figure(
            group_name(group),
            value,
            state,
            place.name(language),
            f"{start}/{end}",
            origin(held, JOBS),
            unit="%",
            decimals=1,
            method=_("De {start} à {end}, en pour cent des emplois de {start}.").format(
                start=start, end=end
            ),
            low=low,
            high=high,
            interval=said.format(n=round(100 * CONFIDENCE)) if bounds else "",
        )

    came = change(
        place,
        draft.change,
        draft.figure.state if draft.change is None else state_of(draft.change),
        growth(base, low),
        growth(base, high),
    )
    there = None
    if compared and draft.comparator is not None:
        value = draft.comparator_change
        state = draft.comparator.state if value is None else state_of(value)
        if value is None and state in SHOWN:
            state = State.UNKNOWN  # the comparator has a value at the end and none at the start
        there = change(compared, value, state)
    first, *_rest = known
    return Line(group, expected, draft, (first, start), came, there)

"""What the codes of municipalities became, so that figures of two divisions meet where they add up.

A table of figures is written in the codes of some year, and seldom says which. The codes themselves say
it: one that exists only from 2025 on, or one that is gone by then. What cannot be told by adding is not
told at all: three municipalities counted as one say nothing of each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import pyarrow.parquet as pq

from perron.lake.snapshots import Catalogue

TABLE = "refnis_changes"


@dataclass(frozen=True, slots=True)
class Made:
    """A municipality made in a year of those of an older division."""

    code: str
    year: int
    names: dict[str, str] = field(hash=False)
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Codes of two divisions that cover the same ground: the smallest thing that both can count."""

    written: frozenset[str]
    reference: frozenset[str]


@dataclass(frozen=True, slots=True)
class Changes:
    """Old code to new ones, year by year, and the names of the new ones by language."""

    steps: dict[int, dict[str, tuple[str, ...]]] = field(hash=False)
    names: dict[tuple[int, str], dict[str, str]] = field(hash=False)

    def vintage(self, codes: Collection[str], period: str) -> int:
        """The year whose codes these are, from the codes that tell it, else that of the period."""
        found = int(period[:4]) if period[:4].isdigit() else 0
        for year, step in sorted(self.steps.items()):
            old, new = set(step), {code for targets in step.values() for code in targets}
            if not (new - old).isdisjoint(codes):
                found = max(found, year)
            elif not (old - new).isdisjoint(codes):
                found = min(found, year - 1)
        return found

    def later(self, code: str, after: int, until: int) -> set[str]:
        """What a code of the year `after` has become in the year `until`: itself, if nothing."""
        found = {code}
        for year in sorted(self.steps):
            if after < year <= until:
                step = self.steps[year]
                found = {new for old in found for new in step.get(old, (old,))}
        return found

    def earlier(self, code: str, since: int, back_to: int) -> set[str]:
        """What a code of the year `since` was made of in the year `back_to`: itself, if of nothing."""
        found = {code}
        for year in sorted(self.steps, reverse=True):
            if back_to < year <= since:
                step = self.steps[year]
                made = {new: [o for o, news in step.items() if new in news] for new in found}
                found = {old for new, olds in made.items() for old in olds or [new]}
        return found

    def groups(self, of: int, reference: Iterable[str], division: int) -> list[Group]:
        """The codes of the year `of` beside the municipalities of a division, each group by itself."""
        walk = self.later if of >= division else self.earlier
        return _components((one, code) for code in reference for one in walk(code, division, of))

    def made_after(self, municipalities: Iterable[str], division: int) -> list[Made]:
        """The municipalities of the latest division that are whole ones of an older one.

        One that holds a piece of a municipality that was cut is left out: no sum gives its figures.
        """
        last = max(self.steps, default=division)
        parts: dict[str, list[tuple[str, bool]]] = {}
        for code in municipalities:
            now = self.later(code, division, last)
            for each in now:
                parts.setdefault(each, []).append((code, len(now) == 1))
        found = []
        for code, inside in sorted(parts.items()):
            years = [year for year, new in self.names if new == code and year > division]
            if years and inside != [(code, True)] and all(entire for _part, entire in inside):
                held = tuple(sorted(part for part, _entire in inside))
                found.append(Made(code, max(years), self.names[max(years), code], held))
        return found


def _components(pairs: Iterable[tuple[str, str]]) -> list[Group]:
    """The connected parts of a relation between two sets of codes."""
    left: dict[str, int] = {}
    right: dict[str, int] = {}
    groups: dict[int, tuple[set[str], set[str]]] = {}
    for number, (one, other) in enumerate(sorted(pairs)):
        groups[number] = ({one}, {other})
        for known, code in ((left, one), (right, other)):
            merged = known.get(code)
            if merged is not None and merged != number:
                ones, others = groups.pop(merged)
                groups[number][0].update(ones)
                groups[number][1].update(others)
                left |= dict.fromkeys(ones, number)
                right |= dict.fromkeys(others, number)
            known[code] = number
    return [Group(frozenset(ones), frozenset(others)) for ones, others in groups.values()]


@lru_cache(maxsize=4)
def changes(catalogue: Catalogue) -> Changes:
    """The changes that the lake knows; none where no table says any."""
    if TABLE not in catalogue.tables:
        return Changes({}, {})
    steps: dict[int, dict[str, tuple[str, ...]]] = {}
    names: dict[tuple[int, str], dict[str, str]] = {}
    for row in pq.read_table(catalogue.snapshot(TABLE).path).to_pylist():
        year = int(row["period"])
        step = steps.setdefault(year, {})
        step[row["old"]] = (*step.get(row["old"], ()), row["new"])
        names[year, row["new"]] = {
            k: row[f"name_{k}"] for k in ("fr", "nl", "de", "en") if row[f"name_{k}"]
        }
    return Changes(steps, names)

"""The sectors that are most typical of a place: far above the reference, and surely so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from perron.lake.provenance import Figure
from perron.lake.snapshots import Catalogue
from perron.methods.economy import quotient_of_counts
from perron.site.directory.activities import DIVISION, GROUP, Activity
from perron.site.directory.places import Place
from perron.site.economy.reader import Reader

#: Enterprises under which a sector is not called typical, and how many are shown.
FEWEST, MOST = 10, 5


@dataclass(frozen=True, slots=True)
class Typical:
    """A sector of a place whose whole interval is above the reference."""

    activity: Activity
    quotient: Figure
    enterprises: Figure


def depth_of(reader: Reader, place: Place) -> int:
    """The finest grain at which a place is compared: groups, or divisions where groups are not shown."""
    groups = reader.tree.of_level(GROUP)
    fine = bool(groups) and all(reader.counts.shows(place.code, a.code) for a in groups)
    return GROUP if fine else DIVISION


@lru_cache(maxsize=1024)
def _codes(held: Catalogue, place: str) -> tuple[str, ...]:
    """The codes of a place that are surely above the reference, the highest quotient first."""
    reader = Reader(held, "fr")
    where, away = reader.known[place], reader.reference.code
    if place == away:
        return ()
    activities = reader.tree.of_level(depth_of(reader, where))
    here = [reader.counts(place, "enterprises", a.code).value for a in activities]
    there = [reader.counts(away, "enterprises", a.code).value for a in activities]
    totals = [reader.counts(code, "enterprises").value for code in (place, away)]
    if None in totals:
        return ()
    x, c = (np.array([np.nan if v is None else v for v in side]) for side in (here, there))
    value, low, _high = quotient_of_counts(x, totals[0] or 0.0, c, totals[1] or 0.0)
    kept = [i for i in np.argsort(-np.nan_to_num(value)) if low[i] > 1 and x[i] >= FEWEST]
    return tuple(activities[i].code for i in kept)


def typical(reader: Reader, place: Place) -> tuple[Typical, ...]:
    """The most typical sectors of a place, at most `MOST`."""
    return tuple(
        Typical(
            reader.tree[code],
            reader.quotient(place, code),
            reader.count(place, "enterprises", code),
        )
        for code in _codes(reader.held, place.code)[:MOST]
    )


def count_of(reader: Reader, place: Place) -> int:
    """How many sectors of a place are surely above the reference."""
    return len(_codes(reader.held, place.code))

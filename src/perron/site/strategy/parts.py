"""The pieces that activities are cut into, and the share of them that is exposed, with its bounds."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from perron.methods.economy import EmptyWarning, exposure
from perron.site.directory.activities import Activities, counted_in


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the partition: how much of it is in an exposed activity, and to what degree.

    `inside` is 1 or 0, NaN where the part is coarser than the activity named. `degree` is NaN where
    that, or the driver's own share, is not known.
    """

    code: str
    section: str
    inside: float
    degree: float
    value: float
    ceiling: float


def touch(tree: Activities, code: str, named: Mapping[str, float | None]) -> tuple[float, float]:
    """Whether a part is in a named activity, and to what degree it is exposed."""
    known = counted_in(code, tree)
    for above in tree.lineage(known):
        if above.code in named and (above.code != known or code == known):
            share = named[above.code]
            return 1.0, np.nan if share is None else share
    # Named more finely than it is cut: some of it, and nobody can say how much.
    holds = any(above.code == known for name in named for above in tree.lineage(name)[1:])
    return (np.nan, np.nan) if holds else (0.0, 0.0)


def bounds(parts: Sequence[Part], by_degree: bool = False) -> tuple[float, float, float]:
    """Share in exposed activities, in percent, with its bounds; NaN where it is not known."""
    frame = pd.DataFrame([[part.value for part in parts]])
    ceiling = pd.DataFrame([[part.ceiling for part in parts]])
    exposed = pd.Series([part.degree if by_degree else part.inside for part in parts])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        found = exposure(frame, np.ones((len(parts), 1)), exposed, ceiling=ceiling)
    share, low, high = (
        100 * float(np.asarray(kind)[0, 0]) for kind in (found.share, found.low, found.high)
    )
    return share, low, high


def against(parts: Sequence[Part], whole: float | None) -> list[Part]:
    """The parts to divide: where the whole is published and all that is touched too, the rest is one part.

    Then a count hidden elsewhere hides nothing here.
    """
    touched = [part for part in parts if part.inside != 0]
    if whole is None or any(np.isnan(part.value) for part in touched):
        return list(parts)
    rest = whole - sum(part.value for part in touched)
    return [*touched, Part("", "", 0.0, 0.0, max(0.0, rest), float("nan"))]


def decimals(percent: float | None) -> int:
    """Enough decimals for two digits of a small share to be read.

    >>> decimals(2.75), decimals(0.0155), decimals(41.7), decimals(0.0)
    (2, 3, 1, 1)
    """
    if not percent or percent >= 10:
        return 1
    return max(2, 1 - math.floor(math.log10(percent)))

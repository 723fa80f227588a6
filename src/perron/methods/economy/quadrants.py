"""Where a sector stands: held or not, surrounded or not, and only where both intervals allow to say so."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Side(StrEnum):
    """Where an interval lies beside a line."""

    OVER = "over"
    UNDER = "under"
    CROSSING = "crossing"
    UNKNOWN = "unknown"


class Position(StrEnum):
    """The four quadrants, and the two ways of being in none."""

    STRENGTH = "strength"
    OPPORTUNITY = "opportunity"
    WEAKNESS = "weakness"
    THREAT = "threat"
    UNDECIDED = "undecided"
    UNASSESSED = "unassessed"


#: What two sides that are both decided make.
_QUADRANT = {
    (Side.OVER, Side.OVER): Position.STRENGTH,
    (Side.UNDER, Side.OVER): Position.OPPORTUNITY,
    (Side.UNDER, Side.UNDER): Position.WEAKNESS,
    (Side.OVER, Side.UNDER): Position.THREAT,
}


def sides(low: ArrayLike, high: ArrayLike, line: float = 1.0) -> NDArray[np.object_]:
    """On which side of a line each interval lies.

    Parameters
    ----------
    low, high : array-like of the same shape
        NaN where there is no interval.
    line : float

    Returns
    -------
    Array of `Side`: over where the whole interval is above the line, under where it is at most the line
    (a quotient of exactly 1 is not a speciality), crossing otherwise, unknown where a bound is NaN.

    Raises
    ------
    ValueError
        If a low bound is above its high bound.

    >>> [str(side) for side in sides([1.2, 0.8, 0.5, np.nan], [1.5, 1.1, 1.0, np.nan])]
    ['over', 'crossing', 'under', 'unknown']
    """
    least, most = np.broadcast_arrays(np.asarray(low, np.float64), np.asarray(high, np.float64))
    with np.errstate(invalid="ignore"):
        if (least > most).any():
            raise ValueError("a low bound is above its high bound")
        which = np.select([least > line, most <= line], [0, 1], 2)
    which = np.where(np.isnan(least) | np.isnan(most), 3, which)
    # Looked up, since assigning a text to an array of objects would leave a plain text in it.
    every = [Side.OVER, Side.UNDER, Side.CROSSING, Side.UNKNOWN]
    found: NDArray[np.object_] = np.array(every, dtype=object)[which]
    return found


def positions(held: ArrayLike, surrounded: ArrayLike) -> NDArray[np.object_]:
    """The quadrant of each sector, from its two sides.

    Parameters
    ----------
    held, surrounded : array-like of `Side`, of the same shape
        Of the quotient, and of the ratio of `surroundings`.

    Returns
    -------
    Array of `Position`: a quadrant where both sides are decided, undecided where one crosses its line,
    unassessed where one is unknown. Nothing is ever put in a quadrant by force.

    Source: the four names are those of Metroverse (Growth Lab), without its single ranking; that isolated
    specialities leave more often and surrounded ones enter more often, Neffke, Henning and Boschma (2011),
    "How do regions diversify over time?", Economic Geography 87(3).

    >>> held = sides([1.2, 1.2, 0.3, 0.9], [1.5, 1.5, 0.6, 1.1])
    >>> near = sides([1.1, 0.2, 1.1, 1.1], [1.4, 0.8, 1.4, 1.4])
    >>> [str(position) for position in positions(held, near)]
    ['strength', 'threat', 'opportunity', 'undecided']
    """
    first, second = np.broadcast_arrays(
        np.asarray(held, dtype=object), np.asarray(surrounded, dtype=object)
    )
    found = [
        Position.UNASSESSED if Side.UNKNOWN in pair else _QUADRANT.get(pair, Position.UNDECIDED)
        for pair in zip(first.flat, second.flat, strict=True)
    ]
    return np.array(found, dtype=object).reshape(first.shape)

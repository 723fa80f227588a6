"""Axes of charts: round ends, positions as SVG lengths, and the numbers written beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perron import formats
from perron.site.components import figures


def percent(share: float) -> str:
    """A share of the width as an SVG length.

    >>> percent(0.5), percent(1 / 3)
    ('50%', '33.33%')
    """
    return f"{round(share * 100, 2):g}%"


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear axis from `low` to `high`."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where a value lies between 0 and 1; what lies outside is drawn at the edge."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def at(self, value: float) -> str:
        """The position of a value as an SVG length.

        >>> Scale(0, 2.5).at(1), Scale(0, 2.5).at(9)
        ('40%', '100%')
        """
        return percent(self.share(value))

    def beyond(self, value: float) -> bool:
        """Whether a value lies outside the axis, which the drawing must then say."""
        return value < self.low or value > self.high

    def ticks(self, count: int = 5) -> list[float]:
        """Round values inside the axis, about `count` of them.

        >>> Scale(0, 2.5).ticks(), Scale(70, 104).ticks(4)
        ([0.0, 0.5, 1.0, 1.5, 2.0, 2.5], [70.0, 80.0, 90.0, 100.0])
        """
        step = _step((self.high - self.low) / count)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(i * step, 10) for i in range(first, last + 1)]


def _step(raw: float) -> float:
    """The round step nearest above a raw one: 1, 2, 2.5, 5 or 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)


def round_scale(values: Iterable[float], from_zero: bool = True) -> Scale:
    """An axis that holds every value and ends on round numbers.

    >>> round_scale([0.77, 1.97]), round_scale([-40, 120]), round_scale([83, 100], from_zero=False)
    (Scale(low=0.0, high=2.0), Scale(low=-50.0, high=150.0), Scale(low=80.0, high=100.0))
    """
    known = [v for v in values if math.isfinite(v)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    step = _step((high - low) / 4)
    return Scale(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)


def decimals_of(values: Sequence[float]) -> int:
    """The decimals that tell round values apart on an axis.

    >>> decimals_of([0, 1, 2]), decimals_of([0, 0.5, 1]), decimals_of([0, 0.25])
    (0, 1, 2)
    """
    return next((d for d in range(4) if all(abs(v - round(v, d)) < 1e-9 for v in values)), 4)


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    text: str
    anchor: str = "middle"


def ticks_at(values: Sequence[float], scale: Scale) -> list[Tick]:
    places = decimals_of(values)
    ticks = []
    for value in values:
        share = scale.share(value)
        anchor = "start" if share < 0.02 else "end" if share > 0.98 else "middle"
        text = formats.number(value, places, figures.language())
        ticks.append(Tick(percent(share), text, anchor))
    return ticks

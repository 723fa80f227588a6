"""Least squares by regime: what `perron.methods.economy.breaks` minimises."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from perron.methods.economy.labels import Array

#: Under this part of the total sum of squares a fit is exact: what remains is rounding.
EXACT = 1e-12


class Model(StrEnum):
    """What a regime looks like."""

    MEAN = "mean"
    TREND = "trend"

    @property
    def parameters(self) -> int:
        """How many numbers describe a regime."""
        return 1 if self is Model.MEAN else 2


def growing(y: Array, model: Model) -> Array:
    """The sum of squares around the fit of the first 1, 2, … values, along the last axis."""
    z = y - y[..., :1]
    t = np.arange(z.shape[-1], dtype=np.float64)
    count = t + 1
    total = np.cumsum(z, axis=-1)
    squares = np.cumsum(z * z, axis=-1) - total**2 / count
    if model is Model.TREND:
        cross = np.cumsum(t * z, axis=-1) - t / 2 * total
        spread = np.maximum(t * count * (t + 2) / 12, 0.5)  # no spread for one value: cross is 0
        squares = squares - cross**2 / spread
    return np.maximum(squares, 0.0)


def f_profile(y: Array, model: Model, sizes: NDArray[np.int_]) -> Array:
    """Chow's F with the first regime of each size, along the last axis."""
    n, p = y.shape[-1], model.parameters
    forward = growing(y, model)
    backward = growing(y[..., ::-1], model)
    none = forward[..., -1:]
    one = forward[..., sizes - 1] + backward[..., n - sizes - 1]
    exact = EXACT * _scale(y)
    none = np.where(none <= exact, 0.0, none)
    one = np.where(one <= exact, 0.0, np.minimum(one, none))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = ((none - one) / p) / (one / (n - 2 * p))
    return np.where(none == 0, 0.0, found)


def _scale(y: Array) -> Array:
    """What a sum of squares is small against: the series around its mean, and its level's rounding."""
    centred: Array = ((y - y.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1, keepdims=True)
    level: Array = (y**2).sum(axis=-1, keepdims=True)
    return centred + 1e-16 * level


def costs_of(y: Array, model: Model, shortest: int) -> Array:
    """The sum of squares of each stretch from `a` to `b`, both included; infinite if too short."""
    n = len(y)
    costs = np.full((n, n), np.inf)
    for a in range(n - shortest + 1):
        costs[a, a + shortest - 1 :] = growing(y[a:], model)[shortest - 1 :]
    costs[costs <= EXACT * _scale(y)] = 0.0
    return costs


def best_splits(costs: Array, most: int) -> list[list[int]]:
    """For each number of breaks, the sizes of the head of the series that they end."""
    n = len(costs)
    best, origins = costs[0], []
    for _ in range(most):
        # total[a, b]: the best split of the years before a, then one stretch from a to b.
        total = np.vstack([np.full(n, np.inf), best[:-1, None] + costs[1:]])
        origins.append(total.argmin(axis=0))
        best = total.min(axis=0)
    splits = []
    for m in range(most + 1):
        ends, b = [], n - 1
        for origin in reversed(origins[:m]):
            ends.append(int(origin[b]))
            b = int(origin[b]) - 1
        splits.append(ends[::-1])
    return splits


def stretches_of(ends: Sequence[int], n: int) -> list[tuple[int, int]]:
    """The regimes as positions, the end excluded, where `ends` are the sizes of the heads."""
    return list(zip([0, *ends], [*ends, n], strict=True))


def fit(y: Array, model: Model, ends: Sequence[int]) -> Array:
    """The values of the least-squares fit."""
    fitted = np.empty(len(y))
    for a, b in stretches_of(ends, len(y)):
        t = np.arange(b - a) - (b - a - 1) / 2
        slope = 0.0 if model is Model.MEAN else float(t @ y[a:b] / (t @ t))
        fitted[a:b] = y[a:b].mean() + slope * t
    return fitted

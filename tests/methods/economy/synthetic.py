"""A panel whose entries follow a law that is known: with density, or with the margins alone.

As many specialities are lost as gained, so that one period is like the next.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perron.methods.economy.outlook import density
from perron.methods.economy.relatedness import proximity

#: Jobs of a region in a sector it is specialised in, and in another: the quotient tells them apart.
_MANY, _FEW = 100.0, 2.0
#: A cell of mean density, or of mean margins, is entered this often.
BASE = 0.08
#: Mean and spread of the density over the cells not held, about those of `blocks`.
MEAN, SPREAD = 0.14, 0.055


def blocks(regions: int, sectors: int, seed: int, groups: int = 6) -> NDArray[np.float64]:
    """Specialisations in groups of related sectors, some regions wider than others."""
    generator = np.random.default_rng(seed)
    home = generator.integers(0, groups, regions)
    kind = np.arange(sectors) % groups
    near = home[:, None] == kind[None, :]
    level = generator.uniform(0.5, 1.2, regions)[:, None]
    return (generator.random((regions, sectors)) < level * np.where(near, 0.5, 0.12)).astype(float)


def log_odds(law: str, held: NDArray[np.float64], slope: float) -> NDArray[np.float64]:
    """Of entering a cell: they rise with density, or with ubiquity and diversity and no more."""
    if law == "density":
        score = (density(held, proximity(held)) - MEAN) / SPREAD
    else:
        spread = np.log1p(held.sum(axis=0)) - np.log(24)
        width = np.log1p(held.sum(axis=1)) - np.log(12)
        score = (spread[None, :] + width[:, None]) / 0.4
    return np.log(BASE / (1 - BASE)) + slope * score


def step(
    law: str, held: NDArray[np.float64], generator: np.random.Generator, slope: float
) -> NDArray[np.float64]:
    """The next date."""
    chance = 1 / (1 + np.exp(-log_odds(law, held, slope)))
    entered = (held == 0) & (generator.random(held.shape) < chance)
    leaving = (held == 1) & (generator.random(held.shape) < entered.sum() / held.sum())
    return np.where(entered, 1.0, np.where(leaving, 0.0, held))


def jobs(held: NDArray[np.float64]) -> NDArray[np.float64]:
    """Jobs whose location quotient is above 1 where, and only where, the sector is held."""
    return np.where(held == 1, _MANY, _FEW)


def panel(
    law: str, seed: int, regions: int = 120, sectors: int = 60, slope: float = 1.0
) -> dict[int, NDArray[np.float64]]:
    """Three years of jobs."""
    generator = np.random.default_rng(seed)
    held = blocks(regions, sectors, seed)
    years = {2010: held}
    for year in (2013, 2016):
        held = step(law, held, generator, slope)
        years[year] = held
    return {year: jobs(held) for year, held in years.items()}

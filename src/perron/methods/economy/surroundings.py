r"""Does a region hold what lies near a sector more than chance would have it: the sector's surroundings.

Density alone (`perron.methods.economy.outlook`) cannot tell: ubiquitous sectors are near everything, and
every region holds many of them, so that two cells in three of a real table lie above the share of sectors
that their region holds. Two things change here. What is near is what is found together **in excess** of what
the margins explain; and the density is set beside what the same margins would put there. The region itself
never takes part in saying what is near: that is for the others to show.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from perron.methods.economy.labels import Array, Labelled, Labels, Matrix, unlabelled
from perron.methods.economy.quotients import specialised_of
from perron.methods.economy.relatedness import binary
from perron.methods.economy.uncertainty import CUTS
from perron.methods.statistics.null_models import bicm

#: Regions, ours apart, under which nothing is said of what lies near.
FEWEST_OTHERS = 10
#: Draws without any link of a sector, as a share, from which its interval is not known.
_LOST = 0.05


def excess(specialised: Matrix) -> Labelled:
    r"""How much more two sectors are found together than the margins explain, 0 where not more.

    .. math:: \tau_{ij} = \max\left(0, \frac{C_{ij} - E_{ij}}{\sigma_{ij}}\right), \quad \tau_{ii} = 0

    with :math:`C_{ij}` the number of regions that hold both, and :math:`E_{ij}`, :math:`\sigma_{ij}` its
    mean and standard deviation in the bipartite configuration model (`significance.link_significance`,
    model "bicm"), which keeps how many sectors a region holds and how many regions hold a sector.

    Parameters
    ----------
    specialised : array or DataFrame of shape (regions, sectors)
        1, 0, NaN where not known: such a cell counts neither in :math:`C` nor in :math:`E`.

    Returns
    -------
    Sectors by sectors, symmetric, in standard deviations, 0 on the diagonal: a relatedness for
    `outlook.density`. 0 also for a sector that no region holds, and where the model leaves no choice.

    Source: Teece, Rumelt, Dosi and Winter (1994), "Understanding corporate coherence: theory and
    evidence", Journal of Economic Behavior and Organization 23(1), equation 4, with the null model of
    Saracco and others (2015) in place of the hypergeometric law; only the positive part is kept.

    >>> M = np.kron(np.eye(2), np.ones((6, 2)))  # two pairs of sectors, six regions each
    >>> M[0, 2] = M[7, 0] = 1
    >>> excess(M).round(2).tolist()[0]
    [0.0, 1.56, 0.0, 0.0]
    """
    held, _, labels = binary(specialised)
    chance = np.nan_to_num(bicm(np.asarray(specialised, dtype=np.float64)))
    return labels.pairs(_excess(held, chance, np.ones(len(held))))


def surroundings(
    quotients: Matrix,
    region: Hashable,
    *,
    cut: float = 1.0,
    draws: int = 200,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    r"""What a region holds near each sector, beside what chance would have put there.

    .. math:: \omega_i = \frac{\sum_j M_j \tau_{ij}}{\sum_{j\,known} \tau_{ij}}, \quad
        \varepsilon_i = \frac{\sum_j p_j \tau_{ij}}{\sum_{j\,known} \tau_{ij}}, \quad
        \rho_i = \omega_i / \varepsilon_i

    :math:`M_j` and :math:`p_j` are the region's specialities and their probabilities in the bipartite
    configuration model; :math:`\tau` is the `excess` counted on all **other** regions. Above 1 the sector is
    surrounded: more of what is near is there than in a region that holds as many sectors, each as common.

    Parameters
    ----------
    quotients : array or DataFrame of shape (regions, sectors)
        Location quotients, NaN where not known. The region's own row may be known less than the others.
    region : label, or position in an array
    cut : float
        Above it, a quotient is a speciality.
    draws, seed : int
        Of the bootstrap of the other regions.
    confidence : float

    Returns
    -------
    DataFrame with the sectors as index, NaN throughout for a sector that is not known in the region or
    that no other region joins to any. Columns:

    - `specialised`, 1 or 0; `density` :math:`\omega`, `expected` :math:`\varepsilon`, `ratio` :math:`\rho`;
    - `low`, `high`: percentiles of the ratio, had other regions said what is near (NaN where more than one
      draw in twenty joins the sector to none); `least`, `greatest`: any one other region left out;
    - `as_much`: probability that sectors drawn with the chances :math:`p_j` give as much or more (normal
      law of the same mean and variance);
    - `known_share` of what is near; `hidden_low`, `hidden_high`: the ratio if all that is hidden were
      absent, or all held;
    - `neighbours`: how many sectors as near as one another would say as much,
      :math:`(\sum \tau)^2 / \sum \tau^2`.

    Raises
    ------
    ValueError
        If the region is not there, or fewer than 10 others are.

    Source: the density of Hidalgo and others (2007); held against its expectation as the entry models of
    Boschma, Balland and Kogler (2015) hold it against ubiquity and diversity; bootstrap of regions as
    `uncertainty.resampled_density`. The ratio is ours.

    >>> rng = np.random.default_rng(0)
    >>> block = np.arange(30)[:, None] % 2 == np.arange(8)[None, :] % 2  # even and odd sectors
    >>> lq = np.where(rng.random((30, 8)) < np.where(block, 0.8, 0.2), 2.0, 0.5)
    >>> lq[0] = [0.5, 0.5, 2, 0.5, 2, 0.5, 2, 0.5]
    >>> found = surroundings(lq, 0)[["density", "expected", "ratio", "low", "high"]].round(2)
    >>> found.loc[0].tolist(), found.loc[1].tolist()
    ([1.0, 0.37, 2.72, 2.4, 2.86], [0.0, 0.37, 0.0, 0.0, 0.29])
    """
    table = _Table.read(quotients, region, cut)
    plain = table.near(np.ones(len(table.held)))
    ratio, density, expected = table.ratio(plain)
    generator = np.random.default_rng(seed)
    count = len(table.held)
    drawn = generator.multinomial(count, np.full(count, 1 / count), size=draws)
    found = np.array([table.ratio(table.near(w.astype(np.float64)))[0] for w in drawn])
    lost = np.isnan(found).mean(axis=0) > _LOST
    left_out = np.array([table.ratio(near)[0] for near in table.each_left_out()])
    tail = 50 * (1 - confidence)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a sector without any link has no draw
        low, high = np.nanpercentile(found, [tail, 100 - tail], axis=0)
        least, greatest = np.nanmin(left_out, axis=0), np.nanmax(left_out, axis=0)
    low[lost], high[lost] = np.nan, np.nan
    total = plain.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(table.variance @ plain**2) / (table.known @ plain)
        hidden = (1 - table.known) @ plain
        columns = {
            "specialised": table.own,
            "density": density,
            "expected": expected,
            "ratio": ratio,
            "low": low,
            "high": high,
            "least": least,
            "greatest": greatest,
            "as_much": np.where(spread > 0, 1 - ndtr((density - expected) / spread), 1.0),
            "known_share": 1 - hidden / total,
            "hidden_low": table.own @ plain / total / expected,
            "hidden_high": (table.own @ plain + hidden) / total / expected,
            "neighbours": total**2 / (plain**2).sum(axis=0),
        }
    silent = (table.known == 0) | np.isnan(ratio)
    made = pd.DataFrame(columns, index=table.sectors)
    made.loc[silent, [name for name in columns if name != "specialised"]] = np.nan
    made.loc[table.known == 0, "specialised"] = np.nan
    return made


def surroundings_sweep(
    quotients: Matrix, region: Hashable, cuts: Sequence[float] = CUTS
) -> pd.DataFrame:
    """The ratio of `surroundings` at each cut of the location quotient.

    Parameters
    ----------
    quotients, region
        As for `surroundings`.
    cuts : numbers above 0
        From 0.75 to 1.25 by 0.05 if not said.

    Returns
    -------
    DataFrame of shape (sectors, cuts), NaN as there. Whether the region holds the sector at a cut is
    whether its quotient is above it.

    Source: the sweep of `uncertainty.threshold_sweep`.

    >>> rng = np.random.default_rng(0)
    >>> lq = rng.gamma(4, 0.25, (20, 6))
    >>> surroundings_sweep(lq, 0, [0.8, 1.2]).round(2).values.tolist()[2]
    [1.88, 0.68]
    """
    found = {}
    for cut in cuts:
        table = _Table.read(quotients, region, cut)
        found[cut] = table.ratio(table.near(np.ones(len(table.held))))[0]
        found[cut][table.known == 0] = np.nan
    return pd.DataFrame(found, index=table.sectors)


def nearest(
    quotients: Matrix, region: Hashable, *, cut: float = 1.0, top: int = 5
) -> dict[Hashable, list[tuple[Hashable, float, float]]]:
    """The sectors that weigh most in what lies near each one, and whether the region holds them.

    Parameters
    ----------
    quotients, region, cut
        As for `surroundings`.
    top : int
        How many a sector at most.

    Returns
    -------
    For each sector, up to `top` triples, the nearest first: the sector near it, its share of all that is
    near, and 1, 0 or NaN: held by the region, not, or not known.

    >>> M = np.kron(np.eye(2), np.ones((6, 2)))
    >>> M[0, 2] = M[7, 0] = 1
    >>> nearest(M * 2, 0)[2]
    [(3, 1.0, 0.0)]
    """
    table = _Table.read(quotients, region, cut)
    near = table.near(np.ones(len(table.held)))
    held = np.where(table.known == 1, table.own, np.nan)
    found: dict[Hashable, list[tuple[Hashable, float, float]]] = {}
    for at, sector in enumerate(table.sectors):
        total = near[at].sum()
        order = np.argsort(-near[at], kind="stable")[:top]
        found[sector] = [
            (table.sectors[j], float(near[at, j] / total), float(held[j]))
            for j in order
            if near[at, j] > 0
        ]
    return found


def surroundings_everywhere(quotients: Matrix, *, cut: float = 1.0) -> Matrix:
    """The ratio of `surroundings` for every region, each by the others.

    Parameters
    ----------
    quotients, cut
        As for `surroundings`.

    Returns
    -------
    The kind and shape of `quotients`. NaN where the cell is not known or nothing is near.

    Source: as `surroundings`.

    >>> rng = np.random.default_rng(0)
    >>> lq = rng.gamma(4, 0.25, (20, 6))
    >>> bool(np.isclose(surroundings_everywhere(lq)[3, 2], surroundings(lq, 3, draws=1)["ratio"][2]))
    True
    """
    array, labels = unlabelled(quotients, what="quotients")
    matrix = specialised_of(array, cut)
    held, known, _ = binary(matrix)
    seen = np.ones(held.shape) if known is None else known.astype(np.float64)
    chance = np.nan_to_num(bicm(matrix))
    counts = _Counts.of(held, chance, np.ones(len(held)))
    found = np.full(held.shape, np.nan)
    for at in range(len(held)):
        near = counts.without(held[at], chance[at]).excess()
        with np.errstate(divide="ignore", invalid="ignore"):
            found[at] = (held[at] @ near) / ((chance[at] * seen[at]) @ near)
    found[seen == 0] = np.nan
    result: Matrix = labels.cells(found)
    return result


# --- arrays ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counts:
    """Co-occurrences, and their mean and variance by chance."""

    seen: Array
    mean: Array
    variance: Array

    @classmethod
    def of(cls, held: Array, chance: Array, weight: Array) -> _Counts:
        """Each region counting as many times as its weight."""
        kept = weight > 0
        held, chance, times = held[kept], chance[kept], weight[kept][:, None]
        mean = (chance * times).T @ chance
        squares = chance**2
        return cls((held * times).T @ held, mean, mean - (squares * times).T @ squares)

    def without(self, held: Array, chance: Array) -> _Counts:
        """As if one region were not there."""
        both = np.outer(chance, chance)
        return _Counts(
            self.seen - np.outer(held, held), self.mean - both, self.variance - both * (1 - both)
        )

    def excess(self) -> Array:
        # Rounding may leave a hair of variance where there is none.
        sure = self.variance <= 1e-9
        with np.errstate(divide="ignore", invalid="ignore"):
            near = (self.seen - self.mean) / np.sqrt(self.variance)
        near[sure] = 0.0
        np.maximum(near, 0.0, out=near)
        np.fill_diagonal(near, 0.0)
        return np.asarray(near)


def _excess(held: Array, chance: Array, weight: Array) -> Array:
    return _Counts.of(held, chance, weight).excess()


@dataclass(frozen=True, slots=True)
class _Table:
    """One region before the others: what it holds, what it would by chance, and theirs."""

    sectors: pd.Index
    own: Array
    known: Array
    expected: Array
    held: Array
    chance: Array

    @classmethod
    def read(cls, quotients: Matrix, region: Hashable, cut: float) -> _Table:
        if not cut > 0:
            raise ValueError(f"cut is {cut}, expected a number above 0")
        array, labels = unlabelled(quotients, what="quotients")
        at = _place(region, labels, len(array))
        if len(array) - 1 < FEWEST_OTHERS:
            raise ValueError(
                f"{len(array) - 1} other regions, expected at least {FEWEST_OTHERS} to say what is near"
            )
        matrix = specialised_of(array, cut)
        held, known, _ = binary(matrix)
        chance = np.nan_to_num(bicm(matrix))
        seen = np.ones(held.shape[1]) if known is None else known[at].astype(np.float64)
        index = pd.RangeIndex(array.shape[1]) if labels.sectors is None else labels.sectors
        others: NDArray[np.bool_] = np.arange(len(array)) != at
        return cls(index, held[at], seen, chance[at] * seen, held[others], chance[others])

    @property
    def variance(self) -> Array:
        result: Array = self.expected * (1 - self.expected)
        return result

    def near(self, weight: Array) -> Array:
        return _excess(self.held, self.chance, weight)

    def each_left_out(self) -> list[Array]:
        """What is near, each other region in turn not counting."""
        every = _Counts.of(self.held, self.chance, np.ones(len(self.held)))
        return [
            every.without(held, chance).excess()
            for held, chance in zip(self.held, self.chance, strict=True)
        ]

    def ratio(self, near: Array) -> tuple[Array, Array, Array]:
        """The ratio, the density and its expectation, NaN where nothing known is near."""
        with np.errstate(divide="ignore", invalid="ignore"):
            total = self.known @ near
            density, expected = (self.own @ near) / total, (self.expected @ near) / total
            return density / expected, density, expected


def _place(region: Hashable, labels: Labels, count: int) -> int:
    if labels.regions is not None:
        if region not in labels.regions:
            raise ValueError(f"no region {region!r}")
        return int(labels.regions.get_loc(region))
    if not isinstance(region, int | np.integer) or not 0 <= region < count:
        raise ValueError(f"no region number {region!r}, expected 0 to {count - 1}")
    return int(region)

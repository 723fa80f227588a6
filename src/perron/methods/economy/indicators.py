"""Every indicator of one year's panel, each computed once and only when asked."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from perron.methods.economy import complexity as complexity_
from perron.methods.economy import outlook, relatedness
from perron.methods.economy.concentration import locational_gini
from perron.methods.economy.labels import Array, EmptyWarning, Labelled, unlabelled
from perron.methods.economy.quotient_intervals import (
    Largest,
    sampling_interval,
    suppression_bounds,
)
from perron.methods.economy.quotients import emptiness, quotients_of, specialised_of
from perron.methods.economy.significance import Links, link_significance
from perron.methods.economy.specialisation import (
    coefficient_of_specialisation,
    hachman,
    herfindahl,
    krugman,
    theil,
)
from perron.methods.economy.variety import entropy, related_variety, unrelated_variety


class Indicators:
    """The indicators of a matrix of regions by sectors; see `indicators`.

    Each attribute is computed on first use and kept. Arrays or frames, as the values were given.
    """

    def __init__(
        self,
        values: Any,
        threshold: float,
        diagonal: float,
        parents: Any,
        lower: ArrayLike,
        upper: ArrayLike | Largest,
    ) -> None:
        if not threshold > 0:
            raise ValueError(f"threshold is {threshold}, expected a number above 0")
        if diagonal not in (0.0, 1.0):
            raise ValueError(f"diagonal is {diagonal}, expected 0 or 1")
        self._values, self._labels = unlabelled(values)
        self._threshold, self._diagonal, self._parents = threshold, float(diagonal), parents
        self._lower, self._upper = lower, upper
        self._labels.warn_empty(*emptiness(self._values))

    # Arrays, shared by what follows.

    @cached_property
    def _lq(self) -> Array:
        return quotients_of(self._values)

    @cached_property
    def _specialised(self) -> Array:
        return specialised_of(self._lq, self._threshold)

    @cached_property
    def _known(self) -> NDArray[np.bool_] | None:
        known = ~np.isnan(self._specialised)
        return None if known.all() else known

    @cached_property
    def _held(self) -> Array:
        if self._known is None:
            return self._specialised
        return np.where(self._known, self._specialised, 0.0)

    @cached_property
    def _counts(self) -> Array:
        return relatedness.counts_of(self._held)

    @cached_property
    def _proximity(self) -> Array:
        return relatedness.proximity_of(self._held, self._known, self._counts, self._diagonal)

    @cached_property
    def _near(self) -> Array:
        return np.nan_to_num(self._proximity)

    @cached_property
    def _density(self) -> Array:
        return outlook.density_of(self._held, self._known, self._near)

    @cached_property
    def _worth(self) -> Array:
        """The eigenvector of the sectors in units of the regions' one; NaN all over if refused."""
        found = self.complexity
        raw = np.asarray(found.raw)
        return raw if found.refused else np.nan_to_num(raw) / found.scale

    # What is given back, labelled as the values were.

    @property
    def lq(self) -> Labelled:
        """As `quotients.location_quotient`."""
        return self._labels.cells(self._lq)

    @property
    def specialised(self) -> Labelled:
        """As `quotients.specialised`."""
        return self._labels.cells(self._specialised)

    @property
    def diversity(self) -> Labelled:
        """In how many sectors a region is specialised; NaN where nothing is known."""
        count = np.where(self._nothing(1), np.nan, self._held.sum(axis=1))
        return self._labels.by_region(count, "diversity")

    @property
    def ubiquity(self) -> Labelled:
        """How many regions are specialised in a sector; NaN where nothing is known."""
        count = np.where(self._nothing(0), np.nan, self._held.sum(axis=0))
        return self._labels.by_sector(count, "ubiquity")

    @property
    def proximity(self) -> Labelled:
        """As `relatedness.proximity`."""
        return self._labels.pairs(self._proximity)

    @property
    def density(self) -> Labelled:
        """As `outlook.density`."""
        return self._labels.cells(self._density)

    @cached_property
    def complexity(self) -> complexity_.Complexity:
        """As `complexity.eci_pci`; the size is the sum of the region's known values."""
        totals = np.nansum(self._values, axis=1)
        size = np.where(totals > 0, totals, np.nan)
        with _quiet():
            return complexity_.eci_pci(self.specialised, size=size)

    @cached_property
    def fitness(self) -> complexity_.Fitness:
        """As `complexity.fitness`."""
        with _quiet():
            return complexity_.fitness(self.specialised)

    @property
    def opportunity_gain(self) -> Labelled:
        """As `outlook.opportunity_gain`, on the scale of ECI: the COG of the package ecomplexity."""
        gain = outlook.gain_of(self._held, self._known, self._near, self._worth)
        return self._labels.cells(gain)

    @property
    def coi(self) -> Labelled:
        """As `outlook.outlook_index`, with mean 0 and standard deviation 1 over the regions."""
        index = outlook.outlook_of(self._held, self._known, self._density, self._worth)
        index[self._nothing(1)] = np.nan
        spread = np.nanstd(index) if np.isfinite(index).any() else np.nan
        if not spread > 0:
            index[:] = np.nan
            return self._labels.by_region(index, "coi")
        return self._labels.by_region((index - np.nanmean(index)) / spread, "coi")

    def links(self, **options: Any) -> Links:
        """As `significance.link_significance`, whose options it takes."""
        with _quiet():
            return link_significance(self.specialised, **options)

    def cells(self) -> dict[str, Labelled]:
        """Each indicator of a region and sector, by name; NaN where the cell is not known."""
        low, high = sampling_interval(self._frame)
        # A hidden cell has bounds too: what its quotient may be is no recommendation.
        least, greatest = suppression_bounds(self._frame, self._lower, self._upper)
        return {
            "lq": self.lq,
            "lq_low": low,
            "lq_high": high,
            "lq_min": least,
            "lq_max": greatest,
            "specialised": self.specialised,
            "density": self.density,
            "distance": self._labels.cells(1.0 - self._density),
            "opportunity_gain": self.opportunity_gain,
        }

    def regions(self) -> pd.DataFrame:
        """One row a region, one column an indicator; NaN where a cell it needs is not known."""
        values, parents = self._frame, self._parents
        with _quiet():
            columns = {
                "diversity": self.diversity,
                "eci": self.complexity.eci,
                "fitness": self.fitness.fitness,
                "coi": self.coi,
                "herfindahl": herfindahl(values),
                "krugman": krugman(values),
                "hachman": hachman(values),
                "specialisation": coefficient_of_specialisation(values),
                "theil": theil(values),
                "entropy": entropy(values),
                "related_variety": None if parents is None else related_variety(values, parents),
                "unrelated_variety": None
                if parents is None
                else unrelated_variety(values, parents),
            }
        return _table(columns, self._labels.regions, len(self._values))

    def sectors(self) -> pd.DataFrame:
        """One row a sector, one column an indicator; NaN where a cell it needs is not known."""
        with _quiet():
            columns = {
                "ubiquity": self.ubiquity,
                "pci": self.complexity.pci,
                "product_fitness": self.fitness.product_fitness,
                "locational_gini": locational_gini(self._frame),
            }
        return _table(columns, self._labels.sectors, self._values.shape[1])

    def relatedness(self, links: Links | None = None) -> pd.DataFrame:
        """One row a pair of sectors, in the order of the columns; `links` says how significant."""
        tested = self.links() if links is None else links
        first, second = np.triu_indices(self._values.shape[1], k=1)
        counts = relatedness.alone(self._counts)
        measures = {
            "cooccurrence": counts,
            "proximity": self._proximity,
            "cosine": relatedness.cosine_of(counts),
            "jaccard": relatedness.jaccard_of(counts),
            "association": relatedness.association_of(counts),
            "probability": relatedness.probability_of(counts),
            "z": np.asarray(tested.z),
            "q_value": np.asarray(tested.q_value),
        }
        names = self._labels.sectors
        at = pd.RangeIndex(self._values.shape[1]) if names is None else names
        return pd.DataFrame(
            {"sector_a": at[first], "sector_b": at[second]}
            | {name: values[first, second] for name, values in measures.items()}
        )

    def _nothing(self, axis: int) -> NDArray[np.bool_]:
        """The regions (1) or sectors (0) of which no cell is known."""
        if self._known is None:
            return np.zeros(self._values.shape[1 - axis], dtype=bool)
        return np.asarray(~self._known.any(axis=axis))

    @property
    def _frame(self) -> Labelled:
        return self._labels.cells(self._values)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warning on empty regions and sectors, given once for all when the values came."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyWarning)
        yield


def _table(columns: dict[str, Any], labels: pd.Index | None, count: int) -> pd.DataFrame:
    index = pd.RangeIndex(count) if labels is None else labels
    return pd.DataFrame(
        {name: np.nan if c is None else np.asarray(c) for name, c in columns.items()}, index=index
    )


def indicators(
    values: Any,
    *,
    threshold: float = 1.0,
    diagonal: float = 1.0,
    parents: Any = None,
    lower: ArrayLike = 0.0,
    upper: ArrayLike | Largest = "largest",
) -> Indicators:
    """All indicators of one year, for regions by sectors.

    Parameters
    ----------
    values : array or DataFrame of shape (regions, sectors)
        Counts, zero or more, NaN where not known.
    threshold : float
        A region is specialised where its location quotient is above it.
    diagonal : float
        Of the proximity, 1 or 0.
    parents : Series, dict or sequence of sectors' parents, optional
        For related and unrelated variety, which are NaN without.
    lower, upper
        What a hidden cell may be, as for `quotient_intervals.suppression_bounds`.

    Returns
    -------
    Indicators. Its attributes and the tables `cells()`, `regions()`, `sectors()` and `relatedness()`
    have the conventions of the methods they name: ECI, PCI, COI and COG as in the package ecomplexity
    0.5.3, entropy and variety in log base 2, Theil in natural logarithms over positive cells. A region
    with a hidden cell has NaN for an index that needs the whole of its row.

    Raises
    ------
    ValueError
        If a value is negative or infinite, a label is there twice, or an option is out of range.

    >>> jobs = pd.DataFrame([[30, 10], [20, 40]], index=["Liège", "Namur"], columns=["C", "J"])
    >>> found = indicators(jobs)
    >>> found.lq.round(3).loc["Liège"].to_dict(), found.density.loc["Liège"].to_dict()
    ({'C': 1.5, 'J': 0.5}, {'C': 1.0, 'J': 0.0})
    """
    return Indicators(values, threshold, diagonal, parents, lower, upper)

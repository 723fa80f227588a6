"""Made-up panels that several tests draw: regions and sectors of all sizes, seeded."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

#: Small whole numbers, with empty rows and columns, zeros and ties.
COUNTS = st.tuples(st.integers(1, 6), st.integers(1, 7)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(0, 9).map(float))
)
#: The same with cells that are not known.
MASKED = st.tuples(st.integers(1, 6), st.integers(1, 7)).flatmap(
    lambda shape: arrays(
        float, shape, elements=st.integers(0, 9).map(float) | st.just(float("nan"))
    )
)
#: Which regions are specialised in which sectors, with cells that are not known.
HELD = st.tuples(st.integers(1, 6), st.integers(1, 7)).flatmap(
    lambda shape: arrays(float, shape, elements=st.sampled_from([0.0, 1.0, float("nan")]))
)


def drawn(regions: int, sectors: int, seed: int, hidden: float = 0.0) -> NDArray[np.float64]:
    """Counts, a share `hidden` of them NaN."""
    generator = np.random.default_rng(seed)
    law = np.outer(generator.lognormal(1, 1, regions), generator.lognormal(0, 1.2, sectors))
    counts = generator.poisson(law * generator.lognormal(0, 1, law.shape)).astype(float)
    counts[np.arange(regions), np.arange(regions) % sectors] += 1
    counts[np.arange(sectors) % regions, np.arange(sectors)] += 1
    counts[generator.random(counts.shape) < hidden] = np.nan
    return counts

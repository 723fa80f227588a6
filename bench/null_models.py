"""How long the null models take: `python bench/null_models.py`.

Made-up 0/1 matrices, seeded, of the size of the largest real table (933 metropolitan areas by 288
sectors) and of a large one (3,000 by 1,200). Ends with 1 if a target is missed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

import report
from perron.methods.economy.significance import link_significance
from perron.methods.statistics.null_models import bicm, curveball_moments

#: Wall seconds on two cores that the project promises.
CURVEBALL_TARGET = 20.0
BICM_TARGET = 0.5


def made_up(regions: int, sectors: int, fill: float, seed: int) -> NDArray[np.float64]:
    """Regions of all sizes and sectors of all frequencies, with a share `fill` of ones."""
    generator = np.random.default_rng(seed)
    odds = generator.normal(0, 0.5, (regions, 1)) + generator.normal(0, 1, sectors)
    drawn = odds + generator.logistic(size=(regions, sectors))
    return (drawn > np.quantile(drawn, 1 - fill)).astype(np.float64)


def timed(run: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Wall and processor seconds of the quickest round."""
    found = []
    for _ in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        run()
        found.append((time.perf_counter() - wall, time.process_time() - processor))
    return min(found)


def main() -> int:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    real, large = made_up(933, 288, 0.2063, seed=1), made_up(3000, 1200, 0.18, seed=2)
    scaled = CURVEBALL_TARGET * draws / 1000
    cases: list[tuple[str, int, NDArray[np.float64], float | None, Callable[[], object]]] = [
        ("bicm", 0, real, None, lambda: bicm(real)),
        ("bicm", 0, large, BICM_TARGET, lambda: bicm(large)),
        ("link_significance, bicm", 0, real, None, lambda: link_significance(real)),
        ("link_significance, bicm", 0, large, None, lambda: link_significance(large)),
        (
            "curveball_moments, 1 thread",
            draws,
            real,
            None,
            lambda: curveball_moments(real, draws, seed=0, threads=1),
        ),
        (
            "curveball_moments, 2 threads",
            draws,
            real,
            scaled,
            lambda: curveball_moments(real, draws, seed=0, threads=2),
        ),
    ]
    bicm(real[:100])  # what the first call loads is not what is measured
    lines = []
    missed = 0
    for name, number, matrix, target, run in cases:
        wall, processor = timed(run, 1 if number else 3)
        size = " × ".join(f"{side:,}" for side in matrix.shape)
        lines.append(
            f"| {name} | {number or ''} | {size} | {matrix.mean():.3f} | {wall:.2f} |"
            f" {processor:.2f} | {target or ''} |"
        )
        print(lines[-1], flush=True)
        missed += target is not None and wall > target
    text = (
        f"`python bench/null_models.py`, {report.machine()}, best of 3 without draws. Made-up 0/1 matrices.\n\n"
        "| what | draws | size | fill | wall, s | CPU, s | promised, wall s |\n"
        "|---|---|---|---|---|---|---|\n" + "\n".join(lines)
    )
    if draws == 1000:
        report.write("null-models", text)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

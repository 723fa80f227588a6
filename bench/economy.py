"""Perron beside the published packages, same panels and same outputs, in one run.

    python bench/economy.py [a b c]

Each measure is a fresh process: its peak memory is its own. All start from the same matrix of counts
and give location quotients, specialisations, diversity, ubiquity, proximity, density, ECI, PCI, COI
and COG; a package that takes a long table has it made before the clock starts, and "perron, long
table" starts from that table and gives one back. Perron's answers are compared with those of
ecomplexity in the same run. Ends with 1 if a ratio promised is missed.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import json
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

import report

#: Regions, sectors, seed.
CASES = {"a": (250, 1_000, 1), "b": (600, 800, 2), "c": (3_000, 1_200, 3)}
FILL = 0.18
#: How many times less processor time than ecomplexity Perron promises.
PROMISED = {"a": 12.0, "b": 8.0, "c": 25.0}
TEN_YEARS_MB = 600
ROUNDS = {"a": 7, "b": 7, "c": 2}
PEERS = ("ecomplexity", "econcomplex", "economic-complexity")
COLUMNS = {"time": "year", "loc": "region", "prod": "sector", "val": "value"}


def panel(regions: int, sectors: int, seed: int) -> NDArray[np.float64]:
    """Counts of made-up regions and sectors of all sizes, a share FILL of them above zero."""
    generator = np.random.default_rng(seed)
    size = generator.lognormal(0, 1, regions)
    weight = generator.lognormal(0, 1.5, sectors)
    sample = np.outer(size[:200], weight) * generator.lognormal(0, 1, (min(regions, 200), sectors))
    level = np.exp(brentq(lambda x: np.mean(-np.expm1(-np.exp(x) * sample)) - FILL, -20, 10))
    counts = np.empty((regions, sectors))
    for row in range(regions):  # row by row: the peak is that of the methods, not of the draw
        law = level * size[row] * weight * generator.lognormal(0, 1, sectors)
        counts[row] = generator.poisson(law)
    counts[np.arange(regions), generator.integers(0, sectors, regions)] += 1
    counts[generator.integers(0, regions, sectors), np.arange(sectors)] += 1
    return counts


def long(counts: NDArray[np.float64]) -> pd.DataFrame:
    rows, columns = np.nonzero(counts)
    return pd.DataFrame(
        {"year": 2020, "region": rows, "sector": columns, "value": counts[rows, columns]}
    )


def perron(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    from perron.methods.economy.indicators import indicators

    found = indicators(counts)
    return {
        "rca": found.lq,
        "mcp": found.specialised,
        "diversity": found.diversity,
        "ubiquity": found.ubiquity,
        "proximity": found.proximity,
        "density": found.density,
        "eci": found.complexity.eci,
        "pci": found.complexity.pci,
        "coi": found.coi,
        "cog": found.opportunity_gain,
    }


def perron_long(table: pd.DataFrame) -> pd.DataFrame:
    shape = table["region"].max() + 1, table["sector"].max() + 1
    counts = np.zeros(shape)
    counts[table["region"], table["sector"]] = table["value"]
    found = perron(counts)
    del found["proximity"]
    wide = {}
    for name, values in found.items():
        across = values[:, None] if name in ("diversity", "eci", "coi") else values
        wide[name] = np.broadcast_to(across, shape).ravel()
    index = pd.MultiIndex.from_product([range(shape[0]), range(shape[1])])
    return pd.DataFrame(wide, index=index)


def ecomplexity(table: pd.DataFrame) -> pd.DataFrame:
    from ecomplexity import ecomplexity as compute

    with contextlib.redirect_stdout(io.StringIO()):
        # Its check of log-supermodularity is an extra that the others have not.
        return compute(table, COLUMNS, check_logsupermodularity=False, verbose=False)


def econcomplex(table: pd.DataFrame) -> pd.DataFrame:
    from econcomplex import compute_complexity

    return compute_complexity(table, {"loc": "region", "act": "sector", "val": "value"})


class _WritableNumpy:
    def __getattr__(self, name: str) -> object:
        return getattr(np, name)

    @staticmethod
    def fill_diagonal(values: NDArray[np.float64], diagonal: float) -> None:
        values.setflags(write=True)
        np.fill_diagonal(values, diagonal)


def economic_complexity(counts: pd.DataFrame) -> tuple[object, ...]:
    import economic_complexity as package
    from economic_complexity import product_space

    # It writes into a view that pandas 3 made read-only; the figures are the same.
    product_space.np = _WritableNumpy()
    quotients = package.rca(counts)
    held = quotients.ge(1).astype(int)
    eci, pci = package.complexity(quotients)
    near = package.proximity(quotients)
    around = package.relatedness(quotients, proximities=near)
    gain = package.opportunity_gain(quotients, pci=pci, proximities=near)
    # It has no COI: the definition, on its own tables.
    outlook = (around * (1 - held)).multiply(pci).sum(axis=1)
    return quotients, held.sum(axis=1), held.sum(axis=0), eci, pci, near, around, gain, outlook


WHO: dict[str, tuple[Callable[[NDArray[np.float64]], object], Callable[..., object]]] = {
    "perron": (lambda counts: counts, perron),
    "perron, long table": (long, perron_long),
    "ecomplexity": (long, ecomplexity),
    "econcomplex": (long, econcomplex),
    "economic-complexity": (pd.DataFrame, economic_complexity),
}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(who: str, case: str) -> dict[str, float]:
    """In this process: one answer on a small panel, which loads what it needs, then the case."""
    warnings.simplefilter("ignore")
    prepare, compute = WHO[who]
    compute(prepare(panel(40, 30, 0)))
    given = prepare(panel(*CASES[case]))
    found = []
    for _ in range(ROUNDS[case]):
        wall, processor = time.perf_counter(), time.process_time()
        compute(given)
        found.append((time.process_time() - processor, time.perf_counter() - wall))
    processor, wall = min(found)
    return {"cpu": processor, "wall": wall, "peak": peak_mb()}


def years(count: int = 10) -> dict[str, float]:
    """Ten panels of case c one after the other, the tables of each released before the next."""
    regions, sectors, seed = CASES["c"]

    def each() -> Iterator[NDArray[np.float64]]:
        for year in range(count):
            yield panel(regions, sectors, seed + year)

    kept, processor = [], 0.0
    for counts in each():
        started = time.process_time()
        found = perron(counts)
        processor += time.process_time() - started
        kept.append((found["eci"], found["pci"], found["coi"]))
        del found
    return {"cpu": processor, "peak": peak_mb()}


def agreement(case: str) -> dict[str, float]:
    """The largest difference between Perron and ecomplexity, relative above 1."""
    warnings.simplefilter("ignore")
    counts = panel(*CASES[case])
    ours, theirs = perron_long(long(counts)), ecomplexity(long(counts))
    theirs = theirs.set_index(["region", "sector"]).reindex(ours.index)
    return {
        name: float(
            np.nanmax(np.abs(ours[name] - theirs[name]) / np.maximum(1, theirs[name].abs()))
        )
        for name in ours
    }


def asked(*what: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", *what]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(what)}: {done.stderr[-2000:]}")
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main(cases: list[str]) -> int:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PEERS)
    lines, missed = [], []
    for case in cases:
        regions, sectors, _ = CASES[case]
        found = {who: asked(who, case) for who in WHO}
        peer = found["ecomplexity"]
        for who, each in found.items():
            ratios = f"{peer['cpu'] / each['cpu']:.1f} | {peer['wall'] / each['wall']:.1f}"
            lines.append(
                f"| {case}: {regions:,} × {sectors:,} | {who} | {each['cpu']:.3f} | "
                f"{each['wall']:.3f} | {each['peak']:.0f} | {ratios} |"
            )
            print(lines[-1], flush=True)
        ratio = peer["cpu"] / found["perron"]["cpu"]
        if ratio < PROMISED[case]:
            missed.append(f"{case}: {ratio:.1f} times ecomplexity, promised {PROMISED[case]:g}")
    ten, same = asked("years"), asked("agreement", cases[0])
    if ten["peak"] > TEN_YEARS_MB:
        missed.append(f"ten years of c: {ten['peak']:.0f} MB, promised {TEN_YEARS_MB}")
    if max(same.values()) > 1e-9:
        missed.append(f"not the answers of ecomplexity: {same}")
    promises = ", ".join(f"{ratio:g} at {case}" for case, ratio in PROMISED.items())
    text = (
        f"`python bench/economy.py`, {report.machine()}; {versions}. Made-up counts, "
        f"{FILL:.0%} of the cells above zero, seeded in the script; each line is a process of its own, "
        "the best of a few rounds. The last two columns say how many times less than ecomplexity. "
        f"Promised, on processor time from the matrix: {promises}.\n\n"
        "| panel | who | CPU, s | wall, s | peak, MB | ecomplexity's CPU over it | wall |\n"
        "|---|---|---|---|---|---|---|\n" + "\n".join(lines) + "\n\n"
        f"Ten years of c, one at a time: {ten['cpu']:.1f} s of processor, {ten['peak']:.0f} MB at most "
        f"(promised: under {TEN_YEARS_MB}). Largest difference with ecomplexity at {cases[0]}: "
        f"{max(same.values()):.0e}.\n"
    )
    if set(cases) == set(CASES):
        report.write("economy", text)
    print("\n" + text)
    for line in missed:
        print("missed: " + line)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    if sys.argv[1:2] == ["--measure"]:
        what = sys.argv[2:]
        found = (
            years()
            if what == ["years"]
            else agreement(what[1])
            if what[0] == "agreement"
            else measure(what[0], what[1])
        )
        print(json.dumps(found))
    else:
        sys.exit(main(sys.argv[1:] or list(CASES)))

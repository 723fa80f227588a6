"""Does what lies near foretell anything, on the data at hand? Asked once a state of the lake."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa

from perron.lake.derived import derived
from perron.lake.engines import connect
from perron.lake.provenance import Figure, Origin, State
from perron.lake.snapshots import Catalogue
from perron.methods.economy import (
    NotMeasurableError,
    Score,
    backtest,
    foretold,
    location_quotient,
    specialised,
    surroundings_everywhere,
)
from perron.methods.economy.labels import EmptyWarning
from perron.site.directory.jobs import EVERYTHING, JOBS, SURVEY

#: Length of the code of a NUTS 2 region; codes that end so are of no region.
_NUTS2, _NOWHERE = 4, "ZZ"
#: People whose branch is not known.
_NO_BRANCH = "NRP"
ENTRY, EXIT, MODEL, MARGINS = "entry", "exit", "model", "margins"


@dataclass(frozen=True, slots=True)
class Foretelling:
    """Areas under the curve, ½ being chance, each by name; and over which years and cases."""

    first: str
    last: str
    regions: int
    branches: int
    areas: dict[str, tuple[float, float, float]]
    cases: dict[str, tuple[int, int]]

    def better(self, name: str) -> bool:
        """Whether the whole interval is above chance."""
        return name in self.areas and self.areas[name][1] > 0.5

    def figure(self, name: str, label: str, origin: Origin, territory: str, method: str) -> Figure:
        """An area with its interval; unknown where it could not be measured."""
        value, low, high = self.areas.get(name, (None, None, None))
        return Figure(
            label,
            value,
            State.UNKNOWN if value is None else State.OBSERVED,
            territory,
            f"{self.first}/{self.last}",
            origin,
            decimals=2,
            method=method,
            low=low,
            high=high,
            interval="" if low is None else "95 %",
        )


@lru_cache(maxsize=2)
def foretelling(held: Catalogue) -> Foretelling | None:
    """The back-test on the labour force survey; None where the lake has no such panel."""
    if JOBS not in held.tables:
        return None
    table = derived(held, "options_foretold", lambda: _asked(held))
    if not table.num_rows:
        return None
    told = table.schema.metadata or {}
    rows = table.to_pylist()
    return Foretelling(
        told[b"first"].decode(),
        told[b"last"].decode(),
        int(told[b"regions"]),
        int(told[b"branches"]),
        {row["name"]: (row["value"], row["low"], row["high"]) for row in rows},
        {row["name"]: (row["candidates"], row["events"]) for row in rows},
    )


def _asked(held: Catalogue) -> pa.Table:
    panels = _panels(held)
    years = sorted(panels)
    rows: list[dict[str, object]] = []

    def tell(name: str, score: Score, candidates: int, events: int) -> None:
        rows.append(
            {"name": name, "value": score.value, "low": score.low, "high": score.high}
            | {"candidates": candidates, "events": events}
        )

    told: dict[str, str] = {}
    if len(years) > 2:
        first, middle, last = years[0], years[(len(years) - 1) // 2], years[-1]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", EmptyWarning)
            start, end = specialised(panels[first]), specialised(panels[last])
            score = surroundings_everywhere(location_quotient(panels[first]))
            try:
                for name in (ENTRY, EXIT):
                    found = foretold(start, end, score, name)  # type: ignore[arg-type]
                    tell(name, found.auc, found.candidates, found.events)
                whole = backtest(panels, (first, middle), last).measures
                cases = int(whole["candidates"].value), int(whole["entries"].value)
                tell(MODEL, whole["auc"], *cases)
                tell(MARGINS, whole["auc_margins"], *cases)
            except NotMeasurableError:
                pass  # too few regions or entries: nothing is said, and the page says so
        shape = panels[first].shape
        told = {"first": str(first), "last": str(last)}
        told |= {"regions": str(shape[0]), "branches": str(shape[1])}
    names = ("name", "value", "low", "high", "candidates", "events")
    made = pa.table({name: [row[name] for row in rows] for name in names})
    return made.replace_schema_metadata(told)


def _panels(held: Catalogue) -> dict[int, pd.DataFrame]:
    """Employed people by region and group of branches, a matrix a year; NaN where not published."""
    table = connect(held).table(JOBS)
    rows = table.filter(table.dataset == SURVEY).to_pyarrow().to_pandas()
    regional = rows["territory"].str.len().eq(_NUTS2) & ~rows["territory"].str.endswith(_NOWHERE)
    kept = rows[regional & ~rows["activity"].isin([EVERYTHING, _NO_BRANCH])]
    years = {
        int(year): part.pivot(index="territory", columns="activity", values="jobs").astype(float)
        for year, part in kept.groupby("period")
    }
    there = sorted({r for frame in years.values() for r in frame.index[frame.notna().any(axis=1)]})
    branches = sorted({b for frame in years.values() for b in frame.columns})
    return {
        year: frame.reindex(index=there, columns=branches).astype(np.float64)
        for year, frame in years.items()
    }

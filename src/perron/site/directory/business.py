"""Enterprises, starts and stops of every place and activity, as they may be shown.

The register of VAT-liable enterprises counts at the seat. Sums run over municipalities: what sits
abroad or nowhere known belongs to no territory, and a page that shows a country says so.

Activities are shown at every level for districts and wider places, and down to divisions for
municipalities: below, nearly every count there would be hidden. All that is shown is protected
together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from perron.lake.derived import derived
from perron.lake.engines import connect
from perron.lake.measures import total
from perron.lake.provenance import State
from perron.lake.published import Cell, Hierarchy, Rule, suppressed_each
from perron.lake.snapshots import Catalogue
from perron.site.directory.activities import (
    ALL,
    DIVISION,
    UNKNOWN,
    activities,
    counted_in,
)
from perron.site.directory.places import OUTSIDE, places
from perron.site.directory.sums import summed

TABLE = "statbel_vat"
MEASURES = ("enterprises", "starts", "stops")
#: The level of territories whose counts stop at divisions.
FINEST = "municipality"
#: States as they are stored, by number.
_STATES = (State.ZERO, State.OBSERVED, State.SUPPRESSED, State.UNKNOWN)
_ZERO, _OBSERVED, _SUPPRESSED, _UNKNOWN = range(4)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Every published count of one period. A pair that the register doesn't hold is a zero.

    `values` and `states` hold, for each measure, arrays of shape (places, activities); a place made of
    others (a basin, a merged commune) has no row of its own: its count is the sum of theirs.
    """

    period: str
    rows: dict[str, int] = field(repr=False)
    columns: dict[str, int] = field(repr=False)
    values: dict[str, Floats] = field(repr=False)
    states: dict[str, NDArray[np.int8]] = field(repr=False)
    #: Places that are shown down to divisions only.
    coarse: frozenset[str] = field(repr=False)
    parts: dict[str, tuple[str, ...]] = field(repr=False)
    depth: dict[str, int] = field(repr=False)
    #: Enterprises by territory code of the register, the pseudo-places included.
    seats: dict[str, float]

    def __call__(self, place: str, measure: str, activity: str = ALL) -> Cell:
        """One count with its state; not measured where it is finer than what is shown of the place."""
        if place not in self.rows:
            parts = self.parts.get(place, ())
            return summed([self(part, measure, activity) for part in parts])
        if activity not in self.columns:
            return Cell(0.0, State.ZERO)
        if not self.shows(place, activity):
            return Cell(None, State.NOT_MEASURED)
        at = self.rows[place], self.columns[activity]
        state = _STATES[self.states[measure][at]]
        shown = state in (State.ZERO, State.OBSERVED)
        return Cell(float(self.values[measure][at]) if shown else None, state)

    def shows(self, place: str, activity: str) -> bool:
        """Whether the place is shown at the grain of the activity."""
        if self.depth.get(activity, 0) <= DIVISION:
            return True
        made_of = (place,) if place in self.rows else self.parts.get(place, ())
        return not any(part in self.coarse for part in made_of)

    def hidden(self, measure: str) -> int:
        """How many counts of a measure are suppressed."""
        return int((self.states[measure] == _SUPPRESSED).sum())


@lru_cache(maxsize=2)
def counts(catalogue: Catalogue) -> Counts:
    """Counts of the latest period in service, masked as the rule of confidentiality asks."""
    known = places(catalogue)
    register = connect(catalogue).table(TABLE)
    period = register.period.max().to_pyarrow().as_py()
    territories, codes = _hierarchies(catalogue)
    rows = {code: i for i, code in enumerate(territories.parent)}
    columns = {code: i for i, code in enumerate(codes.parent)}
    shown = derived(catalogue, "counts", lambda: _published(catalogue, period))
    at = _positions(shown.column("area"), rows), _positions(shown.column("activity"), columns)
    values, states = {}, {}
    for measure in MEASURES:
        values[measure] = np.zeros((len(rows), len(columns)))
        states[measure] = np.zeros((len(rows), len(columns)), np.int8)
        values[measure][at] = shown.column(measure).to_numpy()
        states[measure][at] = shown.column(f"{measure}_state").to_numpy()
    return Counts(
        period,
        rows,
        columns,
        values,
        states,
        frozenset(p.code for p in known if p.level == FINEST),
        {p.code: p.parts for p in known if p.parts},
        {code: codes.depth(code) for code in codes.parent},
        _outside(register.filter(register.period == period)),
    )


def _hierarchies(catalogue: Catalogue) -> tuple[Hierarchy, Hierarchy]:
    """The trees of what is counted: territories, and activities with what is unknown of each level."""
    territories = Hierarchy(
        {p.code: p.parent for p in places(catalogue) if p.level != OUTSIDE and not p.parts}
    )
    known = activities(catalogue)
    tree: dict[str, str | None] = {ALL: None, UNKNOWN: ALL}
    tree |= {a.code: a.parent for a in known}
    register = connect(catalogue).table(TABLE)
    for code in register.select("activity").distinct().to_pyarrow().column(0).to_pylist():
        if code not in tree and (within := counted_in(code, known)) != UNKNOWN:
            tree[code] = within
    return territories, Hierarchy(tree)


@dataclass(frozen=True, slots=True)
class _Full:
    """A measure before anything is hidden: NaN where it is not known, and where its source hid it.

    `filled` has a number in place of each NaN, so that all sums hold: what is protected with the help
    of a published number is protected all the more where that number is not published.
    """

    values: Floats
    masked: NDArray[np.bool_]
    filled: Floats


def _matrices(catalogue: Catalogue, period: str) -> tuple[Hierarchy, Hierarchy, dict[str, _Full]]:
    """Every count by place and activity, of all levels."""
    territories, codes = _hierarchies(catalogue)
    register = connect(catalogue).table(TABLE)
    rows = total(register.filter(register.period == period), MEASURES, by=("territory", "activity"))
    found = rows.to_pyarrow()
    known = activities(catalogue)
    above_place = _above(territories, set(found.column("territory").to_pylist()), lambda c: c)
    above_code = _above(
        codes,
        set(found.column("activity").to_pylist()),
        lambda c: c if c in codes.parent else counted_in(c, known),
    )
    shape = len(territories.parent), len(codes.parent)
    first: list[NDArray[np.intp]] = []
    second: list[NDArray[np.intp]] = []
    taken: list[NDArray[np.intp]] = []
    pairs = zip(
        found.column("territory").to_pylist(), found.column("activity").to_pylist(), strict=True
    )
    for number, (place, code) in enumerate(pairs):
        ups, overs = above_place.get(place), above_code.get(code)
        if ups is None or overs is None:
            continue
        first.append(np.repeat(ups, len(overs)))
        second.append(np.tile(overs, len(ups)))
        taken.append(np.full(len(ups) * len(overs), number))
    at = np.concatenate(first) * shape[1] + np.concatenate(second)
    weight = np.concatenate(taken)
    silent, lost = _lost(
        catalogue, territories, set(above_place), set(found.column("territory").to_pylist())
    )
    matrices = {}
    for measure in MEASURES:
        numbers = found.column(measure).to_numpy(zero_copy_only=False).astype(float)
        masked = pc.equal(found.column(f"{measure}_status"), State.SUPPRESSED.value)
        size = shape[0] * shape[1]
        sums = np.bincount(at, weights=numbers[weight], minlength=size)
        sources = np.bincount(at, weights=masked.to_numpy().astype(float)[weight], minlength=size)
        values = np.asarray(sums, np.float64).reshape(shape)
        filled = _filled(values, territories, silent)
        values[lost] = np.nan
        matrices[measure] = _Full(values, sources.reshape(shape) > 0, filled)
    return territories, codes, matrices


def _filled(values: Floats, territories: Hierarchy, silent: set[str]) -> Floats:
    """The counts with imaginary ones where a municipality is silent, in all the sums it belongs to.

    They are a hundred times those of the largest municipality: whole numbers, none of them small.
    """
    filled = values.copy()
    if not silent:
        return filled
    at = {code: i for i, code in enumerate(territories.parent)}
    leaves = [at[code] for code in set(territories.parent) - set(territories.children())]
    imagined = 100.0 * values[max(leaves, key=lambda row: values[row, 0])]
    for code in silent:
        here: str | None = code
        while here is not None:
            filled[at[here]] += imagined
            here = territories.parent[here]
    return filled


def _lost(
    catalogue: Catalogue, territories: Hierarchy, placed: set[str], found: set[str]
) -> tuple[set[str], list[int]]:
    """Places that the register tells nothing of, because it is written in codes of another year: the
    municipalities that are silent, and the rows of all that is unknown with them.

    Where it holds codes that the reference lacks (communes of a later merger), a municipality without any
    row is not empty: it is unknown, and so is all it lies in.
    """
    known = places(catalogue)
    if not found - placed - {p.code for p in known if p.level == OUTSIDE}:
        return set(), []
    at = {code: i for i, code in enumerate(territories.parent)}
    silent = {p.code for p in known.tree() if p.level == FINEST} - found
    return silent, sorted({at[up.code] for code in silent for up in known.lineage(code)})


def _above(
    hierarchy: Hierarchy, found: set[str], name: Callable[[str], str]
) -> dict[str, NDArray[np.intp]]:
    """For each code found, the positions of what it counts in, itself first."""
    at = {code: i for i, code in enumerate(hierarchy.parent)}
    answer = {}
    for code in found:
        here: str | None = name(code)
        if here not in at:
            continue
        line = []
        while here is not None:
            line.append(at[here])
            here = hierarchy.parent[here]
        answer[code] = np.array(line, dtype=np.intp)
    return answer


def _published(catalogue: Catalogue, period: str) -> pa.Table:
    """Every count by area and activity, masked: seconds of work, done once a lake."""
    territories, codes, matrices = _matrices(catalogue, period)
    level = {p.code: p.level for p in places(catalogue)}
    grain = np.ones((len(territories.parent), len(codes.parent)), bool)
    coarse = np.array([level[code] == FINEST for code in territories.parent])
    fine = np.array([codes.depth(code) > DIVISION for code in codes.parent])
    grain[np.ix_(coarse, fine)] = False
    states = {}
    tables = [full.filled for full in matrices.values()]
    masks = suppressed_each(tables, territories, codes, Rule(), grain)
    for (measure, full), hidden in zip(matrices.items(), masks, strict=True):
        state = np.where(full.values > 0, _OBSERVED, _ZERO).astype(np.int8)
        state[np.isnan(full.values)] = _UNKNOWN
        state[hidden | full.masked] = _SUPPRESSED
        states[measure] = state
    kept = grain & np.any([state != _ZERO for state in states.values()], axis=0)
    place, code = np.nonzero(kept)
    columns: dict[str, pa.Array] = {
        "area": _coded(list(territories.parent), place),
        "activity": _coded(list(codes.parent), code),
    }
    for measure, full in matrices.items():
        state = states[measure][kept]
        # What may not be shown is not even kept on the disk.
        columns[measure] = pa.array(np.where(state <= _OBSERVED, full.values[kept], np.nan))
        columns[f"{measure}_state"] = pa.array(state)
    return pa.table(columns)


def _positions(names: pa.ChunkedArray, at: dict[str, int]) -> NDArray[np.intp]:
    coded = names.combine_chunks().dictionary_encode()
    found = np.array([at[name] for name in coded.dictionary.to_pylist()], dtype=np.intp)
    return np.asarray(found[coded.indices.to_numpy()])


def _coded(names: Sequence[str], numbers: NDArray[np.intp]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), pa.array(names))


def _outside(register: ibis.Table) -> dict[str, float]:
    """Enterprises whose seat is in no territory: abroad, or nowhere known."""
    rows = total(register, ("enterprises",), by=("territory",)).to_pyarrow().to_pylist()
    return {row["territory"]: row["enterprises"] or 0.0 for row in rows}

"""The matrices that the methods take: regions by activities, whole, before anything is hidden.

They never leave the server: what is shown of them is a quotient of published counts, a link between
two activities over many regions, or a density, and a figure made of a masked cell is masked.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from perron.lake.engines import connect
from perron.lake.measures import total
from perron.lake.snapshots import Catalogue
from perron.methods.economy import location_quotient
from perron.site.directory.activities import UNKNOWN, activities, counted_in
from perron.site.directory.business import TABLE as REGISTER
from perron.site.directory.jobs import JOBS, STRUCTURAL
from perron.site.directory.places import places


@lru_cache(maxsize=2)
def jobs_by_region(catalogue: Catalogue) -> tuple[str, pd.DataFrame]:
    """The last year of the structural statistics, and persons employed by NUTS 2 region and division.

    Divisions are written as NACE-BEL does ("25"). NaN where Eurostat hides or lacks a count: never zero.
    Regions and divisions without any known count are left out.
    """
    table = connect(catalogue).table(JOBS)
    rows = table.filter(table.dataset == STRUCTURAL)
    period = rows.period.max().to_pyarrow().as_py()
    frame = rows.filter(rows.period == period).to_pyarrow().to_pandas()
    regional = frame["territory"].str.len() == 4
    division = frame["activity"].str.fullmatch(r"[A-Z]\d\d")
    kept = frame[regional & division]
    wide = kept.pivot(index="territory", columns="activity", values="jobs").astype(float)
    wide.columns = pd.Index([code[1:] for code in wide.columns], name="activity")
    wide = wide.loc[(wide > 0).any(axis=1), (wide > 0).any(axis=0)]
    return str(period), wide.sort_index().sort_index(axis=1)


@lru_cache(maxsize=4)
def enterprises_by_place(catalogue: Catalogue, level: str, depth: int) -> pd.DataFrame:
    """Enterprises by place of a level ("municipality", "district"…) and activity of a depth (2 to 5).

    Every place and every activity that has any; an absent pair is zero. Enterprises whose activity is
    only known less finely than `depth` are left out. Indexed by code.
    """
    known, tree = places(catalogue), activities(catalogue)
    register = connect(catalogue).table(REGISTER)
    period = register.period.max().to_pyarrow().as_py()
    rows = total(
        register.filter(register.period == period), ("enterprises",), by=("territory", "activity")
    ).to_pyarrow()
    at_level = {}
    for code in rows.column("territory").unique().to_pylist():
        if code in known and (above := known.ancestor(code, level)):
            at_level[code] = above.code
    at_depth = {}
    for code in rows.column("activity").unique().to_pylist():
        found = counted_in(code, tree)
        if found != UNKNOWN and tree[found].level >= depth:
            at_depth[code] = tree.above(found, depth).code
    frame = rows.to_pandas()
    frame["place"] = frame["territory"].map(at_level)
    frame["code"] = frame["activity"].map(at_depth)
    sums = frame.dropna(subset=["place", "code"]).groupby(["place", "code"])["enterprises"].sum()
    return sums.unstack(fill_value=0.0).astype(float).sort_index().sort_index(axis=1)


def mixed_partition(catalogue: Catalogue, place: str, depth: int) -> pd.DataFrame:
    """Enterprises by district and activity, the districts of `place` joined into one row named after it.

    A partition of the country in which the place can be compared with districts of its kind. A place
    inside a district is set beside the other municipalities instead.
    """
    known = places(catalogue)
    level = known[place].level
    finer = "municipality" if level == "municipality" else "district"
    table = enterprises_by_place(catalogue, finer, depth)
    inside = set(known.made_of(place)) if known[place].parts else {place}
    joined = [
        place if any(above.code in inside for above in known.lineage(code)) else code
        for code in table.index
    ]
    return table.groupby(joined).sum()


def quotients(table: pd.DataFrame) -> pd.DataFrame:
    """Location quotients of a matrix without unknown cells, 0 where its region or activity is empty."""
    values: NDArray[np.float64] = np.nan_to_num(np.asarray(location_quotient(table.to_numpy())))
    return pd.DataFrame(values, table.index, table.columns)

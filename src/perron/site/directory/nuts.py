"""What European statistics call a territory: the NUTS codes that make it up exactly."""

from __future__ import annotations

from functools import lru_cache

import pyarrow.parquet as pq

from perron.lake.snapshots import Catalogue
from perron.site.directory.places import places

TABLE = "refnis_nuts"


def nuts_of(catalogue: Catalogue, place_code: str) -> tuple[str, ...]:
    """The NUTS codes whose union is exactly the place, sorted; none where no union is.

    A figure of the place is the sum over these codes. A municipality has none: it is finer than NUTS 3.
    A place made of others has those of its parts. An unknown place is an InputError.
    """
    known = _codes(catalogue)
    parts = places(catalogue).made_of(place_code)
    if not all(part in known for part in parts):
        return ()
    return tuple(sorted(code for part in parts for code in known[part]))


@lru_cache(maxsize=4)
def _codes(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    if TABLE not in catalogue.tables:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for row in pq.read_table(catalogue.snapshot(TABLE).path).to_pylist():
        found[row["code"]] = (*found.get(row["code"], ()), row["nuts"])
    return found

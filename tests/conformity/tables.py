"""The published tables that the methods are checked against, read back as they were written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

DATA = Path(__file__).parent / "data"
#: Columns of codes and names, which stay text; every other column is a figure.
IDENTIFIERS = frozenset(
    [
        "case",
        "cbsa",
        "component",
        "country",
        "i",
        "index",
        "j",
        "last_years",
        "method",
        "naics",
        "product",
        "region",
        "sector",
        "size_class",
        "status",
    ]
)


def table(name: str) -> pd.DataFrame:
    """A table of tests/conformity/data, identifiers as text ("0011" keeps its zeros), no index.

    An empty figure is NaN; a text such as "NA" is a name like any other.
    """
    [path] = [*DATA.glob(f"{name}.csv"), *DATA.glob(f"{name}.csv.gz")]
    header = pd.read_csv(path, nrows=0).columns
    return pd.read_csv(
        path,
        dtype={column: (str if column in IDENTIFIERS else float) for column in header},
        na_values={column: [""] for column in header if column not in IDENTIFIERS},
        keep_default_na=False,
    )


def matrix(name: str) -> pd.DataFrame:
    """A table that is a matrix, one row a region: its first column is the index, empty cells are 0."""
    read = table(name)
    return read.set_index(read.columns[0]).fillna(0.0)

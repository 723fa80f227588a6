"""Results kept beside the snapshots they were made from, so that no two processes compute them.

Everything here can be removed at any time and is made again: a result is named after the state of
the lake and the version of Perron it comes from, and is never read for another.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import perron
from perron.lake.snapshots import Catalogue

FOLDER = "derived"
#: States of the lake whose results are kept: the one in service and the few before it.
KEPT = 4
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def derived(catalogue: Catalogue, name: str, make: Callable[[], pa.Table]) -> pa.Table:
    """The table that `make` gives for this catalogue, computed once and read ever after."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a result: {name!r}")
    folder = catalogue.root / FOLDER
    path = folder / f"{name}-{perron.__version__}-{catalogue.id}.parquet"
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException):
        pass  # not made yet, or cut short by a full disk: make it
    table = make()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staged = folder / f".{path.name}.{os.getpid()}.{threading.get_ident()}"
        pq.write_table(table, staged, compression="zstd")
        staged.replace(path)
        _forget_old(folder, name)
    except OSError:
        pass  # a lake that can't be written to is read all the same, only more slowly
    return table


def _forget_old(folder: Path, name: str) -> None:
    made = sorted(folder.glob(f"{name}-*.parquet"), key=lambda p: p.stat().st_mtime, reverse=True)
    for path in made[KEPT:]:
        path.unlink(missing_ok=True)

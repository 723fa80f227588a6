"""Results kept beside the snapshots they were made from, so that no two processes compute them.

Everything here can be removed at any time and is made again: a result is named after the state of
the lake and the version of Perron it comes from, and is never read for another.
"""

from __future__ import annotations

import fcntl
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import perron
from perron.lake.snapshots import Catalogue

FOLDER = "derived"
#: States of the lake whose results are kept: the one in service and the few before it.
KEPT = 8
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def derived(catalogue: Catalogue, name: str, make: Callable[[], pa.Table]) -> pa.Table:
    """The table that `make` gives for this catalogue, computed once and read ever after."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a result: {name!r}")
    from perron.config import config

    folder = config().derived or catalogue.root / FOLDER
    path = folder / f"{name}-{perron.__version__}-{catalogue.id}.parquet"
    if (kept := _read(path)) is not None:
        return kept
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f".{name}"):
            if (kept := _read(path)) is not None:  # another process made it while this one waited
                return kept
            table = make()
            staged = folder / f".{path.name}.{os.getpid()}.{threading.get_ident()}"
            pq.write_table(table, staged, compression="zstd")
            staged.replace(path)
            _forget_old(folder, name)
            return table
    except OSError:
        return make()  # a lake that can't be written to is read all the same, only more slowly


def _read(path: Path) -> pa.Table | None:
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException):
        return None  # not made yet, or cut short by a full disk
    with suppress(OSError):
        path.touch()  # the last used are the last to be forgotten
    return table


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time makes a result; the others wait for it. The lock goes with the process."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _forget_old(folder: Path, name: str) -> None:
    made = sorted(folder.glob(f"{name}-*.parquet"), key=lambda p: p.stat().st_mtime, reverse=True)
    for path in made[KEPT:]:
        path.unlink(missing_ok=True)

"""An engine used on a server's own thread doesn't bring the process down when that thread ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import perron

# A thread that Python didn't start, as those of granian: it asks for an engine, then ends, and the
# interpreter frees its state with everything that was kept for it.
PROGRAM = """
import ctypes
from pathlib import Path

import ibis
import pyarrow
import pyarrow.parquet

from perron.lake.engines import connect
from perron.lake.snapshots import Lake

lake = Lake(Path("lake"))
seen, kept = [], []
pyarrow.parquet.write_table(pyarrow.table({"code": ["a", "b"]}), "stored.parquet")

@ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
def work(_):
    backend = connect(lake.current(), "duckdb")
    assert connect(lake.current(), "duckdb") is backend
    # A table of Python's in the engine: to let it go, the engine takes the interpreter's lock.
    stored = backend.read_parquet("stored.parquet", table_name="stored")
    held = ibis.memtable([("a", 2), ("b", 4)], columns=["code", "weight"])
    rows = stored.join(held, "code")
    kept.append(held)
    seen.append(rows.aggregate(found=rows.weight.sum()).to_pyarrow().to_pylist()[0]["found"])
    return 0

libc = ctypes.CDLL(None)
for _ in range(3):
    thread = ctypes.c_ulong()
    assert libc.pthread_create(ctypes.byref(thread), None, work, None) == 0
    libc.pthread_join(thread, None)
print(seen)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="starts a thread with Linux's own library")
def test_a_thread_of_the_server_ends_without_ending_the_process(tmp_path):
    source = str(Path(perron.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"exit {done.returncode}: {done.stderr[-2000:]}"
    assert done.stdout.startswith("[6, 6, 6]")

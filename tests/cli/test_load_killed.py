"""`perron data load` killed at any moment leaves the previous snapshot in service."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from perron.lake.snapshots import Lake

TIMES = 50
LABELS = "label_fr,label_nl,label_de,label_en"


def _edition(path: Path, word: str) -> Path:
    """A small classification in which every label says which edition it is."""
    lines = [f"version,level,code,parent,{LABELS}"]
    lines.append(f"2008,1,A,,{','.join([word] * 4)}")
    lines += [f"2008,2,0{n},A,{','.join([word] * 4)}" for n in (1, 2, 3)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _load(home: Path, file: Path) -> subprocess.Popen[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PERRON_")}
    return subprocess.Popen(
        [sys.executable, "-m", "perron", "--quiet", "data", "load", "nace", str(file)],
        env={
            **environment,
            "PERRON_HOME": str(home),
            "PERRON_DERIVED": os.environ["PERRON_DERIVED"],
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _words(lake: Lake) -> set[str]:
    return set(pq.read_table(lake.current().snapshot("nace").path).column("label_fr").to_pylist())


@pytest.mark.slow
def test_a_killed_load_leaves_one_whole_edition_in_service(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lake = Lake(home / "lake")
    editions = [_edition(tmp_path / f"nace_{w}.csv", w) for w in ("avant", "apres")]
    assert _load(home, editions[0]).wait(60) == 0
    started = time.monotonic()
    assert _load(home, editions[1]).wait(60) == 0
    whole = time.monotonic() - started
    chance = random.Random(20261123)
    before, cut = "apres", 0
    for number in range(TIMES):
        file, word = editions[number % 2], ("avant", "apres")[number % 2]
        # Half of the kills fall anywhere, half in the last third, where publication is.
        moment = (
            chance.uniform(0.0, whole) if number % 4 < 2 else chance.uniform(0.6 * whole, whole)
        )
        process = _load(home, file)
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            cut += 1
        words = _words(lake)
        assert words in ({before}, {word}), f"kill {number}: {words}"
        before = words.pop()
        assert [f for f in lake.verify() if not f.harmless] == []
    assert cut > TIMES // 3  # a machine that outran every kill would have proved nothing
    assert _load(home, editions[0]).wait(60) == 0
    assert _words(lake) == {"avant"}

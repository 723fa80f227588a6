"""Killing a publication at any moment leaves the previous snapshots in service, whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from perron.lake.engines import connect
from perron.lake.snapshots import Draft, Lake

DAY = date(2026, 6, 1)


class Publisher:
    """The program of publisher.py: one child at a time."""

    def __init__(self, root: Path) -> None:
        program = Path(__file__).with_name("publisher.py")
        self.process = subprocess.Popen(
            [sys.executable, str(program), str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def start(self, *numbers: int) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(map(str, numbers)) + "\n")
        self.process.stdin.flush()
        return int(self._line())

    def end(self) -> str:
        return self._line()


@pytest.fixture
def publisher(lake: Lake) -> Iterator[Publisher]:
    made = Publisher(lake.root)
    yield made
    assert made.process.stdin is not None
    made.process.stdin.close()
    assert made.process.wait(timeout=20) == 0


def value_in_service(lake: Lake) -> float | None:
    """The number of the publication in service, once sure that both tables are of it, and whole."""
    catalogue = lake.current()
    if not catalogue.number:
        return None
    assert sorted(catalogue.tables) == ["income", "population"]
    found = set()
    for snapshot in catalogue.tables.values():
        data = pq.read_table(snapshot.path)
        assert data.num_rows == 500
        found |= set(data["count"].to_pylist()) | {snapshot.report()["value"]}
    assert len(found) == 1
    return found.pop()


def whole(lake: Lake) -> None:
    assert [f for f in lake.verify() if not f.harmless] == []


@pytest.mark.slow
def test_fifty_kills_at_random_moments_lose_nothing(lake: Lake, publisher: Publisher) -> None:
    moments = random.Random(20261123)
    last = 0.0
    interrupted = 0
    for _kill in range(50):
        child = publisher.start(int(last) + 1)
        time.sleep(moments.uniform(0.0, 0.3))
        os.kill(child, signal.SIGKILL)
        assert publisher.end() == "killed"
        interrupted += (lake.root / ".staging").exists()
        whole(lake)
        found = value_in_service(lake)
        assert (found or 0.0) >= last  # what was in service never goes back
        last = found or 0.0
    assert last > 5, "hardly any publication went through: the kills proved nothing"
    assert interrupted > 5, "hardly any kill fell inside a publication"


def test_killed_before_each_of_its_writes_a_publication_is_whole_or_absent(
    lake: Lake, publisher: Publisher, draft: Callable[..., Draft]
) -> None:
    """Every moment there is: the child dies before its first write, then its second, and so on."""
    before = moment = 0
    found = 0.0
    while found < before + 2:  # until it outlives a whole publication and the start of another
        before, moment = int(found), moment + 1
        publisher.start(before + 1, moment)
        assert publisher.end() == "killed"
        whole(lake)
        found = value_in_service(lake) or 0.0
        assert before <= found <= before + 2
        assert moment < 100
    assert moment > 12, "a publication writes more than that"
    lake.publish([draft("income", 5.0)], day=DAY)
    assert lake.verify() == []
    assert not (lake.root / ".staging").exists()


def test_readers_never_fail_nor_see_a_mix_during_publications(
    lake: Lake, draft: Callable[..., Draft]
) -> None:
    lake.publish([draft("income", 1.0), draft("population", 1.0)], day=DAY)
    done = threading.Event()
    failed: list[BaseException] = []
    seen: list[set[float]] = [set(), set(), set()]

    def read(mine: set[float]) -> None:
        last = False
        while not last:
            last = done.is_set()  # one more reading after the last publication
            try:
                backend = connect(lake.current(), "duckdb")
                income, population = backend.table("income"), backend.table("population")
                both = income.join(population, "territory").select(
                    a=income.enterprises, b=population.enterprises
                )
                rows = both.to_pyarrow().to_pylist()
                assert len(rows) == 3
                assert {r["a"] for r in rows} == {r["b"] for r in rows}
                mine |= {r["a"] for r in rows}
            except BaseException as error:
                failed.append(error)
                return

    readers = [threading.Thread(target=read, args=(mine,)) for mine in seen]
    for reader in readers:
        reader.start()
    for value in range(2, 27):
        lake.publish([draft("income", float(value)), draft("population", float(value))], day=DAY)
    done.set()
    for reader in readers:
        reader.join()
    assert failed == []
    assert all(max(mine) == 26.0 for mine in seen), "a reader kept an old pointer"
    assert len(set().union(*seen)) > 5, "the readers hardly ran during the publications"

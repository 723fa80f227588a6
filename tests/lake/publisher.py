"""A program that publishes two tables for ever, made to be killed.

It imports once, then makes one child for each line it reads: "N" lets the child live until someone
kills it; "N K" has it kill itself just before its K-th operation on the file system. It prints the
child's number, and its end once it is dead.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

# Imported late by pyarrow itself: done here once, so that each child starts at once.
import pyarrow.acero
import pyarrow.dataset

from perron.lake.schema import Column, Measure, Table
from perron.lake.snapshots import Draft, Lake, Provenance

#: The operations that change what a reader or the next publication finds.
WRITING = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")


def draft(name: str, value: float) -> Draft:
    table = Table(
        name,
        1,
        "A table of one number.",
        (Column("territory", pa.string(), "REFNIS code"),),
        ("territory",),
        (Measure("count", "A count", "1"),),
    )
    data = pa.table(
        {
            "territory": [f"{i:05}" for i in range(500)],
            "count": [value] * 500,
            "count_status": ["observed"] * 500,
        },
        schema=table.arrow(),
    )
    return Draft(
        table,
        data,
        Provenance(
            source="test",
            title="Test",
            publisher="Test",
            licence="CC0",
            retrieved=datetime(2026, 1, 1, tzinfo=UTC),
        ),
        {"value": value},
    )


def die_before(count: int) -> None:
    """Kill this process just before its `count`-th writing operation from now on."""
    left = count

    def watch(event: str, args: tuple[Any, ...]) -> None:
        nonlocal left
        opened = event == "open" and isinstance(args[1], str) and args[1][:1] in ("w", "a")
        if opened or event in WRITING:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def publish_for_ever(root: Path, first: int) -> None:
    lake, value = Lake(root), first
    while True:
        drafts = [draft("income", float(value)), draft("population", float(value))]
        lake.publish(drafts, day=date(2026, 5, 1 + value % 28))
        value += 1


def say(text: object) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    root = Path(sys.argv[1])
    say("ready")
    for line in sys.stdin:
        first, *rest = map(int, line.split())
        child = os.fork()
        if child == 0:
            if rest:
                die_before(rest[0])
            publish_for_ever(root, first)
        say(child)
        _pid, status = os.waitpid(child, 0)
        say("killed" if os.WIFSIGNALED(status) else f"failed {status}")


if __name__ == "__main__":
    main()

"""How long the pages take at the server, on the shipped territory: `make bench`.

One installed server, one client on loopback, each page asked in turn. The first answer, which reads
the lake, is told apart from the next ones. Writes docs/performance.md.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import report

ROOT = Path(__file__).parent.parent
PAGES = (
    "/",
    "/diversifier/territoire/",
    "/diversifier/territoire/?arrondissements=tous",
    "/diversifier/territoire/62063/",
    "/diversifier/territoire/60000/communes.csv",
    "/diversifier/secteurs/",
    "/diversifier/secteurs/24/",
    "/diversifier/secteurs/2410/?territoire=62000",
    "/diversifier/liens/",
    "/diversifier/liens/?seuil=tous",
    "/diversifier/liens/?reseau=flux",
    "/diversifier/liens/?secteur=62",
    "/diversifier/moteurs/",
    "/diversifier/moteurs/?base=03000&methode=esteban",
    "/diversifier/moteurs/registre/",
    "/diversifier/moteurs/registre/1/",
    "/diversifier/options/",
    "/diversifier/options/?base=entreprises",
    "/diversifier/options/?base=entreprises&niveau=classes",
    "/diversifier/options/?territoire=62063",
    "/diversifier/comparer/",
    "/diversifier/comparer/?territoires=62000,63000,52000&secteur=25",
    "/donnees/",
    "/recherche/?q=liege",
)
ROUNDS = 40
#: What the project promises for the page Territoire, at the server, median.
LIMIT_MS = 300


def asked(address: str) -> tuple[float, int]:
    started = time.perf_counter()
    with urllib.request.urlopen(address, timeout=120) as answer:
        size = len(answer.read())
    return (time.perf_counter() - started) * 1000, size


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="perron-bench-") as home:
        environment = {**os.environ, "PERRON_HOME": home, "PERRON_LOG_LEVEL": "ERROR"}
        started = time.perf_counter()
        command = [sys.executable, "-m", "perron", "demo", "--port", "0"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            address = next(line for line in process.stdout if line.startswith("http://")).strip()
            ready = time.perf_counter() - started
            lines = []
            slow = []
            for page in PAGES:
                first, size = asked(address + page)
                rounds = [asked(address + page)[0] for _ in range(ROUNDS)]
                median = statistics.median(rounds)
                worst = sorted(rounds)[int(0.95 * ROUNDS)]
                lines.append(
                    f"| `{page}` | {first:.0f} | {median:.1f} | {worst:.1f} | {size / 1024:.0f} |"
                )
                print(lines[-1], flush=True)
                if page.startswith("/diversifier/") and median > LIMIT_MS:
                    slow.append(page)
        finally:
            process.terminate()
            process.wait(30)
    report.write(
        "pages",
        f"`python bench/pages.py`, {report.machine()}, {ROUNDS} requests a page on loopback. First start "
        f"of an empty home: {ready:.1f} s.\n\n"
        "| page | first, ms | median, ms | 95th percentile, ms | kB |\n|---|---|---|---|---|\n"
        + "\n".join(lines),
    )
    for page in slow:
        print(f"{page}: slower than {LIMIT_MS} ms")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())

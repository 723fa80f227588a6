"""Fifty thousand rows, three in a hundred wrong: each fault is told, in time and in bounded memory.

Time is that of the processor, so that what else a machine does changes nothing.
"""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest

from perron.site.accounts.access import Reader
from perron.site.directory.exchange import outgoing, services
from perron.site.directory.exchange.sorts import sort_of
from perron.site.directory.models import Organisation

from .conftest import csv_of, xlsx_of

ROWS, WRONG = 50_000, 1_500
#: Municipalities of the shipped reference.
PLACES = ("62063", "62051", "63079", "61031", "64074", "63067", "63049", "63023")


def number(rank: int) -> str:
    first = f"{10_000_000 + rank:08}"
    return f"0{first[1:]}{97 - int(f'0{first[1:]}') % 97:02}"


def rows() -> list[dict[str, str]]:
    found = []
    for rank in range(ROWS):
        wrong = rank % (ROWS // WRONG) == 0 and rank // (ROWS // WRONG) < WRONG
        found.append(
            {
                "nom": f"Établissements {rank:05} de l’exemple {chr(97 + rank % 26) * 3} SA",
                "numéro d’entreprise": "12 34" if wrong else number(rank),
                "commune": PLACES[rank % len(PLACES)],
                "adresse": f"Rue de l’Exemple {rank}",
                "site web": f"https://exemple-{rank}.be",
                "ce qu’elle fait": "Des pièces d’acier et d’autres choses encore.",
                "secteurs": "24.10 ; 25",
                "source": "Un fichier",
                "date de la source": "31/12/2025",
                "confidentialité": "interne",
                "exemple fictif": "oui",
            }
        )
    return found


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_fifty_thousand_rows(shipped_home: Path, director: Reader, form: str) -> None:
    data = csv_of(rows()) if form == "csv" else xlsx_of(rows())
    start = time.process_time()
    made = services.preview(director, "organisation", data, f"grand.{form}")
    read = time.process_time() - start
    preview = services.opened(director, made.pk)[1]
    refused = [fate for fate in preview.fates if fate.fate == "refused"]
    assert made.counts == {"added": ROWS - WRONG, "refused": WRONG}
    assert [fate.line for fate in refused] == [2 + n * (ROWS // WRONG) for n in range(WRONG)]
    assert all("1234" in fate.why[0][1] for fate in refused)
    assert not Organisation.objects.exists()
    start = time.process_time()
    assert services.write(director, made.pk).written
    written = time.process_time() - start
    assert Organisation.objects.count() == ROWS - WRONG
    sort = sort_of("organisation")
    start = time.process_time()
    exported = sum(1 for _row in outgoing.export(sort, director, sort.seen(director)).rows)
    out = time.process_time() - start
    assert out < 60, (read, written, out)
    assert exported == ROWS - WRONG, out
    assert read < 60
    assert written < 120


@pytest.mark.slow
def test_a_large_preview_stays_below_a_gigabyte(shipped_home: Path, director: Reader) -> None:
    data = csv_of(rows())
    tracemalloc.start()
    services.preview(director, "organisation", data, "grand.csv")
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000_000

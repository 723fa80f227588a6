"""Makes the table of jobs by European region and division, with its confidential cells.

    python tests/conformity/make_sbs.py ../shared

The source mixes countries, large and small regions, sections, groups of divisions and divisions: only
regions of NUTS level 2 and divisions are kept, so that nothing is counted twice. A confidential cell is
empty; so is one that was not published, and the cells of Iceland where a spreadsheet left the time of
day "12:00 AM" instead of a number. The flag "d" (another definition) is dropped.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import sys
from pathlib import Path

DATA = Path(__file__).parent / "data"
NAME = "sbs_nuts2_divisions_2015"


def main(shared: Path) -> None:
    original = shared / "data/belgium/eurostat_regional/sbs_r_nuts06_r2.csv"
    cells: dict[tuple[str, str], str] = {}
    with original.open(newline="", encoding="ascii") as file:
        for row in csv.DictReader(file, delimiter=";"):
            region, sector = row["geo"], row["nace_r2"]
            # Four characters are level 2; ZZ at the end is no territory.
            level2 = re.fullmatch(r"[A-Z]{2}[A-Z0-9]{2}", region) and not region.endswith("ZZ")
            if level2 and re.fullmatch(r"[A-Z]\d\d", sector):
                figure = row["n2015"].removesuffix("d").strip()
                cells[region, sector] = figure if figure.isdigit() else ""
    # A region of which nothing is known tells nothing.
    regions = sorted({region for (region, _), value in cells.items() if value})
    sectors = sorted({sector for _, sector in cells})
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["region", *sectors])
    writer.writerows([r, *(cells.get((r, s), "") for s in sectors)] for r in regions)
    packed = gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
    (DATA / f"{NAME}.csv.gz").write_bytes(packed)
    about = {
        "source": "Eurostat, structural business statistics by NUTS 2 region (sbs_r_nuts06_r2), persons",
        "licence": "reuse authorised with acknowledgement (Eurostat)",
        "year": "2015",
        "made_by": "tests/conformity/make_sbs.py",
        "sha256": {original.name: hashlib.sha256(original.read_bytes()).hexdigest()},
    }
    described = json.dumps(about, indent=2, ensure_ascii=False)
    (DATA / f"{NAME}.source.json").write_text(described + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

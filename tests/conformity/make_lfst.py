"""Makes the panel of jobs by European region and group of branches that the back-test is run on.

    python tests/conformity/make_lfst.py ../shared

Eurostat's file mixes countries, regions of levels 1 and 2, ages and totals: kept are level 2, persons of 15
and over, the ten groups (people whose branch is not known are in none). A figure marked `u` (unreliable, small sample) or `b` (break in the series) is
kept. A missing one is suppressed where Eurostat marks it `c` (confidential), unknown otherwise.
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
NAME = "lfst_employment"


def main(shared: Path) -> None:
    original = shared / "data/belgium/eurostat_regional/lfst_r_lfe2en2.tsv.gz"
    packed = original.read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    years = [year.strip() for year in lines[0].split("\t")[1:]]
    rows = []
    for line in lines[1:]:
        key, *cells = line.split("\t")
        _unit, sector, age, region = key.split(",")
        level2 = re.fullmatch(r"[A-Z]{2}[A-Z0-9]{2}", region) and not region.endswith("ZZ")
        if age != "Y_GE15" or sector in ("TOTAL", "UNK", "NRP") or not level2:
            continue
        for year, cell in zip(years, cells, strict=True):
            figure, _, flags = cell.strip().partition(" ")
            if figure == ":":
                rows.append((region, sector, year, "", "suppressed" if "c" in flags else "unknown"))
            else:
                rows.append((region, sector, year, figure, "observed" if float(figure) else "zero"))
    # A region without a figure in any year tells nothing.
    told = {row[0] for row in rows if row[3]}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["region", "sector", "year", "value", "status"])
    writer.writerows(sorted(row for row in rows if row[0] in told))
    made = gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
    (DATA / f"{NAME}.csv.gz").write_bytes(made)
    about = {
        "source": "Eurostat, labour force survey, employment by NUTS 2 region and NACE (lfst_r_lfe2en2), thousand persons",
        "licence": "reuse authorised with acknowledgement (Eurostat)",
        "year": "2008-2015",
        "made_by": "tests/conformity/make_lfst.py",
        "sha256": {original.name: hashlib.sha256(packed).hexdigest()},
    }
    described = json.dumps(about, indent=2, ensure_ascii=False)
    (DATA / f"{NAME}.source.json").write_text(described + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

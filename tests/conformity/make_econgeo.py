"""Makes the tables that the R package EconGeo is the reference for.

    python tests/conformity/make_econgeo.py ../shared

`us_cbp_2018_naics4` is a matrix of jobs, one row a metropolitan area and one column an industry; an
empty cell is an industry that the area has not (no row in the source): zero for EconGeo.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

DATA = Path(__file__).parent / "data"
COMPUTED = "computed with the R package EconGeo 1.3 on us_cbp_2018_naics4"


def write(
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    source: str,
    licence: str,
    year: str,
    original: Path,
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    # No date in the archive: the same figures give the same bytes.
    packed = gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
    (DATA / f"{name}.csv.gz").write_bytes(packed)
    about = {
        "source": source,
        "licence": licence,
        "year": year,
        "made_by": "tests/conformity/make_econgeo.py",
        "sha256": {original.name: hashlib.sha256(original.read_bytes()).hexdigest()},
    }
    described = json.dumps(about, indent=2, ensure_ascii=False)
    (DATA / f"{name}.source.json").write_text(described + "\n")


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def main(shared: Path) -> None:
    DATA.mkdir(exist_ok=True)
    counts = shared / "data/economy/us_cbp_2018/cbp2018_cbsa_naics4.csv.gz"
    with gzip.open(counts, "rt", newline="") as file:
        jobs = {(r["cbsa_code"], r["naics_code"]): r["EMP"] for r in csv.DictReader(file)}
    sectors = sorted({sector for _, sector in jobs})
    write(
        "us_cbp_2018_naics4",
        ["cbsa", *sectors],
        (
            [region, *(jobs.get((region, sector), "") for sector in sectors)]
            for region in sorted({region for region, _ in jobs})
        ),
        source="US Census Bureau, County Business Patterns 2018: persons employed in 933 metropolitan"
        " and micropolitan areas by NAICS 4-digit industry",
        licence="public domain (US federal government)",
        year="2018",
        original=counts,
    )
    for name in (
        "cbsa_specialisation",
        "naics_concentration",
        "relatedness_pairs",
        "variety_frenken_log2",
    ):
        original = shared / f"data/economy/econgeo_expected/{name}.csv"
        header, *rows = rows_of(original)
        write(
            f"econgeo_{name}",
            header,
            rows,
            source=COMPUTED,
            licence="figures computed from public domain data",
            year="2018",
            original=original,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

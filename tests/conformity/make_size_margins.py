"""Makes the totals of Statbel's size-class file of 2024 that the importer is tested against.

    python tests/conformity/make_size_margins.py ../shared

Enterprises by section and size class in three arrondissements: the real totals, for files generated in
the tests. Sums over sections are left out.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import sys
from pathlib import Path

DATA = Path(__file__).parent / "data"
NAME = "vat_2024_size_margins"


def main(shared: Path) -> None:
    original = shared / "data/belgium/vat_statbel/vat_2024_size_class_by_section_BE_arr61_62_63.csv"
    with original.open(newline="", encoding="utf-8") as file:
        rows = [
            (row["geo"], row["nace_section"], row["size_class"], row["n_vat"])
            for row in csv.DictReader(file)
            if row["geo"] != "BE" and row["nace_section"] != "ALL"
        ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["region", "sector", "size_class", "enterprises"])
    writer.writerows(sorted(rows))
    packed = gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
    (DATA / f"{NAME}.csv.gz").write_bytes(packed)
    about = {
        "source": "Statbel, enterprises liable to VAT by size class (TF_VAT_NACE_EMPL), totals by section",
        "licence": "Statbel open data, with attribution",
        "year": "2024",
        "made_by": "tests/conformity/make_size_margins.py",
        "sha256": {original.name: hashlib.sha256(original.read_bytes()).hexdigest()},
    }
    described = json.dumps(about, indent=2, ensure_ascii=False)
    (DATA / f"{NAME}.source.json").write_text(described + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Makes the tables of world trade that Fitness is checked against.

    python tests/conformity/make_world_trade.py ../shared

`world_trade_1998_2000` is a matrix of exports, one row a country and one column a product; an empty
cell is a product that the country does not export (no row in the source).
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
PACKAGE = "the R package economiccomplexity"


def write(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]], source: str, original: Path
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
        "licence": "figures of trade only; the package that carries them is under GPL-3",
        "year": "mean of 1998-2000",
        "made_by": "tests/conformity/make_world_trade.py",
        "sha256": {original.name: hashlib.sha256(original.read_bytes()).hexdigest()},
    }
    described = json.dumps(about, indent=2, ensure_ascii=False)
    (DATA / f"{name}.source.json").write_text(described + "\n")


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def main(shared: Path) -> None:
    DATA.mkdir(exist_ok=True)
    folder = shared / "data/economy/world_trade_1998_2000"
    # R prints 200000 as 2e+05: every figure is a whole number.
    exports = {(c, p): int(float(value)) for c, p, value in rows_of(folder / "exports.csv")[1:]}
    products = sorted({product for _, product in exports})
    write(
        "world_trade_1998_2000",
        ["country", *products],
        (
            [country, *(exports.get((country, product), "") for product in products)]
            for country in sorted({country for country, _ in exports})
        ),
        f"exports of 226 countries by 785 SITC products, shipped by {PACKAGE} (world_trade_avg_1998"
        "_to_2000)",
        folder / "exports.csv",
    )
    for name, column in (("country", "fitness"), ("product", "product_fitness")):
        original = folder / f"expected_{name}.csv"
        (identifier, _), *rows = rows_of(original)
        write(
            f"world_trade_1998_2000_expected_{name}",
            [identifier, column],
            rows,
            f"Fitness after 19 updates, shipped by {PACKAGE} under the names eci and pci",
            original,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

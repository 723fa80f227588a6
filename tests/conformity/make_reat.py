"""Makes the tables that the R package REAT is the reference for (shift-share has its own script).

python tests/conformity/make_reat.py ../shared
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

DATA = Path(__file__).parent / "data"
#: The nine branches of Freiburg, in the order of the file (agriculture is not in it).
BRANCHES = ("B-E", "F", "G-I", "J", "K", "L", "M-N", "O-Q", "R-U")
COMPUTED = "computed with the R package REAT 3.0.3"


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
    with (DATA / f"{name}.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    about = {
        "source": source,
        "licence": licence,
        "year": year,
        "made_by": "tests/conformity/make_reat.py",
        "sha256": {original.name: hashlib.sha256(original.read_bytes()).hexdigest()},
    }
    described = json.dumps(about, indent=2, ensure_ascii=False)
    (DATA / f"{name}.source.json").write_text(described + "\n")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def sections(text: str) -> dict[str, str]:
    """The printed text of each call, by its title."""
    parts = re.split(r"^## ?", text, flags=re.MULTILINE)
    return {part.partition("\n")[0].strip(): part.partition("\n")[2] for part in parts}


def printed(text: str) -> dict[str, list[str]]:
    """The figures of each named row; a matrix printed in blocks of columns is put together again,
    and what was printed twice is kept once."""
    blocks: list[dict[str, list[str]]] = []
    heads: list[str] = []
    for line in text.splitlines():
        if line.strip() and line.startswith(" "):
            heads.append(line)
            blocks.append({})
        elif blocks and (found := re.match(r"(\S+)((?: +-?\d\S*)+)$", line)):
            blocks[-1][found[1]] = found[2].split()
    if len(heads) > len(set(heads)):
        assert heads[: len(heads) // 2] == heads[len(heads) // 2 :]
        blocks = blocks[: len(blocks) // 2]
    return {name: [figure for block in blocks for figure in block[name]] for name in blocks[0]}


def freiburg(text: str) -> Iterator[tuple[str, str]]:
    for name, value in re.findall(r"([a-z][a-z. ]*?) (\d\.\d+)", text):
        yield name.replace(".", "_").replace(" ", "_"), value


def liege(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Krugman and Herfindahl of 2008 and 2018, and the location quotients of 2018."""
    for name in ("krugman.spec", "herf"):
        [found] = re.findall(rf"^{re.escape(name)} 2008, 2018: (\S+) (\S+)", text, re.MULTILINE)
        for year, value in zip(("2008", "2018"), found, strict=True):
            yield name.replace(".", "_"), "", year, value
    lines = text.partition("locq BE332 vs BE3 2018:")[2].splitlines()
    for names, values in itertools.pairwise(lines):
        if re.match(r" *[A-Z]", names) and re.match(r" *\d", values):
            for sector, value in zip(names.split(), values.split(), strict=True):
                yield "quotient", sector, "2018", value


def main(shared: Path) -> None:
    DATA.mkdir(exist_ok=True)
    folder = shared / "data/economy/reat_expected"
    expected = folder / "expected_outputs.txt"
    laender = rows_of(folder / "german_laender_industries_2015_input.csv")
    jobs = {(row["region"], row["ind_code"]): row["emp_all"] for row in laender}
    regions = sorted({region for region, _ in jobs})
    sectors = sorted({sector for _, sector in jobs})
    official = "official figures, reuse with attribution"
    write(
        "reat_laender_2015",
        ["region", *sectors],
        ([region, *(jobs[region, sector] for sector in sectors)] for region in regions),
        source="jobs in the 16 German Länder by section of WZ 2008, German official statistics"
        " through the R package REAT 3.0.3",
        licence=official,
        year="2015",
        original=folder / "german_laender_industries_2015_input.csv",
    )
    texts = sections(expected.read_text(encoding="utf-8"))
    by_title = {title.partition(" on German")[0]: text for title, text in texts.items()}
    both = by_title["spec() and conc()"]
    of_regions, of_industries = both.split("Spatial concentration of industries")
    quotients = printed(by_title["locq2"])
    for name, header, rows in (
        (
            "reat_laender_2015_specialisation",
            ["region", "H", "G", "K"],
            [[region, *values] for region, values in printed(of_regions).items()],
        ),
        (
            "reat_laender_2015_concentration",
            ["sector", "H", "G", "K"],
            [[sector, *values] for sector, values in printed(of_industries).items()],
        ),
        (
            "reat_laender_2015_quotients",
            ["region", *sectors],
            [
                [region, *values]
                for region, values in zip(
                    regions, zip(*(quotients[s] for s in sectors), strict=True), strict=True
                )
            ],
        ),
        (
            "reat_freiburg_expected",
            ["index", "value"],
            [
                list(r)
                for r in freiburg(by_title["herf / gini / krugman / theil / hoover Freiburg"])
            ],
        ),
    ):
        write(
            name,
            header,
            rows,
            source=f"{COMPUTED} (spec, conc, locq2, and herf, gini, krugman.spec, gini.spec, theil,"
            " hoover)",
            licence="figures computed from official statistics",
            year="2014" if "freiburg" in name else "2015",
            original=expected,
        )
    printed_for_liege = shared / "data/economy/eurostat_nuts3_sample/liege_expected_reat.txt"
    write(
        "reat_liege_expected",
        ["index", "sector", "year", "value"],
        liege(printed_for_liege.read_text(encoding="utf-8")),
        source=f"{COMPUTED} (krugman.spec, herf, locq) on BE332 and BE3 of Eurostat"
        " nama_10r_3empers, the case liege of shift_share_inputs",
        licence="figures computed from official statistics",
        year="2008, 2018",
        original=printed_for_liege,
    )
    source = folder / "freiburg_input.csv"
    write(
        "reat_freiburg",
        ["sector", "freiburg_2008", "freiburg_2014", "germany_2008", "germany_2014"],
        (
            [
                code,
                *(
                    row[f"e_{place}{year}"]
                    for place in ("Freiburg", "Germany")
                    for year in (2008, 2014)
                ),
            ]
            for code, row in zip(BRANCHES, rows_of(source), strict=True)
        ),
        source="employees of Freiburg and Germany by branch, German official statistics through the R"
        " package REAT 3.0.3",
        licence=official,
        year="2008, 2014",
        original=source,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

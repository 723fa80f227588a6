"""Makes the tables that shift-share and structural breaks are checked against.

    python tests/conformity/make_shift_share.py ../shared [NILE.csv]

NILE.csv is statsmodels/datasets/nile/nile.csv of the Python package statsmodels (public domain);
without it the tables of breaks are left as they are.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

DATA = Path(__file__).parent / "data"
#: The ten branches of Eurostat's A*10 that add up to the total (C is within B-E).
BRANCHES = ("A", "B-E", "F", "G-I", "J", "K", "L", "M-N", "O-Q", "R-U")
GERMAN_BRANCHES = {
    "Land- und Forstwirtschaft": "A",
    "Produzierendes Gewerbe": "B-E",
    "Baugewerbe": "F",
    "Handel": "G-I",
    "Information": "J",
    "Erbringung": "K",
    "Grundstuecks": "L",
    "Freiberufl": "M-N",
    "oeff.Verw": "O-Q",
    "Oeff.Verw": "O-Q",
    "Kunst": "R-U",
}
NAMES = {
    "Growth (t1-t)": "growth",
    "National share": "national_share",
    "Industrial mix": "industrial_mix",
    "Regional share": "regional_share",
    "Net total shift": "net_total_shift",
    "Allocation effect": "allocation_effect",
}
#: Farhauer and Kröll (2013), as in the example of REAT's help page of `shift`.
FARHAUER_KROELL = {
    "A": ((90, 20, 10, 60), (100, 40, 10, 55)),
    "B": ((60, 30, 30, 40), (85, 55, 40, 35)),
    "C": ((250, 100, 110, 300), (255, 115, 85, 390)),
    "base": ((400, 150, 150, 400), (440, 210, 135, 480)),
}
#: Printed by summary(breakpoints(Nile ~ 1)) in the reference output of strucchange 1.5-1.
NILE = (
    ("", 2835157, 1318),
    ("1898", 1597457, 1270),
    ("1898 1953", 1552924, 1276),
    ("1898 1938 1953", 1538097, 1285),
    ("1898 1915 1938 1953", 1507888, 1292),
    ("1885 1900 1915 1938 1953", 1659994, 1311),
)


def write(
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    source: str,
    licence: str,
    year: str,
    originals: Sequence[Path],
) -> None:
    with (DATA / f"{name}.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    about = {
        "source": source,
        "licence": licence,
        "year": year,
        "made_by": "tests/conformity/make_shift_share.py",
        "sha256": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in originals},
    }
    text = json.dumps(about, indent=2, ensure_ascii=False)
    (DATA / f"{name}.source.json").write_text(text + "\n")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def german(name: str) -> str | None:
    return next((code for start, code in GERMAN_BRANCHES.items() if name.startswith(start)), None)


def blocks(text: str) -> Iterator[list[tuple[str, list[str]]]]:
    """Each printed table of components, as names and figures."""
    block: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        found = next((name for name in NAMES if line.startswith(name)), None)
        if found:
            block.append((NAMES[found], re.findall(r"\S+", line[len(found) :])))
        elif block:
            yield block
            block = []
    if block:
        yield block


def expected(reat: Path, liege: Path) -> Iterator[tuple[str, str, str, str, str]]:
    sections = re.split(r"^## ", reat.read_text(), flags=re.MULTILINE)
    cases = ("A", "B", "C", "freiburg")
    for method, title in (("dunn", "Dunn"), ("esteban", "Esteban"), ("gerfin", "Gerfin")):
        [section] = [part for part in sections if part.startswith(f"shift {title}")]
        for case, block in zip(cases, blocks(section), strict=True):
            for component, [value] in block:
                yield case, method, "", component, value
    [section] = [part for part in sections if part.startswith("shifti")]
    codes = [code for code in BRANCHES if code != "A"]
    printed = list(blocks(section))
    for method, tables in (("dunn", printed[:3]), ("gerfin", printed[3:])):
        for at, block in enumerate(tables):
            for component, values in block:
                for sector, value in zip(codes[3 * at : 3 * at + 3], values, strict=True):
                    yield "freiburg", method, sector, component, value
    for method, block in zip(("dunn", "esteban"), blocks(liege.read_text()), strict=True):
        for component, [value] in block:
            yield "BE332", method, "", component, value


def main(shared: Path, nile: Path | None) -> None:
    DATA.mkdir(exist_ok=True)
    reat = shared / "data/economy/reat_expected"
    sample = shared / "data/economy/eurostat_nuts3_sample"
    write(
        "shift_share_inputs",
        ("case", "region", "sector", "start", "end"),
        [
            *(
                ("farhauer_kroell", region, number, start, end)
                for region, (starts, ends) in FARHAUER_KROELL.items()
                for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
            ),
            *(
                ("freiburg", region, german(row["industry"]), row[first], row[last])
                for region, first, last in (
                    ("freiburg", "e_Freiburg2008", "e_Freiburg2014"),
                    ("base", "e_Germany2008", "e_Germany2014"),
                )
                for row in rows_of(reat / "freiburg_input.csv")
            ),
            *liege(sample / "liege_nama_10r_3empers_2008_2018.csv"),
        ],
        source="Farhauer and Kröll (2013), Standorttheorien, as printed in the help of the R package"
        " REAT; employees of Freiburg and Germany 2008 and 2014 by branch, German official"
        " statistics through REAT 3.0.3; Eurostat nama_10r_3empers, BE332 and BE3, 2008 and 2018",
        licence="official figures, reuse with attribution",
        year="2008, 2014, 2018",
        originals=[
            reat / "freiburg_input.csv",
            sample / "liege_nama_10r_3empers_2008_2018.csv",
        ],
    )
    write(
        "shift_share_expected",
        ("region", "method", "sector", "component", "value"),
        expected(reat / "expected_outputs.txt", sample / "liege_expected_reat.txt"),
        source="computed with the functions shift and shifti of the R package REAT 3.0.3",
        licence="figures computed from official statistics",
        year="2008 to 2014 (Freiburg), 2008 to 2018 (BE332)",
        originals=[reat / "expected_outputs.txt", sample / "liege_expected_reat.txt"],
    )
    laender = reat / "german_laender_emp_2008_2014_input.csv"
    write(
        "shift_share_laender",
        ("region", "year", "sector", "persons"),
        sorted(
            (
                "base" if row["region"] == "Insgesamt" else row["region"],
                row["year"],
                code,
                row["emp"],
            )
            for row in rows_of(laender)
            if (code := german(row["industry"]))
        ),
        source="employees of the 16 German Länder and Germany by branch, German official statistics"
        " through the R package REAT 3.0.3",
        licence="official figures, reuse with attribution",
        year="2008-2014",
        originals=[laender],
    )
    if nile:
        write(
            "breaks_nile",
            ("year", "volume"),
            ([row["year"], int(float(row["volume"]))] for row in rows_of(nile)),
            source="annual flow of the Nile at Aswan, 10^8 m3: Cobb (1978), Biometrika 65(2), p. 243,"
            " through the Python package statsmodels 0.15.0",
            licence="public domain",
            year="1871-1970",
            originals=[nile],
        )
        write(
            "breaks_nile_expected",
            ("last_years", "rss", "bic"),
            NILE,
            source="breakpoints(Nile ~ 1) printed in the reference output of the R package strucchange"
            " 1.5-1 (Zeileis et al., Journal of Statistical Software 7(2), 2002)",
            licence="published figures",
            year="1871-1970",
            originals=[nile],
        )


def liege(path: Path) -> Iterator[tuple[str, str, str, str, str]]:
    found = {(row["geo"], row["year"]): row for row in rows_of(path)}
    for region, geo in (("BE332", "BE332"), ("base", "BE3")):
        for sector in BRANCHES:
            yield "liege", region, sector, found[geo, "2008"][sector], found[geo, "2018"][sector]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)

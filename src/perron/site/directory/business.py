"""Enterprises, starts and stops of every place and NACE section, as they may be shown.

The register of VAT-liable enterprises counts at the seat. Sums run over municipalities: what sits
abroad or nowhere known belongs to no territory, and a page that shows a country says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import ibis
import pyarrow as pa

from perron.lake.derived import derived
from perron.lake.engines import connect
from perron.lake.measures import total
from perron.lake.provenance import State
from perron.lake.published import ZERO, Cell, Hierarchy, Rule, published
from perron.lake.snapshots import Catalogue
from perron.site.directory.places import OUTSIDE, places

TABLE = "statbel_vat"
MEASURES = ("enterprises", "starts", "stops")
#: The sum over activities, and the enterprises whose activity the register doesn't know.
ALL, UNKNOWN = "TOTAL", "?"
#: The revision of NACE-BEL that the register's codes are written in.
REVISION = "2008"


@dataclass(frozen=True, slots=True)
class Section:
    """A NACE section: its letter and its label by language."""

    code: str
    labels: dict[str, str] = field(hash=False)

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels["fr"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Every published count of one period. A pair that the register doesn't hold is a zero."""

    period: str
    sections: tuple[Section, ...]
    cells: dict[tuple[str, str, str], Cell]
    #: Enterprises by territory code of the register, the pseudo-places included.
    seats: dict[str, float]

    def __call__(self, place: str, measure: str, section: str = ALL) -> Cell:
        return self.cells.get((place, section, measure), ZERO)


def _sections(catalogue: Catalogue) -> tuple[tuple[Section, ...], list[tuple[str, str]]]:
    """The sections, and the section of each division."""
    nace = connect(catalogue).table("nace")
    rows = nace.filter((nace.version == REVISION) & (nace.level <= 2)).to_pyarrow().to_pylist()
    sections = tuple(
        Section(row["code"], {k: row[f"label_{k}"] for k in ("fr", "nl", "de", "en")})
        for row in sorted(rows, key=lambda row: row["code"])
        if not row["parent"]
    )
    return sections, [(row["code"], row["parent"]) for row in rows if row["parent"]]


@lru_cache(maxsize=2)
def counts(catalogue: Catalogue) -> Counts:
    """Counts of the latest period in service, masked as the rule of confidentiality asks."""
    sections, _divisions = _sections(catalogue)
    register = connect(catalogue).table(TABLE)
    period = register.period.max().to_pyarrow().as_py()
    shown = derived(catalogue, "business", lambda: _published(catalogue, period))
    columns = (shown.column(name).to_pylist() for name in shown.column_names)
    cells = {
        (area, section, measure): Cell(value, State(state))
        for area, section, measure, value, state in zip(*columns, strict=True)
    }
    unknown = Section(UNKNOWN, {"fr": UNKNOWN})
    return Counts(
        period, (*sections, unknown), cells, _outside(register.filter(register.period == period))
    )


def _published(catalogue: Catalogue, period: str) -> pa.Table:
    """Every count by area, section and measure, masked: seconds of work, done once a lake."""
    known = places(catalogue)
    sections, divisions = _sections(catalogue)
    register = connect(catalogue).table(TABLE)
    register = register.filter(register.period == period)
    # Each row counts in its municipality and all it lies in, in its section and in the sum. The
    # section is that of the division: the register has codes whose last digits it doesn't know.
    areas = ibis.memtable(known.municipalities_to_all(), columns=["territory", "area"])
    tops = ibis.memtable(divisions, columns=["division", "top"])
    rows = register.mutate(division=register.activity.substr(0, 2)).join(areas, "territory")
    rows = rows.left_join(tops, "division")
    by_section = total(
        rows.mutate(section=rows.top.fill_null(UNKNOWN)), MEASURES, by=("area", "section")
    )
    by_area = total(rows, MEASURES, by=("area",)).mutate(section=ibis.literal(ALL))
    full: dict[str, dict[tuple[str, str], Cell]] = {measure: {} for measure in MEASURES}
    for frame in (by_section, by_area):
        for row in frame.to_pyarrow().to_pylist():
            for measure in MEASURES:
                full[measure][row["area"], row["section"]] = Cell(
                    row[measure], State(row[f"{measure}_status"])
                )
    areas_above = Hierarchy({p.code: p.parent for p in known if p.level != OUTSIDE})
    activities = dict.fromkeys((*(s.code for s in sections), UNKNOWN), ALL)
    sections_above = Hierarchy({**activities, ALL: None})
    lines = [
        {
            "area": area,
            "section": section,
            "measure": measure,
            "value": cell.value,
            "state": cell.state.value,
        }
        for measure in MEASURES
        for (area, section), cell in published(
            full[measure], areas_above, sections_above, Rule()
        ).items()
    ]
    kinds = [(name, pa.string()) for name in ("area", "section", "measure")]
    schema = pa.schema([*kinds, ("value", pa.float64()), ("state", pa.string())])
    return pa.Table.from_pylist(lines, schema)


def _outside(register: ibis.Table) -> dict[str, float]:
    """Enterprises whose seat is in no territory: abroad, or nowhere known."""
    rows = total(register, ("enterprises",), by=("territory",)).to_pyarrow().to_pylist()
    return {row["territory"]: row["enterprises"] or 0.0 for row in rows}

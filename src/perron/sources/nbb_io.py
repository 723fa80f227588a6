"""Input-output of Belgium: what each branch sells to each other, and the accounts of the branches.

The symmetric table of domestic production, branch by branch: purchases from abroad are left out, which
would count as Belgian what is imported. Amounts are millions of euros at basic prices.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake import schema
from perron.lake.provenance import State
from perron.sources import workbook
from perron.sources.checks import period, typed
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.translation import gettext as _
from perron.translation import gettext_noop

_BRANCH = schema.Column("branch", pa.string(), "Branch (A64 of the national accounts).")
_PERIOD = schema.Column("period", pa.string(), "Year.")
IO_FLOWS = schema.Table(
    name="io_flows",
    version=1,
    doc="Domestic sales of each branch to each branch and final use, basic prices.",
    columns=(
        _BRANCH,
        schema.Column("use", pa.string(), "Buying branch, or final use (P.3 …, P.51 …, P.6 …)."),
        _PERIOD,
    ),
    key=("branch", "use", "period"),
    measures=(schema.Measure("amount", "Sales; stocks may fall.", "MEUR"),),
    absent=State.ZERO,
)
IO_ACCOUNTS = schema.Table(
    name="io_accounts",
    version=1,
    doc="Output, value added, pay, imports and hours of each branch.",
    columns=(_BRANCH, _PERIOD),
    key=("branch", "period"),
    measures=(
        schema.Measure("output", "Output at basic prices (P.1).", "MEUR"),
        schema.Measure("value_added", "Gross value added (B.1g).", "MEUR"),
        schema.Measure("compensation", "Compensation of employees (D.1).", "MEUR"),
        schema.Measure("imports", "Intermediate inputs imported.", "MEUR"),
        schema.Measure("hours", "Hours worked.", "million hours"),
    ),
)

#: What each symmetric table says it is, in the workbook's own index, in either language.
_DOMESTIC = ("binnenlandse productie (bedrijfstak x bedrijfstak)", "production intérieure (branche x branche)")  # fmt: skip
_TOTAL = ("symmetrische input-outputtabel (bedrijfstak x bedrijfstak)", "tableau entrées-sorties symétrique (branche x branche)")  # fmt: skip
_ITEMS = {"P.1": "output", "B.1g": "value_added", "D.1": "compensation"}
_IMPORTS = ("(invoer)", "(importations)")
_HOURS = ("arbeidsvolume", "volume de travail")
#: Share of output by which sales may miss it: rounding of the publisher's own balancing.
_IMBALANCE = 1e-3


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A symmetric table: branches, final uses, and the rows as (code, label, cells by column)."""

    branches: tuple[str, ...]
    uses: tuple[str, ...]
    rows: tuple[tuple[str, str, dict[str, Any]], ...]

    def item(self, code: str = "", labels: Sequence[str] = ()) -> dict[str, Any]:
        for found, label, cells in self.rows:
            said = label.casefold()
            if (code and found == code) or (labels and any(each in said for each in labels)):
                return cells
        return {}


class NbbIo(Source):
    """The workbook of the Federal Planning Bureau and the National Bank, 64 branches."""

    name = "nbb-io"
    publisher = gettext_noop("Bureau fédéral du Plan et Banque nationale de Belgique")
    licence = gettext_noop("Données publiques de l'Institut des comptes nationaux, avec mention")
    url = "https://www.plan.be/fr/donnees"
    years = "2010, 2015, 2020"
    tables = (IO_FLOWS, IO_ACCOUNTS)
    yearly = True

    @property
    def title(self) -> str:
        return _("Tableau entrées-sorties intérieur de la Belgique, 64 branches")

    @property
    def where(self) -> str:
        return _("le classeur des tableaux à 64 branches ; donner l'année par --period")

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        data = file.path.read_bytes()
        if not workbook.is_workbook(data):
            raise InputError(
                _(
                    "{file} n'est pas un classeur XLSX. Attendu : les tableaux à 64 branches."
                ).format(file=file.name)
            )
        year = period(file.period, [file.name], file.name)
        with workbook.opened(data, file.name) as book:
            domestic = _sheet(book, _named(book, _DOMESTIC, file.name), file.name)
            total = _sheet(book, _named(book, _TOTAL, file.name), file.name)
        flows = [
            (branch, use, year, _amount(cells.get(use), file.name, branch, use))
            for branch, _label, cells in domestic.rows
            if branch in domestic.branches
            for use in (*domestic.branches, *domestic.uses)
        ]
        items = {name: domestic.item(code) for code, name in _ITEMS.items()}
        items |= {"imports": domestic.item(labels=_IMPORTS), "hours": total.item(labels=_HOURS)}
        accounts = [
            (branch, year, *(_amount(cells.get(branch), file.name, branch, name) for name, cells in items.items()))
            for branch in domestic.branches
        ]  # fmt: skip
        frame = pl.DataFrame(
            flows, ["branch", "use", "period", "amount"], orient="row"
        ).with_columns(pl.col("amount").cast(pl.Float64))
        books = pl.DataFrame(accounts, ["branch", "period", *items], orient="row").with_columns(
            pl.col(name).cast(pl.Float64) for name in items
        )
        self._balanced(frame, books, report)
        report.read += frame.height + books.height
        report.accepted += frame.height + books.height
        report.check()
        return [
            Reading(IO_FLOWS, typed(IO_FLOWS, frame), (year,)),
            Reading(IO_ACCOUNTS, typed(IO_ACCOUNTS, books), (year,)),
        ]

    def _balanced(self, flows: pl.DataFrame, books: pl.DataFrame, report: Report) -> None:
        """Say which branches sell more or less than they make."""
        sold = flows.group_by("branch").agg(pl.sum("amount"))
        both = sold.join(books.select("branch", "output"), on="branch")
        gap = ((pl.col("amount") - pl.col("output")).abs() / pl.col("output")).alias("gap")
        off = both.with_columns(gap).filter(pl.col("gap") > _IMBALANCE).sort("branch")
        for row in off.head(5).to_dicts():
            report.warn(
                _("branche {branch} : ventes {sold} pour une production de {output}").format(
                    branch=row["branch"],
                    sold=round(row["amount"], 1),
                    output=round(row["output"], 1),
                )
            )


def _named(book: Any, said: Sequence[str], file: str) -> str:
    """The sheet that the workbook's index describes so."""
    names = {str(name).casefold(): str(name) for name in book.sheetnames}
    index = names.get("index")
    for row in book[index].iter_rows(values_only=True) if index else ():
        if len(row) > 1 and any(each in str(row[1]).casefold() for each in said):
            name = names.get(str(row[0]).casefold())
            # "symmetric table" alone also begins the names of those of imports.
            if name and str(row[1]).casefold().endswith(tuple(each[-30:] for each in said)):
                return name
    raise InputError(
        _("{file} : aucun tableau « {said} » dans l'index du classeur.").format(
            file=file, said=said[0]
        )
    )


def _sheet(book: Any, name: str, file: str) -> _Sheet:
    lines = list(book[name].iter_rows(values_only=True))
    header = [_code(cell) for cell in lines[0]] if lines else []
    left = [_code(line[0]) for line in lines if line]
    branches = tuple(code for code in header if code and code in left)
    uses = tuple(code for code in header if re.match(r"P\.?\d", code))
    if len(branches) < 2 or not uses:
        raise InputError(
            _(
                "{file}, feuille {sheet} : ni branches ni emplois finals dans la première ligne."
            ).format(file=file, sheet=name)
        )
    rows = tuple(
        (
            _code(line[0]),
            str(line[1] or ""),
            {code: cell for code, cell in zip(header, line, strict=False) if code},
        )
        for line in lines[1:]
        if line and (line[0] is not None or (len(line) > 1 and line[1]))
    )
    return _Sheet(branches, uses, rows)


def _code(value: object) -> str:
    return "" if value is None else str(value).strip()


def _amount(value: object, file: str, branch: str, use: str) -> float | None:
    """A number, None for an empty cell; anything else refuses the file."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(
            _("{file}, branche {branch}, {use} : « {found} » n'est pas un nombre.").format(
                file=file, branch=branch, use=use, found=str(value)[:40]
            )
        )
    return float(value)

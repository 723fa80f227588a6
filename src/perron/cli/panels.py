"""A person's panel as the verbs of the economy read it, and what they say of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from perron.cli import output
from perron.errors import InputError
from perron.formats import number, percent
from perron.translation import gettext as _
from perron.translation import language, ngettext

if TYPE_CHECKING:
    import pandas as pd

    from perron.methods.economy.panels import Panel


class Absent(StrEnum):
    """What a cell without a row is."""

    ZERO = "zero"
    UNKNOWN = "unknown"


def read(
    table: str,
    region: str,
    sector: str,
    value: str,
    year: str | None,
    suppressed: str | None,
    absent: Absent,
    decimal: str,
) -> Panel:
    """The panel of a file, or one sentence that says what is wrong and where."""
    from perron.methods.economy.panels import DuplicateError, TooLargeError, panel
    from perron.sources import tabular

    if decimal not in (".", ","):
        raise typer.BadParameter(
            _("{found!r} n'est ni un point ni une virgule.").format(found=decimal),
            param_hint="--decimal",
        )
    columns = [region, sector, value] + ([] if year is None else [year])
    if len(set(columns)) < len(columns):
        raise InputError(
            _("La même colonne est donnée deux fois : {found}.").format(found=", ".join(columns))
        )
    given = tabular.read(table, columns)
    for warning in given.warnings:
        output.note(_("{file} : {warning}").format(file=given.file, warning=warning))
    figures = given.figures(value, decimal, suppressed)
    kind: Literal["zero", "unknown"] = "zero" if absent is Absent.ZERO else "unknown"
    try:
        return panel(
            given.identifiers(region),
            given.identifiers(sector),
            figures.values,
            None if year is None else given.whole_numbers(year),
            figures.suppressed,
            kind,
        )
    except DuplicateError as error:
        first, second = (given.place(row) for row in error.rows)
        raise InputError(
            _(
                "{file}, lignes {first} et {second} : {cell} est là deux fois. Attendu : une ligne par région, secteur et année ; additionnez-les ou retirez-en une."
            ).format(
                file=given.file,
                first=first,
                second=second,
                cell=", ".join(str(part) for part in error.cell if part is not None),
            )
        ) from error
    except TooLargeError as error:
        raise InputError(
            _(
                "{file} : {regions} régions et {sectors} secteurs font trop de cases. Les colonnes données à --region et --sector sont-elles les bonnes ?"
            ).format(
                file=given.file,
                regions=number(error.regions, 0, language()),
                sectors=number(error.sectors, 0, language()),
            )
        ) from error


def told_of(panel: Panel, *, bounds: bool = False) -> None:
    """What the reader of the figures should know of the panel."""
    if gaps := panel.gaps():
        output.note(
            _("Années absentes entre la première et la dernière : {found}.").format(
                found=some(gaps)
            )
        )
    hidden = sum(int(sheet.hidden.sum()) for sheet in panel.sheets)
    if hidden:
        output.note(
            ngettext(
                "{count} case masquée ou inconnue : jamais comptée comme zéro, rien n'est proposé sur elle.",
                "{count} cases masquées ou inconnues : jamais comptées comme zéro, rien n'est proposé sur elles.",
                hidden,
            ).format(count=number(hidden, 0, language()))
        )
        if bounds:
            output.note(
                _(
                    "lq_min et lq_max supposent qu'une telle case va de 0 à la plus grande valeur connue de sa région ou de son secteur : une convention."
                )
            )
    for name, found in zip((_("région"), _("secteur")), (panel.sheets[-1].totals()), strict=True):
        if found:
            output.note(
                _(
                    "À vérifier : {kind} {found} semble un total des autres. Un total compte tout deux fois : retirez-le."
                ).format(kind=name, found=some(found))
            )


def demand_years(panel: Panel, years: Sequence[int], table: str) -> None:
    """Refuse years that the panel has not, with those it has."""
    if missing := [each for each in years if each not in panel.years]:
        raise InputError(
            _("{file} : pas d'année {missing}. Années trouvées : {found}.").format(
                file=Path(table).name, missing=some(missing), found=some(panel.years, 20)
            )
        )


#: What is said of ECI and PCI, by the reason of the warning.
_COMPLEXITY = {
    "small": lambda: _(
        "ECI et PCI ne sont pas calculés sur {regions} régions et {sectors} secteurs dont {fill} des cases sont des spécialités : c'est trop peu."
    ),
    "alike": lambda: _("ECI et PCI ne sont pas calculés : les régions ont les mêmes spécialités."),
    "pieces": lambda: _(
        "Le tableau est en morceaux sans lien : ECI et PCI ne couvrent que le plus grand, {regions} régions et {sectors} secteurs."
    ),
}


@contextmanager
def said(year: int | None) -> Iterator[None]:
    """What the methods warn of, as notes in the language of the run."""
    from perron.methods.economy.complexity import ComplexityWarning
    from perron.methods.economy.labels import EmptyWarning

    before = "" if year is None else f"{year} : "
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for message in dict.fromkeys(str(each.message) for each in caught):
        warning = next(each.message for each in caught if str(each.message) == message)
        if isinstance(warning, EmptyWarning):
            kind = {"regions": _("régions"), "sectors": _("secteurs")}[warning.what]
            output.note(
                before
                + _("{kind} sans aucune valeur, laissés vides : {found}.").format(
                    kind=kind, found=some(warning.names)
                )
            )
        elif isinstance(warning, ComplexityWarning):
            output.note(
                before
                + _COMPLEXITY[warning.reason]().format(
                    regions=warning.regions,
                    sectors=warning.sectors,
                    fill=percent(warning.fill, 1, language()),
                )
            )
        else:
            output.note(before + message)


def parents_of(given: str, panel: Panel) -> pd.Series:
    """The parent of each sector, from a length or from a file of sectors and parents."""
    import pandas as pd

    from perron.methods.economy.variety import parents_by_length
    from perron.sources import tabular

    if given.isdigit():
        short = [name for name in panel.sectors if len(name) < int(given)]
        if short or int(given) < 1:
            raise InputError(
                _(
                    "--parent {length} : les codes des secteurs doivent avoir au moins {length} caractères, et la longueur être de 1 ou plus. Trop courts : {found}."
                ).format(length=given, found=some(short) or "-")
            )
        return parents_by_length(panel.sectors, int(given))
    read = tabular.read(given, ["sector", "parent"])
    parents = pd.Series(
        list(read.identifiers("parent")), index=list(read.identifiers("sector")), dtype=object
    )
    if not parents.index.is_unique:
        twice = parents.index[parents.index.duplicated()][0]
        raise InputError(
            _("{file} : le secteur {sector} est là deux fois.").format(file=read.file, sector=twice)
        )
    if missing := [name for name in panel.sectors if name not in parents.index]:
        raise InputError(
            _(
                "{file} : pas de parent pour {found}. Attendu : une ligne par secteur du tableau."
            ).format(file=read.file, found=some(missing))
        )
    return parents.reindex(panel.sectors)


def some(names: Any, limit: int = 5) -> str:
    """A few names, and how many more there are."""
    listed = [str(name) for name in names]
    more = f", … ({len(listed)})" if len(listed) > limit else ""
    return ", ".join(listed[:limit]) + more

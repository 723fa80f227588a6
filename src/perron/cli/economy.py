"""Economy: the indicators of any panel, its shift-share, and whether density foretells anything in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perron.cli import output
from perron.cli.indicator_tables import CELLS, cells_of, named, pairs_of
from perron.cli.panels import Absent, demand_years, parents_of, read, said, some, told_of
from perron.errors import InputError
from perron.exports import Export, Format, write
from perron.formats import number
from perron.translation import gettext as _
from perron.translation import language, ngettext

if TYPE_CHECKING:
    import pyarrow as pa


app = typer.Typer(
    help=_("L'économie : indicateurs, analyse structurelle-résiduelle, épreuve de la densité."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Diagonal(StrEnum):
    """The proximity of a sector to itself."""

    ONE = "one"
    ZERO = "zero"


class Method(StrEnum):
    """The forms of shift-share; `perron.methods.economy.shift_share` is not loaded to know them."""

    DUNN = "dunn"
    ESTEBAN = "esteban"
    ARCELUS = "arcelus"
    GERFIN = "gerfin"
    DYNAMIC = "dynamic"


Table = Annotated[
    str, typer.Argument(metavar="PANEL", help=_("Un tableau : CSV, Parquet ou XLSX."))
]
Region = Annotated[str, typer.Option("--region", metavar="COL", help=_("Colonne des régions."))]
Sector = Annotated[str, typer.Option("--sector", metavar="COL", help=_("Colonne des secteurs."))]
Value = Annotated[
    str, typer.Option("--value", metavar="COL", help=_("Colonne des effectifs : zéro ou plus."))
]
Year = Annotated[str, typer.Option("--year", metavar="COL", help=_("Colonne des années."))]
Suppressed = Annotated[
    str | None,
    typer.Option(
        "--suppressed",
        metavar="MARK",
        help=_("Le texte d'une case que l'éditeur a masquée, comme « c » ou « : »."),
    ),
]
AbsentCells = Annotated[
    Absent,
    typer.Option("--absent", help=_("Ce que vaut une case sans ligne : zéro, ou inconnue.")),
]
Decimal = Annotated[
    str, typer.Option("--decimal", metavar="SIGN", help=_("Le signe des décimales : . ou ,"))
]
Threshold = Annotated[
    float,
    typer.Option(
        "--threshold", help=_("Une région est spécialisée quand le quotient dépasse ce seuil.")
    ),
]
Itself = Annotated[
    Diagonal, typer.Option("--diagonal", help=_("La proximité d'un secteur avec lui-même."))
]
Form = Annotated[
    Format | None, typer.Option("--format", help=_("Format des fichiers ; csv par défaut."))
]
Folder = Annotated[
    Path, typer.Option("--out", metavar="DIR", help=_("Dossier des tables, créé s'il manque."))
]


@app.command(
    "indicators",
    help=_(
        "Quotients, spécialisation, proximités, densité, complexité de chaque région et secteur."
    ),
)
def indicators(
    table: Table,
    region: Region,
    sector: Sector,
    value: Value,
    out: Folder,
    year: Annotated[
        str | None,
        typer.Option("--year", metavar="COL", help=_("Colonne des années, s'il y en a.")),
    ] = None,
    suppressed: Suppressed = None,
    absent: AbsentCells = Absent.ZERO,
    threshold: Threshold = 1.0,
    diagonal: Itself = Diagonal.ONE,
    parent: Annotated[
        str | None,
        typer.Option(
            "--parent",
            metavar="LEN|FILE",
            help=_("Pour la variété reliée : longueur du code parent, ou fichier sector, parent."),
        ),
    ] = None,
    decimal: Decimal = ".",
    form: Form = None,
) -> None:
    """Write cells, regions, sectors and relatedness of each year."""
    from perron.methods.economy.indicators import indicators as computed

    _above_zero(threshold)
    panel = read(table, region, sector, value, year, suppressed, absent, decimal)
    told_of(panel, bounds=True)
    parents = None if parent is None else parents_of(parent, panel)
    form = form or Format.CSV
    regions: list[pa.Table] = []
    sectors: list[pa.Table] = []
    pairs: list[pa.Table] = []

    def cells() -> Iterator[pa.Table]:
        for done, (when, sheet) in enumerate(panel):
            bar(_("Indicateurs"), done, len(panel.years))
            with said(when):
                found = computed(
                    sheet.values,
                    threshold=threshold,
                    diagonal=1.0 if diagonal is Diagonal.ONE else 0.0,
                    parents=parents,
                )
                made = cells_of(panel, when, sheet, found)
                regions.append(named(found.regions(), "region", when))
                sectors.append(named(found.sectors(), "sector", when))
                pairs.append(pairs_of(found, when))
            yield made

    with output.Progress() as bar, ExitStack() as files:
        _demand_folder(out)
        streams = {
            name: files.enter_context(output.replacing(out / f"{name}.{form.value}"))
            for name in ("relatedness", "sectors", "regions", "cells")
        }
        # The cells of a year are written before the next year is computed.
        write(Export.streamed(CELLS, cells(), "cells"), form, streams["cells"])
        for name, tables in (("regions", regions), ("sectors", sectors), ("relatedness", pairs)):
            whole = Export.streamed(tables[0].column_names, iter(tables), name)
            write(whole, form, streams[name])
    output.note(_("Écrit : {path}").format(path=out))


@app.command(
    "shift-share",
    help=_("Ce que la croissance doit à la référence, à la structure, et à la région."),
)
def shift_share(
    table: Table,
    region: Region,
    sector: Sector,
    value: Value,
    year: Year,
    start: Annotated[int, typer.Option("--from", metavar="Y0", help=_("Première année."))],
    end: Annotated[int, typer.Option("--to", metavar="Y1", help=_("Dernière année."))],
    base: Annotated[
        str,
        typer.Option(
            "--base", metavar="REGION", help=_("La région de référence, dans le tableau.")
        ),
    ],
    method: Annotated[Method, typer.Option("--method", help=_("La décomposition."))] = Method.DUNN,
    suppressed: Suppressed = None,
    absent: AbsentCells = Absent.ZERO,
    decimal: Decimal = ".",
    out: Annotated[
        str | None,
        typer.Option(
            "--out", metavar="FILE", help=_("Fichier à écrire ; - pour la sortie standard.")
        ),
    ] = None,
    form: Form = None,
) -> None:
    """Write region, component, value; the base itself is not decomposed."""
    from perron.methods.economy.shift_share import dynamic_shift_share
    from perron.methods.economy.shift_share import shift_share as computed

    if start >= end:
        raise InputError(
            _("--from {start} --to {end} : la première année doit précéder la dernière.").format(
                start=start, end=end
            )
        )
    panel = read(table, region, sector, value, year, suppressed, absent, decimal)
    if base not in panel.regions:
        raise InputError(
            _("--base {base} : cette région n'est pas dans {file}. On y trouve : {found}.").format(
                base=base, file=Path(table).name, found=some(panel.regions)
            )
        )
    years = [start, end] if method is not Method.DYNAMIC else list(range(start, end + 1))
    demand_years(panel, years, table)
    values = {each: panel.of(each).values for each in years}
    hidden = [
        f"{name} ({each})"
        for each in years
        for name in panel.sectors[values[each].loc[base].isna().to_numpy()]
    ]
    if hidden:
        raise InputError(
            _(
                "--base {base} : valeurs inconnues ou masquées : {found}. La référence doit être connue partout ; retirez ces secteurs ou complétez-les."
            ).format(base=base, found=some(hidden))
        )
    others = {each: frame.drop(index=base) for each, frame in values.items()}
    if others[start].empty:
        raise InputError(
            _("{file} : aucune autre région que {base}.").format(file=Path(table).name, base=base)
        )
    with said(None):
        if method is Method.DYNAMIC:
            found = dynamic_shift_share(
                others, {each: frame.loc[base] for each, frame in values.items()}
            ).total.frame()
        else:
            found = computed(
                others[start],
                others[end],
                values[start].loc[base],
                values[end].loc[base],
                method.value,
            ).frame()
    if unknown := list(found.index[found.isna().any(axis=1)]):
        output.note(
            ngettext(
                "{count} région a des cases vides : une valeur y est inconnue ou masquée ({found}).",
                "{count} régions ont des cases vides : une valeur y est inconnue ou masquée ({found}).",
                len(unknown),
            ).format(count=len(unknown), found=some(unknown))
        )
    rows = [
        (name, component, float(found.loc[name, component]))
        for name in found.index
        for component in found.columns
    ]
    title = _("Analyse structurelle-résiduelle {start}-{end}").format(start=start, end=end)
    output.deliver(Export(["region", "component", "value"], rows, title), out, form)


@app.command(
    "backtest",
    help=_(
        "La densité annonce-t-elle les nouvelles spécialités ? Épreuve sur des années non vues."
    ),
)
def backtest(
    table: Table,
    region: Region,
    sector: Sector,
    value: Value,
    year: Year,
    train: Annotated[
        str,
        typer.Option("--train", metavar="Y0:Y1", help=_("Les deux années d'apprentissage.")),
    ],
    test: Annotated[int, typer.Option("--test", metavar="Y2", help=_("L'année de l'épreuve."))],
    out: Folder,
    suppressed: Suppressed = None,
    absent: AbsentCells = Absent.ZERO,
    threshold: Threshold = 1.0,
    diagonal: Itself = Diagonal.ONE,
    decimal: Decimal = ".",
    form: Form = None,
) -> None:
    """Write scores (AUC, Brier, base rate…) and the calibration table; say the verdict."""
    from perron.methods.economy.backtest import Verdict
    from perron.methods.economy.backtest import backtest as computed
    from perron.methods.economy.entry import NotMeasurableError

    _above_zero(threshold)
    first, second = _train(train)
    panel = read(table, region, sector, value, year, suppressed, absent, decimal)
    years = (first, second, test)
    if not first < second < test:
        raise InputError(
            _("--train {train} --test {test} : les années doivent se suivre, Y0 < Y1 < Y2.").format(
                train=train, test=test
            )
        )
    demand_years(panel, years, table)
    told_of(panel)
    try:
        with said(None):
            found = computed(
                {each: panel.of(each).values for each in years},
                (first, second),
                test,
                threshold=threshold,
                diagonal=1.0 if diagonal is Diagonal.ONE else 0.0,
            )
    except NotMeasurableError as error:
        raise InputError(
            _(
                "{file} : {entries} nouvelles spécialités sur {candidates} possibles, c'est trop peu pour mesurer quoi que ce soit. Prenez des années plus éloignées ou des secteurs plus fins."
            ).format(
                file=Path(table).name,
                entries=number(error.entries, 0, language()),
                candidates=number(error.candidates, 0, language()),
            )
        ) from error
    form = form or Format.CSV
    _demand_folder(out)
    with ExitStack() as files:
        for name, made in (("scores", found.scores()), ("calibration", found.calibration())):
            stream = files.enter_context(output.replacing(out / f"{name}.{form.value}"))
            rows = [tuple(_plain(cell) for cell in row) for row in made.itertuples(index=False)]
            write(Export(list(made.columns), rows, name), form, stream)
    auc, gain, rate = (found.measures[name] for name in ("auc", "auc_gain", "base_rate"))
    verdict = {
        Verdict.BETTER_THAN_MARGINS: _(
            "mieux que les marges seules : la densité annonce quelque chose"
        ),
        Verdict.BETTER_THAN_CHANCE: _("mieux que le hasard, pas mieux que les marges seules"),
        Verdict.NO_BETTER_THAN_CHANCE: _("pas mieux que le hasard, et c'est une réponse"),
    }[found.verdict]
    spoken = language()
    output.result(
        _(
            "AUC {auc} ({low} à {high}), gain sur les marges {gain} ({gain_low} à {gain_high}), taux de base {rate} %. Verdict : {verdict}."
        ).format(
            auc=number(auc.value, 3, spoken),
            low=number(auc.low, 3, spoken),
            high=number(auc.high, 3, spoken),
            gain=number(gain.value, 3, spoken),
            gain_low=number(gain.low, 3, spoken),
            gain_high=number(gain.high, 3, spoken),
            rate=number(100 * rate.value, 1, spoken),
            verdict=verdict,
        )
    )
    output.note(_("Écrit : {path}").format(path=out))


def _train(given: str) -> tuple[int, int]:
    """The two years of --train."""
    first, colon, second = given.partition(":")
    if not (colon and first.strip().isdigit() and second.strip().isdigit()):
        raise typer.BadParameter(
            _("{found!r} : deux années étaient attendues, comme 2008:2011.").format(found=given),
            param_hint="--train",
        )
    return int(first), int(second)


def _plain(cell: Any) -> Any:
    """A number of Python, whatever array it comes from."""
    return cell.item() if hasattr(cell, "item") else cell


def _above_zero(threshold: float) -> None:
    if not threshold > 0:
        raise typer.BadParameter(
            _("{found} n'est pas au-dessus de 0.").format(found=threshold), param_hint="--threshold"
        )


def _demand_folder(out: Path) -> None:
    if out.expanduser().exists() and not out.expanduser().is_dir():
        raise InputError(
            _(
                "--out {path} : c'est un fichier, et ce verbe écrit plusieurs tables. Donner un dossier."
            ).format(path=out)
        )

"""The verbs put together, and the options that all of them share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from perron import __version__
from perron.cli import data, economy, output, platform
from perron.translation import gettext as _


class Language(StrEnum):
    """The languages of messages and documents."""

    FR = "fr"
    EN = "en"
    NL = "nl"
    DE = "de"


app = typer.Typer(
    help=_("Perron : la plateforme d'une agence de redéploiement, de la donnée à la décision."),
    epilog=_("L'état vit dans PERRON_HOME (par défaut, le dossier de données de l'utilisateur)."),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"perron {__version__}")
        raise typer.Exit


@app.callback()
def common(
    quiet: Annotated[
        bool, typer.Option("--quiet", help=_("Ne dire que les résultats et les erreurs."))
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help=_("Dire aussi ce qui se passe en dessous."))
    ] = False,
    lang: Annotated[
        Language, typer.Option("--lang", help=_("Langue des messages et des documents."))
    ] = Language.FR,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help=_("Dire la version et s'arrêter."), callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    del lang, version  # read before the verbs were described (perron.cli.main)
    output.manner.quiet, output.manner.verbose = quiet, verbose


platform.add_to(app)
app.add_typer(data.app, name="data")
app.add_typer(economy.app, name="economy")

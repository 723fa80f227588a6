"""Running the platform: demo, serve, check, backup, restore, upgrade, worker."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perron.cli import output
from perron.errors import InputError
from perron.translation import gettext as _
from perron.translation import language

if TYPE_CHECKING:
    from perron.config import Config

Host = Annotated[
    str,
    typer.Option(
        "--host",
        help=_("Adresse écoutée ; hors de cette machine, PERRON_PUBLIC_URL doit être en https."),
    ),
]
Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, help=_("Port écouté ; 0 en choisit un libre."))
]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help=_("Nombre de processus."))]


def demo(port: Port = 8000) -> None:
    """Prepare the home, then serve the shipped territory on loopback."""
    from perron.cli.site import demonstrate, opened, prepared
    from perron.site.operations import home, server

    settings = opened()
    with home.occupied(settings.home):
        prepared(settings, migrate=True)
        mark = settings.home / home.DEMONSTRATION
        if not mark.exists():
            _demand_nobody()
            mark.write_text(
                _("Fait par « perron demo ». Reste sur cette machine.") + "\n", encoding="utf-8"
            )
        demonstrate(settings)
        accounts = _demonstration_accounts(settings)

        def ready(address: str) -> None:
            output.result(address)
            for line in accounts:
                output.result(line)

        server.serve("127.0.0.1", port, 1, settings.log_level, ready)


def _demonstration_accounts(settings: Config) -> list[str]:
    """Make the public accounts of the demonstration, and say them; none where others could reach it."""
    if not settings.demonstration:
        return []
    from perron.site.accounts import demonstration
    from perron.site.directory import partner_names

    made = demonstration.ensure(partner_names.for_demonstration())
    first = _("Comptes d'exemple, tous avec le mot de passe {word} :").format(
        word=demonstration.PASSWORD
    )
    return [first, *(f"  {account.email}  {account.role}" for account in made)]


def _demand_nobody() -> None:
    """A home where people have accounts is an installation: it must not become a demonstration."""
    from django.contrib.auth import get_user_model

    if get_user_model()._default_manager.exists():
        raise InputError(
            _(
                "PERRON_HOME est une installation avec des comptes, pas une démonstration. Taper « perron serve », ou donner à PERRON_HOME un dossier vide."
            )
        )


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Serve the site until it is told to stop."""
    from perron.config import config
    from perron.site.operations import home, server

    server.demand_safe(host, config())
    from perron.cli.site import opened, prepared

    settings = opened()
    with home.occupied(settings.home):
        prepared(settings, migrate=False)
        server.serve(host, port, workers, settings.log_level, output.result)


def invite(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help=_("L'adresse de la personne."))],
    role: Annotated[
        str, typer.Option("--role", help=_("Le code de son rôle, « director » par exemple."))
    ] = "director",
    days: Annotated[
        int, typer.Option("--days", min=1, max=30, help=_("Jours de validité du lien."))
    ] = 7,
) -> None:
    """Print the link that opens an account: the way to the first one of an installation."""
    from perron.cli.site import opened

    settings = opened()
    from django.utils.translation import override

    from perron.site.accounts import links, services
    from perron.site.accounts.access import MACHINE
    from perron.site.operations import database, home

    with home.occupied(settings.home), override(language()):
        database.demand_ready()
        made, token = services.invite(MACHINE, email, role, None, days)
        output.result(links.of_invitation(token))
        output.note(
            _(
                "Invitation de {email} au rôle « {role} », jusqu'au {day}. Le lien sert une fois ; il n'est gardé nulle part."
            ).format(email=made.email, role=made.role, day=f"{made.expires:%Y-%m-%d}")
        )


def check() -> None:
    """Print each check and how to mend what is wrong."""
    from perron.cli.site import opened

    opened(whole=False)
    from perron.site.operations.checks import checks, exit_code

    lines = []
    for line in checks():
        output.result(str(line))
        lines.append(line)
    raise typer.Exit(exit_code(lines))


def backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help=_("Le fichier à écrire."))],
    with_secret: Annotated[
        bool,
        typer.Option(
            "--with-secret",
            help=_("Y mettre aussi la clé secrète, pour garder les sessions ouvertes ailleurs."),
        ),
    ] = False,
) -> None:
    """Write one consistent point in one file."""
    from perron.cli.site import opened

    settings = opened()
    from perron.site.operations import home
    from perron.site.operations.backup import backup as make

    with home.occupied(settings.home), output.Progress() as bar:
        manifest = make(Path(file), with_secret=with_secret, step=bar)
    output.note(
        _(
            "Sauvegarde faite : {path}, {count} fichiers, {size} Mo. Elle contient des données personnelles : la garder en lieu sûr."
        ).format(
            path=file,
            count=len(manifest.members),
            size=round(Path(file).expanduser().stat().st_size / 2**20, 1),
        )
    )


def restore(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help=_("La sauvegarde à remettre en place."))
    ] = None,
    back: Annotated[
        bool,
        typer.Option("--back", help=_("Revenir à l'état d'avant une restauration interrompue.")),
    ] = False,
) -> None:
    """Put a verified backup in place, or go back from a restore that was cut short."""
    if back == (file is not None):
        raise typer.BadParameter(
            _("donner FILE, ou --back pour revenir d'une restauration interrompue.")
        )
    from perron.cli.site import opened

    settings = opened(whole=False)
    from perron.site.operations import database, home
    from perron.site.operations.restore import go_back
    from perron.site.operations.restore import restore as put

    with home.occupied(settings.home, alone=True), output.Progress() as bar:
        if file is None:
            go_back()
            output.note(_("L'état d'avant la restauration est revenu."))
            return
        done = put(Path(file).expanduser().absolute(), bar)
        output.note(
            _("Restauré : l'état du {made} (Perron {version}).").format(
                made=f"{done.manifest.made:%Y-%m-%d %H:%M} UTC", version=done.manifest.perron
            )
        )
        if done.aside.exists():
            output.note(_("L'état d'avant est gardé dans {path}.").format(path=done.aside))
        for remark in done.remarks:
            output.note(remark)
        if names := database.waiting():
            output.note(
                _(
                    "La base attend {count} migrations : taper « perron upgrade » avant « perron serve »."
                ).format(count=len(names))
            )


def upgrade() -> None:
    """Back up, migrate, check, and say the way back."""
    from perron import __version__
    from perron.cli.site import opened, prepared

    settings = opened()
    from perron.site.operations import database, home
    from perron.site.operations.backup import backup as make
    from perron.site.operations.checks import checks, exit_code

    saved: Path | None = None
    with home.occupied(settings.home, alone=True):
        if database.applied():
            saved = settings.home / "backups" / f"perron-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
            with output.Progress() as bar:
                manifest = make(saved, step=bar)
            output.note(_("Sauvegarde faite : {path}").format(path=saved))
            if names := database.unknown(manifest.migrations):
                raise InputError(
                    _(
                        "La base vient d'un Perron plus récent que {version} (migration {name}). Installer cette version ; rien n'a été changé."
                    ).format(version=__version__, name=names[0])
                )
        try:
            prepared(settings, migrate=True)
        finally:
            if saved:
                output.note(
                    _(
                        "Pour revenir : réinstaller la version d'avant (pip install perron==X), puis « perron restore {path} »."
                    ).format(path=saved)
                )
        lines = list(checks())
    for line in lines:
        output.result(str(line))
    raise typer.Exit(exit_code(lines))


def worker(
    once: Annotated[
        bool, typer.Option("--once", help=_("Faire ce qui attend, puis s'arrêter."))
    ] = False,
) -> None:
    """Do scheduled and queued work until told to stop."""
    import logging

    from perron.cli.site import opened

    settings = opened()
    logging.getLogger().setLevel(settings.log_level)
    from perron.site.operations import database, home
    from perron.site.operations.worker import Worker

    with home.occupied(settings.home):
        database.demand_ready()
        Worker(once=once).run()


def add_to(app: typer.Typer) -> None:
    """Give these verbs to the command."""
    verbs = (
        (demo, _("La démonstration : le territoire livré, ses chiffres réels, sur cette machine.")),
        (serve, _("Servir le site.")),
        (invite, _("Inviter une personne : le lien qui ouvre son compte, le premier compris.")),
        (
            check,
            _(
                "Vérifier réglages, base, lac, droits et disque ; chaque ligne dit ok, warning ou wrong, et que faire."
            ),
        ),
        (upgrade, _("Sauvegarder, migrer, vérifier, et dire comment revenir.")),
        (backup, _("Sauvegarder base, lac, médias et réglages, en un seul instant.")),
        (
            restore,
            _(
                "Vérifier une sauvegarde, puis la remettre en place ; ce qui y était est gardé de côté."
            ),
        ),
        (worker, _("Faire le travail planifié et en attente, jusqu'à l'arrêt.")),
    )
    for verb, said in verbs:
        app.command(verb.__name__, help=said)(verb)

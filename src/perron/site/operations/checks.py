"""`perron check`: one line a check, and how to mend what is wrong."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from perron import __version__
from perron.config import Config, config
from perron.errors import OutsideError, PerronError
from perron.site.operations import home
from perron.site.secret import FILE as SECRET
from perron.territory import territory
from perron.translation import LANGUAGES, LOCALE, SOURCE_LANGUAGE
from perron.translation import gettext as _

OK, WARNING, WRONG, AWAY = "ok", "warning", "wrong", "away"
#: Nothing Perron writes is older than this: an earlier clock is a clock that was never set.
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """The result of a check. `away` is an outside system that does not answer."""

    state: str
    name: str
    found: str
    mend: str = ""

    def __str__(self) -> str:
        word = WRONG if self.state == AWAY else self.state
        return f"{word:<8}{self.name} : {self.found}" + (f" → {self.mend}" if self.mend else "")


def checks() -> Iterator[Line]:
    """Every check, each in its own line; one that fails unexpectedly says so and stops no other."""
    settings = config()
    yield Line(
        OK,
        _("Réglages"),
        _("Perron {version}, territoire {territory}").format(
            version=__version__, territory=territory(settings.territory).id
        ),
    )
    cut_short = home.unfinished(settings.home) is not None
    parts: list[Callable[[Config], Iterator[Line]]] = [_home, _secret, _outside]
    # Between two states, the database and the lake may not even be opened.
    parts += [_restore] if cut_short else [_database, _ledger, _lake, _ages]
    for part in [*parts, _mail, _disk, _bundle, _languages, _clock, _programs]:
        try:
            yield from part(settings)
        except OutsideError as error:
            yield Line(AWAY, _title(part), str(error))
        except (PerronError, OSError) as error:
            yield Line(WRONG, _title(part), str(error))


def _title(part: Callable[[Config], Iterator[Line]]) -> str:
    return {
        "_home": _("PERRON_HOME"),
        "_secret": _("Clé secrète"),
        "_outside": _("Adresse publique"),
        "_restore": _("Restauration"),
        "_database": _("Base de données"),
        "_ledger": _("Registre des décisions"),
        "_lake": _("Lac de données"),
        "_ages": _("Âge des tables"),
        "_mail": _("Courrier électronique"),
        "_disk": _("Espace disque"),
        "_bundle": _("Pages"),
        "_languages": _("Langues"),
        "_clock": _("Horloge"),
        "_programs": _("Programmes PostgreSQL"),
    }[part.__name__]


def _home(settings: Config) -> Iterator[Line]:
    folder = settings.home
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Line(
            WRONG,
            _("PERRON_HOME"),
            _("{home} ne peut pas être lu et écrit").format(home=folder),
            _("Donner ce dossier à l'utilisateur qui fait tourner Perron (chown)."),
        )
        return
    if stat.S_IMODE(folder.stat().st_mode) & stat.S_IWOTH:
        yield Line(
            WRONG,
            _("PERRON_HOME"),
            _("{home} peut être écrit par tous").format(home=folder),
            f"chmod o-w {folder}",
        )
        return
    yield Line(OK, _("PERRON_HOME"), str(folder))


def _secret(settings: Config) -> Iterator[Line]:
    path = settings.home / SECRET
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield Line(
            WRONG,
            _("Clé secrète"),
            _("{path} peut être lue par d'autres (droits {mode:o})").format(path=path, mode=mode),
            f"chmod 600 {path}",
        )
    else:
        yield Line(OK, _("Clé secrète"), _("lisible par son propriétaire seul"))


def _outside(settings: Config) -> Iterator[Line]:
    if not settings.public_url:
        yield Line(OK, _("Adresse publique"), _("aucune : Perron ne répond qu'à cette machine"))
    elif not settings.public_url.startswith("https://"):
        yield Line(
            WRONG,
            _("Adresse publique"),
            settings.public_url,
            _("Donner une adresse https dans PERRON_PUBLIC_URL."),
        )
    elif settings.debug:
        yield Line(
            WRONG,
            _("Adresse publique"),
            _("PERRON_DEBUG est vrai"),
            _("Le mettre à false : il montre le code et les réglages."),
        )
    elif (settings.home / home.DEMONSTRATION).exists():
        yield Line(
            WRONG,
            _("Adresse publique"),
            _("PERRON_HOME est une démonstration"),
            _("Donner un autre PERRON_HOME."),
        )
    else:
        yield Line(OK, _("Adresse publique"), settings.public_url)


def _restore(_settings: Config) -> Iterator[Line]:
    yield Line(
        WRONG,
        _("Restauration"),
        _("une restauration a été interrompue ; l'état d'avant est gardé"),
        _(
            "Taper « perron restore --back » pour y revenir, ou relancer « perron restore FICHIER »."
        ),
    )


def _database(_settings: Config) -> Iterator[Line]:
    from perron.site.operations import database

    name = _("Base de données")
    database.demand_reachable()
    engine = f"{database.engine()} {database.version()}"
    if names := database.unknown(database.applied()):
        yield Line(
            WRONG,
            name,
            _("{engine} ; elle vient d'un Perron plus récent ({name})").format(
                engine=engine, name=names[0]
            ),
            _("Installer cette version de Perron, ou restaurer une sauvegarde."),
        )
    elif names := database.waiting():
        yield Line(
            WRONG,
            name,
            _("{engine} ; {count} migrations attendent").format(engine=engine, count=len(names)),
            "perron upgrade",
        )
    else:
        yield Line(OK, name, _("{engine}, migrations à jour").format(engine=engine))
    if database.engine() == "sqlite":
        yield from _sqlite(database.sqlite_path())


def _sqlite(path: Path) -> Iterator[Line]:
    from perron.site.operations import database

    name = _("Fichier SQLite")
    if problem := database.sound_sqlite(path):
        yield Line(
            WRONG, name, problem, _("Restaurer la dernière sauvegarde : perron restore FICHIER.")
        )
        return
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as base:
        journal = base.execute("PRAGMA journal_mode").fetchone()[0]
    if journal != "wal":
        yield Line(
            WARNING,
            name,
            _("journal « {journal} » au lieu de WAL").format(journal=journal),
            _("Mettre la base sur un disque local : WAL ne tient pas sur un partage réseau."),
        )
    else:
        yield Line(OK, name, _("sain, journal WAL"))


def _ledger(_settings: Config) -> Iterator[Line]:
    from django.db import DatabaseError

    from perron.site.ledger.verification import verify
    from perron.site.operations import database

    name = _("Registre des décisions")
    try:
        if database.waiting() or database.unknown(database.applied()):
            return  # the line before says so: there may be no such table
        found = verify()
    except OutsideError:
        return  # the line before says so
    except DatabaseError as error:
        yield Line(
            WRONG,
            name,
            " ".join(str(error).split()),
            _("Restaurer la dernière sauvegarde : perron restore FICHIER."),
        )
        return
    for fault in found.faults:
        yield Line(WRONG, name, str(fault))
    if found.sound:
        yield Line(OK, name, found.summary())
    elif found.more:
        yield Line(WRONG, name, found.summary())


def _lake(settings: Config) -> Iterator[Line]:
    from perron.lake.snapshots import Lake
    from perron.site.operations.lake import health

    name = _("Lac de données")
    lake = Lake(settings.lake)
    tables = lake.current().tables
    found = health(lake)
    for problem in found.problems:
        yield Line(
            WRONG,
            name,
            problem,
            _("Recharger la table (perron data load), ou restaurer une sauvegarde."),
        )
    for remnant in found.remnants:
        yield Line(WARNING, name, remnant)
    if not tables:
        yield Line(
            WRONG,
            name,
            _("aucune table"),
            _("Taper « perron upgrade », qui publie le territoire livré, ou « perron data load »."),
        )
    elif not found.problems:
        yield Line(OK, name, _("{count} tables, empreintes vérifiées").format(count=len(tables)))


def _ages(_settings: Config) -> Iterator[Line]:
    from perron.site.operations import selectors

    name = _("Âge des tables")
    stale = [age for age in selectors.ages() if age.stale]
    for age in stale:
        yield Line(
            WARNING,
            name,
            _("{table} s'arrête à {period}, soit {years} ans pour une limite de {limit}").format(
                table=age.table, period=age.period, years=age.years, limit=age.limit
            ),
            _(
                "Charger une édition plus récente : perron data load ; « perron data sources » dit laquelle."
            ),
        )
    if not stale:
        yield Line(OK, name, _("aucune ne dépasse sa limite"))


def _mail(settings: Config) -> Iterator[Line]:
    import smtplib

    from django.core.mail import get_connection

    name = _("Courrier électronique")
    server = settings.mail
    if server is None:
        yield Line(
            WARNING if settings.public_url else OK,
            name,
            _("aucun serveur : ni invitation, ni rappel, ni confirmation ne part"),
            _("Donner l’adresse d’un serveur dans PERRON_EMAIL.") if settings.public_url else "",
        )
        return
    said = f"{server.host}:{server.port}, {server.sender}"
    try:
        link = get_connection()
        link.open()
        link.close()
    except (OSError, smtplib.SMTPException) as error:
        problem = getattr(error, "smtp_code", "") or type(error).__name__
        yield Line(
            AWAY,
            name,
            _("{server} ne répond pas comme attendu ({problem})").format(
                server=said, problem=problem
            ),
            _("Vérifier PERRON_EMAIL : l’hôte, le port, le nom et le mot de passe."),
        )
        return
    yield Line(OK, name, said)


def _disk(settings: Config) -> Iterator[Line]:
    free = shutil.disk_usage(settings.home).free >> 20
    said = _("{free} Mo libres, limite {limit} Mo").format(free=free, limit=settings.disk_free_mb)
    if free < settings.disk_free_mb:
        yield Line(
            WRONG,
            _("Espace disque"),
            said,
            _("Libérer de la place : anciennes sauvegardes, dossiers before-restore-…."),
        )
    else:
        yield Line(OK, _("Espace disque"), said)


def _bundle(_settings: Config) -> Iterator[Line]:
    folder = Path(__file__).parents[1] / "static"
    if (folder / "dist" / "manifest.json").is_file():
        yield Line(OK, _("Pages"), _("styles et scripts groupés"))
    elif (folder / "perron").is_dir():
        yield Line(
            WARNING,
            _("Pages"),
            _("styles et scripts non groupés : les pages marchent, plus lentement"),
            _("Installer la roue publiée, ou « make bundle » dans les sources."),
        )
    else:
        yield Line(WRONG, _("Pages"), _("styles et scripts absents"), _("Réinstaller Perron."))


def _languages(_settings: Config) -> Iterator[Line]:
    there = {path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/django.mo")}
    sources = {path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/django.po")}
    if missing := sorted(sources - there):
        yield Line(
            WARNING,
            _("Langues"),
            _("{languages} non compilées : les messages y sont en français").format(
                languages=", ".join(missing)
            ),
            _("Réinstaller Perron, ou « make setup » dans les sources."),
        )
    else:
        yield Line(
            OK, _("Langues"), ", ".join(sorted({SOURCE_LANGUAGE, *(there & set(LANGUAGES))}))
        )


def _clock(settings: Config) -> Iterator[Line]:
    zone = ZoneInfo(territory(settings.territory).timezone)
    now = datetime.now(UTC)
    newest = max((path.stat().st_mtime for path in settings.home.iterdir()), default=0.0)
    if now < _WRITTEN or newest > time.time() + 3600:
        yield Line(
            WRONG,
            _("Horloge"),
            _("{now} : elle retarde").format(now=f"{now:%Y-%m-%dT%H:%MZ}"),
            _("Régler l'horloge du serveur (timedatectl set-ntp true)."),
        )
    else:
        yield Line(OK, _("Horloge"), f"{now.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}")


def _programs(settings: Config) -> Iterator[Line]:
    from perron.site.operations import database

    if not settings.database_url.startswith("postgres"):
        return
    database.demand_reachable()
    for name in ("pg_dump", "pg_restore", "psql"):
        path = database.program(name)
    yield Line(OK, _("Programmes PostgreSQL"), str(path.parent))


def exit_code(lines: list[Line]) -> int:
    """3 where an outside system does not answer, 1 where something is wrong, else 0."""
    states = {line.state for line in lines}
    return 3 if AWAY in states else int(WRONG in states)

"""`perron restore`: everything is verified first, then put in place; what was there is kept aside.

The order is what makes it safe. The archive is read whole, then extracted in a folder of its own,
then checked again as a database and as a lake: until there, nothing in service was touched. A note
in the home then says what is about to move, each file or folder in service moves to
`before-restore-<UTC stamp>/` and its successor takes its name, and the note is removed. A process
killed between the two leaves the note: every verb refuses to work on such a home, and `go_back`
undoes exactly what the note says. Each step of either way can be done twice.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import tomllib
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from perron import __version__
from perron.config import FILE, config
from perron.errors import InputError, OutsideError, PerronError
from perron.lake.snapshots import Lake
from perron.site.operations import archive, database, home
from perron.site.operations.lake import health
from perron.site.secret import FILE as SECRET
from perron.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: where the former state lies, and what is left to the operator."""

    manifest: archive.Manifest
    aside: Path
    remarks: tuple[str, ...]


def restore(path: Path, step: archive.Step | None = None) -> Restored:
    """Put a backup in place of what is in service. The caller holds the home alone."""
    folder = config().home
    if home.unfinished(folder) is not None:
        go_back()
    for left in folder.glob(".restore-*"):  # staged by one that was killed before it moved anything
        shutil.rmtree(left, ignore_errors=True)
    manifest = archive.verify(path, step)
    _demand_fitting(path, manifest)
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    staged, aside = folder / f".restore-{stamp}", folder / f"before-restore-{stamp}"
    try:
        _demand_room(manifest, folder)
        staged.mkdir(mode=0o700)
        archive.extract(path, manifest, staged, step)
        _demand_sound(path, staged)
        aside.mkdir(mode=0o700)
        try:
            _put_in_place(staged, aside, step)
        except (PerronError, OSError):
            if home.unfinished(folder) is not None:
                go_back()
            raise
        remarks = _small_files(staged, folder)
    except OSError as error:
        raise OutsideError(
            _("{path} ne peut pas être écrit ({problem}).").format(
                path=error.filename or folder, problem=error.strerror or error
            )
        ) from error
    finally:
        # While a note stands, both folders are needed to go back.
        if not (folder / home.UNFINISHED).exists():
            shutil.rmtree(staged, ignore_errors=True)
            _forget_empty(aside)
    return Restored(manifest, aside, remarks)


def _demand_fitting(path: Path, manifest: archive.Manifest) -> None:
    if manifest.engine != database.engine():
        raise InputError(
            _(
                "Sauvegarde {path} : elle vient d'une base {found}, et PERRON_DATABASE désigne une base {expected}. Donner à PERRON_DATABASE une base {found} ; rien n'a été changé."
            ).format(path=path, found=manifest.engine, expected=database.engine())
        )
    database.demand_reachable()
    if names := database.unknown(manifest.migrations):
        raise InputError(
            _(
                "Sauvegarde {path} : elle vient de Perron {found}, plus récent que ce Perron {here} (migration {name}). Installer la version {found}, puis recommencer ; rien n'a été changé."
            ).format(path=path, found=manifest.perron, here=__version__, name=names[0])
        )


def _demand_room(manifest: archive.Manifest, folder: Path) -> None:
    needed = (
        sum(member.size for member in manifest.members.values()) + config().disk_free_mb * 2**20
    )
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OutsideError(
            _(
                "Il reste {free} Mo sur le disque de {folder} et la restauration en demande {needed}, car elle garde l'état d'avant. Libérer de la place, puis recommencer."
            ).format(free=free >> 20, folder=folder, needed=needed >> 20)
        )


def _demand_sound(path: Path, staged: Path) -> None:
    """The parts must be good in themselves, not only be the bytes that were saved."""
    problem = ""
    if (staged / archive.SQLITE).exists():
        problem = database.sound_sqlite(staged / archive.SQLITE)
    if not problem and (staged / "lake").exists():
        problem = "; ".join(health(Lake(staged / "lake")).problems[:2])
    if problem:
        raise InputError(
            _(
                "Sauvegarde {path} : son contenu n'est pas sain ({problem}) ; rien n'a été changé. Prendre une autre sauvegarde."
            ).format(path=path, problem=problem)
        )


def _items() -> dict[str, Path]:
    """What moves, by name in the staged folder and aside: the place of each in service."""
    items = {"lake": config().lake, "media": config().media}
    if database.engine() == "sqlite":
        base = database.sqlite_path()
        items[archive.SQLITE] = base
        items |= {
            archive.SQLITE + tail: base.with_name(base.name + tail) for tail in ("-wal", "-shm")
        }
    return items


def _put_in_place(staged: Path, aside: Path, step: archive.Step | None) -> None:
    folder = config().home
    items = _items()
    if database.engine() == "sqlite":
        _quiet_sqlite(items[archive.SQLITE])
        _demand_one_disk(items[archive.SQLITE], folder)
    else:
        if step:
            step(_("Copie de la base en service"), 0, 0)
        database.copy(aside / archive.POSTGRESQL)
    # The lake's own lock: a load started by a program, not by a verb, waits.
    with Lake(config().lake).freeze():
        _note(
            folder,
            {
                "staged": str(staged),
                "aside": str(aside),
                "engine": database.engine(),
                "there": [name for name, place in items.items() if place.exists()],
            },
        )
        if database.engine() == "postgresql":
            if step:
                step(_("Remise en place de la base"), 0, 0)
            database.put_back(staged / archive.POSTGRESQL)
        for name, place in items.items():
            if place.exists():
                place.rename(aside / name)
            if (staged / name).exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                (staged / name).rename(place)
        for touched in {folder, aside, *(place.parent for place in items.values())}:
            archive.durable_folder(touched)
        (folder / home.UNFINISHED).unlink()
        archive.durable_folder(folder)


def go_back() -> Path:
    """Undo a restore that was cut short, and give the folder of what it had put in place, if any.

    InputError where no restore is unfinished.
    """
    folder = config().home
    noted = home.unfinished(folder)
    if noted is None:
        raise InputError(
            _(
                "Aucune restauration n'est interrompue dans {folder}. L'état d'avant une restauration finie est dans before-restore-…."
            ).format(folder=folder)
        )
    staged, aside = Path(str(noted["staged"])), Path(str(noted["aside"]))
    if noted["engine"] != database.engine():
        raise InputError(
            _(
                "La restauration interrompue touchait une base {found} et PERRON_DATABASE désigne une base {expected}. Remettre PERRON_DATABASE comme il était."
            ).format(found=noted["engine"], expected=database.engine())
        )
    there = noted["there"]
    assert isinstance(there, list)
    try:
        if database.engine() == "postgresql":
            database.demand_reachable()
            database.put_back(aside / archive.POSTGRESQL)
        staged.mkdir(exist_ok=True)
        for name, place in _items().items():
            newcomer = place.exists() and ((aside / name).exists() or name not in there)
            if newcomer:
                place.rename(_free(staged / f"put-in-place-{name}"))
            if (aside / name).exists():
                (aside / name).rename(place)
        for touched in {folder, *(place.parent for place in _items().values())}:
            archive.durable_folder(touched)
        (folder / home.UNFINISHED).unlink()
        archive.durable_folder(folder)
    except OSError as error:
        raise OutsideError(
            _(
                "{path} ne peut pas être écrit ({problem}). Recommencer « perron restore --back »."
            ).format(path=error.filename or folder, problem=error.strerror or error)
        ) from error
    shutil.rmtree(staged, ignore_errors=True)
    (aside / archive.POSTGRESQL).unlink(missing_ok=True)
    _forget_empty(aside)
    return aside


def _note(folder: Path, noted: dict[str, object]) -> None:
    made = folder / f".{home.UNFINISHED}"
    with made.open("wb") as stream:
        stream.write(json.dumps(noted, ensure_ascii=False, indent=1).encode())
        archive.durable(stream)
    made.rename(folder / home.UNFINISHED)
    archive.durable_folder(folder)


def _quiet_sqlite(path: Path) -> None:
    """Bring the journal into the file in service, so that one file is the whole former database."""
    if not path.exists():
        return
    from django.db import connection

    connection.close()
    try:
        with closing(sqlite3.connect(path, timeout=5)) as base:
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        return  # a broken database is a reason to restore: its files move aside as they are


def _demand_one_disk(base: Path, folder: Path) -> None:
    base.parent.mkdir(parents=True, exist_ok=True)
    if base.parent.stat().st_dev != folder.stat().st_dev:
        raise InputError(
            _(
                "La base {base} et PERRON_HOME {folder} sont sur deux disques : la restauration ne peut pas les échanger d'un coup. Mettre la base sur le disque de PERRON_HOME ; rien n'a été changé."
            ).format(base=base, folder=folder)
        )


def _small_files(staged: Path, folder: Path) -> tuple[str, ...]:
    """Settings and key of the archive, put where none is; a file in service is never replaced.

    Settings that name a database are left beside: on another machine they could point back at the
    one in production.
    """
    remarks = []
    settings, key = staged / archive.SETTINGS, staged / archive.SECRET
    if settings.exists():
        text = settings.read_bytes()
        if (folder / FILE).exists() and (folder / FILE).read_bytes() == text:
            pass
        elif (folder / FILE).exists() or _names_a_database(text):
            settings.replace(folder / f"{FILE}.restored")
            remarks.append(
                _(
                    "Les réglages de la sauvegarde sont dans {path} ; ceux de ce serveur n'ont pas été touchés. Les comparer."
                ).format(path=folder / f"{FILE}.restored")
            )
        else:
            settings.replace(folder / FILE)
    if key.exists() and not (folder / SECRET).exists():
        key.replace(folder / SECRET)
    elif key.exists() and key.read_bytes() != (folder / SECRET).read_bytes():
        key.replace(folder / f"{SECRET}.restored")
        remarks.append(
            _(
                "La clé secrète de la sauvegarde est dans {path}. La renommer {name} garde les sessions ouvertes ; sinon, chacun se reconnecte."
            ).format(path=folder / f"{SECRET}.restored", name=SECRET)
        )
    return tuple(remarks)


def _names_a_database(settings: bytes) -> bool:
    try:
        return bool({"database", "home"} & tomllib.loads(settings.decode()).keys())
    except ValueError:
        return True


def _free(path: Path) -> Path:
    return path if not path.exists() else path.with_name(f"{path.name}-{secrets.token_hex(2)}")


def _forget_empty(folder: Path) -> None:
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()

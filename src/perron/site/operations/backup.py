"""`perron backup`: database, lake, media and settings as one consistent point, in one file.

The publication lock of the lake is held from before the copy of the database until the last
snapshot is written: no figure that the database cites can be missing. Media are copied last: a file
is stored before the row that names it. The secret key stays out unless it is asked for, because a
backup travels and the key signs every session; without it a restored site asks people to sign in
again, which is all that is lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from perron import __version__
from perron.config import FILE, config
from perron.errors import InputError, OutsideError
from perron.lake.snapshots import Lake
from perron.site.operations import archive, database
from perron.site.operations.lake import files, health
from perron.site.secret import FILE as SECRET
from perron.translation import gettext as _


def backup(
    path: Path, *, with_secret: bool = False, step: archive.Step | None = None
) -> archive.Manifest:
    """Write the backup `path`, whole or not at all, and give its manifest."""
    path = path.expanduser().absolute()
    home = config().home
    if path.is_dir():
        raise InputError(
            _(
                "{path} est un dossier. Donner le nom du fichier à écrire, par exemple {path}/perron.tar."
            ).format(path=path)
        )
    if any(path.is_relative_to(folder) for folder in (config().lake, config().media)):
        raise InputError(
            _("{path} est dans ce que l'on sauvegarde. Choisir un autre dossier.").format(path=path)
        )
    lake = Lake(config().lake)
    token = secrets.token_hex(4)
    made, copied = (path.with_name(f".{path.name}.{token}.{kind}") for kind in ("part", "database"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        made.touch(mode=0o600, exist_ok=False)
        with made.open("wb") as stream:
            writer = archive.Writer(stream)
            with lake.freeze():
                _demand_sound(lake)
                catalogue = lake.current()
                if step:
                    step(_("Copie de la base"), 0, 0)
                database.copy(copied)
                writer.add(
                    archive.SQLITE if database.engine() == "sqlite" else archive.POSTGRESQL, copied
                )
                _add_all(writer, lake.root, "lake", list(files(lake)), step)
            _add_all(writer, config().media, "media", sorted(_media(config().media)), step)
            for name, kept in ((archive.SETTINGS, FILE), (archive.SECRET, SECRET)):
                if (home / kept).is_file() and (name != archive.SECRET or with_secret):
                    writer.add(name, home / kept)
            manifest = archive.Manifest(
                format=archive.FORMAT,
                perron=__version__,
                made=datetime.now(UTC),
                engine=database.engine(),
                database_version=database.version(),
                migrations=database.applied(),
                catalogue=catalogue.id if catalogue.number else "",
                members=writer.members,
            )
            writer.close(manifest)
            archive.durable(stream)
        made.replace(path)
        archive.durable_folder(path.parent)
    except OSError as error:
        raise OutsideError(
            _("La sauvegarde {path} ne peut pas être écrite ({problem}).").format(
                path=path, problem=error.strerror or error
            )
        ) from error
    finally:
        made.unlink(missing_ok=True)
        copied.unlink(missing_ok=True)
    return manifest


def _demand_sound(lake: Lake) -> None:
    """A backup that could not be restored is worse than none: it says so before it is needed."""
    if problems := health(lake).problems:
        raise InputError(
            _(
                "Le lac de données est abîmé ({problem}) : une sauvegarde ne pourrait pas être restaurée. Recharger cette table (perron data load), ou restaurer la sauvegarde précédente."
            ).format(problem=problems[0])
        )


def _add_all(
    writer: archive.Writer, folder: Path, name: str, paths: list[Path], step: archive.Step | None
) -> None:
    for number, path in enumerate(paths):
        if step:
            step(_("Sauvegarde de {name}").format(name=name), number, len(paths))
        try:
            writer.add(f"{name}/{path.relative_to(folder).as_posix()}", path)
        except FileNotFoundError:
            if name == "lake":  # frozen: nothing may vanish there; a medium may be deleted
                raise


def _media(folder: Path) -> Iterator[Path]:
    """Every medium but those being written, whose names begin with a dot."""
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and not any(p.startswith(".") for p in inside):
            yield path

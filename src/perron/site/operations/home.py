"""PERRON_HOME: is it ours, who is using it, is it whole. No Django here: it is asked before."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from perron import config, errors
from perron.site import secret
from perron.translation import gettext as _

#: One of these makes a folder a home of Perron's.
_MARKS = (config.FILE, secret.FILE, "perron.sqlite3", "lake")
#: Present once a verb has used the folder, even one that failed before it made anything.
_OCCUPIED = ".occupied"
#: What a system puts in an empty folder or at the root of a disk, and our own lock.
_NOTHING = frozenset({"lost+found", ".DS_Store", ".directory", ".Trash-0", _OCCUPIED})
#: Present from the first change of a restore to its last: the home is between two states.
UNFINISHED = "restore-in-progress.json"
DEMONSTRATION = config.DEMONSTRATION


def ours(home: Path) -> bool:
    """Whether Perron may keep its state there: its own home, or a folder with nothing in it."""
    if not home.exists():
        return True
    found = {entry.name for entry in home.iterdir()} - _NOTHING
    return not found or any(mark in found for mark in _MARKS)


def demand_ours(home: Path) -> None:
    """InputError where the folder holds something else; nothing is touched."""
    try:
        fine = ours(home)
    except OSError as error:
        raise errors.InputError(
            _(
                "PERRON_HOME {home} : ce n'est pas un dossier que l'on peut lire ({problem}). Donner un autre dossier."
            ).format(home=home, problem=error.strerror)
        ) from error
    if not fine:
        found = sorted(entry.name for entry in home.iterdir())[:3]
        raise errors.InputError(
            _(
                "PERRON_HOME {home} contient autre chose que Perron ({found}…) ; rien n'a été touché. Donner un dossier vide ou celui d'une installation de Perron."
            ).format(home=home, found=", ".join(found))
        )


def unfinished(home: Path) -> dict[str, object] | None:
    """What a restore that was cut short has noted, or None where there is none."""
    try:
        noted = json.loads((home / UNFINISHED).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise errors.InputError(
            _(
                "{path} est illisible ({problem}) : une restauration a été interrompue. Les fichiers d'avant sont dans {home}/before-restore-…."
            ).format(path=home / UNFINISHED, problem=error, home=home)
        ) from error
    return dict(noted)


def demand_whole(home: Path) -> None:
    """InputError where a restore was cut short: nothing is read or written before it is mended."""
    if unfinished(home) is not None:
        raise errors.InputError(
            _(
                "Une restauration a été interrompue dans {home}. Taper « perron restore --back » pour revenir à l'état d'avant, ou relancer « perron restore FICHIER »."
            ).format(home=home)
        )


@contextmanager
def occupied(home: Path, *, alone: bool = False) -> Iterator[None]:
    """Say that a process uses this home, or (`alone`) that it must be the only one.

    Servers, workers and loads share it; restore and upgrade need it alone, because a server that
    keeps the old database file open would go on writing where nobody reads. The lock goes with the
    process, whatever ends it.
    """
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / _OCCUPIED, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            sentence = (
                _(
                    "{home} est en service : un « perron serve », « perron worker » ou « perron data load » tourne. L'arrêter, puis recommencer."
                )
                if alone
                else _(
                    "{home} est en cours de restauration ou de mise à niveau. Attendre qu'elle finisse, puis recommencer."
                )
            )
            raise errors.InputError(sentence.format(home=home)) from error
        yield
    finally:
        os.close(handle)


@contextmanager
def first_start(home: Path) -> Iterator[None]:
    """Two first starts at once wait for one another."""
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / ".preparing", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

"""Dated, immutable snapshots, published all at once by moving one pointer.

    <root>/<table>/<YYYY-MM-DD>[.n]/data.parquet, manifest.json   written once, never changed
    <root>/catalogues/000012.json                                 what is in service, and what was
    <root>/CURRENT                                                the name of the catalogue in service

A publication writes new folders, reads them back, writes the next catalogue and replaces CURRENT.
Killed at any moment, it leaves the previous catalogue in service; what it had begun is in no
catalogue, and the next publication sweeps it. A reader that holds a `Catalogue` keeps reading the
versions it opened, since no published folder is ever changed or removed.

What was published last is in service, whatever the day it is dated; `Lake.at` goes by the day.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path
from types import MappingProxyType
from typing import Any

from perron.errors import OutsideError
from perron.lake.catalogue import Catalogue, Snapshot
from perron.lake.drafts import Draft, write
from perron.lake.durable import sync_folder, write_synced
from perron.lake.manifest import Provenance, demand_schema, read_manifest
from perron.lake.validation import check
from perron.lake.verification import Finding, problems
from perron.translation import gettext as _

__all__ = [
    "CATALOGUES",
    "CURRENT",
    "Catalogue",
    "Draft",
    "Finding",
    "Lake",
    "Provenance",
    "Snapshot",
]

CURRENT, CATALOGUES, STAGING, LOCK = "CURRENT", "catalogues", ".staging", ".lock"
_TABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.\d+)?")
_CATALOGUE = re.compile(r"\d{6}\.json")
#: How long a publication waits for another to end before it gives up.
WAIT_SECONDS = 60.0
#: Folders of the lake that are no table: catalogues, and what is kept beside them.
RESERVED = frozenset({CATALOGUES, "derived"})
#: The layout of this module. A lake that says a higher one was written by a newer Perron.
FORMAT = 1
#: The catalogue of a lake in which nothing was published yet: it has a pointer from the start, so
#: that a pointer that went missing is noticed.
EMPTY = "000000.json"


class Lake:
    """The lake under a folder. Reading never locks; publications queue behind one lock."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    # --- reading ---------------------------------------------------------------------------------

    def current(self) -> Catalogue:
        """The catalogue in service, empty where nothing was ever published."""
        name = self._pointer()
        if name is None:
            return Catalogue(self.root, 0, (), MappingProxyType({}))
        state = self._state(name)
        return self._catalogue(name, {table: entry["current"] for table, entry in state.items()})

    def at(self, day: date) -> Catalogue:
        """Each table at the newest version published for `day` or before."""
        name = self._pointer()
        if name is None:
            return self.current()
        chosen = {}
        for table, entry in self._state(name).items():
            dated = [v for v in entry["versions"] if v[:10] <= day.isoformat()]
            if dated:
                chosen[table] = max(dated, key=_order)
        return self._catalogue(name, chosen)

    def versions(self, table: str) -> list[str]:
        """Every version of a table ever published, oldest first."""
        name = self._pointer()
        entry = self._state(name).get(table) if name else None
        return sorted(entry["versions"], key=_order) if entry else []

    def _pointer(self) -> str | None:
        try:
            name = (self.root / CURRENT).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            if any(path.name != EMPTY for path in self._catalogues()):
                raise OutsideError(
                    _(
                        "Le pointeur du lac {path} manque. Restaurer une sauvegarde, ou y écrire le dernier nom de {folder}."
                    ).format(path=self.root / CURRENT, folder=self.root / CATALOGUES)
                ) from None
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise OutsideError(
                _("Le pointeur du lac {path} est illisible ({problem}).").format(
                    path=self.root / CURRENT, problem=error
                )
            ) from error
        if not _CATALOGUE.fullmatch(name):
            raise OutsideError(
                _(
                    "Le pointeur du lac {path} est abîmé : lu {found!r}, attendu un nom comme 000012.json. Restaurer une sauvegarde, ou y écrire le dernier nom de {folder}."
                ).format(path=self.root / CURRENT, found=name[:40], folder=self.root / CATALOGUES)
            )
        return name

    def _catalogues(self) -> list[Path]:
        """Every catalogue ever written, oldest first."""
        return sorted(p for p in self.root.glob(f"{CATALOGUES}/*") if _CATALOGUE.fullmatch(p.name))

    def _state(self, name: str) -> dict[str, dict[str, Any]]:
        path = self.root / CATALOGUES / name
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            if body.get("format", FORMAT) > FORMAT:
                raise OutsideError(
                    _(
                        "Le lac {path} a été écrit par une version plus récente de Perron (format {found}, attendu {expected}). Mettre Perron à jour."
                    ).format(path=self.root, found=body["format"], expected=FORMAT)
                )
            tables = body["tables"]
            for table, entry in tables.items():
                if not _TABLE_NAME.fullmatch(table) or not all(
                    _VERSION.fullmatch(v) for v in [entry["current"], *entry["versions"]]
                ):
                    raise ValueError(table)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise OutsideError(
                _(
                    "Le catalogue du lac {path} est illisible ou abîmé ({problem}). Restaurer une sauvegarde."
                ).format(path=path, problem=error)
            ) from error
        return dict(tables)

    def _catalogue(self, name: str, versions: Mapping[str, str]) -> Catalogue:
        tables = {
            table: Snapshot(folder := self.root / table / version, read_manifest(folder))
            for table, version in sorted(versions.items())
        }
        known = tuple((t, s.manifest.version, s.manifest.sha256) for t, s in tables.items())
        return Catalogue(self.root, int(name[:6]), known, MappingProxyType(tables))

    # --- publishing --------------------------------------------------------------------------------

    @contextmanager
    def freeze(self) -> Iterator[None]:
        """Hold the publication lock: nothing is published until it is released.

        The holder can't publish meanwhile, since a publication takes the same lock.
        """
        until = time.monotonic() + WAIT_SECONDS
        while (lock := self._lock()) is None:
            if time.monotonic() > until:
                raise OutsideError(
                    _(
                        "Une autre publication tient le lac {path} depuis plus de {seconds} secondes. Réessayer quand elle est finie."
                    ).format(path=self.root, seconds=round(WAIT_SECONDS))
                )
            time.sleep(0.05)
        with lock:
            yield

    def _lock(self) -> TextIOWrapper | None:
        """The lock file once it is ours, None while it is another's."""
        path = self.root / LOCK
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = path.open("a")
        except OSError as error:
            raise self._refused(error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A restore may have put another lake in place while we waited for the old one's lock.
            if os.fstat(lock.fileno()).st_ino == path.stat().st_ino:
                return lock
        except (BlockingIOError, FileNotFoundError):
            pass
        lock.close()
        return None

    def _refused(self, error: OSError) -> OutsideError:
        return OutsideError(
            _(
                "Le lac {path} n’a pas pu être écrit ({problem}). Rien n’est publié, ce qui était en service le reste. Vérifier la place sur le disque et les droits, puis recommencer."
            ).format(path=self.root, problem=error.strerror or error)
        )

    def publish(self, drafts: Sequence[Draft], *, day: date) -> Catalogue:
        """Publish every draft, or none of them: the pointer moves once, at the very end.

        Raises InputError where a draft breaks its table's contract and OutsideError where the disk
        or another publication stands in the way; what was in service stays so in both cases.
        """
        names = [draft.table.name for draft in drafts]
        for name in names:
            if not _TABLE_NAME.fullmatch(name) or name in RESERVED or names.count(name) > 1:
                raise ValueError(f"not a table name, or given twice: {name!r}")
        for draft in drafts:
            check(draft.table, draft.data)
        with self.freeze():
            pointer = self._pointer()
            state = self._state(pointer) if pointer else {}
            try:
                self._sweep()
                self._publish(drafts, day, pointer, state)
            except OSError as error:
                with suppress(OSError):
                    self._sweep()
                raise self._refused(error) from error
            except BaseException:
                self._sweep()
                raise
            return self.current()

    def _publish(
        self,
        drafts: Sequence[Draft],
        day: date,
        pointer: str | None,
        state: dict[str, dict[str, Any]],
    ) -> None:
        staging = self.root / STAGING
        staging.mkdir()
        (self.root / CATALOGUES).mkdir(exist_ok=True)
        if pointer is None:
            self._write_catalogue(EMPTY, {})
            self._point(EMPTY)
        made: list[tuple[Path, Path]] = []
        for draft in drafts:
            name = draft.table.name
            entry = state.get(name, {"versions": []})
            if entry["versions"]:
                in_service = read_manifest(self.root / name / entry["current"])
                demand_schema(in_service, draft.table, older=True)
            version = self._free_version(name, day)
            write(draft, version, staging / name)
            made.append((staging / name, self.root / name / version))
            state[name] = {"current": version, "versions": [*entry["versions"], version]}
        for staged, final in made:
            final.parent.mkdir(exist_ok=True)
            staged.rename(final)
            sync_folder(final.parent)
        # One more than any catalogue there is, in service or left by a killed publication.
        number = max(int(path.name[:6]) for path in self._catalogues()) + 1
        self._write_catalogue(f"{number:06}.json", state)
        self._point(f"{number:06}.json")
        shutil.rmtree(staging, ignore_errors=True)

    def _write_catalogue(self, name: str, state: Mapping[str, Mapping[str, Any]]) -> None:
        body = {
            "format": FORMAT,
            "number": int(name[:6]),
            "published_at": datetime.now(UTC).isoformat(),
            "tables": state,
        }
        staged = self.root / STAGING / name
        write_synced(staged, json.dumps(body, indent=1, sort_keys=True).encode())
        staged.replace(self.root / CATALOGUES / name)
        sync_folder(self.root / CATALOGUES)

    def _point(self, catalogue: str) -> None:
        """Put a catalogue in service, once all it names is sure to survive a power cut."""
        staged = self.root / STAGING / CURRENT
        write_synced(staged, catalogue.encode())
        sync_folder(self.root)
        staged.replace(self.root / CURRENT)
        sync_folder(self.root)

    def _sweep(self) -> None:
        """Remove what a killed publication began: the lock is ours, so whoever made it is gone."""
        if (self.root / STAGING).exists():
            shutil.rmtree(self.root / STAGING)
        for folder in self._strays():
            shutil.rmtree(folder, ignore_errors=True)

    def _strays(self) -> list[Path]:
        """Folders of versions that no catalogue names, be it in service, older, or never pointed at.

        Where a catalogue can't be read nothing is a stray: what it names must not be swept.
        """
        folders = [
            folder
            for folder in sorted(self.root.glob("[a-z]*/[0-9]*"))
            if folder.is_dir() and _VERSION.fullmatch(folder.name)
        ]
        named: set[tuple[str, str]] = set()
        try:
            for path in self._catalogues():
                for table, entry in self._state(path.name).items():
                    named.update((table, version) for version in entry["versions"])
        except OutsideError:
            return []
        return [folder for folder in folders if (folder.parent.name, folder.name) not in named]

    def _free_version(self, table: str, day: date) -> str:
        folder = self.root / table
        version, n = day.isoformat(), 1
        while (folder / version).exists():
            n += 1
            version = f"{day.isoformat()}.{n}"
        return version

    # --- verifying -------------------------------------------------------------------------------

    def verify(self) -> list[Finding]:
        """Read every published version again; nothing found means that all is well.

        Pointer, catalogue, checksums, row counts, columns and their types, folders in no catalogue.
        """
        try:
            name = self._pointer()
            state = self._state(name) if name else {}
        except OutsideError as error:
            return [Finding(CURRENT, str(error))]
        findings = [
            Finding(f"{table}/{version}", problem)
            for table, entry in sorted(state.items())
            for version in entry["versions"]
            for problem in problems(self.root / table / version)
        ]
        findings += [
            Finding(
                f"{folder.parent.name}/{folder.name}",
                _(
                    "dossier d’une publication interrompue, dans aucun catalogue : la prochaine publication l’effacera"
                ),
                harmless=True,
            )
            for folder in self._strays()
        ]
        return findings


def _order(version: str) -> tuple[str, int]:
    day, _dot, n = version.partition(".")
    return day, int(n or 1)

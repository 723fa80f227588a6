"""Dated, immutable snapshots, published all at once by moving one pointer.

    <root>/<table>/<YYYY-MM-DD>[.n]/data.parquet, manifest.json   written once, never changed
    <root>/catalogues/000012.json                                 what is in service, and what was
    <root>/CURRENT                                                the name of the catalogue in service

A publication writes new folders, reads them back, writes the next catalogue and replaces CURRENT.
Killed at any moment, it leaves the previous catalogue in service; what it had begun is in no
catalogue, and the next publication sweeps it. A reader that holds a `Catalogue` keeps reading the
versions it opened, since no published folder is ever changed or removed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

import perron
from perron.errors import InputError, OutsideError
from perron.lake.manifest import ColumnDoc, Manifest, Provenance
from perron.lake.provenance import Origin
from perron.lake.schema import Table
from perron.lake.validation import check
from perron.translation import gettext as _

DATA, MANIFEST, REPORT = "data.parquet", "manifest.json", "report.json"
CURRENT, CATALOGUES, STAGING, LOCK = "CURRENT", "catalogues", ".staging", ".lock"
_TABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.\d+)?")
_CATALOGUE = re.compile(r"\d{6}\.json")
#: How long a publication waits for another to end before it gives up.
WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A table about to be published. `report` is what its source rejected, and why."""

    table: Table
    data: pa.Table
    provenance: Provenance
    report: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published version of one table."""

    folder: Path
    manifest: Manifest

    @property
    def path(self) -> Path:
        return self.folder / DATA

    def origin(self) -> Origin:
        return self.manifest.origin()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The lake as it stood at one publication: which version of each table is in service.

    Two catalogues are equal when they name the same versions of the same lake, so that results
    kept by catalogue stay valid exactly as long as what they were made from.
    """

    root: Path
    number: int
    versions: tuple[tuple[str, str], ...]
    tables: Mapping[str, Snapshot] = field(compare=False, hash=False, repr=False)

    @property
    def id(self) -> str:
        """A short name of this state of the lake, the same in every process."""
        return hashlib.sha256(repr(self.versions).encode()).hexdigest()[:16]

    def snapshot(self, name: str) -> Snapshot:
        """The version of a table in service; an unknown table is named beside those there are."""
        try:
            return self.tables[name]
        except KeyError:
            raise InputError(
                _(
                    "La table {name} n’est pas dans le lac. Il contient : {known}. « perron data load » y ajoute une source."
                ).format(name=name, known=", ".join(sorted(self.tables)) or _("rien"))
            ) from None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that verification found: where, and what, in a sentence.

    `harmless` marks what an interrupted publication left: no reader ever sees it.
    """

    place: str
    problem: str
    harmless: bool = False


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

    def _state(self, name: str) -> dict[str, dict[str, Any]]:
        path = self.root / CATALOGUES / name
        try:
            tables = json.loads(path.read_text(encoding="utf-8"))["tables"]
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
        return Catalogue(
            self.root, int(name[:6]), tuple(sorted(versions.items())), MappingProxyType(tables)
        )

    # --- publishing --------------------------------------------------------------------------------

    @contextmanager
    def freeze(self) -> Iterator[None]:
        """Hold the publication lock: nothing is published until it is released."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / LOCK).open("a") as lock:
            until = time.monotonic() + WAIT_SECONDS
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise OutsideError(
                            _(
                                "Une autre publication tient le lac {path} depuis plus de {seconds} secondes. Réessayer quand elle est finie."
                            ).format(path=self.root, seconds=round(WAIT_SECONDS))
                        ) from None
                    time.sleep(0.05)
            yield

    def publish(self, drafts: Sequence[Draft], *, day: date) -> Catalogue:
        """Publish every draft, or none of them: the pointer moves once, at the very end."""
        for draft in drafts:
            if not _TABLE_NAME.fullmatch(draft.table.name):
                raise ValueError(f"not a table name: {draft.table.name!r}")
            check(draft.table, draft.data)
        with self.freeze():
            name = self._pointer()
            state = self._state(name) if name else {}
            staging = self.root / STAGING
            self._sweep(state)
            staging.mkdir(parents=True)
            made: list[tuple[Path, Path]] = []
            for draft in drafts:
                version = self._free_version(draft.table.name, day)
                staged = staging / draft.table.name
                self._write(draft, version, staged)
                made.append((staged, self.root / draft.table.name / version))
                known = state.get(draft.table.name, {"versions": []})["versions"]
                state[draft.table.name] = {"current": version, "versions": [*known, version]}
            for staged, final in made:
                final.parent.mkdir(exist_ok=True)
                staged.rename(final)
                _sync_folder(final.parent)
            number = int(name[:6]) + 1 if name else 1
            while (self.root / CATALOGUES / f"{number:06}.json").exists():
                number += 1  # left by a publication killed between catalogue and pointer
            catalogue = f"{number:06}.json"
            (self.root / CATALOGUES).mkdir(exist_ok=True)
            body = {
                "number": number,
                "published_at": datetime.now(UTC).isoformat(),
                "tables": state,
            }
            _write_synced(
                self.root / CATALOGUES / catalogue,
                json.dumps(body, indent=1, sort_keys=True).encode(),
            )
            pointer = staging / CURRENT
            _write_synced(pointer, catalogue.encode())
            pointer.replace(self.root / CURRENT)
            _sync_folder(self.root)
            shutil.rmtree(staging, ignore_errors=True)
            return self.current()

    def _sweep(self, state: Mapping[str, Mapping[str, Any]]) -> None:
        """Remove what a killed publication began: the lock is ours, so whoever made it is gone."""
        shutil.rmtree(self.root / STAGING, ignore_errors=True)
        for folder in self._strays(state):
            shutil.rmtree(folder, ignore_errors=True)

    def _strays(self, state: Mapping[str, Mapping[str, Any]]) -> list[Path]:
        """Folders of versions that no catalogue names."""
        return [
            folder
            for folder in sorted(self.root.glob("[a-z]*/[0-9]*"))
            if folder.is_dir()
            and _VERSION.fullmatch(folder.name)
            and folder.name not in state.get(folder.parent.name, {"versions": ()})["versions"]
        ]

    def _free_version(self, table: str, day: date) -> str:
        folder = self.root / table
        version, n = day.isoformat(), 1
        while (folder / version).exists():
            n += 1
            version = f"{day.isoformat()}.{n}"
        return version

    def _write(self, draft: Draft, version: str, folder: Path) -> None:
        """Write a snapshot and read it back before it can be named by any catalogue."""
        folder.mkdir()
        ordered = draft.data.sort_by([(name, "ascending") for name in draft.table.key])
        pq.write_table(
            ordered.replace_schema_metadata(None),
            folder / DATA,
            compression="zstd",
            compression_level=9,
        )
        back = pq.read_table(folder / DATA)
        if not back.equals(ordered.replace_schema_metadata(None)):
            raise OutsideError(
                _(
                    "La table {name} relue du disque diffère de ce qui y fut écrit : le disque est à vérifier, rien n’est publié."
                ).format(name=draft.table.name)
            )
        docs = {c.name: c.doc for c in draft.table.columns} | {
            m.name: m.doc for m in draft.table.measures
        }
        manifest = Manifest(
            table=draft.table.name,
            version=version,
            schema_version=draft.table.version,
            columns=tuple(
                ColumnDoc(name=f.name, type=str(f.type), doc=docs.get(f.name, ""))
                for f in ordered.schema
            ),
            measures=tuple(m.name for m in draft.table.measures),
            key=draft.table.key,
            absent=draft.table.absent,
            rows=ordered.num_rows,
            sha256=file_sha256(folder / DATA),
            provenance=draft.provenance,
            published_at=datetime.now(UTC),
            perron_version=perron.__version__,
            doc=draft.table.doc,
        )
        _sync_file(folder / DATA)
        _write_synced(folder / MANIFEST, manifest.model_dump_json(indent=1).encode())
        if draft.report is not None:
            _write_synced(
                folder / REPORT,
                json.dumps(draft.report, ensure_ascii=False, indent=1, default=str).encode(),
            )
        _sync_folder(folder)

    # --- verifying -------------------------------------------------------------------------------

    def verify(self) -> list[Finding]:
        """Read every published version again: checksum, row count, columns; nothing means all is well."""
        name = self._pointer()
        if name is None:
            return []
        state = self._state(name)
        findings = [
            Finding(f"{table}/{version}", problem)
            for table, entry in sorted(state.items())
            for version in entry["versions"]
            for problem in _problems(self.root / table / version)
        ]
        findings += [
            Finding(
                f"{folder.parent.name}/{folder.name}",
                _(
                    "dossier d’une publication interrompue, dans aucun catalogue : la prochaine publication l’effacera"
                ),
                harmless=True,
            )
            for folder in self._strays(state)
        ]
        return findings


def _problems(folder: Path) -> Iterator[str]:
    try:
        manifest = read_manifest(folder)
        if (found := file_sha256(folder / DATA)) != manifest.sha256:
            yield _("les données ont changé : empreinte {found}…, attendue {expected}…").format(
                found=found[:12], expected=manifest.sha256[:12]
            )
            return
        data = pq.ParquetFile(folder / DATA)
    except (OutsideError, OSError, pa.ArrowException) as error:
        yield str(error)
        return
    if data.metadata.num_rows != manifest.rows:
        yield _("{found} lignes, {expected} attendues").format(
            found=data.metadata.num_rows, expected=manifest.rows
        )
    if data.schema_arrow.names != [c.name for c in manifest.columns]:
        yield _("colonnes {found}, attendues {expected}").format(
            found=data.schema_arrow.names, expected=[c.name for c in manifest.columns]
        )


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot's folder; an unreadable one is an OutsideError that names it."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise OutsideError(
            _(
                "Le manifeste {path} est absent, abîmé ou d’une version plus récente de Perron. Restaurer une sauvegarde, ou mettre Perron à jour."
            ).format(path=path)
        ) from error


def _order(version: str) -> tuple[str, int]:
    day, _dot, n = version.partition(".")
    return day, int(n or 1)


def file_sha256(path: Path) -> str:
    """The checksum of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync_file(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The backup file: one plain tar whose last member, the manifest, names every other by its hash.

Not compressed: Parquet and database dumps already are, and a plain tar cannot be a bomb. Nothing of
an archive is believed before `verify` has read it whole.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from perron.errors import InputError
from perron.translation import gettext as _

MANIFEST = "manifest.json"
SQLITE = "database.sqlite3"
POSTGRESQL = "database.dump"
SETTINGS = "perron.toml"
SECRET = "secret-key"  # noqa: S105 (a file name)
FORMAT = 1

_PLACES = ("lake", "media")
_SINGLE = (SQLITE, POSTGRESQL, SETTINGS, SECRET)
_MEMBERS = 1_000_000
_MANIFEST_SIZE = 256 * 2**20
_CHUNK = 2**20

Step = Callable[[str, float, float], None]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Member(_Part):
    """A file of the archive: its size in bytes and its SHA-256."""

    size: int
    sha256: str


class Manifest(_Part):
    """What an archive is: who made it, when, from which engine, and each of its files."""

    format: int
    perron: str
    made: datetime
    engine: str
    database_version: str
    #: The migrations applied, by app: an older Perron can't read a newer database.
    migrations: dict[str, list[str]]
    #: The catalogue of the lake in service, "" for an empty lake.
    catalogue: str
    members: dict[str, Member]


class Writer:
    """Adds files to an archive, hashing what is really written."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._tar = tarfile.TarFile(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT)
        self.members: dict[str, Member] = {}

    def add(self, name: str, path: Path) -> None:
        """Add the file `path`; its size is that at the opening, whatever grows meanwhile."""
        with path.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            reader = _Hashing(source)
            self._tar.addfile(self._head(name, size), reader)
            self.members[name] = Member(size=size, sha256=reader.hash.hexdigest())

    def close(self, manifest: Manifest) -> None:
        """Write the manifest, then the end of the archive."""
        content = manifest.model_dump_json(indent=1).encode()
        self._tar.addfile(self._head(MANIFEST, len(content)), io.BytesIO(content))
        self._tar.close()

    @staticmethod
    def _head(name: str, size: int) -> tarfile.TarInfo:
        head = tarfile.TarInfo(name)
        head.size = size
        head.mode = 0o600
        return head


class _Hashing:
    """A file read by tarfile, whose bytes are hashed as they pass."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._source.read(size)
        self.hash.update(content)
        return content


def _refused(path: Path, problem: str) -> InputError:
    return InputError(
        _(
            "Sauvegarde {path} : {problem} Rien n'a été changé. Attendu : un fichier fait par « perron backup »."
        ).format(path=path, problem=problem)
    )


def _safe(name: str) -> bool:
    """Whether a member's name can only ever name a file of ours inside the folder restored to."""
    parts = PurePosixPath(name).parts
    if (
        name != "/".join(parts)
        or any(p in ("..", ".", "/") for p in parts)
        or "\0" in name
        or "\\" in name
    ):
        return False
    return name in (*_SINGLE, MANIFEST) or (len(parts) > 1 and parts[0] in _PLACES)


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise _refused(
            path,
            _("le fichier est abîmé ou n'est pas une sauvegarde ({problem}).").format(
                problem=error
            ),
        ) from error
    except OSError as error:
        raise _refused(
            path,
            _("le fichier ne peut pas être lu ({problem}).").format(
                problem=error.strerror or error
            ),
        ) from error


def _members(path: Path, tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    seen: set[str] = set()
    for member in tar:
        name = member.name
        if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.sparse is not None:
            raise _refused(path, _("« {name} » n'est pas un simple fichier.").format(name=name))
        if not _safe(name):
            raise _refused(
                path,
                _("« {name} » n'est pas un nom attendu dans une sauvegarde.").format(name=name),
            )
        if name in seen:
            raise _refused(path, _("« {name} » y est deux fois.").format(name=name))
        seen.add(name)
        if len(seen) > _MEMBERS:
            raise _refused(path, _("il contient plus de {limit} fichiers.").format(limit=_MEMBERS))
        yield member


def _copy(tar: tarfile.TarFile, member: tarfile.TarInfo, target: IO[bytes] | None) -> str:
    """Read a member to its end, on `target` if given; its SHA-256."""
    content = tar.extractfile(member)
    assert content is not None
    digest = hashlib.sha256()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    return digest.hexdigest()


def _manifest(path: Path, tar: tarfile.TarFile, member: tarfile.TarInfo) -> Manifest:
    if member.size > _MANIFEST_SIZE:
        raise _refused(
            path, _("son manifeste est démesuré ({size} octets).").format(size=member.size)
        )
    content = tar.extractfile(member)
    assert content is not None
    try:
        manifest = Manifest.model_validate_json(content.read())
    except ValidationError as error:
        first = error.errors()[0]
        raise _refused(
            path,
            _(
                "son manifeste n'est pas celui d'une sauvegarde de Perron (champ {field} : {problem})."
            ).format(field=".".join(map(str, first["loc"])), problem=first["msg"]),
        ) from error
    if manifest.format != FORMAT:
        raise _refused(
            path,
            _(
                "elle est au format {found} (Perron {version}) ; ce Perron lit le format {expected}."
            ).format(found=manifest.format, version=manifest.perron, expected=FORMAT),
        )
    return manifest


def verify(path: Path, step: Step | None = None) -> Manifest:
    """Read an archive whole, writing nothing, and give its manifest.

    InputError for anything but a whole backup: damaged, cut short, foreign, with a link, a device,
    a path outside, a file too many, a file too few or a hash that differs.
    """
    if path.is_dir():
        raise _refused(path, _("c'est un dossier."))
    manifest: Manifest | None = None
    found: dict[str, Member] = {}
    done, whole = 0, max(1, path.stat().st_size if path.exists() else 1)
    with _opened(path) as tar:
        for member in _members(path, tar):
            if manifest is not None:
                raise _refused(
                    path, _("« {name} » vient après le manifeste.").format(name=member.name)
                )
            if member.name == MANIFEST:
                manifest = _manifest(path, tar, member)
            else:
                found[member.name] = Member(size=member.size, sha256=_copy(tar, member, None))
            done += member.size
            if step:
                step(_("Vérification de la sauvegarde"), done, whole)
    if manifest is None:
        raise _refused(path, _("il n'a pas de manifeste : il est tronqué ou vient d'ailleurs."))
    for name in sorted(found.keys() ^ manifest.members.keys()):
        raise _refused(path, _("« {name} » y manque ou y est de trop.").format(name=name))
    for name, measured in found.items():
        if measured != manifest.members[name]:
            raise _refused(
                path, _("« {name} » ne correspond pas à son empreinte.").format(name=name)
            )
    expected = {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(manifest.engine)
    if expected not in found:
        raise _refused(path, _("la base de données y manque."))
    return manifest


def extract(path: Path, manifest: Manifest, target: Path, step: Step | None = None) -> None:
    """Write the members of a verified archive under `target`, each hashed again on its way."""
    done, whole = 0, sum(member.size for member in manifest.members.values())
    with _opened(path) as tar:
        for member in _members(path, tar):
            if member.name == MANIFEST:
                continue
            place = target.joinpath(*PurePosixPath(member.name).parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as stream:
                if member.name in (SECRET, SETTINGS, SQLITE, POSTGRESQL):
                    os.fchmod(stream.fileno(), 0o600)
                digest = _copy(tar, member, stream)
                stream.flush()
                os.fsync(stream.fileno())
            if (
                member.name not in manifest.members
                or digest != manifest.members[member.name].sha256
            ):
                raise _refused(
                    path, _("« {name} » a changé pendant la lecture.").format(name=member.name)
                )
            done += member.size
            if step:
                step(_("Extraction"), done, whole)


def durable(stream: IO[bytes]) -> None:
    """Hand what was written to the disk before it is given its name."""
    stream.flush()
    os.fsync(stream.fileno())


def durable_folder(folder: Path) -> None:
    """Hand the names of a folder to the disk: a rename survives a power cut from here on."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

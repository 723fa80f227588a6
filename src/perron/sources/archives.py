"""What a retrieved file holds: itself, or the members of a zip or gzip archive.

Nothing is ever written under a member's name, so a path such as `../../x` has nowhere to go; and
nothing is believed of what an archive says of itself: bytes are counted as they come out.
"""

from __future__ import annotations

import gzip
import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import IO, cast

from perron.errors import InputError
from perron.sources.retrieve import CHUNK, Retrieved
from perron.translation import gettext as _

#: Members of an archive: real ones have one to ten.
MEMBERS = 200
#: Bytes taken out of one archive. The largest known holds 120 MB of text.
TOTAL = 1024 * 1024 * 1024
#: Bytes out for one byte in. Text of statistics reaches 40; a bomb starts at 1,000. Below `FREE`
#: bytes the ratio is not looked at: a small file of equal rows may well compress that much.
RATIO = 200
FREE = 20 * 1024 * 1024

#: First bytes of a zip archive, and of a workbook, which is one.
ZIP = b"PK\x03\x04"
#: First bytes of archives that are not opened, and their usual name.
_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "RAR",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Part:
    """One file found inside the retrieved one (or itself); `read()` gives its bytes, within limits."""

    name: str
    read: Callable[[], bytes]

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name.lower()).suffix


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a workbook, and not another zip."""
    if not data.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def measured(name: str, packed: int, size: int) -> None:
    """Refuse an archive that unfolds beyond measure, by its own word or by what came out."""
    if size > TOTAL or (size > FREE and size > RATIO * max(packed, 1)):
        raise InputError(
            _(
                "{file} se déplie hors de toute mesure (plus de {size} Mo pour {packed} ko). Ce n'est pas un fichier de la source : ne l'utilisez pas."
            ).format(file=name, size=size // (1024 * 1024), packed=max(1, packed // 1024))
        )


def parts(file: Retrieved) -> list[Part]:
    """The files inside: those of a zip, the one of a gzip, else the file itself."""
    with file.path.open("rb") as stream:
        start = stream.read(8)
    for magic, kind in _OTHERS.items():
        if start.startswith(magic):
            raise InputError(
                _(
                    "{file} est une archive {kind}. Attendu : un fichier zip, gzip ou non compressé ; décompressez-le d'abord."
                ).format(file=file.name, kind=kind)
            )
    if start.startswith(b"PK"):
        return _zip(file)
    if start.startswith(b"\x1f\x8b"):
        name = file.name.removesuffix(".gz")
        return [Part(name, partial(_gzip, file))]
    return [Part(file.name, file.path.read_bytes)]


def single(file: Retrieved) -> Part:
    """The one file inside. InputError where there are several or none."""
    found = parts(file)
    if len(found) != 1:
        raise InputError(
            _("{file} contient {count} fichiers. Attendu : un seul.").format(
                file=file.name, count=len(found)
            )
        )
    return found[0]


def _zip(file: Retrieved) -> list[Part]:
    try:
        with zipfile.ZipFile(file.path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
    except (*_BROKEN, NotImplementedError) as error:
        raise _damaged(file) from error
    if len(members) > MEMBERS:
        raise InputError(
            _(
                "{file} contient {count} fichiers. Attendu : l'archive publiée par la source (au plus {limit})."
            ).format(file=file.name, count=len(members), limit=MEMBERS)
        )
    for member in members:
        _harmless(file, member)
    members = [m for m in members if not _clutter(m.filename)]
    names = {m.filename for m in members}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise InputError(
            _(
                "{file} est un classeur ou un document bureautique. Attendu : un fichier texte, SQLite ou géographique ; enregistrez la feuille au format CSV UTF-8."
            ).format(file=file.name)
        )
    measured(file.name, file.size, sum(m.file_size for m in members))
    if not members:
        raise InputError(
            _("{file} est une archive vide. Téléchargez de nouveau le fichier.").format(
                file=file.name
            )
        )
    budget = _Budget(file)
    return [
        Part(PurePosixPath(m.filename).name, partial(_member, file, m, budget)) for m in members
    ]


def _clutter(name: str) -> bool:
    """Files that desktop systems add to archives."""
    path = PurePosixPath(name)
    return path.parts[0] == "__MACOSX" or path.name.startswith(".") or path.name == "Thumbs.db"


def _harmless(file: Retrieved, member: zipfile.ZipInfo) -> None:
    name = member.filename
    path = PurePosixPath(name.replace("\\", "/"))
    outside = path.is_absolute() or ".." in path.parts or not path.parts or ":" in path.parts[0]
    if outside or stat.S_ISLNK(member.external_attr >> 16):
        raise InputError(
            _(
                "{file} contient un chemin qui sort de l'archive ({name!r}). Ce n'est pas un fichier de la source : ne l'utilisez pas."
            ).format(file=file.name, name=name[:80])
        )
    if member.flag_bits & 0x1:
        raise InputError(
            _(
                "{file} est protégé par un mot de passe. Attendu : l'archive publiée, sans mot de passe."
            ).format(file=file.name)
        )


class _Budget:
    """Bytes taken out of one archive so far, whatever its members say of their size."""

    def __init__(self, file: Retrieved) -> None:
        self.file = file
        self.taken = 0

    def read(self, stream: IO[bytes]) -> bytes:
        held = []
        while chunk := stream.read(CHUNK):
            self.taken += len(chunk)
            measured(self.file.name, self.file.size, self.taken)
            held.append(chunk)
        return b"".join(held)


def _member(file: Retrieved, member: zipfile.ZipInfo, budget: _Budget) -> bytes:
    try:
        with zipfile.ZipFile(file.path) as archive, archive.open(member) as stream:
            data = budget.read(stream)
    except NotImplementedError as error:
        raise InputError(
            _(
                "{file} est compressé par une méthode inconnue. Recompressez-le en zip ordinaire."
            ).format(file=file.name)
        ) from error
    except (*_BROKEN, RuntimeError) as error:
        raise _damaged(file) from error
    if data.startswith(ZIP) and not is_workbook(data):
        raise InputError(
            _(
                "{file} contient une archive dans l'archive ({name}). Décompressez-la et donnez le fichier du dedans."
            ).format(file=file.name, name=PurePosixPath(member.filename).name)
        )
    return data


def _gzip(file: Retrieved) -> bytes:
    try:
        with gzip.open(file.path) as stream:
            return _Budget(file).read(cast(IO[bytes], stream))
    except _BROKEN as error:
        raise _damaged(file) from error


def _damaged(file: Retrieved) -> InputError:
    return InputError(
        _("{file} est une archive abîmée ou incomplète. Téléchargez de nouveau le fichier.").format(
            file=file.name
        )
    )

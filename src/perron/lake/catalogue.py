"""The lake as a reader holds it: which version of each table is in service."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from perron.errors import InputError, OutsideError
from perron.lake.manifest import DATA, REPORT, Manifest, demand_schema
from perron.lake.provenance import Origin
from perron.lake.schema import Table
from perron.translation import gettext as _


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

    def report(self) -> dict[str, Any]:
        """What the source rejected and why, empty where it said nothing."""
        path = self.folder / REPORT
        try:
            return dict(json.loads(path.read_bytes())) if path.exists() else {}
        except (OSError, ValueError) as error:
            raise OutsideError(
                _("Le rapport {path} est illisible ({problem}). Restaurer une sauvegarde.").format(
                    path=path, problem=error
                )
            ) from error


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The lake as it stood at one publication: which version of each table is in service.

    Two catalogues are equal when they name the same versions of the same lake, with the same
    data, so that results kept by catalogue stay valid exactly as long as what they were made from.
    """

    root: Path
    number: int
    #: Table, version and checksum of each snapshot.
    versions: tuple[tuple[str, str, str], ...]
    tables: Mapping[str, Snapshot] = field(compare=False, hash=False, repr=False)

    @property
    def id(self) -> str:
        """A short name of these data, the same in every process and every copy of the lake."""
        return hashlib.sha256(repr(self.versions).encode()).hexdigest()[:16]

    def snapshot(self, name: str, table: Table | None = None) -> Snapshot:
        """The version of a table in service; an unknown table is named beside those there are.

        Given the `table` that the caller knows how to read, an OutsideError says when the lake
        holds a newer schema than that, or an older one.
        """
        try:
            found = self.tables[name]
        except KeyError:
            raise InputError(
                _(
                    "La table {name} n’est pas dans le lac. Il contient : {known}. « perron data load » y ajoute une source."
                ).format(name=name, known=", ".join(sorted(self.tables)) or _("rien"))
            ) from None
        if table is not None:
            demand_schema(found.manifest, table)
        return found

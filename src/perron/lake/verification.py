"""Reading what was published again, to find what changed behind Perron's back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from perron.errors import OutsideError
from perron.lake.durable import file_sha256
from perron.lake.manifest import DATA, read_manifest
from perron.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that verification found: where, and what, in a sentence.

    `harmless` marks what an interrupted publication left: no reader ever sees it.
    """

    place: str
    problem: str
    harmless: bool = False


def problems(folder: Path) -> Iterator[str]:
    """What is wrong with a snapshot's folder, in sentences."""
    try:
        manifest = read_manifest(folder)
        found = file_sha256(folder / DATA)
        if found != manifest.sha256:
            yield _("les données ont changé : empreinte {found}…, attendue {expected}…").format(
                found=found[:12], expected=manifest.sha256[:12]
            )
            return
        data = pq.ParquetFile(folder / DATA)
    except OutsideError as error:
        yield str(error)
        return
    except (OSError, pa.ArrowException) as error:
        yield _("les données {file} manquent ou sont illisibles ({problem})").format(
            file=DATA, problem=error
        )
        return
    if (manifest.table, manifest.version) != (folder.parent.name, folder.name):
        yield _("le manifeste est celui de {table}/{version}").format(
            table=manifest.table, version=manifest.version
        )
    if data.metadata.num_rows != manifest.rows:
        yield _("{found} lignes, {expected} attendues").format(
            found=data.metadata.num_rows, expected=manifest.rows
        )
    columns = {f.name: str(f.type) for f in data.schema_arrow}
    expected = {c.name: c.type for c in manifest.columns}
    if list(columns.items()) != list(expected.items()):
        yield _("colonnes {found}, attendues {expected}").format(found=columns, expected=expected)

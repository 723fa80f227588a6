"""A table about to be published, and how it is written to the disk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import perron
from perron.errors import OutsideError
from perron.lake.durable import file_sha256, sync_file, sync_folder, write_synced
from perron.lake.manifest import DATA, MANIFEST, REPORT, ColumnDoc, Manifest, Provenance
from perron.lake.schema import Table
from perron.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Draft:
    """A table about to be published. `report` is what its source rejected, and why."""

    table: Table
    data: pa.Table
    provenance: Provenance
    report: dict[str, Any] | None = None


def write(draft: Draft, version: str, folder: Path) -> None:
    """Write a snapshot and read it back before it can be named by any catalogue."""
    folder.mkdir()
    ordered = draft.data.sort_by([(name, "ascending") for name in draft.table.key])
    # In one piece and without metadata, so that the same rows always make the same bytes.
    ordered = ordered.combine_chunks().replace_schema_metadata(None)
    pq.write_table(ordered, folder / DATA, compression="zstd", compression_level=9)
    if not pq.read_table(folder / DATA).equals(ordered):
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
    sync_file(folder / DATA)
    write_synced(folder / MANIFEST, manifest.model_dump_json(indent=1).encode())
    if draft.report is not None:
        write_synced(
            folder / REPORT,
            json.dumps(draft.report, ensure_ascii=False, indent=1, default=str).encode(),
        )
    sync_folder(folder)

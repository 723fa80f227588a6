"""Put the tables of a territory in service in a lake that doesn't have them yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from perron.errors import InputError
from perron.lake.manifest import Provenance
from perron.lake.snapshots import Catalogue, Draft, Lake
from perron.sources.load import load
from perron.sources.registry import source
from perron.territory import Shipped, Territory
from perron.translation import gettext as _

#: Told of progress with the tables done and the tables to do.
Progress = Callable[[int, int | None], None]


def publish_shipped(
    territory: Territory, lake: Lake, progress: Progress | None = None
) -> Catalogue:
    """Publish the tables that the territory names and the lake lacks; the catalogue in service.

    A packaged table is checked against the checksum beside it; another file is read by its source.
    Whatever already is in service, a newer load among others, is left alone, so a second call does
    nothing.
    """
    tell = progress or (lambda _done, _expected: None)
    missing = [t for t in territory.tables if t.table not in lake.current().tables]
    packaged = [t for t in missing if not t.source]
    drafts = []
    for number, wanted in enumerate(packaged, 1):
        tell(number, len(missing))
        drafts.append(_packaged(territory.folder / wanted.file))
    if drafts:
        lake.publish(drafts, day=max(d.provenance.retrieved.date() for d in drafts))
    for number, wanted in enumerate((t for t in missing if t.source), len(packaged) + 1):
        tell(number, len(missing))
        _through_source(territory, wanted, lake)
    return lake.current()


def _through_source(territory: Territory, wanted: Shipped, lake: Lake) -> None:
    file = territory.folder / wanted.file
    if not file.is_file():
        raise InputError(
            _(
                "Territoire {name}, table {table} : le fichier {file} n'existe pas. Corrigez son chemin dans le fichier de territoire."
            ).format(name=territory.id, table=wanted.table, file=file)
        )
    load(wanted.source, file, lake, datetime.now(UTC).date())


def _packaged(path: Path) -> Draft:
    """The draft of a packaged table, once its bytes are what its description says."""
    try:
        content = path.read_bytes()
        said: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        files: list[dict[str, Any]] = said["files"]
        table = next(t for t in source(said["source"]).tables if t.name == said["table"])
        provenance = Provenance(
            source=said["source"],
            title=said["title"],
            publisher=said["publisher"],
            licence=said["licence"],
            url=said["url"],
            periods=tuple(said["years"]),
            # The day on which the publisher's files were obtained, never that of the installation.
            retrieved=datetime.fromisoformat(said["retrieved"]).replace(tzinfo=UTC),
            file_name=", ".join(f["name"] for f in files),
            file_sha256=", ".join(f["sha256"] for f in files),
            notes=said["note"],
        )
        expected = said["sha256"]
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise InputError(
            _(
                "La table livrée {path} ou sa description manque ou est illisible ({problem}). Réinstallez Perron."
            ).format(path=path, problem=error)
        ) from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise InputError(
            _(
                "La table livrée {path} n'est pas celle que décrit {description} : les empreintes diffèrent. Réinstallez Perron."
            ).format(path=path, description=path.with_suffix(".json").name)
        )
    data = pq.read_table(pa.BufferReader(content), schema=table.arrow())
    rows = {key: sum(f[key] for f in files) for key in ("rows_read", "rows_rejected")}
    return Draft(table, data, provenance, {**rows, "files": files})

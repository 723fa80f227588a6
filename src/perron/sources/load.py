"""From a file or an address to a table in service: retrieve, read, check, publish, or nothing at all."""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from perron import translation
from perron.errors import InputError
from perron.lake.manifest import Provenance
from perron.lake.snapshots import Catalogue, Draft, Lake
from perron.sources.registry import source
from perron.sources.report import Report
from perron.sources.retrieve import Limits, Progress, Retrieved, retrieve
from perron.sources.source import Reading, Source
from perron.translation import gettext as _


def load(
    name: str,
    spec: str | Path | None,
    lake: Lake,
    day: date,
    progress: Progress | None = None,
    *,
    period: str = "",
    limits: Limits | None = None,
) -> tuple[Catalogue, Report]:
    """Publish what a file or an address holds as the tables of a source, dated `day`.

    `period` is the year of the figures when the file doesn't say it. For a source with one file a
    year, the periods already in service that the file doesn't hold are kept. `progress` is told the
    bytes downloaded and expected. Raises `InputError` (the file is wrong) or `OutsideError`
    (network); the lake is then exactly as it was.
    """
    wanted = source(name)
    if spec is None:
        raise InputError(
            _(
                "Source {name} : donnez le fichier ou son adresse. Cherchez {where}, sur {url}, puis tapez : perron data load {name} FICHIER"
            ).format(name=name, where=wanted.where, url=wanted.url)
        )
    with tempfile.TemporaryDirectory(prefix="perron-") as folder:
        file = retrieve(spec, Path(folder), limits=limits, progress=progress, period=period)
        report = Report(name, file.name)
        readings = wanted.read(file, report)
    with _one_at_a_time(lake):
        in_service = lake.current()
        drafts = [_draft(reading, wanted, file, report, in_service) for reading in readings]
        return lake.publish(drafts, day=day), report


def provenance(
    wanted: Source, file: Retrieved, periods: tuple[str, ...], notes: str = ""
) -> Provenance:
    """Where the tables of a file come from. The title is kept in the source language."""
    spoken = translation.language()
    translation.use(translation.SOURCE_LANGUAGE)
    title = wanted.title
    translation.use(spoken)
    return Provenance(
        source=wanted.name,
        title=title,
        publisher=wanted.publisher,
        licence=wanted.licence,
        url=file.url or wanted.url,
        periods=periods,
        retrieved=file.retrieved,
        file_name=file.name,
        file_sha256=file.sha256,
        notes=notes,
    )


def _draft(
    reading: Reading, wanted: Source, file: Retrieved, report: Report, in_service: Catalogue
) -> Draft:
    data, periods, notes = reading.data, reading.periods, ""
    before = in_service.tables.get(reading.table.name)
    if (
        wanted.yearly
        and before is not None
        and before.manifest.schema_version == reading.table.version
    ):
        older = pq.read_table(before.path, schema=reading.table.arrow())
        kept = older.join(
            reading.data.select(wanted.slices).group_by(list(wanted.slices)).aggregate([]),
            keys=list(wanted.slices),
            join_type="left anti",
        ).cast(reading.table.arrow())
        if kept.num_rows:
            data = pa.concat_tables([kept, data])
            others = sorted(set(kept["period"].to_pylist()))
            periods = tuple(sorted({*periods, *others}))
            # The file named in the provenance gave its own periods only; the manifest of the
            # version named here, which is never removed, says where the others come from.
            notes = f"{', '.join(others)} : {reading.table.name} {before.manifest.version} ({before.manifest.provenance.file_name})"
            report.warn(
                _("périodes déjà en service et conservées : {periods}").format(
                    periods=", ".join(others)
                )
            )
    return Draft(reading.table, data, provenance(wanted, file, periods, notes), report.as_dict())


@contextmanager
def _one_at_a_time(lake: Lake) -> Iterator[None]:
    """Two loads of the same series must not each keep the periods that the other replaces."""
    lake.root.mkdir(parents=True, exist_ok=True)
    with (lake.root / ".load").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

"""A snapshot's manifest: what stands in the file beside it, where it comes from, and its checksum."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from perron.errors import OutsideError
from perron.lake.provenance import Origin, State
from perron.lake.schema import Table
from perron.translation import gettext as _

DATA, MANIFEST, REPORT = "data.parquet", "manifest.json", "report.json"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Provenance(_Part):
    """Where a table's data come from. `periods` are periods ("2019"), never dates."""

    source: str
    title: str
    publisher: str
    licence: str
    url: str = ""
    periods: tuple[str, ...] = ()
    retrieved: datetime
    file_name: str = ""
    file_sha256: str = ""
    notes: str = ""


class ColumnDoc(_Part):
    name: str
    type: str
    doc: str


class Manifest(_Part):
    """The JSON beside a snapshot's data. It is written once and never changed.

    A field that this Perron doesn't know is passed over: a lake that it can't read says so by the
    format of its catalogue or the schema version of the table.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    table: str
    version: str
    schema_version: int
    columns: tuple[ColumnDoc, ...]
    measures: tuple[str, ...] = ()
    key: tuple[str, ...]
    absent: State
    rows: int
    sha256: str
    provenance: Provenance
    published_at: datetime
    perron_version: str
    doc: str = ""

    def origin(self) -> Origin:
        """The part of a figure's answer to "where from?" that this snapshot gives."""
        given = self.provenance
        return Origin(
            table=self.table,
            version=self.version,
            source=given.title,
            publisher=given.publisher,
            licence=given.licence,
            retrieved=given.retrieved.date(),
            url=given.url,
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


def demand_schema(manifest: Manifest, table: Table, *, older: bool = False) -> None:
    """Refuse a schema that isn't the one `table` describes; an `older` one may be accepted."""
    if manifest.schema_version > table.version:
        raise OutsideError(
            _(
                "La table {name} du lac a été écrite par une version plus récente de Perron (schéma {found}, attendu {expected}). Mettre Perron à jour."
            ).format(name=table.name, found=manifest.schema_version, expected=table.version)
        )
    if manifest.schema_version < table.version and not older:
        raise OutsideError(
            _(
                "La table {name} du lac a été écrite par une version plus ancienne de Perron (schéma {found}, attendu {expected}). La recharger : perron data load {source}."
            ).format(
                name=table.name,
                found=manifest.schema_version,
                expected=table.version,
                source=manifest.provenance.source,
            )
        )

"""A snapshot's manifest: what stands in the file beside it, where it comes from, and its checksum."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from perron.lake.provenance import Origin, State


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
    """The JSON beside a snapshot's data. It is written once and never changed."""

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
    report: dict[str, Any] = Field(default_factory=dict)

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

"""The interface that all sources follow.

A source knows the formats of one publisher's file and nothing of the questions asked of it. It is
registered under the entry point group `perron.sources`, recognises the variants of its file by
content, and hands back typed tables with the account of what it rejected.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from perron.lake.schema import Table
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved


@dataclass(frozen=True, slots=True)
class Reading:
    """One table read from a file: its contract, its rows and the periods it covers."""

    table: Table
    data: pa.Table
    periods: tuple[str, ...]


class Source(ABC):
    """One public source. Everything it says of itself ends in the provenance of its figures."""

    #: The name typed after `perron data load`.
    name: ClassVar[str]
    publisher: ClassVar[str]
    licence: ClassVar[str]
    #: The page on which the publisher offers the file.
    url: ClassVar[str]
    #: Years in which the publisher has offered it, as a person reads them ("2008-").
    years: ClassVar[str]
    tables: ClassVar[tuple[Table, ...]]
    #: Whether each file holds one period of a series: then loading a file keeps the other periods.
    yearly: ClassVar[bool] = False
    #: With `yearly`, the columns whose values in a file say which rows in service it replaces.
    slices: ClassVar[tuple[str, ...]] = ("period",)

    @property
    @abstractmethod
    def title(self) -> str:
        """What the source is, in one line, in the language in use."""

    @property
    @abstractmethod
    def where(self) -> str:
        """Which file to look for on the publisher's page, in the language in use."""

    @abstractmethod
    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        """Read a file into typed tables, or raise `InputError` with one sentence."""

"""Questions about imports: a page of a preview, and the latest of a reader."""

from __future__ import annotations

from dataclasses import dataclass

from perron.site.accounts.access import Capability, Reader
from perron.site.directory.exchange import services
from perron.site.directory.exchange.fates import FATES, Fate
from perron.site.directory.exchange.sorts import KINDS, Sort, sort_of
from perron.site.directory.models import Import

#: Rows on a page of a preview, and imports that are listed.
PAGE, LATEST = 50, 10


@dataclass(frozen=True, slots=True)
class Previewed:
    """A page of the rows of an import, of one fate where one is asked for."""

    found: Import
    sort: Sort
    rows: tuple[Fate, ...]
    fate: str
    page: int
    pages: int
    remarks: tuple[str, ...]
    choices: dict[int, str]
    #: How many rows changed fate since they were shown.
    differ: int = 0

    @property
    def total(self) -> int:
        return sum(self.found.counts.values())

    def count(self, fate: str) -> int:
        return int(self.found.counts.get(fate, 0))


def previewed(reader: Reader, key: int, fate: str, page: int) -> Previewed:
    """A page of a preview. InputError where it is not this reader's, or no longer to confirm.

    Without a fate asked for, the rows that a person has to look at come first.
    """
    found, preview = services.opened(reader, key)
    differ = set(preview.differ)
    if fate == "differ":
        rows = [one for one in preview.fates if one.line in differ]
    elif fate in FATES:
        rows = [one for one in preview.fates if one.fate == fate]
    else:
        fate = ""
        rows = sorted(preview.fates, key=lambda one: FATES.index(one.fate))
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(page, 1), pages)
    return Previewed(
        found,
        sort_of(found.kind),
        tuple(rows[(page - 1) * PAGE : page * PAGE]),
        fate,
        page,
        pages,
        tuple(preview.remarks),
        preview.choices,
        len(differ),
    )


def latest(reader: Reader) -> list[Import]:
    """The latest imports of a reader, without their rows."""
    own = Import.objects.filter(owner=reader.user) if reader.user else Import.objects.none()
    return list(own.defer("rows")[:LATEST])


def one(reader: Reader, key: int) -> Import | None:
    """An import of this reader, whatever became of it."""
    own = Import.objects.filter(pk=key, owner=reader.user) if reader.user else Import.objects.none()
    return own.defer("rows").first()


def importable(reader: Reader) -> list[Sort]:
    """The kinds that this reader may bring in."""
    if not reader.can(Capability.EXCHANGE):
        return []
    return [sort for kind in KINDS if reader.can((sort := sort_of(kind)).write)]


def exportable(reader: Reader) -> list[Sort]:
    """The kinds that this reader may take out."""
    if not reader.can(Capability.EXCHANGE):
        return []
    return [sort for kind in KINDS if reader.can((sort := sort_of(kind)).read)]

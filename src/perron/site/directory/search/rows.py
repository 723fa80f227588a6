"""What an app gives to be found: one row a thing, with who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from perron.site.accounts.models import Confidentiality, Protected

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: How many keys one statement names: databases take no endless list.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A thing to be found. `text` is found too, after what has the words in its title.

    What is shown of it is asked of its app when it is found (`Kind.resolve`). The rights are those of `accounts.access.visible`, flattened: `read` is the capability that opens
    what is internal, `organisation` the one whose own people may see it.
    """

    kind: str
    key: str
    title: str
    text: str = ""
    confidentiality: str = Confidentiality.PUBLIC.value
    read: str = ""
    owner: int | None = None
    organisation: int | None = None


def row_of(thing: Protected, title: str, text: Iterable[str | None] = ()) -> Row:
    """The row of a record, its rights read from the record itself."""
    own = thing.ORGANISATION
    return Row(
        str(thing._meta.model_name),
        str(thing.pk),
        title,
        " ".join(part for part in text if part),
        thing.confidentiality,
        thing.READ,
        thing.owner_id,
        getattr(thing, own) if own else None,
    )


_OPENNESS = (Confidentiality.PUBLIC, Confidentiality.AGENCY, Confidentiality.RESTRICTED)


def told_by(thing: Protected, other: Protected | None, words: str) -> str:
    """Words of another record as far as the row of `thing` may hold them.

    Whoever sees the thing could tell from the answer that it is linked to the other one: a
    confidential record is found by its own words alone.
    """
    if other is None or other.confidentiality == Confidentiality.RESTRICTED:
        return ""
    wider = _OPENNESS.index(Confidentiality(thing.confidentiality)) < _OPENNESS.index(
        Confidentiality(other.confidentiality)
    )
    return "" if wider else words


M = TypeVar("M", bound=Protected)


def batches(records: QuerySet[M], keys: Sequence[str] | None) -> Iterable[M]:
    """The records of these keys, or all, a batch at a time."""
    if keys is None:
        yield from records.order_by("pk").iterator(chunk_size=2000)
        return
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit()]
    for start in range(0, len(numbers), BATCH):
        yield from records.filter(pk__in=numbers[start : start + BATCH])

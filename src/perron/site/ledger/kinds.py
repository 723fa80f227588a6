"""What the ledger gives to links, search and the log: decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from perron import formats
from perron.site.accounts.access import Reader, visible
from perron.site.components.figures import language
from perron.site.directory.search.rows import BATCH, Row, batches, row_of
from perron.site.directory.things import Kind, Thing
from perron.site.ledger.models import Commitment


def commitments(keys: Iterable[str], reader: Reader) -> dict[str, Thing]:
    """The decisions of these keys that the reader may see."""
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 18]
    found: dict[str, Thing] = {}
    for start in range(0, len(numbers), BATCH):
        some = Commitment.objects.filter(pk__in=numbers[start : start + BATCH])
        for one in visible(some.select_related("kind"), reader):
            found[str(one.pk)] = Thing(
                "commitment",
                str(one.pk),
                one.title,
                reverse("commitment", args=[one.reference]),
                f"{one.reference} · {one.kind}, {formats.date(one.decided_on, language())}",
                one.fictional,
            )
    return found


def indexed(keys: Sequence[str] | None) -> Iterator[Row]:
    """Decisions by their number and title, then by what was decided and expected."""
    records = Commitment.objects.select_related("kind", "stage").prefetch_related("expectations")
    for one in batches(records, keys):
        text = [one.decision, one.decided_by, str(one.kind)]
        text += [e.sentence for e in one.expectations.all() if not e.withdrawn_id]
        yield row_of(one, f"{one.reference} {one.title}", text)


KINDS = (Kind("commitment", _("décision"), commitments, index=indexed),)

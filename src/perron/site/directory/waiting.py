"""What of the directory waits for a person: their needs without an answer, old facts, imports, remarks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q
from django.utils import timezone

from perron.site.accounts.access import Capability, Reader, visible
from perron.site.directory.exchange.selectors import latest
from perron.site.directory.models import Confirmation, Import, Need, NeedStatus, Organisation
from perron.site.directory.needs.selectors import LATE_AFTER
from perron.site.directory.organisations.selectors import stale

#: How many of each are named; the list of each tells the rest.
MOST = 5
#: An open need is answered within so long.
ANSWERED_WITHIN = LATE_AFTER
#: A need asked for within so many days waits already.
SOON = timedelta(days=14)
#: A remark is told for so long, unless the facts were written anew since.
REMARK_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many needs the reader may see are open, answered and closed."""

    open: int
    answered: int
    closed: int

    @property
    def total(self) -> int:
        return self.open + self.answered + self.closed


def needs_counted(reader: Reader) -> Counted:
    """The needs by status, in one query."""
    seen = visible(Need.objects.all(), reader).order_by()
    found = seen.aggregate(
        **{status.value: Count("pk", filter=Q(status=status)) for status in NeedStatus}
    )
    return Counted(found["open"], found["answered"], found["closed"])


def own_needs(reader: Reader, today: date) -> list[tuple[Need, Organisation | None]]:
    """The reader's own open needs that waited too long, or that are asked for soon.

    Each with its organisation, None where there is none or the reader may not see it.
    """
    if reader.user is None:
        return []
    waited = Q(said_on__lt=today - LATE_AFTER) | Q(needed_by__lte=today + SOON)
    found = Need.objects.filter(waited, owner=reader.user, status=NeedStatus.OPEN)
    ordered = found.order_by(F("needed_by").asc(nulls_last=True), "said_on", "pk")
    needs = list(ordered[:MOST])
    keys = {need.organisation_id for need in needs if need.organisation_id}
    seen = visible(Organisation.objects.filter(pk__in=keys), reader).in_bulk()
    return [(need, seen.get(need.organisation_id or 0)) for need in needs]


def own_stale(reader: Reader) -> tuple[int, Organisation | None]:
    """How many of the reader's own organisations nobody confirmed for a year, and the first by name."""
    if reader.user is None or not reader.can(Capability.DIRECTORY_WRITE):
        return 0, None
    found = Organisation.objects.filter(stale(), owner=reader.user, merged_into__isnull=True)
    return found.count(), found.first()


def own_imports(reader: Reader) -> list[Import]:
    """Files that the reader gave and that nobody has yet confirmed or dropped."""
    if reader.user is None or not reader.can(Capability.EXCHANGE):
        return []
    return [one for one in latest(reader) if one.written is None and one.dropped is None][:MOST]


def remarks(reader: Reader) -> list[Confirmation]:
    """What organisations wrote of their own facts, where nobody has written these anew since.

    Told to the owner of the record, or to who may write where it has none.
    """
    if reader.user is None or not reader.can(Capability.DIRECTORY_WRITE):
        return []
    mine = visible(Organisation.objects.filter(merged_into__isnull=True), reader).filter(
        Q(owner=reader.user) | Q(owner__isnull=True)
    )
    found = Confirmation.objects.filter(
        organisation__in=mine, used__gte=timezone.now() - REMARK_FOR
    ).exclude(remark="")
    # Using the link writes the record itself: only what comes well after it answers the remark.
    kept = found.filter(organisation__changed__lte=F("used") + timedelta(minutes=1))
    return list(kept.select_related("organisation").order_by("used")[:MOST])

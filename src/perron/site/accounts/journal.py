"""Reading the log: who did or saw what, when. Pages follow one another by the entry they end on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from perron.exports import Export
from perron.site.accounts import log
from perron.site.accounts.models import Entry, Person

PER_PAGE = 50
#: The most that one file holds; the filters make it less.
MOST = 50_000

#: What the entries are about, in the words of the pages. Another kind shows as it is written.
KINDS: dict[str, str | Promise] = {
    "person": gettext_lazy("personne"),
    "invitation": gettext_lazy("invitation"),
    "role": gettext_lazy("rôle"),
    "log": gettext_lazy("journal"),
    "organisation": gettext_lazy("organisation"),
    "contact": gettext_lazy("contact"),
    "need": gettext_lazy("besoin"),
    "memory": gettext_lazy("mémoire"),
    "link": gettext_lazy("lien"),
    "term": gettext_lazy("mot du vocabulaire"),
    "import": gettext_lazy("import"),
    "merge": gettext_lazy("fusion"),
    "commitment": gettext_lazy("décision"),
    "driver": gettext_lazy("moteur de changement"),
    "challenge": gettext_lazy("défi"),
}
MACHINE = "machine"
#: A day beyond these has no place in every time zone, and no entry either.
_YEARS = (1900, 2900)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked: a person (or the machine), a kind, what was seen or changed, from a day on."""

    person: str = ""
    kind: str = ""
    seen: str = ""
    since: str = ""

    @property
    def given(self) -> dict[str, str]:
        """Those that are set, as the address carries them."""
        names = (
            ("qui", self.person),
            ("quoi", self.kind),
            ("acte", self.seen),
            ("depuis", self.since),
        )
        return {name: value for name, value in names if value}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is read."""

    key: int
    at: datetime
    who: str
    kind: str
    said: str
    seen: bool
    changes: tuple[str, ...]


def asked(given: Mapping[str, str]) -> Filters:
    """The filters of an address; what does not mean anything is left out."""
    person = given.get("qui", "")
    if person != MACHINE:
        try:
            person = str(UUID(person))
        except ValueError:
            person = ""
    seen = given.get("acte", "")
    return Filters(
        person,
        given.get("quoi", "")[:32].replace("\0", ""),
        seen if seen in ("vu", "change") else "",
        given.get("depuis", "") if _day(given.get("depuis", "")) else "",
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if _YEARS[0] <= found.year <= _YEARS[1] else None


def _found(filters: Filters) -> QuerySet[Entry]:
    entries = Entry.objects.order_by("-at", "-id")
    if filters.person == MACHINE:
        entries = entries.filter(actor=None)
    elif filters.person:
        entries = entries.filter(actor=UUID(filters.person))
    if filters.kind:
        entries = entries.filter(kind=filters.kind)
    if filters.seen:
        entries = entries.filter(seen=filters.seen == "vu")
    if since := _day(filters.since):
        start = datetime.combine(since, time(), timezone.get_current_timezone())
        entries = entries.filter(at__gte=start)
    return entries


def page(filters: Filters, before: str = "") -> tuple[list[Line], str]:
    """The entries older than the mark `before`, and the mark of the next page ("" at the end)."""
    entries = _found(filters)
    if mark := _mark(before):
        at, key = mark
        # Both parts in one comparison, so that entries of the same instant are neither lost nor doubled.
        entries = entries.filter(at__lte=at).exclude(at=at, id__gte=key)
    rows = list(entries[: PER_PAGE + 1])
    more = rows[PER_PAGE - 1] if len(rows) > PER_PAGE else None
    named = log.names(row.actor for row in rows)
    lines = [_line(row, named) for row in rows[:PER_PAGE]]
    return lines, f"{more.at.isoformat()}~{more.pk}" if more else ""


def _mark(before: str) -> tuple[datetime, int] | None:
    written, _tilde, key = before.partition("~")
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    try:
        at = datetime.fromisoformat(written.replace(" ", "+"))
    except ValueError:
        return None
    return (at, int(key)) if at.tzinfo and _YEARS[0] <= at.year <= _YEARS[1] else None


def _line(entry: Entry, named: Mapping[UUID, str]) -> Line:
    return Line(
        entry.pk,
        entry.at,
        who(entry.actor, named),
        str(KINDS.get(entry.kind, entry.kind)),
        entry.said,
        entry.seen,
        tuple(_changed(entry.changes)),
    )


def who(actor: UUID | None, named: Mapping[UUID, str]) -> str:
    """The name behind an identifier, or what stands for it."""
    if actor is None:
        return _("la machine")
    return named.get(actor) or _("personne effacée")


def _changed(changes: Any) -> Iterator[str]:
    """What changed, a field a line; long values are cut."""
    if not isinstance(changes, dict):
        return
    for name, pair in list(changes.items())[:20]:
        if name == "fields" and isinstance(pair, list):
            yield from (str(field)[:120] for field in pair[:20])
        elif isinstance(pair, list) and len(pair) == 2:
            yield _("{field} : {before} → {after}").format(
                field=name, before=_short(pair[0]), after=_short(pair[1])
            )
        else:
            yield f"{name} : {_short(pair)}"


def _short(value: Any) -> str:
    if value in (None, "", []):
        return _("rien")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:119] + "…"


def persons() -> list[tuple[str, str]]:
    """Whom the filter can name: every account, then the machine."""
    known = Person.objects.select_related("user").order_by("user__last_name", "user__first_name")
    return [*((str(p.pk), str(p.user)) for p in known[:500]), (MACHINE, _("la machine"))]


def export(filters: Filters) -> Export:
    """The entries of the filters as a file, the newest first, at most MOST."""
    rows = list(_found(filters)[:MOST])
    named = log.names(row.actor for row in rows)
    lines = (_line(row, named) for row in rows)
    return Export(
        [_("quand"), _("qui"), _("acte"), _("sujet"), _("quoi"), _("changements")],
        (
            (
                f"{timezone.localtime(line.at):%Y-%m-%d %H:%M:%S}",
                line.who,
                _("vu") if line.seen else _("changé"),
                line.kind,
                line.said,
                " ; ".join(line.changes),
            )
            for line in lines
        ),
        title=_("Journal"),
    )

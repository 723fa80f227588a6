"""What changed since the person last came, as far as they may read it: one line a thing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.site.accounts import log
from perron.site.accounts.access import Capability, Reader
from perron.site.components.figures import language
from perron.site.directory.search.selectors import confidential
from perron.site.directory.selectors import catalogue
from perron.site.directory.things import Thing, resolved

#: How far back somebody looks who never came before, and how much is read and shown.
FIRST, READ, SHOWN = timedelta(days=7), 300, 8
#: Who may read what was written of each kind: the right that its journal asks for; "" for none.
JOURNALS = {
    "organisation": Capability.DIRECTORY_READ,
    "memory": Capability.DIRECTORY_READ,
    "challenge": Capability.DIRECTORY_READ,
    "need": Capability.NEEDS_READ,
    "commitment": Capability.LEDGER_READ,
    "driver": "",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A thing that changed: the field it belongs to, the latest that was said, and how much more."""

    at: datetime
    field: str
    said: str
    title: str
    url: str
    more: int = 0
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What changed since a moment; `counts` by kind of thing, tables of the lake as "table"."""

    since: datetime
    first_visit: bool
    changes: tuple[Change, ...]
    counts: dict[str, int]


def news(reader: Reader, previous: datetime | None) -> News:
    """What others wrote, and what the lake published, since the reader's previous visit.

    A confidential record that is not the reader's own is left to its own page, which notes the reading.
    """
    since = previous or timezone.now() - FIRST
    open_kinds = [kind for kind, right in JOURNALS.items() if not right or reader.can(right)]
    entries = [
        e for e in log.since(since, open_kinds, READ) if e.actor is None or e.actor != reader.person
    ]
    names = dict.fromkeys((e.kind, e.key) for e in entries)
    closed = confidential(names, reader)
    things = resolved((name for name in names if name not in closed), reader)
    times = Counter((e.kind, e.key) for e in entries)
    changes: dict[tuple[str, str], Change] = {}
    for entry in entries:
        name = (entry.kind, entry.key)
        if name in things and name not in changes:
            changes[name] = _change(entry.at, things[name], entry.said, times[name] - 1)
    tables = _tables(since)
    counts = dict(Counter(kind for kind, _key in changes))
    if tables:
        counts["table"] = len(tables)
    ordered = sorted([*changes.values(), *tables], key=lambda change: change.at, reverse=True)
    return News(since, previous is None, tuple(ordered[:SHOWN]), counts)


def _change(at: datetime, thing: Thing, said: str, more: int) -> Change:
    return Change(at, _field(thing.kind), said, thing.title, thing.url, more, thing.fictional)


def _field(kind: str) -> str:
    """The field of the strategy that a kind of thing belongs to, as the menu names it."""
    return {
        "need": _("Former"),
        "commitment": _("Décider"),
        "challenge": _("Diversifier"),
        "driver": _("Diversifier"),
        "memory": _("Mémoire"),
    }.get(kind, _("Répertoire"))


def _tables(since: datetime) -> list[Change]:
    """Tables of the lake whose version in service came since."""
    return [
        Change(
            snapshot.manifest.published_at,
            _("Données"),
            _("Une nouvelle version est en service, {n} lignes.").format(
                n=formats.number(snapshot.manifest.rows, 0, language())
            ),
            _(snapshot.manifest.provenance.title),
            f"{reverse('sources')}#{name}",
        )
        for name, snapshot in catalogue().tables.items()
        if snapshot.manifest.published_at >= since
    ]


def counted(counts: dict[str, int]) -> str:
    """What changed, counted: "deux besoins, une décision et trois tables"."""
    names = {
        "need": ngettext("{n} besoin", "{n} besoins", counts.get("need", 0)),
        "commitment": ngettext("{n} décision", "{n} décisions", counts.get("commitment", 0)),
        "challenge": ngettext("{n} défi", "{n} défis", counts.get("challenge", 0)),
        "driver": ngettext("{n} moteur", "{n} moteurs", counts.get("driver", 0)),
        "organisation": ngettext(
            "{n} organisation", "{n} organisations", counts.get("organisation", 0)
        ),
        "memory": ngettext("{n} souvenir", "{n} souvenirs", counts.get("memory", 0)),
        "table": ngettext("{n} table", "{n} tables", counts.get("table", 0)),
    }
    said = [names[kind].format(n=counts[kind]) for kind in names if counts.get(kind)]
    return formats.listed(said, language())

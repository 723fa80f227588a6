"""Any thing that has a page, under one name: a kind and a key.

Each app says what its kinds are in a module `kinds.py` (`KINDS`), found here as documents find their
renderers. Links, search and the log speak of things only in this way, so that no app has to know
another's tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.functional import Promise

from perron.site.accounts.access import Reader


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing as a list shows it."""

    kind: str
    key: str
    title: str
    url: str
    #: A second line: what sort of thing, where.
    context: str = ""
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of thing. `resolve` answers for many keys in a fixed number of queries, and leaves out
    those that the reader may not see. `field` is the field of the strategy it speaks of: "economy",
    "skills", "image" or "" for all three.

    `index` gives the rows of the search box (`directory.search.rows.Row`) for these keys, or for all
    of them where None is asked. `beside` names the other things whose rows say something of these,
    such as the needs of an organisation.
    """

    name: str
    label: str | Promise
    resolve: Callable[[Iterable[str], Reader], Mapping[str, Thing]]
    field: str = ""
    index: Callable[[Sequence[str] | None], Iterable[Any]] | None = None
    beside: Callable[[Sequence[str]], Iterable[tuple[str, Iterable[str]]]] | None = None


@cache
def kinds() -> dict[str, Kind]:
    """Every kind that an app declares."""
    found: dict[str, Kind] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("perron.site.") and find_spec(f"{app.name}.kinds"):
            for kind in getattr(import_module(f"{app.name}.kinds"), "KINDS", ()):
                found[kind.name] = kind
    return found


def resolved(wanted: Iterable[tuple[str, str]], reader: Reader) -> dict[tuple[str, str], Thing]:
    """The things of these names that the reader may see: one `resolve` a kind, however many there are."""
    by_kind: dict[str, list[str]] = {}
    for kind, key in wanted:
        by_kind.setdefault(kind, []).append(key)
    found: dict[tuple[str, str], Thing] = {}
    for kind, keys in by_kind.items():
        if known := kinds().get(kind):
            for key, thing in known.resolve(dict.fromkeys(keys), reader).items():
                found[kind, key] = thing
    return found

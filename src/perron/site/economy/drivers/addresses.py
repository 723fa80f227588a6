"""The address of the page and of its files: what was asked travels with every link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from perron.methods.economy.shift_share import Method
from perron.site.economy.drivers.selectors import LONGEST, MOST, Asked, DriversPage


def asked_of(query: QueryDict) -> Asked:
    """What an address asks, cut to what the page can read. Several bases come apart or joined by commas."""
    codes = [code.strip() for given in query.getlist("base") for code in given.split(",")]
    return Asked(
        territory=query.get("territoire", "").strip()[:20],
        base=tuple(dict.fromkeys(code[:LONGEST] for code in codes if code))[:MOST],
        since=query.get("de", "").strip()[:4],
        until=query.get("a", "").strip()[:4],
        method=query.get("methode", "").strip()[:20] or Method.DUNN.value,
        dataset=query.get("jeu", "").strip()[:10],
    )


def query(asked: Asked, **changes: Any) -> str:
    """The query that asks this, with some of it changed; empty for what the page shows by itself."""
    wanted = replace(asked, **changes)
    found = QueryDict(mutable=True)
    if wanted.territory:
        found["territoire"] = wanted.territory
    if wanted.base:
        found["base"] = ",".join(wanted.base)
    for name, value in (("de", wanted.since), ("a", wanted.until), ("jeu", wanted.dataset)):
        if value:
            found[name] = value
    if wanted.method != Method.DUNN.value:
        found["methode"] = wanted.method
    written = found.urlencode(safe=",")
    return f"?{written}" if written else ""


def file_url(page: DriversPage, table: str, suffix: str = "csv") -> str:
    return reverse("drivers-download", args=[table, suffix]) + query(page.asked)

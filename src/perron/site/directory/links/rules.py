"""What a link must be: each fault is a sentence beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from perron.site.directory import typed
from perron.site.directory.models import Family, Link, Term
from perron.site.directory.vocabulary import selectors as vocabulary

LINES = ("reason", "source", "since", "until")

Fields = dict[str, Any]
Faults = dict[str, str]
#: A thing by its kind and key.
Name = tuple[str, str]


def read(given: Mapping[str, Any]) -> Fields:
    """The fields as they are kept, of those that are given; `kind` is a Term or its code."""
    found: Fields = {}
    for name, value in given.items():
        if name in LINES:
            found[name] = typed.line(value)
        elif name == "kind":
            code = "" if isinstance(value, Term) else typed.line(value)
            found[name] = (vocabulary.term(Family.LINK, code) or code) if code else value
        elif name == "fictional":
            found[name] = bool(value)
        else:
            raise TypeError(f"a link has no {name}")
    return found


def faults(fields: Mapping[str, Any]) -> Faults:
    """The faults of fields that `read` gave; those left out are blank."""
    given = {**dict.fromkeys(LINES, ""), "kind": None, **fields}
    found = typed.too_long(Link, given, LINES)
    if not isinstance(given["kind"], Term) or given["kind"].family != Family.LINK:
        found["kind"] = _("Choisissez comment ces deux choses sont liées.")
    if len(given["reason"]) < 3:
        found["reason"] = _("Dites en une phrase pourquoi : un lien sans raison ne se vérifie pas.")
    for name in ("since", "until"):
        if fault := typed.period_fault(given[name]):
            found[name] = fault
    since, until = given["since"], given["until"]
    if since and until and until[:4] < since[:4] and not {"since", "until"} & set(found):
        found["until"] = _("La fin ({until}) précède le début ({since}).").format(
            until=until, since=since
        )
    return found


def reason_faults(because: str) -> Faults:
    """The faults of a reason to withdraw a link."""
    if len(because) < 3:
        return {"because": _("Dites en une phrase pourquoi : elle reste dans le journal.")}
    if len(because) > 300:
        return {"because": typed.longer_than(because, 300)}
    return {}

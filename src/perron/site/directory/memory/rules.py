"""What a memory must be: each fault as a sentence beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from perron.site.accounts.models import Confidentiality
from perron.site.directory import typed
from perron.site.directory.models import Family, Memory, Term
from perron.site.directory.organisations.reference import Reference, reference
from perron.site.directory.vocabulary import selectors as vocabulary

LINES = ("title", "period", "place", "source", "source_url")

Fields = dict[str, Any]
Faults = dict[str, str]


def read(given: Mapping[str, Any], keep: Term | None = None) -> Fields:
    """The fields as they are kept, of those that are given. A name that there is not is a TypeError."""
    found: Fields = {}
    for name, value in given.items():
        if name in LINES:
            found[name] = typed.line(value)
        elif name == "summary":
            found[name] = typed.area(value)
        elif name == "kind":
            found[name] = value if isinstance(value, Term) else _kind(typed.line(value), keep)
        elif name == "fictional":
            found[name] = bool(value)
        elif name in ("organisation", "confidentiality"):
            found[name] = value
        else:
            raise TypeError(f"a memory has no {name}")
    return found


def _kind(code: str, keep: Term | None) -> Term | str | None:
    return (vocabulary.term(Family.MEMORY, code, keep) or code) if code else None


def blank() -> Fields:
    """The fields of a memory of which nothing is known."""
    return {
        **dict.fromkeys((*LINES, "summary"), ""),
        **dict.fromkeys(("organisation", "kind")),
        "confidentiality": Confidentiality.AGENCY.value,
        "fictional": False,
    }


def faults(fields: Mapping[str, Any], known: Reference | None = None) -> Faults:
    """The faults of fields that `read` gave; those left out are blank.

    `known` is the reference of the lake, for who asks of many rows.
    """
    given = {**blank(), **fields}
    found = typed.too_long(Memory, given, ("title", "summary", "source", "source_url"))
    if len(given["title"]) < 2:
        found["title"] = _("Donnez le titre : deux signes au moins.")
    if not isinstance(given["kind"], Term):
        found["kind"] = _("Dites ce que c’est : choisissez dans la liste.")
    if fault := typed.period_fault(given["period"]):
        found["period"] = fault
    elif not given["period"]:
        found["period"] = _("Donnez la date : une année, un mois ou un jour.")
    if len(given["source"]) < 2:
        found["source"] = _("Dites d’où vient ce souvenir : sans source, il ne se vérifie pas.")
    if fault := typed.address_fault(given["source_url"]):
        found["source_url"] = fault
    if given["confidentiality"] not in Confidentiality.values:
        found["confidentiality"] = _("Choisissez une des réponses : {known}.").format(
            known=", ".join(str(label) for label in Confidentiality.labels)
        )
    if fault := _place_fault(given["place"], known):
        found["place"] = fault
    return found


def _place_fault(code: str, known: Reference | None) -> str:
    if not code:
        return ""
    known = known or reference()
    short = len(code) <= (Memory._meta.get_field("place").max_length or 0)
    if short and (known.places is None or known.place(code)):
        return ""
    return _("« {found} » n’est pas un territoire connu : le nom d’une commune, ou rien.").format(
        found=code[:40]
    )

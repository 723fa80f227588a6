"""What a need must be: how its fields are read, and each fault as a sentence beside its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from perron.site.accounts.models import Confidentiality
from perron.site.directory import typed
from perron.site.directory.models import Family, Need, NeedStatus, Term
from perron.site.directory.organisations.reference import Reference, reference
from perron.site.directory.vocabulary import selectors as vocabulary

LINES = ("sentence", "object", "said_by", "place", "unit")
DAYS = ("said_on", "needed_by")
#: What a quantity may be in; without any, persons or things are counted.
UNITS = ("m²", "ha", "€", "MW", "kW", "MVA", "kVA", "t")
MOST = 2_000_000_000

Fields = dict[str, Any]
Faults = dict[str, str]


def read(given: Mapping[str, Any], keep: Term | None = None) -> Fields:
    """The fields as they are kept, of those that are given. A name that there is not is a TypeError.

    A day or a quantity that cannot be read stays as typed, for its fault to quote. `keep` is the kind
    that the need already has, which may be out of use.
    """
    found: Fields = {}
    for name, value in given.items():
        if name in LINES:
            found[name] = typed.line(value)
        elif name in DAYS:
            found[name] = typed.day_of(value) or typed.line(value) or None
        elif name == "quantity":
            found[name] = quantity_of(value)
        elif name == "kind":
            found[name] = value if isinstance(value, Term) else _kind(typed.line(value), keep)
        elif name == "fictional":
            found[name] = bool(value)
        elif name in ("organisation", "contact", "confidentiality"):
            found[name] = value
        else:
            raise TypeError(f"a need has no {name}")
    return found


def _kind(code: str, keep: Term | None) -> Term | str | None:
    return (vocabulary.term(Family.NEED, code, keep) or code) if code else None


def quantity_of(value: Any) -> int | str | None:
    """A number as people type it; None for nothing, the text itself where it is not a whole number.

    >>> quantity_of("3 000"), quantity_of("1.500"), quantity_of(""), quantity_of("douze")
    (3000, 1500, None, 'douze')
    """
    if value is None or isinstance(value, int):
        return value
    text = typed.line(value)
    digits = re.sub(r"(?<=\d)[ .'\u00a0\u202f](?=\d{3}(?!\d))", "", text)
    if digits.isascii() and digits.isdigit() and len(digits) < 16:
        return int(digits)
    return text or None


def blank() -> Fields:
    """The fields of a need of which nothing is known: confidential until a person says otherwise."""
    return {
        **dict.fromkeys(LINES, ""),
        **dict.fromkeys((*DAYS, "quantity", "kind", "organisation", "contact")),
        "confidentiality": Confidentiality.RESTRICTED.value,
        "fictional": False,
    }


def faults(fields: Mapping[str, Any], known: Reference | None = None) -> Faults:
    """The faults of fields that `read` gave; those left out are blank.

    `known` is the reference of the lake, for who asks of many rows.
    """
    given = {**blank(), **fields}
    found = typed.too_long(Need, given, ("sentence", "object", "said_by"))
    if len(given["sentence"]) < 5:
        found["sentence"] = _("Écrivez le besoin en une phrase, comme il a été dit.")
    found |= _day_faults(given)
    number = given["quantity"]
    if isinstance(number, str) or (number is not None and not 0 < number <= MOST):
        found["quantity"] = _(
            "« {found} » n’est pas un nombre entier : 12, ou rien si on l’ignore."
        ).format(found=str(number)[:40])
    if given["unit"] and given["unit"] not in UNITS:
        found["unit"] = _("Choisissez une des unités : {known}.").format(known=", ".join(UNITS))
    elif given["unit"] and number is None:
        found["quantity"] = _("Une unité sans nombre : donnez le nombre, ou enlevez l’unité.")
    if isinstance(given["kind"], str):
        found["kind"] = _(
            "« {found} » n’est pas un type en usage : choisissez dans la liste."
        ).format(found=given["kind"][:40])
    if given["confidentiality"] not in Confidentiality.values:
        found["confidentiality"] = _("Choisissez une des réponses : {known}.").format(
            known=", ".join(str(label) for label in Confidentiality.labels)
        )
    if fault := _place_fault(given["place"], known):
        found["place"] = fault
    return found


def _day_faults(given: Mapping[str, Any]) -> Faults:
    found = {}
    for name in DAYS:
        if isinstance(given[name], str):
            found[name] = _("« {found} » n’est pas un jour : 15/03/2027.").format(
                found=given[name][:20]
            )
    said_on = given["said_on"]
    if said_on is None:
        found["said_on"] = _("Dites quel jour ce besoin a été exprimé, comme 12/03/2026.")
    elif isinstance(said_on, date) and said_on > timezone.localdate():
        found["said_on"] = _("Ce jour n’est pas encore venu : quand ce besoin a-t-il été dit ?")
    return found


def _place_fault(code: str, known: Reference | None) -> str:
    if not code:
        return ""
    known = known or reference()
    most = Need._meta.get_field("place").max_length or 0
    if (known.places is None and len(code) <= most) or (len(code) <= most and known.place(code)):
        return ""
    return _("« {found} » n’est pas un territoire connu : le nom d’une commune, ou rien.").format(
        found=code[:40]
    )


def outcome_faults(outcome: str, status: str) -> Faults:
    """The faults of what was answered, or of why a need is closed or opened again."""
    most = Need._meta.get_field("outcome").max_length or 0
    if len(outcome) > most:
        return {"outcome": typed.longer_than(outcome, most)}
    if len(outcome) >= 5:
        return {}
    if status == NeedStatus.ANSWERED:
        return {"outcome": _("Dites en une phrase ce qui a été répondu, et par qui.")}
    return {"outcome": _("Dites en une phrase pourquoi : elle reste dans l’histoire du besoin.")}

"""What a challenge must be: each fault is a sentence beside its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from perron.site.accounts.models import Confidentiality
from perron.site.directory import typed
from perron.site.directory.models import Family, Term
from perron.site.directory.organisations.reference import Reference, reference
from perron.site.directory.vocabulary import selectors as vocabulary
from perron.site.strategy.models import Challenge, Side, Stand

LINES = ("title", "sentence", "since", "until", "territory", "side", "status", "confidentiality")
FIELDS = (*LINES, "kind", "criteria", "fictional")

Fields = dict[str, Any]
Faults = dict[str, str]


def blank() -> Fields:
    """A challenge of which nothing was said."""
    return {
        **dict.fromkeys(LINES, ""),
        "status": Stand.OPEN.value,
        "confidentiality": Confidentiality.AGENCY.value,
        "kind": None,
        "criteria": [],
        "fictional": False,
    }


def read(given: Mapping[str, Any], keep: Challenge | None = None) -> Fields:
    """The fields as they are kept, of those that are given. Terms come as their codes."""
    found: Fields = {}
    for name, value in given.items():
        if name in LINES:
            found[name] = typed.line(value)
        elif name == "kind":
            code = value.code if isinstance(value, Term) else typed.line(value)
            found[name] = vocabulary.term(Family.CHALLENGE, code, keep.kind if keep else None)
        elif name == "criteria":
            found[name] = _criteria(value)
        elif name == "fictional":
            found[name] = bool(value)
        else:
            raise TypeError(f"a challenge has no {name}")
    return found


def _criteria(codes: Iterable[str]) -> list[Term]:
    """The criteria of these codes, unknown ones left out; those out of use stay where they were."""
    wanted = {str(code) for code in codes}
    return [term for term in vocabulary.every(Family.CRITERION) if term.code in wanted]


def faults(fields: Mapping[str, Any], known: Reference | None = None) -> Faults:
    """The faults of fields that `read` gave, all of them."""
    found = typed.too_long(Challenge, fields, ("title", "sentence"))
    for name in ("title", "sentence"):
        if len(fields[name]) < 3:
            found[name] = _("Ce champ est vide, ou presque : il faut au moins quelques mots.")
    if fields["kind"] is None:
        found["kind"] = _("Choisissez un type. La liste se règle dans Réglages.")
    for name, answers in (
        ("side", Side),
        ("status", Stand),
        ("confidentiality", Confidentiality),
    ):
        if fields[name] not in answers.values:
            found[name] = _("Choisissez une des réponses : {known}.").format(
                known=", ".join(str(label) for label in answers.labels)
            )
    for name in ("since", "until"):
        if fault := typed.period_fault(fields[name]):
            found[name] = fault
    since, until = fields["since"], fields["until"]
    if since and until and until[:4] < since[:4] and not {"since", "until"} & set(found):
        found["until"] = _("La fin ({until}) précède le début ({since}).").format(
            until=until, since=since
        )
    code = fields["territory"]
    if code and (known or reference()).place(code) is None:
        found["territory"] = _(
            "Le territoire {code} n’est pas dans la référence. Choisissez-en un de la liste."
        ).format(code=code[:20])
    return found

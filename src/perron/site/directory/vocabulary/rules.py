"""What a term must be: each fault as a sentence beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from perron.site.directory import typed
from perron.site.directory.models import Family, Term

LINES = ("name", "name_en", "inverse", "inverse_en", "description")
#: Fields that one family alone has.
ONLY = {"inverse": Family.LINK, "inverse_en": Family.LINK, "social": Family.CRITERION}

Fields = dict[str, Any]
Faults = dict[str, str]


def fields_of(family: str) -> tuple[str, ...]:
    """The fields that a term of a family has."""
    every = (*LINES, "social", "order")
    return tuple(name for name in every if ONLY.get(name, family) == family)


def read(family: str, given: Mapping[str, Any]) -> Fields:
    """The fields as they are kept, of those that are given and that the family has.

    A rank that cannot be read stays as typed, for its fault to quote.
    """
    found: Fields = {}
    for name in fields_of(family):
        if name not in given:
            continue
        if name in LINES:
            found[name] = typed.line(given[name])
        elif name == "social":
            found[name] = bool(given[name])
        else:
            text = typed.line(given[name])
            whole = text.isascii() and text.isdigit() and len(text) < 9
            found[name] = int(text) if whole else text
    return found


def faults(family: str, fields: Mapping[str, Any], of: Term | None = None) -> Faults:
    """The faults of fields that `read` gave."""
    given = {**dict.fromkeys(LINES, ""), "order": 100, **fields}
    found = typed.too_long(Term, given, LINES)
    if len(given["name"]) < 2:
        found["name"] = _("Donnez le mot : deux signes au moins.")
    elif not any(c.isalnum() for c in given["name"]):
        found["name"] = _("Ce mot n’a ni lettre ni chiffre : personne ne le reconnaîtrait.")
    elif same := _same(family, given["name"], of):
        found["name"] = (
            _("« {name} » est déjà dans cette liste.").format(name=same.name)
            if same.active
            else _(
                "« {name} » est déjà dans cette liste, hors d’usage : remettez-le en usage."
            ).format(name=same.name)
        )
    if family == Family.LINK and not given["inverse"]:
        found["inverse"] = _("Dites comment le lien se lit de l’autre bout : « est formé par ».")
    if not isinstance(given["order"], int) or not 0 <= given["order"] <= 9999:
        found["order"] = _("Le rang est un nombre de 0 à 9999 : le plus petit vient d’abord.")
    return found


def _same(family: str, name: str, of: Term | None) -> Term | None:
    """Another term that reads the same, case and accents aside."""
    wanted = typed.bare(name)
    others = Term.objects.filter(family=family).exclude(pk=of.pk if of else 0)
    return next((term for term in others if typed.bare(term.name) == wanted), None)


def code_of(family: str, name: str) -> str:
    """A code that no term of the family has, from its first name; renaming does not change it."""
    start = slugify(name)[:40] or "terme"
    taken = set(
        Term.objects.filter(family=family, code__startswith=start).values_list("code", flat=True)
    )
    if start not in taken:
        return start
    return next(f"{start}-{n}" for n in range(2, len(taken) + 3) if f"{start}-{n}" not in taken)

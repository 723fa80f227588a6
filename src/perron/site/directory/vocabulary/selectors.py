"""Questions about the agency's own words: what a form offers, and how many records use each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count, ForeignKey, Model, Q

from perron.site.directory.models import Family, Term


def terms(family: str, keep: Term | None = None) -> list[Term]:
    """The terms that a form offers: those in use, and `keep`, which the record already has."""
    offered = Q(active=True) | Q(pk=keep.pk) if keep else Q(active=True)
    return list(Term.objects.filter(offered, family=family))


def choices(family: str, keep: Term | None = None) -> list[tuple[str, str]]:
    """The same as the (code, words) of a choice."""
    return [(term.code, str(term)) for term in terms(family, keep)]


def every(family: str) -> list[Term]:
    """All terms of a family, those out of use as well: what a list filters by."""
    return list(Term.objects.filter(family=family))


def term(family: str, code: str, keep: Term | None = None) -> Term | None:
    """The term that a form sent back, None where it was not offered."""
    return next((found for found in terms(family, keep) if found.code == code), None)


def recognised(words: str, offered: Iterable[Term]) -> Term | None:
    """The term that a cell of an imported file means: its code or either name, case and accents aside.

    One family is read once with `terms`, then asked for every row.
    """
    wanted = _plain(words)
    if not wanted:
        return None
    return next(
        (t for t in offered if wanted in {_plain(t.code), _plain(t.name), _plain(t.name_en)}), None
    )


def _plain(words: str) -> str:
    """Words without case, accents, hyphens and doubled spaces."""
    split = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(c for c in split if not unicodedata.combining(c))
    return " ".join(bare.replace("-", " ").replace("’", "'").split())


@dataclass(frozen=True, slots=True)
class Used:
    """A term and how many records use it."""

    term: Term
    count: int


def used(family: str) -> list[Used]:
    """Every term of a family with its uses, those in use first."""
    found = every(family)
    counts = dict.fromkeys((t.pk for t in found), 0)
    for model, field in _pointing():
        rows = (
            model._default_manager.filter(**{f"{field}__family": family})
            .order_by()
            .values_list(field)
            .annotate(n=Count("pk"))
        )
        for key, n in rows:
            counts[key] += n
    return sorted(
        (Used(t, counts[t.pk]) for t in found), key=lambda u: (not u.term.active, u.term.order)
    )


def families() -> list[tuple[Family, int, int]]:
    """Each family with its number of terms in use, and out of use."""
    rows = Term.objects.order_by().values_list("family", "active").annotate(n=Count("pk"))
    counted = {(family, active): n for family, active, n in rows}
    return [(f, counted.get((f.value, True), 0), counted.get((f.value, False), 0)) for f in Family]


def _pointing() -> list[tuple[type[Model], str]]:
    """Every field of every app that points at a term, so that none has to be declared here."""
    return [
        (model, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is Term
    ]

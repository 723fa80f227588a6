"""The same organisation twice: found by its number, or by a name that is nearly the same."""

from __future__ import annotations

from rapidfuzz import fuzz

from perron.site.accounts.access import Reader, visible
from perron.site.directory.models import Organisation
from perron.site.directory.organisations import rules

#: From this likeness on (0 to 100), two plain names are shown side by side to a person.
ALIKE = 88
#: Names compared at most: those that begin with the same letters.
CANDIDATES = 3000
LETTERS = 3


def of_number(number: str, but: int | None = None) -> Organisation | None:
    """The organisation that has this number, whoever may see it: the number is there once."""
    if not number:
        return None
    found = Organisation.objects.filter(company_number=number, merged_into__isnull=True)
    return (found if but is None else found.exclude(pk=but)).first()


def alike(name: str, reader: Reader, number: str = "", most: int = 5) -> list[Organisation]:
    """Organisations that the reader may see with nearly this name, the nearest first.

    Two that have a number each are two: where `number` is given, only those without one are alike.
    """
    plain = rules.plain(name)
    if not plain:
        return []
    seen = visible(Organisation.objects.filter(merged_into__isnull=True), reader)
    if number:
        seen = seen.filter(company_number="")
    same = [(pk, plain) for pk in seen.filter(plain_name=plain).values_list("pk", flat=True)[:most]]
    near = seen.filter(plain_name__startswith=plain[:LETTERS]).order_by("plain_name")
    candidates = [*same, *near.values_list("pk", "plain_name")[:CANDIDATES]]
    scored = {pk: score for pk, other in candidates if (score := likeness(plain, other)) >= ALIKE}
    best = sorted(scored, key=lambda pk: (-scored[pk], pk))[:most]
    found = Organisation.objects.select_related("kind").in_bulk(best)
    return [found[pk] for pk in best]


def likeness(one: str, other: str) -> float:
    """How alike two plain names are, 0 to 100, whatever the order of their words.

    >>> likeness("ateliers du val", "val ateliers du") > likeness("ateliers du val", "moulins du val")
    True
    """
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))

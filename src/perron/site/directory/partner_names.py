"""The organisations of external partners, named for the app of accounts, which lies below this one."""

from __future__ import annotations

from collections.abc import Iterable

from perron.site.directory.models import Organisation
from perron.site.directory.organisations.rules import plain

#: More answers than this are no choice: the name is to be written whole.
_MOST = 7


def named(keys: Iterable[int]) -> dict[int, str]:
    """Names by key, in one query."""
    return dict(Organisation.objects.filter(pk__in=list(keys)).values_list("pk", "name"))


def matching(text: str) -> list[tuple[int, str]]:
    """The organisations of this name whatever its accents and case; else those that begin with it."""
    wanted = plain(text)
    if not wanted:
        return []
    kept = Organisation.objects.filter(merged_into=None).order_by("plain_name", "pk")
    whole = list(kept.filter(plain_name=wanted).values_list("pk", "name")[:_MOST])
    return whole or list(
        kept.filter(plain_name__startswith=wanted).values_list("pk", "name")[:_MOST]
    )


def for_demonstration() -> int | None:
    """An organisation that the partner of a demonstration can stand for: an invented one first."""
    kept = Organisation.objects.filter(merged_into=None).order_by("-fictional", "pk")
    return kept.values_list("pk", flat=True).first()

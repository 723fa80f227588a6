"""Memories as things: what links, search and the log show of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import get_language

from perron import formats
from perron.site.accounts.access import Reader, visible
from perron.site.directory.models import Memory
from perron.site.directory.organisations.things import numbers
from perron.site.directory.things import Thing


def memories(keys: Iterable[str], reader: Reader) -> Mapping[str, Thing]:
    """Memories by key."""
    found = visible(Memory.objects.filter(pk__in=numbers(keys)), reader).select_related("kind")
    language = (get_language() or "fr")[:2]
    return {
        str(one.pk): Thing(
            "memory",
            str(one.pk),
            one.title,
            reverse("memory", args=[one.pk]),
            f"{one.kind}, {formats.period(one.period, language)}",
            one.fictional,
        )
        for one in found
    }

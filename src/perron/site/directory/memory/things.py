"""Memories as things: what links, search and the log show of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from perron.site.accounts.access import Reader, visible
from perron.site.directory.memory.words import when
from perron.site.directory.models import Memory
from perron.site.directory.organisations.things import numbers
from perron.site.directory.things import Thing


def memories(keys: Iterable[str], reader: Reader) -> Mapping[str, Thing]:
    """Memories by key."""
    found = visible(Memory.objects.filter(pk__in=numbers(keys)), reader).select_related("kind")
    return {
        str(one.pk): Thing(
            "memory",
            str(one.pk),
            one.title,
            reverse("memory", args=[one.pk]),
            f"{one.kind}, {when(one.period)}",
            one.fictional,
        )
        for one in found
    }

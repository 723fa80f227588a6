"""Needs as things: what links, search and the log show of them, to who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from perron.site.accounts.access import Reader, visible
from perron.site.directory.models import Need
from perron.site.directory.organisations.things import numbers
from perron.site.directory.things import Thing


def needs(keys: Iterable[str], reader: Reader) -> Mapping[str, Thing]:
    """Needs by key."""
    found = visible(Need.objects.filter(pk__in=numbers(keys)), reader).select_related("kind")
    return {
        str(one.pk): Thing(
            "need",
            str(one.pk),
            one.sentence,
            reverse("need", args=[one.pk]),
            " · ".join([str(one.kind)] * bool(one.kind) + [str(one.get_status_display())]),
            one.fictional,
        )
        for one in found
    }

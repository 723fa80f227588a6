"""Contacts as things: seen by who may read them, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from perron.site.accounts.access import Reader, visible
from perron.site.directory.models import Contact
from perron.site.directory.organisations.things import numbers
from perron.site.directory.things import Thing


def contacts(keys: Iterable[str], reader: Reader) -> Mapping[str, Thing]:
    """Contacts by key."""
    found = visible(Contact.objects.filter(pk__in=numbers(keys)), reader)
    return {
        str(one.pk): Thing(
            "contact",
            str(one.pk),
            str(one),
            reverse("contact", args=[one.pk]),
            one.function,
            one.fictional,
        )
        for one in found.select_related("organisation")
    }

"""Organisations, sectors and places as things: what links, search and the log show of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from perron.site.accounts.access import Reader, visible
from perron.site.directory.models import Organisation
from perron.site.directory.organisations.reference import language, reference
from perron.site.directory.things import Thing


def numbers(keys: Iterable[str]) -> list[int]:
    """The keys that may be those of a record."""
    return [int(k) for k in keys if k.isascii() and k.isdigit() and len(k) < 18]


def organisations(keys: Iterable[str], reader: Reader) -> Mapping[str, Thing]:
    """Organisations by key; one that was merged into another is not there any more."""
    kept = Organisation.objects.filter(pk__in=numbers(keys), merged_into__isnull=True)
    fields = ("name", "place", "fictional", "kind")
    found = visible(kept, reader).only(*fields).prefetch_related("kind")
    known = reference()
    return {str(one.pk): thing(one, known.place_name(one.place)) for one in found}


def thing(organisation: Organisation, place: str = "") -> Thing:
    """One organisation."""
    context = [str(organisation.kind) if organisation.kind else "", place]
    return Thing(
        "organisation",
        str(organisation.pk),
        organisation.name,
        reverse("organisation", args=[organisation.pk]),
        " · ".join(part for part in context if part),
        organisation.fictional,
    )


def sectors(keys: Iterable[str], reader: Reader) -> Mapping[str, Thing]:
    """Activities by their code: public, as the classification is."""
    tree = reference().activities
    if tree is None:
        return {}
    return {
        key: Thing(
            "sector",
            key,
            tree[key].label(language()),
            reverse("sector", args=[key]),
            _("secteur, NACE-BEL {code}").format(code=tree[key].written),
        )
        for key in keys
        if key in tree
    }


def places(keys: Iterable[str], reader: Reader) -> Mapping[str, Thing]:
    """Territories by their code: public, as the reference is."""
    known = reference()
    return {
        key: Thing(
            "place", key, place.name(language()), reverse("place", args=[key]), _("territoire")
        )
        for key in keys
        if (place := known.place(key))
    }

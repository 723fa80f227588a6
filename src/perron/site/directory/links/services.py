"""Verbs on links between two things. The log of each end says it without naming the other."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from perron.errors import InputError, RefusedError, demand
from perron.site.accounts.access import Capability, Reader
from perron.site.accounts.log import record
from perron.site.directory import typed
from perron.site.directory.links import rules
from perron.site.directory.links.rules import Name
from perron.site.directory.models import Link, Term
from perron.site.directory.rights import demand_right
from perron.site.directory.things import Thing, kinds, resolved


@transaction.atomic
def add_link(
    reader: Reader,
    kind: Term | str,
    from_: Name,
    to: Name,
    reason: str,
    *,
    source: str = "",
    since: str = "",
    until: str = "",
    fictional: bool = False,
) -> Link:
    """Link two things that the reader may see; `kind` is a term of the family "link" or its code.

    RefusedError with a sentence by field ("kind", "reason", "since", "until", "from", "to").
    """
    demand_right(reader, Capability.DIRECTORY_WRITE)
    fields = rules.read(
        {
            "kind": kind,
            "reason": reason,
            "source": source,
            "since": since,
            "until": until,
            "fictional": fictional,
        }
    )
    faults = rules.faults(fields)
    ends = (str(from_[0]), str(from_[1])), (str(to[0]), str(to[1]))
    things = resolved(ends, reader)
    for name, end in zip(("from", "to"), ends, strict=True):
        if end not in things:
            faults[name] = _("Cette chose n’existe pas, ou ne vous est pas ouverte.")
    if ends[0] == ends[1]:
        faults["to"] = _("Une chose ne se lie pas à elle-même : choisissez-en une autre.")
    demand(faults)
    if _there(fields["kind"], *ends):
        raise RefusedError({"to": already()})
    (from_kind, from_key), (to_kind, to_key) = ends
    try:
        with transaction.atomic():
            link = Link.objects.create(
                **fields, from_kind=from_kind, from_key=from_key, to_kind=to_kind, to_key=to_key
            )
    except IntegrityError:  # another person was first with the same link
        raise RefusedError({"to": already()}) from None
    _logged(reader, link, "link-added", _("Lien ajouté : « {words} », {other}."))
    return link


@transaction.atomic
def withdraw_link(reader: Reader, link: int, because: str) -> Link:
    """Say that a link does not hold, with the reason; the row stays."""
    demand_right(reader, Capability.DIRECTORY_WRITE)
    why = typed.line(because)
    demand(rules.reason_faults(why))
    found = (
        Link.objects.select_for_update(of=("self",))
        .select_related("kind")
        .filter(pk=link, withdrawn_because="")
        .first()
    )
    if found is None or len(ends_of(found, reader)) < 2:
        raise InputError(_("Ce lien n’existe pas, ou a été retiré."))
    found.withdrawn_because = why
    found.save(update_fields=["withdrawn_because"])
    _logged(reader, found, "link-withdrawn", _("Lien retiré : « {words} », {other}."))
    return found


def ends_of(link: Link, reader: Reader) -> dict[Name, Thing]:
    """The ends of a link that the reader may see: two, or the link does not exist for them."""
    return resolved(((link.from_kind, link.from_key), (link.to_kind, link.to_key)), reader)


def already() -> str:
    return _("Ce lien est déjà là. Retirez-le d’abord si sa raison est fausse.")


def _there(kind: Term, one: Name, other: Name) -> bool:
    """Whether the same link holds; one that reads alike from both ends is the same either way."""
    same = Q(from_kind=one[0], from_key=one[1], to_kind=other[0], to_key=other[1])
    if kind.inverse == kind.name:
        same |= Q(from_kind=other[0], from_key=other[1], to_kind=one[0], to_key=one[1])
    return Link.objects.filter(same, kind=kind, withdrawn_because="").exists()


def _logged(reader: Reader, link: Link, action: str, said: str) -> None:
    """One entry an end. The other end is told by its kind only: it may be closed to who reads this one."""
    ends = (
        (link.from_kind, link.from_key, link.kind.name, link.to_kind),
        (link.to_kind, link.to_key, link.kind.inverse or link.kind.name, link.from_kind),
    )
    for kind, key, words, other in ends:
        known = kinds().get(other)
        label = str(known.label) if known else other
        record(reader, action, kind, key, said.format(words=words, other=label), {"link": link.pk})

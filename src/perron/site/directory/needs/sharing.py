"""Who may read a need: its confidentiality, its owner, and the persons named one by one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError, RefusedError, demand
from perron.site.accounts.access import Capability, Reader
from perron.site.accounts.models import Confidentiality, Grant, User
from perron.site.directory import records
from perron.site.directory.models import Need
from perron.site.directory.organisations.things import numbers
from perron.site.directory.rights import demand_right

KIND = "need"


def may_share(reader: Reader, need: Need) -> bool:
    """Whether this person decides who reads it: of a confidential one, its owner or who reads all of them."""
    if not reader.can(Capability.NEEDS_WRITE):
        return False
    if need.confidentiality != Confidentiality.RESTRICTED:
        return True
    own = need.owner_id is not None and need.owner_id == reader.user
    return own or reader.can(Capability.CONFIDENTIAL)


@transaction.atomic
def change_readers(
    reader: Reader,
    need: int,
    revision: int | None = None,
    *,
    confidentiality: str,
    owner: Any = None,
) -> Need:
    """Change who may read a need. `owner` is the key of an account, empty for nobody."""
    found = _shared(reader, need, revision)
    person = _person(owner)
    faults = {}
    if confidentiality not in Confidentiality.values:
        faults["confidentiality"] = _("Choisissez une des réponses : {known}.").format(
            known=", ".join(str(label) for label in Confidentiality.labels)
        )
    if owner and person is None:
        faults["owner"] = _("Cette personne n’a pas de compte actif : choisissez dans la liste.")
    elif confidentiality == Confidentiality.RESTRICTED and person is None:
        faults["owner"] = _("Un besoin confidentiel a un responsable : choisissez-le.")
    demand(faults)
    was, before = found.get_confidentiality_display(), found.owner_id
    changes = records.apply(found, {"confidentiality": str(confidentiality)})
    if before != (person.pk if person else None):
        # The log keeps no name: `owner` says that it changed, the page who it is now.
        found.owner = person
        changes["owner"] = []
    if changes:
        said = (
            _("Confidentialité : {was} → {now}.").format(
                was=was, now=found.get_confidentiality_display()
            )
            if "confidentiality" in changes
            else _("Responsable changé.")
        )
        records.saved(reader, found, "need-readers-changed", said, changes)
    return found


@transaction.atomic
def name_reader(reader: Reader, need: int, user: Any) -> Grant:
    """Let one more person read a confidential need."""
    found = _shared(reader, need)
    person = _person(user)
    if person is None:
        raise RefusedError(
            {"user": _("Cette personne n’a pas de compte actif : choisissez dans la liste.")}
        )
    grant, new = Grant.objects.get_or_create(
        user=person,
        kind=KIND,
        key=str(found.pk),
        defaults={"given_by": reader.person, "at": timezone.now()},
    )
    if not new:
        raise RefusedError({"user": _("Cette personne peut déjà lire ce besoin.")})
    records.logged(
        reader, found, "reader-named", _("Une personne de plus peut lire ce besoin."), {}
    )
    return grant


@transaction.atomic
def take_back(reader: Reader, need: int, grant: int) -> None:
    """Stop a person whom `name_reader` named from reading it."""
    found = _shared(reader, need)
    gone, _each = Grant.objects.filter(pk=grant, kind=KIND, key=str(found.pk)).delete()
    if not gone:
        raise InputError(_("Cette personne n’est plus nommée sur ce besoin."))
    said = _("Une personne ne peut plus lire ce besoin par son nom.")
    records.logged(reader, found, "reader-taken-back", said, {})


def readers_of(need: Need) -> list[Grant]:
    """The persons named on a need."""
    named = Grant.objects.filter(kind=KIND, key=str(need.pk))
    return list(named.select_related("user__role").order_by("user__last_name", "pk"))


def _shared(reader: Reader, need: int, revision: int | None = None) -> Need:
    """The need, locked, of one who decides who reads it."""
    demand_right(reader, Capability.NEEDS_WRITE)
    found = records.locked(Need, need, reader, revision)
    if not may_share(reader, found):
        raise InputError(_("Seul le responsable d’un besoin confidentiel dit qui peut le lire."))
    return found


def _person(key: Any) -> User | None:
    number = next(iter(numbers([str(key or "")])), -1)
    return User.objects.filter(pk=number, is_active=True).first()

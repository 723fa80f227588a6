"""Who may read an organisation: its confidentiality, its owner, and the persons named one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError, RefusedError, demand
from perron.site.accounts.access import Capability, Reader
from perron.site.accounts.models import Confidentiality, Grant, User
from perron.site.directory import records
from perron.site.directory.models import Organisation
from perron.site.directory.organisations import rules
from perron.site.directory.organisations.services import demand_kept
from perron.site.directory.rights import demand_right

KIND = "organisation"


def may_share(reader: Reader, organisation: Organisation) -> bool:
    """Whether this person decides who reads it: of a confidential one, its owner or who reads all of them."""
    if not reader.can(Capability.DIRECTORY_WRITE):
        return False
    if organisation.confidentiality != Confidentiality.RESTRICTED:
        return True
    own = organisation.owner_id is not None and organisation.owner_id == reader.user
    return own or reader.can(Capability.CONFIDENTIAL)


@transaction.atomic
def change_readers(
    reader: Reader,
    organisation: int,
    revision: int | None = None,
    *,
    confidentiality: str,
    owner: Any = None,
) -> Organisation:
    """Change who may read an organisation. `owner` is the key of an account, empty for nobody."""
    found = _shared(reader, organisation, revision)
    person = _person(owner)
    faults = {}
    if confidentiality not in Confidentiality.values:
        faults["confidentiality"] = rules.confidentiality_fault()
    if owner and person is None:
        faults["owner"] = _("Cette personne n’a pas de compte actif : choisissez dans la liste.")
    elif confidentiality == Confidentiality.RESTRICTED and person is None:
        faults["owner"] = _("Une fiche confidentielle a un responsable : choisissez-le.")
    demand(faults)
    was = found.get_confidentiality_display()
    before = found.owner_id
    changes = records.apply(found, {"confidentiality": str(confidentiality)})
    if before != (person.pk if person else None):
        # The log keeps no name: `owner` says that it changed, the page who it is now.
        found.owner = person
        changes["owner"] = []
    if changes:
        now = found.get_confidentiality_display()
        said = (
            _("Confidentialité : {was} → {now}.").format(was=was, now=now)
            if "confidentiality" in changes
            else _("Responsable changé.")
        )
        records.saved(reader, found, "organisation-readers-changed", said, changes)
    return found


@transaction.atomic
def name_reader(reader: Reader, organisation: int, user: Any) -> Grant:
    """Let one more person read a confidential organisation."""
    found = _shared(reader, organisation)
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
        raise RefusedError({"user": _("Cette personne peut déjà lire cette fiche.")})
    records.logged(
        reader, found, "reader-named", _("Une personne de plus peut lire cette fiche."), {}
    )
    return grant


@transaction.atomic
def take_back(reader: Reader, organisation: int, grant: int) -> None:
    """Stop a person whom `name_reader` named from reading it."""
    found = _shared(reader, organisation)
    gone, _each = Grant.objects.filter(pk=grant, kind=KIND, key=str(found.pk)).delete()
    if not gone:
        raise InputError(_("Cette personne n’est plus nommée sur cette fiche."))
    said = _("Une personne ne peut plus lire cette fiche par son nom.")
    records.logged(reader, found, "reader-taken-back", said, {})


def readers_of(organisation: Organisation) -> list[Grant]:
    """The persons named on an organisation."""
    named = Grant.objects.filter(kind=KIND, key=str(organisation.pk))
    return list(named.select_related("user__role").order_by("user__last_name", "pk"))


def persons() -> list[tuple[str, str]]:
    """(key, name and role) of the accounts that can be named or be responsible."""
    active = User.objects.filter(is_active=True, role__isnull=False).select_related("role")
    return [(str(user.pk), f"{user} · {user.role}") for user in active.order_by("last_name", "pk")]


def but(pairs: Iterable[tuple[str, str]], keys: Iterable[int]) -> list[tuple[str, str]]:
    """The pairs whose key is not among these."""
    left_out = {str(key) for key in keys}
    return [pair for pair in pairs if pair[0] not in left_out]


def _shared(reader: Reader, organisation: int, revision: int | None = None) -> Organisation:
    """The organisation, locked, of one who decides who reads it."""
    demand_right(reader, Capability.DIRECTORY_WRITE)
    found = records.locked(Organisation, organisation, reader, revision)
    demand_kept(found)
    if not may_share(reader, found):
        raise InputError(_("Seul le responsable d’une fiche confidentielle dit qui peut la lire."))
    return found


def _person(key: Any) -> User | None:
    text = str(key or "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1
    return User.objects.filter(pk=number, is_active=True).first()

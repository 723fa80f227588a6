"""Who may read a decision: its confidentiality, who follows it, and the persons named one by one.

No part of the chain: rights change, what was decided does not.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError, RefusedError, demand
from perron.site.accounts.access import Capability, Reader
from perron.site.accounts.models import Confidentiality, Grant, User
from perron.site.directory.records import locked, logged
from perron.site.directory.rights import demand_right
from perron.site.ledger.models import Commitment
from perron.site.ledger.services import change_settings

KIND = "commitment"


def may_share(reader: Reader, found: Commitment) -> bool:
    """Whether this person decides who reads it: of a confidential one, its owner or who reads all."""
    if not reader.can(Capability.LEDGER_WRITE):
        return False
    if found.confidentiality != Confidentiality.RESTRICTED:
        return True
    own = found.owner_id is not None and found.owner_id == reader.user
    return own or reader.can(Capability.CONFIDENTIAL)


@transaction.atomic
def change_readers(
    reader: Reader,
    *,
    commitment: int,
    revision: int,
    confidentiality: str,
    owner: Any = None,
) -> Commitment:
    """Change who may read a decision and who follows it. `owner` is the key of an account, or nothing."""
    _shared(reader, commitment, revision)
    person = _person(owner)
    faults = {}
    if owner and person is None:
        faults["owner"] = _no_account()
    elif confidentiality == Confidentiality.RESTRICTED and person is None:
        faults["owner"] = _("Une décision confidentielle garde quelqu’un qui la suit.")
    demand(faults)
    return change_settings(
        reader,
        commitment=commitment,
        revision=revision,
        confidentiality=confidentiality,
        owner=person.pk if person else None,
    )


@transaction.atomic
def name_reader(reader: Reader, *, commitment: int, user: Any) -> Grant:
    """Let one more person read a confidential decision."""
    found = _shared(reader, commitment)
    person = _person(user)
    if person is None:
        raise RefusedError({"user": _no_account()})
    grant, new = Grant.objects.get_or_create(
        user=person,
        kind=KIND,
        key=str(found.pk),
        defaults={"given_by": reader.person, "at": timezone.now()},
    )
    if not new:
        raise RefusedError({"user": _("Cette personne peut déjà lire cette décision.")})
    said = _("Décision {n} : une personne de plus peut la lire.")
    logged(reader, found, "reader-named", said.format(n=found.reference), {})
    return grant


@transaction.atomic
def take_back(reader: Reader, *, commitment: int, grant: int) -> None:
    """Stop a person whom `name_reader` named from reading it."""
    found = _shared(reader, commitment)
    gone, _each = Grant.objects.filter(pk=grant, kind=KIND, key=str(found.pk)).delete()
    if not gone:
        raise InputError(_("Cette personne n’est plus nommée sur cette décision."))
    said = _("Décision {n} : une personne ne peut plus la lire par son nom.")
    logged(reader, found, "reader-taken-back", said.format(n=found.reference), {})


def readers_of(found: Commitment) -> list[Grant]:
    """The persons named on a decision."""
    named = Grant.objects.filter(kind=KIND, key=str(found.pk))
    return list(named.select_related("user__role").order_by("user__last_name", "pk"))


def _no_account() -> str:
    return _("Cette personne n’a pas de compte actif : choisissez dans la liste.")


def _shared(reader: Reader, commitment: int, revision: int | None = None) -> Commitment:
    """The decision, locked, of one who decides who reads it."""
    demand_right(reader, Capability.LEDGER_WRITE)
    found = locked(Commitment, commitment, reader, revision)
    if not may_share(reader, found):
        raise InputError(_("Seul qui suit une décision confidentielle dit qui peut la lire."))
    return found


def _person(key: Any) -> User | None:
    text = str(key or "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1
    return User.objects.filter(pk=number, is_active=True).first()

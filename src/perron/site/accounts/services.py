"""Changing who people are and what they may do. Whatever is done, somebody still keeps the keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.config import config
from perron.errors import InputError, RefusedError, demand
from perron.site.accounts import log
from perron.site.accounts.access import Capability, Reader, person_of
from perron.site.accounts.backends import DEMONSTRATION_DOMAIN
from perron.site.accounts.invitations import (
    PARTNER,
    accept,
    accept_by_address,
    invite,
    may_give,
    named,
    revoke,
    role_given,
)
from perron.site.accounts.models import Invitation, Role, User

__all__ = [
    "accept",
    "accept_by_address",
    "change_rights",
    "erase",
    "forget_expired",
    "invite",
    "open_password",
    "remove_second_factor",
    "rename",
    "revoke",
    "set_active",
]


def locked() -> None:
    """Changes of rights wait for one another: two of the last two keepers cannot leave at once."""
    list(Role.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def demand_keeper(field: str = "role") -> None:
    """RefusedError where nobody would be left to manage people."""
    keepers = User.objects.filter(is_active=True, role__active=True)
    if not config().demonstration:
        keepers = keepers.exclude(email__iendswith=DEMONSTRATION_DOMAIN)
    # A list of words in JSON is read here: the two databases ask for it differently.
    roles: Iterable[list[str]] = keepers.values_list("role__capabilities", flat=True)
    if not any(Capability.PEOPLE in words for words in roles):
        raise RefusedError(
            {
                field: _(
                    "C’est la dernière personne active qui gère les personnes. Donnez d’abord ce droit à une autre."
                )
            }
        )


def _found(reader: Reader, key: int) -> User:
    """A person whose rights the reader may change, locked."""
    user = (
        User.objects.select_for_update(of=("self",)).select_related("role").filter(pk=key).first()
    )
    if user is None:
        raise InputError(_("Cette personne n’existe pas, ou a été effacée."))
    if user.role and not may_give(reader, user.role):
        raise RefusedError(
            {
                "role": _(
                    "Cette personne a des droits que vous n’avez pas : une autre doit le faire."
                )
            }
        )
    return user


def _with_rights_changed(user: User, **fields: Any) -> None:
    """Save, and end the sessions opened under the rights of before."""
    for name, value in fields.items():
        setattr(user, name, value)
    user.rights_revision = F("rights_revision") + 1
    user.save(update_fields=[*fields, "rights_revision"])


@transaction.atomic
def change_rights(reader: Reader, key: int, role: str, organisation: int | None) -> bool:
    """Give a person a role, and a partner an organisation. Says whether anything changed."""
    locked()
    user = _found(reader, key)
    faults: dict[str, str] = {}
    given = role_given(reader, role, faults)
    if given and given.code == PARTNER and organisation is None:
        faults["organisation"] = _(
            "Un partenaire externe appartient à une organisation : laquelle ?"
        )
    demand(faults)
    assert given is not None
    kept = organisation if given.code == PARTNER else None
    if (user.role_id, user.organisation) == (given.pk, kept):
        return False
    before = user.role.name if user.role else ""
    _with_rights_changed(user, role=given, organisation=kept)
    demand_keeper()
    said = _("Change les droits d’une personne : rôle « {role} ».").format(role=given.name)
    log.record(reader, "rights", "person", person_of(user), said, {_("rôle"): [before, given.name]})
    return True


@transaction.atomic
def set_active(reader: Reader, key: int, active: bool) -> bool:
    """Close an account without erasing it, or open it again. Says whether anything changed."""
    locked()
    user = _found(reader, key)
    if user.is_active == active:
        return False
    _with_rights_changed(user, is_active=active)
    demand_keeper("active")
    said = _("Rouvre un compte.") if active else _("Ferme un compte.")
    log.record(reader, "open" if active else "close", "person", person_of(user), said)
    return True


@transaction.atomic
def erase(reader: Reader, key: int) -> None:
    """Forget a person: what they did stays under an identifier that names nobody."""
    locked()
    user = _found(reader, key)
    person = person_of(user)
    # Before the account goes: afterwards the actor of this very entry may be gone too.
    log.record(reader, "erase", "person", person, _("Efface une personne."))
    AccessAttempt.objects.filter(username=user.username).delete()
    Invitation.objects.filter(email=user.email).delete()
    user.delete()
    demand_keeper("active")


@transaction.atomic
def open_password(reader: Reader, key: int) -> User:
    """Note that a link to a new password is made for a person, who is given back for it."""
    user = _found(reader, key)
    if not user.is_active:
        raise InputError(_("Ce compte est fermé : rouvrez-le d’abord."))
    said = _("Fait un lien de nouveau mot de passe pour une personne.")
    log.record(reader, "password-link", "person", person_of(user), said)
    return user


@transaction.atomic
def remove_second_factor(reader: Reader, key: int) -> int:
    """Take codes and keys off an account whose owner has lost them; gives how many."""
    user = _found(reader, key)
    count: int = Authenticator.objects.filter(user=user).delete()[0]
    if count:
        _with_rights_changed(user)
        said = _("Retire la double protection d’un compte.")
        log.record(reader, "unprotect", "person", person_of(user), said)
    return count


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows about people's comings and goings were of no more use."""

    sessions: int
    attempts: int


def forget_expired() -> Forgotten:
    """Delete the sessions that are over and the failed attempts that close no door any more."""
    now = timezone.now()
    sessions: int = Session.objects.filter(expire_date__lt=now).delete()[0]
    past = AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME)
    attempts: int = past.delete()[0]
    return Forgotten(sessions, attempts)


@transaction.atomic
def rename(reader: Reader, first_name: str, last_name: str) -> None:
    """Change one's own names."""
    user = User.objects.select_for_update(of=("self",)).get(pk=reader.user or 0)
    named(user, first_name, last_name)
    user.save(update_fields=["first_name", "last_name"])
    log.record(reader, "rename", "person", reader.person, _("Change son nom."))

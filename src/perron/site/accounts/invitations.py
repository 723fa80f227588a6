"""Inviting by a link that makes one account: the only way to become a person here.

Only the SHA-256 of the link is kept: who reads the database cannot use an invitation.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError, RefusedError, demand
from perron.site.accounts import log
from perron.site.accounts.access import ANYONE, Reader, reader_of_user
from perron.site.accounts.backends import DEMONSTRATION_DOMAIN
from perron.site.accounts.models import Invitation, Person, Role, User

#: How long a link may be valid, in days.
LONGEST = 30
#: The role whose people belong to an organisation of the directory.
PARTNER = "partner"
_NAME = 150


def digest(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def may_give(reader: Reader, role: Role) -> bool:
    """Nobody gives, or takes, a right that they don't have."""
    return set(role.capabilities) <= set(reader.capabilities)


def role_given(reader: Reader, code: str, faults: dict[str, str]) -> Role | None:
    """The active role of a code that the reader may give; the fault is noted otherwise."""
    role = Role.objects.filter(code=code, active=True).first()
    if role is None:
        faults["role"] = _("Choisissez un rôle de la liste.")
    elif not may_give(reader, role):
        faults["role"] = _(
            "Ce rôle a des droits que vous n’avez pas : vous ne pouvez pas le donner."
        )
    else:
        return role
    return None


@transaction.atomic
def invite(
    reader: Reader, email: str, role: str, organisation: int | None = None, days: int | str = 7
) -> tuple[Invitation, str]:
    """Make an invitation and its secret, which is shown once. An earlier one to this address ends."""
    faults: dict[str, str] = {}
    address = email.strip().lower()
    try:
        validate_email(address)
        if len(address) > _NAME:
            raise ValidationError("")
    except ValidationError:
        faults["email"] = _("Ce n’est pas une adresse e-mail complète, comme anne@exemple.be.")
    else:
        if address.endswith(DEMONSTRATION_DOMAIN):
            faults["email"] = _("Les adresses en exemple.test sont réservées à la démonstration.")
        elif User.objects.filter(username=address).exists():
            faults["email"] = _("Cette adresse a déjà un compte.")
    given = role_given(reader, role, faults)
    if given and given.code == PARTNER and organisation is None:
        faults["organisation"] = _(
            "Un partenaire externe appartient à une organisation : laquelle ?"
        )
    number = int(days) if str(days).isascii() and str(days).isdigit() and len(str(days)) < 4 else 0
    if not 1 <= number <= LONGEST:
        faults["days"] = _("Un nombre de jours entre 1 et {most}.").format(most=LONGEST)
    demand(faults)
    assert given is not None
    now = timezone.now()
    Invitation.objects.filter(email=address, accepted=None, revoked=None).update(revoked=now)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        token=digest(token),
        email=address,
        role=given,
        organisation=organisation if given.code == PARTNER else None,
        invited_by=reader.person,
        created=now,
        expires=now + timedelta(days=number),
    )
    said = _("Invite une personne au rôle « {role} ».").format(role=given.name)
    log.record(reader, "invite", "invitation", made.pk, said)
    return made, token


@transaction.atomic
def revoke(reader: Reader, key: int) -> None:
    """End an invitation that waits."""
    found = Invitation.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if found is None or found.accepted or found.revoked:
        raise InputError(_("Cette invitation n’attend plus : il n’y a rien à retirer."))
    found.revoked = timezone.now()
    found.save(update_fields=["revoked"])
    log.record(reader, "revoke", "invitation", found.pk, _("Retire une invitation."))


def waiting(token: str, *, lock: bool = False) -> Invitation:
    """The invitation of a link that can still be used; InputError says in plain words why not."""
    found = Invitation.objects.filter(token=digest(token)).select_related("role")
    one = (found.select_for_update(of=("self",)) if lock else found).first()
    if one is None:
        raise InputError(_("Ce lien n’est pas une invitation de Perron, ou il est incomplet."))
    if one.accepted:
        raise InputError(
            _("Cette invitation a déjà servi. Si le compte est le vôtre, connectez-vous.")
        )
    if one.revoked:
        raise InputError(_("Cette invitation a été retirée, ou remplacée par une plus récente."))
    if one.expires <= timezone.now():
        raise InputError(_("Cette invitation a expiré : un lien ne vaut que quelques jours."))
    return one


@transaction.atomic
def accept(token: str, first_name: str, last_name: str, password: str, again: str) -> User:
    """Make the account of an invitation."""
    invitation = waiting(token, lock=True)
    user = _new(invitation)
    faults = _names(user, first_name, last_name)
    if password != again:
        faults["again"] = _("Les deux mots de passe diffèrent.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults["password"] = " ".join(error.messages)
    demand(faults)
    user.set_password(password)
    return _made(invitation, user)


@transaction.atomic
def accept_by_address(email: str, first_name: str, last_name: str) -> User:
    """Make the account of the invitation to an address that an identity provider vouches for."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(email=email, accepted=None, revoked=None, expires__gt=timezone.now())
        .select_related("role")
        .first()
    )
    if invitation is None:
        raise RefusedError({"email": _("Cette adresse n’a ni compte ni invitation.")})
    user = _new(invitation)
    _names(user, first_name[:_NAME], last_name[:_NAME])  # as the provider has them, even none
    user.set_unusable_password()
    return _made(invitation, user)


def _new(invitation: Invitation) -> User:
    return User(
        username=invitation.email,
        email=invitation.email,
        role=invitation.role,
        organisation=invitation.organisation,
    )


def named(user: User, first_name: str, last_name: str) -> None:
    """Set the names of a person; RefusedError where one is missing or too long."""
    demand(_names(user, first_name, last_name))


def _names(user: User, first_name: str, last_name: str) -> dict[str, str]:
    """Set the names of a person, and say their faults."""
    faults = {}
    for field, typed, asked in (
        ("first_name", first_name, _("votre prénom")),
        ("last_name", last_name, _("votre nom")),
    ):
        name = " ".join(typed.split())
        if not name:
            faults[field] = _("Écrivez {what}.").format(what=asked)
        elif len(name) > _NAME or "\0" in name:
            faults[field] = _("Au plus {most} caractères.").format(most=_NAME)
        else:
            setattr(user, field, name)
    return faults


def _made(invitation: Invitation, user: User) -> User:
    if not invitation.role.active:
        raise InputError(_("Le rôle de cette invitation n’existe plus. Demandez-en une autre."))
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise InputError(_("Cette adresse a déjà un compte. Connectez-vous.")) from error
    person = Person.objects.create(user=user)
    invitation.accepted = timezone.now()
    invitation.save(update_fields=["accepted"])
    said = _("Ouvre son compte, au rôle « {role} ».").format(role=invitation.role.name)
    reader = reader_of_user(user) if user.is_active else ANYONE
    log.record(reader, "join", "person", person.pk, said)
    return user

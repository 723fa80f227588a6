"""The accounts of a demonstration: one a role, invented, with one public password.

They exist only where `perron demo` left its mark and no public address is set; everywhere else the
backend refuses them (perron.site.accounts.backends).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from perron.config import config
from perron.errors import InputError
from perron.site.accounts.backends import DEMONSTRATION_DOMAIN
from perron.site.accounts.models import Role, User
from perron.translation import gettext as _

#: Public on purpose: it is printed, and shown on the page of sign-in.
PASSWORD = "perron-exemple"  # noqa: S105 # public on purpose

#: The box of each shipped role, and the invented person who holds it.
_PERSONS = {
    "director": ("direction", "Camille", "Delvaux"),
    "analyst": ("analyste", "Noé", "Lambrecht"),
    "project-manager": ("projets", "Aïcha", "Renson"),
    "training": ("formation", "Mathis", "Colleye"),
    "communication": ("communication", "Élise", "Wauthier"),
    "events": ("evenements", "Sacha", "Pirnay"),
    "finance": ("finances", "Inès", "Dupagne"),
    "board": ("instances", "Jules", "Hermesse"),
    "partner": ("partenaire", "Lina", "Fabry"),
    "reader": ("lecture", "Victor", "Maréchal"),
}
#: Said in the name itself, so that it shows wherever the person is named.
MARK = "(exemple fictif)"


@dataclass(frozen=True, slots=True)
class Account:
    """One line of what is printed and shown."""

    email: str
    role: str
    name: str


@transaction.atomic
def ensure(organisation: int | None = None) -> list[Account]:
    """Make the accounts that are missing; the partner's belongs to `organisation`."""
    if not config().demonstration:
        raise InputError(_("Ce n'est pas une démonstration : aucun compte d'exemple n'y est fait."))
    roles = Role.objects.in_bulk(list(_PERSONS), field_name="code")
    wanted = {
        f"{box}{DEMONSTRATION_DOMAIN}": (code, first, last)
        for code, (box, first, last) in _PERSONS.items()
    }
    there = {user.username: user for user in User.objects.filter(username__in=wanted)}
    missing = [email for email in wanted if email not in there]
    # One hash for all: it is one public password, and a hash takes its time on purpose.
    secret = make_password(PASSWORD) if missing else ""
    for email in missing:
        code, first, last = wanted[email]
        if code not in roles:
            continue
        there[email] = User.objects.create(
            username=email,
            email=email,
            first_name=first,
            last_name=f"{last} {MARK}",
            password=secret,
            role=roles[code],
        )
    partner = there.get(f"partenaire{DEMONSTRATION_DOMAIN}")
    if partner and partner.organisation is None and organisation is not None:
        partner.organisation = organisation
        partner.save(update_fields=["organisation"])
    return accounts()


def accounts() -> list[Account]:
    """The accounts of this demonstration, in the order of the roles; none elsewhere."""
    if not config().demonstration:
        return []
    found = User.objects.filter(
        email__endswith=DEMONSTRATION_DOMAIN, is_active=True, role__active=True
    )
    return [
        Account(user.email, str(user.role), str(user))
        for user in found.select_related("role").order_by("role__order", "pk")
    ]

"""Who is here, who was invited, which roles there are. Each in a number of queries that never grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from perron.site.accounts import partners
from perron.site.accounts.access import Reader
from perron.site.accounts.invitations import may_give
from perron.site.accounts.models import Invitation, Role, User

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the list shows them; `protected` by a code or a key beside the password."""

    key: int
    name: str
    email: str
    role: str
    organisation: str
    visit: datetime | None
    protected: bool
    active: bool
    me: bool


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that nobody has used yet."""

    key: int
    email: str
    role: str
    organisation: str
    expires: datetime
    expired: bool


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role with what it allows and how many active people hold it."""

    role: Role
    held: int
    allowed: int


def _protected() -> Exists:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=kinds))


def people(reader: Reader, number: int | str = 1) -> tuple[list[PersonRow], Page[Any]]:
    """A page of the people, the active ones first, by name."""
    listed = (
        User.objects.select_related("role")
        .annotate(protected=_protected())
        .order_by("-is_active", "last_name", "first_name", "pk")
    )
    page = Paginator(listed, PER_PAGE).get_page(number)
    named = partners.names(user.organisation for user in page)
    return [_row(user, named, reader) for user in page], page


def _row(user: User, named: dict[int, str], reader: Reader) -> PersonRow:
    return PersonRow(
        user.pk,
        str(user),
        user.email,
        str(user.role or ""),
        named.get(user.organisation or 0, ""),
        user.visit,
        bool(getattr(user, "protected", False)),
        user.is_active,
        user.pk == reader.user,
    )


def person(reader: Reader, key: int) -> tuple[User, PersonRow] | None:
    """One person; None where there is none, or no more."""
    user = (
        User.objects.select_related("role").annotate(protected=_protected()).filter(pk=key).first()
    )
    if user is None:
        return None
    return user, _row(user, partners.names([user.organisation]), reader)


def active_people() -> int:
    return User.objects.filter(is_active=True).count()


def invitations() -> list[InvitationRow]:
    """The invitations that nobody has used or withdrawn, the newest first."""
    waiting = Invitation.objects.filter(accepted=None, revoked=None).select_related("role")
    rows = list(waiting[:PER_PAGE])
    named, now = partners.names(row.organisation for row in rows), timezone.now()
    return [
        InvitationRow(
            row.pk,
            row.email,
            str(row.role),
            named.get(row.organisation or 0, ""),
            row.expires,
            row.expires <= now,
        )
        for row in rows
    ]


def roles_to_give(reader: Reader) -> list[tuple[str, str]]:
    """The active roles that this reader may give, by code."""
    return [(r.code, str(r)) for r in Role.objects.filter(active=True) if may_give(reader, r)]


def roles() -> list[RoleRow]:
    """Every role, those no longer given last."""
    held = Count("users", filter=Q(users__is_active=True))
    listed = Role.objects.annotate(held=held).order_by("-active", "order", "name")
    return [RoleRow(role, role.held, len(role.capabilities)) for role in listed]


def role(key: int) -> Role | None:
    return Role.objects.filter(pk=key).first()

"""Who may do what, in one place: capabilities, the person who asks, and what they may see.

A view declares its access with `public`, `signed_in` or `requires`; a view without one is a fault
that tests/site/test_access.py finds. A record is reached through `visible` alone; what may not be
seen does not exist for the person who asks (404, never a hint).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Confidentiality, Grant, Person, Protected, User


class Capability(models.TextChoices):
    """One thing that a role allows. Public pages need none."""

    DIRECTORY_READ = "directory.read", _("lire le répertoire interne")
    DIRECTORY_WRITE = "directory.write", _("écrire dans le répertoire")
    CONTACTS_READ = "contacts.read", _("lire les contacts")
    CONTACTS_WRITE = "contacts.write", _("écrire les contacts")
    NEEDS_READ = "needs.read", _("lire les besoins internes")
    NEEDS_WRITE = "needs.write", _("noter et suivre les besoins")
    LEDGER_READ = "ledger.read", _("lire le registre des décisions")
    LEDGER_WRITE = "ledger.write", _("inscrire une décision")
    LEDGER_REVIEW = "ledger.review", _("relire une attente échue")
    STRATEGY_WRITE = "strategy.write", _("écrire moteurs et défis")
    CONFIDENTIAL = "confidential.read", _("lire tout ce qui est confidentiel")
    EXCHANGE = "exchange", _("importer et exporter en nombre")
    SETTINGS = "settings", _("régler types, étapes et indicateurs")
    PEOPLE = "people", _("inviter les personnes, gérer comptes et rôles")
    AUDIT = "audit", _("lire le journal d’audit")


@dataclass(frozen=True, slots=True)
class Reader:
    """The person who asks, as far as rights go; made once for each request."""

    user: int | None = None
    person: UUID | None = None
    role: str = ""
    organisation: int | None = None
    capabilities: frozenset[str] = field(default_factory=frozenset)

    @property
    def signed_in(self) -> bool:
        return self.user is not None

    def can(self, capability: str) -> bool:
        return str(capability) in self.capabilities


#: Nobody in particular: what the public may see.
ANYONE = Reader()
#: The machine itself, for scheduled work and verbs: sees everything, signs as nobody.
MACHINE = Reader(capabilities=frozenset(Capability.values))


def reader_of_user(user: Any) -> Reader:
    """The rights of an account; those of the public where it is inactive or has no role."""
    if not isinstance(user, User) or not user.is_active:
        return ANYONE
    role = user.role if user.role and user.role.active else None
    known = frozenset(Capability.values)
    return Reader(
        user.pk,
        person_of(user),
        role.code if role else "",
        user.organisation,
        known & frozenset(role.capabilities) if role else frozenset(),
    )


def person_of(user: User) -> UUID:
    """The opaque identifier of an account, made the first time it is needed."""
    try:
        return user.person.pk
    except Person.DoesNotExist:
        return Person.objects.get_or_create(user=user)[0].pk


def reader_of(request: HttpRequest) -> Reader:
    """The reader of a request, made once."""
    found: Reader | None = getattr(request, "perron_reader", None)
    if found is None:
        found = reader_of_user(getattr(request, "user", None))
        request.perron_reader = found  # type: ignore[attr-defined] # kept with what it is about
    return found


M = TypeVar("M", bound=Protected)


def visible(records: QuerySet[M], reader: Reader) -> QuerySet[M]:
    """Those of `records` that the reader may see.

    Public ones always; "agency" ones with the model's own capability; confidential ones for their
    owner, for who was named (`Grant`), and for who may read everything that is confidential; and
    for an external partner, those of their own organisation.
    """
    model = records.model
    if reader.can(Capability.CONFIDENTIAL) and reader.can(model.READ):
        return records
    seen = Q(confidentiality=Confidentiality.PUBLIC)
    if reader.can(model.READ):
        seen |= Q(confidentiality=Confidentiality.AGENCY)
    if reader.user is not None:
        seen |= Q(owner=reader.user)
        granted = Grant.objects.filter(user=reader.user, kind=model._meta.model_name)
        keys = list(granted.values_list("key", flat=True))
        if keys:
            seen |= Q(pk__in=keys)
        if reader.organisation and model.ORGANISATION:
            seen |= Q(**{model.ORGANISATION: reader.organisation})
    return records.filter(seen)


_View = Callable[..., HttpResponse]
V = TypeVar("V", bound=_View)


def _declared(view: V, access: str) -> V:
    """Write on a view who may ask for it: the test of every address and the search read it."""
    view.access = access  # type: ignore[attr-defined] # a function has room for a mark, its type none
    return view


def public(view: V) -> V:
    """Declare that anybody may ask for this page; what it shows is still filtered by `visible`."""
    return _declared(view, "public")


def signed_in(view: _View) -> _View:
    """Declare that any account may ask for this page."""

    @wraps(view)
    def guarded(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        if not reader_of(request).signed_in:
            return to_sign_in(request)
        return view(request, *given, **more)

    return _declared(guarded, "signed_in")


def requires(*capabilities: str) -> Callable[[_View], _View]:
    """Declare that a page asks for one of these capabilities.

    Nobody signed in: the sign-in page, and then back. Signed in without it: a page that says which
    right is missing and who gives it (403).
    """

    def decorate(view: _View) -> _View:
        @wraps(view)
        def guarded(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
            reader = reader_of(request)
            if any(reader.can(c) for c in capabilities):
                return view(request, *given, **more)
            if not reader.signed_in:
                return to_sign_in(request)
            return refused(request, capabilities[0])

        return _declared(guarded, " ".join(str(c) for c in capabilities))

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """The sign-in page, which comes back to what was asked where that can be asked again."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    query = f"?{urlencode({'next': back})}" if back else ""
    return HttpResponseRedirect(reverse("account_login") + query)


def refused(request: HttpRequest, capability: str) -> HttpResponse:
    """403: which right this page asks for."""
    label: str | Promise = Capability(capability).label
    return render(request, "accounts/refused.html", {"capability": label}, status=403)

"""Who may read a record: its confidentiality, its owner, and the persons named one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError, RefusedError, demand
from perron.site.accounts.access import Capability, Reader
from perron.site.accounts.models import Confidentiality, Grant, Protected, User
from perron.site.directory import records
from perron.site.directory.rights import demand_right

R = TypeVar("R", bound=Protected)


@dataclass(frozen=True, slots=True)
class Sharing(Generic[R]):
    """The same verbs for each sort of record. `write` is what changing one asks for; `refuse` raises
    InputError for a record that nobody may share any more, such as one that was merged."""

    model: type[R]
    write: Capability
    refuse: Callable[[R], None] | None = None

    @property
    def kind(self) -> str:
        return str(self.model._meta.model_name)

    def may_share(self, reader: Reader, record: R) -> bool:
        """Whether this person decides who reads it: of a confidential one, its owner or who reads all."""
        if not reader.can(self.write):
            return False
        if record.confidentiality != Confidentiality.RESTRICTED:
            return True
        own = record.owner_id is not None and record.owner_id == reader.user
        return own or reader.can(Capability.CONFIDENTIAL)

    def shared(self, reader: Reader, key: int, revision: int | None = None) -> R:
        """The record, locked, of one who decides who reads it."""
        demand_right(reader, self.write)
        found = records.locked(self.model, key, reader, revision)
        if self.refuse is not None:
            self.refuse(found)
        if not self.may_share(reader, found):
            raise InputError(
                _("Seul le responsable d’une fiche confidentielle dit qui peut la lire.")
            )
        return found

    @transaction.atomic
    def change_readers(
        self,
        reader: Reader,
        key: int,
        revision: int | None = None,
        *,
        confidentiality: str,
        owner: Any = None,
    ) -> R:
        """Change who may read a record. `owner` is the key of an account, empty for nobody."""
        found = self.shared(reader, key, revision)
        person = demand_readers(confidentiality, owner)
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
            records.saved(reader, found, f"{self.kind}-readers-changed", said, changes)
        return found

    @transaction.atomic
    def name_reader(self, reader: Reader, key: int, user: Any) -> Grant:
        """Let one more person read a confidential record."""
        found = self.shared(reader, key)
        person = account(user)
        if person is None:
            raise RefusedError({"user": _no_account()})
        grant, new = Grant.objects.get_or_create(
            user=person,
            kind=self.kind,
            key=str(found.pk),
            defaults={"given_by": reader.person, "at": timezone.now()},
        )
        if not new:
            raise RefusedError({"user": _("Cette personne peut déjà lire cette fiche.")})
        said = _("Une personne de plus peut lire cette fiche.")
        records.logged(reader, found, "reader-named", said, {})
        return grant

    @transaction.atomic
    def take_back(self, reader: Reader, key: int, grant: int) -> None:
        """Stop a person whom `name_reader` named from reading it."""
        found = self.shared(reader, key)
        gone, _each = Grant.objects.filter(pk=grant, kind=self.kind, key=str(found.pk)).delete()
        if not gone:
            raise InputError(_("Cette personne n’est plus nommée sur cette fiche."))
        said = _("Une personne ne peut plus lire cette fiche par son nom.")
        records.logged(reader, found, "reader-taken-back", said, {})

    def readers_of(self, record: R) -> list[Grant]:
        """The persons named on a record."""
        named = Grant.objects.filter(kind=self.kind, key=str(record.pk))
        return list(named.select_related("user__role").order_by("user__last_name", "pk"))


def demand_readers(confidentiality: str, owner: Any) -> User | None:
    """The owner that is wanted, who must be there where the record is confidential."""
    person = account(owner)
    faults = {}
    if confidentiality not in Confidentiality.values:
        faults["confidentiality"] = _("Choisissez une des réponses : {known}.").format(
            known=", ".join(str(label) for label in Confidentiality.labels)
        )
    if owner and person is None:
        faults["owner"] = _no_account()
    elif confidentiality == Confidentiality.RESTRICTED and person is None:
        faults["owner"] = _("Une fiche confidentielle a un responsable : choisissez-le.")
    demand(faults)
    return person


def persons() -> list[tuple[str, str]]:
    """(key, name and role) of the accounts that can be named or be responsible."""
    active = User.objects.filter(is_active=True, role__isnull=False).select_related("role")
    return [(str(user.pk), f"{user} · {user.role}") for user in active.order_by("last_name", "pk")]


def account(key: Any) -> User | None:
    """An active account by its key as a form sends it."""
    return User.objects.filter(pk=records.number(key), is_active=True).first()


def _no_account() -> str:
    return _("Cette personne n’a pas de compte actif : choisissez dans la liste.")

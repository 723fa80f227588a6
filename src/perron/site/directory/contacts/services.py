"""Verbs on contacts. The log says what was done and never repeats anything of the person."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import demand
from perron.site.accounts.access import Capability, Reader, visible
from perron.site.accounts.log import record
from perron.site.accounts.models import Grant
from perron.site.directory import records, typed
from perron.site.directory.contacts import rules
from perron.site.directory.models import Contact, Link, Need, Organisation
from perron.site.directory.rights import demand_right
from perron.site.directory.search.services import forget

KIND = "contact"


@transaction.atomic
def add_contact(reader: Reader, **given: Any) -> Contact:
    """Write a new contact. RefusedError with a sentence by field.

    `organisation` is an Organisation or its key, one that the reader may see.
    """
    demand_right(reader, Capability.CONTACTS_WRITE)
    fields = {**rules.blank(), **rules.read(given)}
    faults = rules.faults(fields)
    _reach_organisation(fields, reader, faults)
    demand(faults)
    contact = Contact.objects.create(**fields, owner_id=reader.user)
    records.logged(reader, contact, "contact-added", _("Contact inscrit."), fields, values=False)
    return contact


@transaction.atomic
def change_contact(
    reader: Reader, contact: int, revision: int | None = None, **given: Any
) -> Contact:
    """Correct the fields that are given. ChangedMeanwhileError where `revision` is not the current one."""
    demand_right(reader, Capability.CONTACTS_WRITE)
    found = records.locked(Contact, contact, reader, revision)
    if given.get("purpose") == found.purpose.code:
        given["purpose"] = found.purpose  # kept, even where it was put out of use since
    fields = rules.read(given)
    before = {n: getattr(found, n) for n in rules.blank() if n not in fields}
    faults = {n: s for n, s in rules.faults({**before, **fields}).items() if n in fields}
    _reach_organisation(fields, reader, faults)
    demand(faults)
    changes = records.apply(found, fields)
    if changes:
        said = _("Contact corrigé : {fields}.").format(fields=", ".join(map(named, changes)))
        records.saved(reader, found, "contact-changed", said, changes, values=False)
    return found


@transaction.atomic
def met(reader: Reader, contact: int, day: Any = None) -> Contact:
    """Note a real exchange: a call, a visit, a reply. It keeps the person from being forgotten."""
    given = typed.line(day) if isinstance(day, str) else day
    return change_contact(reader, contact, last_interaction=given or timezone.localdate())


@transaction.atomic
def erase_contact(reader: Reader, contact: int) -> None:
    """Forget a person: the row goes, and what repeats it. The log says that it was done, not who.

    Needs stay without their contact; links that lead to the person go, with their reasons.
    """
    demand_right(reader, Capability.CONTACTS_WRITE)
    found = records.locked(Contact, contact, reader)
    key = str(found.pk)
    name = typed.bare(found.last_name)
    for need in Need.objects.filter(contact=found).exclude(said_by=""):
        if name in typed.bare(need.said_by):
            Need.objects.filter(pk=need.pk).update(said_by="")
    Link.objects.filter(from_kind=KIND, from_key=key).delete()
    Link.objects.filter(to_kind=KIND, to_key=key).delete()
    Grant.objects.filter(kind=KIND, key=key).delete()
    found.delete()
    forget(KIND, [key])
    said = _("Contact effacé : la personne et ses données ne sont plus au répertoire.")
    record(reader, "contact-erased", KIND, key, said)


def named(field: str) -> str:
    """A field as the log calls it."""
    return {
        "organisation": _("organisation"),
        "first_name": _("prénom"),
        "last_name": _("nom"),
        "function": _("fonction"),
        "email": _("e-mail"),
        "phone": _("téléphone"),
        "purpose": _("finalité"),
        "legal_basis": _("base légale"),
        "source": _("source"),
        "last_interaction": _("dernier échange"),
        "mailing": _("envois"),
        "confidentiality": _("confidentialité"),
        "fictional": _("exemple fictif"),
    }.get(field, field)


def _reach_organisation(fields: dict[str, Any], reader: Reader, faults: dict[str, str]) -> None:
    """Replace the key of an organisation by the record, or say that it cannot be reached."""
    given = fields.get("organisation")
    if given is None or given == "":
        if "organisation" in fields:
            fields["organisation"] = None
        return
    key = str(given.pk if isinstance(given, Organisation) else given)
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 18 else -1
    kept = Organisation.objects.filter(pk=number, merged_into__isnull=True)
    fields["organisation"] = visible(kept, reader).first()
    if fields["organisation"] is None:
        faults["organisation"] = _("Cette organisation n’existe pas, ou ne vous est pas ouverte.")

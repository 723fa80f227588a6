"""Verbs on needs. Each is one transaction and leaves one entry in the log.

Of a confidential need the log says what was done and repeats none of its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError, demand
from perron.site.accounts.access import Capability, Reader, visible
from perron.site.accounts.models import Confidentiality
from perron.site.directory import records, typed
from perron.site.directory.models import Contact, Need, NeedStatus, Organisation
from perron.site.directory.needs import rules
from perron.site.directory.needs.places import named_places
from perron.site.directory.needs.proposal import propose
from perron.site.directory.organisations.things import numbers
from perron.site.directory.rights import demand_right

KIND = "need"


@transaction.atomic
def add_need(reader: Reader, **given: Any) -> Need:
    """Write a need that a person has confirmed. RefusedError with a sentence by field.

    What the machine reads in the sentence is kept beside it, so that its errors can be counted.
    """
    demand_right(reader, Capability.NEEDS_WRITE)
    fields = {**rules.blank(), **rules.read(given)}
    faults = rules.faults(fields)
    _reach(fields, reader, faults)
    demand(faults)
    fields["owner_id"] = reader.user
    need = Need(confirmed_at=timezone.now())
    need.proposal = propose(fields["sentence"], timezone.localdate(), named_places()).kept()
    changes = records.apply(need, fields)
    need.save()
    _logged(reader, need, "need-added", _("Besoin noté."), changes)
    return need


@transaction.atomic
def change_need(reader: Reader, need: int, revision: int | None = None, **given: Any) -> Need:
    """Correct the fields that are given. ChangedMeanwhileError where `revision` is not the current one."""
    demand_right(reader, Capability.NEEDS_WRITE)
    found = records.locked(Need, need, reader, revision)
    if "confidentiality" in given:
        raise TypeError("who may read a need is changed by needs.sharing")
    fields = rules.read(given, found.kind)
    before = {n: getattr(found, n) for n in rules.blank() if n not in fields}
    faults = {n: s for n, s in rules.faults({**before, **fields}).items() if n in fields}
    _reach(fields, reader, faults, found)
    demand(faults)
    changes = records.apply(found, fields)
    if changes:
        said = _("Besoin corrigé : {fields}.").format(fields=", ".join(map(named, changes)))
        found.confirmed_at = timezone.now()
        _saved(reader, found, "need-changed", said, changes)
    return found


def answer_need(reader: Reader, need: int, outcome: str, revision: int | None = None) -> Need:
    """Say what was answered to a need."""
    return _moved(reader, need, NeedStatus.ANSWERED, outcome, revision)


def close_need(reader: Reader, need: int, outcome: str, revision: int | None = None) -> Need:
    """Close a need, answered or not, with its reason."""
    return _moved(reader, need, NeedStatus.CLOSED, outcome, revision)


def reopen_need(reader: Reader, need: int, outcome: str, revision: int | None = None) -> Need:
    """Open a need again; `outcome` is why, and stays in its history."""
    return _moved(reader, need, NeedStatus.OPEN, outcome, revision)


@transaction.atomic
def _moved(
    reader: Reader, need: int, status: NeedStatus, outcome: str, revision: int | None
) -> Need:
    demand_right(reader, Capability.NEEDS_WRITE)
    outcome = typed.line(outcome)
    demand(rules.outcome_faults(outcome, status))
    found = records.locked(Need, need, reader, revision)
    if found.status == status and status != NeedStatus.ANSWERED:
        raise InputError(_("Ce besoin est déjà {status}.").format(status=status.label))
    was = found.get_status_display()
    kept = "" if status == NeedStatus.OPEN else outcome
    changes = records.apply(found, {"status": status.value, "outcome": kept})
    found.status_at = timezone.now()
    said = _("Besoin {was} → {now} : {outcome}").format(
        was=was, now=found.get_status_display(), outcome=outcome
    )
    if found.confidentiality == Confidentiality.RESTRICTED:
        said = _("Besoin {was} → {now}.").format(was=was, now=found.get_status_display())
    _saved(reader, found, f"need-{status.value}", said, changes)
    return found


def named(field: str) -> str:
    """A field as the log and the page call it."""
    return {
        "sentence": _("phrase"), "object": _("objet"), "quantity": _("quantité"),
        "unit": _("unité"), "needed_by": _("échéance"), "place": _("commune"), "kind": _("type"),
        "organisation": _("organisation"), "contact": _("contact"), "said_by": _("dit par"),
        "said_on": _("dit le"), "fictional": _("exemple fictif"), "outcome": _("suite"),
    }.get(field, field)  # fmt: skip


def _reach(
    fields: dict[str, Any], reader: Reader, faults: dict[str, str], of: Need | None = None
) -> None:
    """Make records of the keys of an organisation and a contact, those the reader may see alone.

    What `of` already has may stay, even where the reader may not see it.
    """
    kept = visible(Organisation.objects.filter(merged_into__isnull=True), reader)
    if "organisation" in fields:
        organisation = fields["organisation"]
        if organisation and not isinstance(organisation, Organisation):
            key = _key(organisation)
            same = of is not None and of.organisation_id == key
            organisation = of.organisation if same and of else kept.filter(pk=key).first()
            if organisation is None:
                faults["organisation"] = _(
                    "Cette organisation n’est pas au répertoire : choisissez dans la liste, ou ajoutez-la d’abord."
                )
        fields["organisation"] = organisation or None
    if "contact" in fields:
        contact = fields["contact"]
        if contact and not isinstance(contact, Contact):
            contact = visible(Contact.objects.all(), reader).filter(pk=_key(contact)).first()
            if contact is None:
                faults["contact"] = _(
                    "Ce contact ne vous est pas ouvert : choisissez dans la liste."
                )
        fields["contact"] = contact or None
        organisation = fields.get("organisation", of.organisation if of else None)
        if contact and organisation and contact.organisation_id not in (None, organisation.pk):
            faults["contact"] = _("Ce contact n’est pas de cette organisation.")


def _key(value: Any) -> int:
    """A key as a number; -1, which no record has, for anything else."""
    return next(iter(numbers([str(value)])), -1)


def _saved(reader: Reader, need: Need, action: str, said: str, changes: Mapping[str, Any]) -> None:
    records.saved(reader, need, action, said, changes, values=_open(need))


def _logged(reader: Reader, need: Need, action: str, said: str, changes: Mapping[str, Any]) -> None:
    records.logged(reader, need, action, said, changes, values=_open(need))


def _open(need: Need) -> bool:
    return need.confidentiality != Confidentiality.RESTRICTED

"""Verbs on memories. Each is one transaction and leaves one entry in the log."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from perron.errors import demand
from perron.site.accounts.access import Capability, Reader, visible
from perron.site.accounts.models import Confidentiality
from perron.site.directory import records
from perron.site.directory.memory import rules
from perron.site.directory.models import Memory, Organisation
from perron.site.directory.organisations.things import numbers
from perron.site.directory.rights import demand_right


@transaction.atomic
def add_memory(reader: Reader, **given: Any) -> Memory:
    """Write what was done before. RefusedError with a sentence by field."""
    demand_right(reader, Capability.DIRECTORY_WRITE)
    fields = {**rules.blank(), **rules.read(given)}
    faults = rules.faults(fields)
    _reach(fields, reader, faults)
    demand(faults)
    memory = Memory(owner_id=reader.user, kind=fields["kind"])
    changes = {**records.apply(memory, fields), "kind": [None, memory.kind.pk]}
    memory.save()
    said = _("Souvenir inscrit.")
    records.logged(reader, memory, "memory-added", said, changes, values=_open(memory))
    return memory


@transaction.atomic
def change_memory(reader: Reader, memory: int, revision: int | None = None, **given: Any) -> Memory:
    """Correct the fields that are given. ChangedMeanwhileError where `revision` is not the current one."""
    demand_right(reader, Capability.DIRECTORY_WRITE)
    found = records.locked(Memory, memory, reader, revision)
    fields = rules.read(given, found.kind)
    before = {n: getattr(found, n) for n in rules.blank() if n not in fields}
    faults = {n: s for n, s in rules.faults({**before, **fields}).items() if n in fields}
    _reach(fields, reader, faults, found)
    if fields.get("confidentiality") == Confidentiality.RESTRICTED and found.owner_id is None:
        fields["owner_id"] = reader.user  # else nobody could be asked about it
    demand(faults)
    changes = records.apply(found, fields)
    if changes:
        said = _("Souvenir corrigé : {fields}.").format(fields=", ".join(map(named, changes)))
        records.saved(reader, found, "memory-changed", said, changes, values=_open(found))
    return found


def named(field: str) -> str:
    """A field as the log and the page call it."""
    return {
        "title": _("titre"), "kind": _("type"), "period": _("date"), "summary": _("résumé"),
        "organisation": _("organisation"), "place": _("commune"), "source": _("source"),
        "source_url": _("adresse de la source"), "confidentiality": _("qui peut le lire"),
        "fictional": _("exemple fictif"), "owner_id": _("responsable"),
    }.get(field, field)  # fmt: skip


def _reach(
    fields: dict[str, Any], reader: Reader, faults: dict[str, str], of: Memory | None = None
) -> None:
    """Make a record of the key of an organisation, one that the reader may see or that is there already."""
    given = fields.get("organisation")
    if not given or isinstance(given, Organisation):
        return
    key = next(iter(numbers([str(given)])), -1)
    held = visible(Organisation.objects.filter(merged_into__isnull=True), reader)
    same = of is not None and of.organisation_id == key
    fields["organisation"] = of.organisation if same and of else held.filter(pk=key).first()
    if fields["organisation"] is None:
        faults["organisation"] = _("Cette organisation n’est pas au répertoire.")


def _open(memory: Memory) -> bool:
    return memory.confidentiality != Confidentiality.RESTRICTED

"""Verbs of the register of challenges. Each is one transaction and leaves one entry in the log."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from perron.errors import InputError, demand
from perron.lake.snapshots import Catalogue
from perron.site.accounts.access import Capability, Reader
from perron.site.directory import records
from perron.site.directory.rights import demand_right
from perron.site.directory.selectors import catalogue
from perron.site.strategy.challenges import rules
from perron.site.strategy.models import Challenge, ChallengeEvidence, Stand
from perron.site.strategy.rules import evidence_faults, reason_faults

EVIDENCE_FIELDS = ("title", "publisher", "date", "url", "table", "words", "grade")


@transaction.atomic
def add_challenge(reader: Reader, **given: Any) -> Challenge:
    """Write a new challenge, internal unless said otherwise. RefusedError with a sentence by field."""
    demand_right(reader, Capability.STRATEGY_WRITE)
    fields = {**rules.blank(), **rules.read(given)}
    found = rules.faults(fields)
    if fields["status"] == Stand.CLOSED:
        found["status"] = _("Un défi s’inscrit ouvert ; on le clôt ensuite, avec une raison.")
    demand(found)
    criteria = fields.pop("criteria")
    challenge = Challenge.objects.create(owner_id=reader.user, **fields)
    challenge.criteria.set(criteria)
    changes: dict[str, list[Any]] = {n: [None, str(v)] for n, v in fields.items() if v}
    changes["criteria"] = [None, [term.code for term in criteria]]
    said = _("Défi inscrit : « {title} ».").format(title=challenge.title)
    records.logged(reader, challenge, "challenge-added", said, changes)
    return challenge


@transaction.atomic
def change_challenge(
    reader: Reader, challenge: int, revision: int | None = None, **given: Any
) -> Challenge:
    """Correct the fields that are given. ChangedMeanwhileError where `revision` is not the current one."""
    demand_right(reader, Capability.STRATEGY_WRITE)
    found = records.locked(Challenge, challenge, reader, revision)
    held = list(found.criteria.all())
    now = {name: getattr(found, name) for name in rules.FIELDS if name != "criteria"}
    fields = {**now, "criteria": held, **rules.read(given, found)}
    faults = rules.faults(fields)
    closed = Stand.CLOSED
    if (fields["status"] == closed) != (found.status == closed):
        faults["status"] = _("Clore et rouvrir demandent une raison : c’est une autre page.")
    demand(faults)
    criteria = fields.pop("criteria")
    changes = records.apply(found, fields)
    if {term.pk for term in criteria} != {term.pk for term in held}:
        found.criteria.set(criteria)
        changes["criteria"] = [[t.code for t in held], [t.code for t in criteria]]
    if changes:
        said = _("Défi corrigé : {fields}.").format(
            fields=", ".join(_named(name) for name in changes)
        )
        records.saved(reader, found, "challenge-changed", said, changes)
    return found


@transaction.atomic
def close_challenge(reader: Reader, challenge: int, because: str) -> Challenge:
    """Close a challenge with its reason; it stays readable."""
    return _turn(reader, challenge, because, Stand.CLOSED)


@transaction.atomic
def reopen_challenge(reader: Reader, challenge: int, because: str) -> Challenge:
    """Open a closed challenge again."""
    return _turn(reader, challenge, because, Stand.OPEN)


def _turn(reader: Reader, challenge: int, because: str, status: Stand) -> Challenge:
    demand_right(reader, Capability.STRATEGY_WRITE)
    why = because.strip()
    demand(reason_faults(why))
    found = records.locked(Challenge, challenge, reader)
    closing = status == Stand.CLOSED
    if closing == (found.status == Stand.CLOSED):
        raise InputError(_("Ce défi est déjà clos.") if closing else _("Ce défi n’est pas clos."))
    changes = records.apply(found, {"status": status, "closed_because": why if closing else ""})
    said = (_("Défi clos : {because}") if closing else _("Défi rouvert : {because}")).format(
        because=why
    )
    action = "challenge-closed" if closing else "challenge-reopened"
    records.saved(reader, found, action, said, changes)
    return found


@transaction.atomic
def add_evidence(
    reader: Reader, challenge: int, held: Catalogue | None = None, **given: Any
) -> ChallengeEvidence:
    """Add what a challenge rests on. A table of the lake is kept with the version in service."""
    demand_right(reader, Capability.STRATEGY_WRITE)
    held, found = held or catalogue(), records.locked(Challenge, challenge, reader)
    fields = dict.fromkeys(EVIDENCE_FIELDS, "") | {n: str(v).strip() for n, v in given.items()}
    if unknown := set(fields) - set(EVIDENCE_FIELDS):
        raise TypeError(f"an evidence has no {sorted(unknown)}")
    demand(evidence_faults(held, fields))
    version = held.snapshot(fields["table"]).manifest.version if fields["table"] else ""
    evidence = ChallengeEvidence.objects.create(challenge=found, version=version, **fields)
    said = _("Preuve ajoutée : « {title} » ({publisher}).").format(
        title=evidence.title, publisher=evidence.publisher
    )
    records.saved(reader, found, "evidence-added", said, {n: [None, v] for n, v in fields.items()})
    return evidence


@transaction.atomic
def withdraw_evidence(
    reader: Reader, challenge: int, evidence: int, because: str
) -> ChallengeEvidence:
    """Stop resting on an evidence; it stays readable with the reason."""
    demand_right(reader, Capability.STRATEGY_WRITE)
    demand(reason_faults(because))
    found = records.locked(Challenge, challenge, reader)
    kept = found.evidences.filter(pk=evidence, withdrawn_because="").first()
    if kept is None:
        raise InputError(_("Cette preuve n’existe pas, ou a été retirée."))
    kept.withdrawn_because = because.strip()
    kept.save(update_fields=["withdrawn_because"])
    said = _("Preuve retirée : « {title} ». {because}").format(
        title=kept.title, because=because.strip()
    )
    records.saved(reader, found, "evidence-withdrawn", said, {})
    return kept


def _named(field: str) -> str:
    """A field as the log calls it."""
    return {
        "kind": _("type"),
        "title": _("titre"),
        "sentence": _("phrase"),
        "side": _("sens"),
        "since": _("début"),
        "until": _("fin"),
        "territory": _("territoire"),
        "status": _("état"),
        "criteria": _("critères"),
        "confidentiality": _("confidentialité"),
        "fictional": _("exemple fictif"),
    }.get(field, field)

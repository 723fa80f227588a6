"""Verbs of the register of drivers. Each is one transaction and leaves one entry in the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from perron.errors import ChangedMeanwhileError, InputError
from perron.lake.snapshots import Catalogue
from perron.site.accounts.access import MACHINE, Capability, Reader
from perron.site.accounts.log import entries, record
from perron.site.directory.activities import activities
from perron.site.directory.rights import demand_right
from perron.site.directory.search.services import touched
from perron.site.directory.selectors import catalogue, steered
from perron.site.strategy import rules
from perron.site.strategy.models import Driver, Evidence, Exposure, Status

DRIVER_FIELDS = (
    *("kind", "title", "sentence", "direction", "since", "until"),
    *("status", "closed_because", "owner", "territory", "fictional"),
)
EVIDENCE_FIELDS = ("title", "publisher", "date", "url", "table", "words", "grade")
EXPOSURE_FIELDS = ("activity", "share", "reason")


def changed_meanwhile(said: list[str]) -> ChangedMeanwhileError:
    """What the second of two people is told."""
    return ChangedMeanwhileError(
        _(
            "Ce moteur a changé depuis que vous l’avez ouvert : {said} Vos mots sont gardés ci-dessous ; relisez, puis enregistrez à nouveau."
        ).format(said=" ".join(said)),
        said,
    )


@transaction.atomic
def add_driver(*, reader: Reader = MACHINE, held: Catalogue | None = None, **given: Any) -> Driver:
    """Write a new driver. RefusedError with a sentence by field."""
    held = held or catalogue()
    fields = _driver_fields(given)
    faults = rules.driver_faults(held, fields)
    if "title" not in faults and Driver.objects.filter(title=fields["title"]).exists():
        faults["title"] = _title_taken()
    rules.demand(faults)
    try:
        with transaction.atomic():
            driver = Driver.objects.create(**fields)
    except IntegrityError:  # another person was first with the same title
        raise rules.RefusedError({"title": _title_taken()}) from None
    said = _("Moteur inscrit : « {title} ».").format(title=driver.title)
    _log(
        reader, driver, "driver-added", said, {name: [None, fields[name]] for name in DRIVER_FIELDS}
    )
    return driver


@transaction.atomic
def change_driver(
    *,
    reader: Reader = MACHINE,
    driver: int,
    revision: int,
    held: Catalogue | None = None,
    **given: Any,
) -> Driver:
    """Correct a driver, whose earlier words stay in the log.

    ChangedMeanwhileError where `revision` is not the current one; nothing is written without a change.
    """
    found = _locked(driver)
    if revision != found.revision:
        since = entries("driver", found.pk)[: max(1, found.revision - revision)]
        raise changed_meanwhile([entry.said for entry in reversed(since)])
    fields = _driver_fields({name: getattr(found, name) for name in DRIVER_FIELDS} | given)
    faults = rules.driver_faults(held or catalogue(), fields)
    others = Driver.objects.exclude(pk=found.pk)
    if "title" not in faults and others.filter(title=fields["title"]).exists():
        faults["title"] = _title_taken()
    rules.demand(faults)
    changes = _apply(found, fields)
    if changes:
        said = _("Moteur corrigé : {fields}.").format(fields=", ".join(_named(n) for n in changes))
        _save(reader, found, "driver-changed", said, changes)
    return found


@transaction.atomic
def close_driver(*, reader: Reader = MACHINE, driver: int, because: str) -> Driver:
    """Close a driver with its reason; it stays readable."""
    rules.demand(rules.reason_faults(because))
    found = _locked(driver)
    if found.status == Status.CLOSED:
        raise InputError(
            _("Ce moteur est déjà clos : {because}").format(because=found.closed_because)
        )
    changes = _apply(found, {"status": Status.CLOSED, "closed_because": because.strip()})
    said = _("Moteur clos : {because}").format(because=because.strip())
    _save(reader, found, "driver-closed", said, changes)
    return found


@transaction.atomic
def reopen_driver(*, reader: Reader = MACHINE, driver: int, because: str) -> Driver:
    """Watch a closed driver again."""
    rules.demand(rules.reason_faults(because))
    found = _locked(driver)
    if found.status != Status.CLOSED:
        raise InputError(_("Ce moteur n’est pas clos."))
    changes = _apply(found, {"status": Status.WATCHED, "closed_because": ""})
    said = _("Moteur rouvert : {because}").format(because=because.strip())
    _save(reader, found, "driver-reopened", said, changes)
    return found


@transaction.atomic
def add_evidence(
    *, reader: Reader = MACHINE, driver: int, held: Catalogue | None = None, **given: Any
) -> Evidence:
    """Add what a driver rests on. A table of the lake is kept with the version in service."""
    held, found = held or catalogue(), _locked(driver)
    fields = _evidence_fields(held, given)
    evidence = Evidence.objects.create(driver=found, **fields)
    said = _("Preuve ajoutée : « {title} » ({publisher}).").format(
        title=evidence.title, publisher=evidence.publisher
    )
    _save(
        reader,
        found,
        "evidence-added",
        said,
        {name: [None, value] for name, value in fields.items()},
    )
    return evidence


@transaction.atomic
def change_evidence(
    *, reader: Reader = MACHINE, evidence: int, held: Catalogue | None = None, **given: Any
) -> Evidence:
    """Correct an evidence."""
    held, found = held or catalogue(), _evidence(evidence)
    fields = _evidence_fields(held, given)
    if fields["table"] == found.table:
        fields["version"] = found.version  # the version that was read, not the one in service
    changes = _apply(found, fields)
    if changes:
        found.save()
        said = _("Preuve corrigée : « {title} » ({fields}).").format(
            title=found.title, fields=", ".join(_named(name) for name in changes)
        )
        _save(reader, _locked(found.driver_id), "evidence-changed", said, changes)
    return found


@transaction.atomic
def withdraw_evidence(*, reader: Reader = MACHINE, evidence: int, because: str) -> Evidence:
    """Stop resting on an evidence; it stays readable with the reason."""
    rules.demand(rules.reason_faults(because))
    found = _evidence(evidence)
    changes = _apply(found, {"withdrawn_because": because.strip()})
    found.save()
    said = _("Preuve retirée : « {title} ». {because}").format(
        title=found.title, because=because.strip()
    )
    _save(reader, _locked(found.driver_id), "evidence-withdrawn", said, changes)
    return found


@transaction.atomic
def add_exposure(
    *, reader: Reader = MACHINE, driver: int, held: Catalogue | None = None, **given: Any
) -> Exposure:
    """Say that an activity is exposed, and how much of it where that is known."""
    held, found = held or catalogue(), _locked(driver)
    fields = _exposure_fields(held, given)
    taken = found.exposures.filter(activity=fields["activity"], withdrawn_because="")
    if taken.exists():
        raise rules.RefusedError(
            {"activity": _("Cette activité est déjà exposée ici : corrigez-la plutôt.")}
        )
    exposure = Exposure.objects.create(driver=found, **fields)
    said = _("Activité exposée : {activity}.").format(activity=_written(held, exposure.activity))
    _save(
        reader,
        found,
        "exposure-added",
        said,
        {name: [None, value] for name, value in fields.items()},
    )
    return exposure


@transaction.atomic
def change_exposure(
    *, reader: Reader = MACHINE, exposure: int, held: Catalogue | None = None, **given: Any
) -> Exposure:
    """Correct an exposed activity."""
    held, found = held or catalogue(), _exposure(exposure)
    fields = _exposure_fields(held, given)
    others = found.driver.exposures.filter(activity=fields["activity"], withdrawn_because="")
    if others.exclude(pk=found.pk).exists():
        raise rules.RefusedError(
            {"activity": _("Cette activité est déjà exposée ici : corrigez-la plutôt.")}
        )
    changes = _apply(found, fields)
    if changes:
        found.save()
        said = _("Exposition corrigée : {activity} ({fields}).").format(
            activity=_written(held, found.activity),
            fields=", ".join(_named(name) for name in changes),
        )
        _save(reader, _locked(found.driver_id), "exposure-changed", said, changes)
    return found


@transaction.atomic
def withdraw_exposure(*, reader: Reader = MACHINE, exposure: int, because: str) -> Exposure:
    """Say that an activity is not exposed after all; the row stays with the reason."""
    rules.demand(rules.reason_faults(because))
    found = _exposure(exposure)
    changes = _apply(found, {"withdrawn_because": because.strip()})
    found.save()
    said = _("Exposition retirée : {activity}. {because}").format(
        activity=_written(catalogue(), found.activity), because=because.strip()
    )
    _save(reader, _locked(found.driver_id), "exposure-withdrawn", said, changes)
    return found


# --- what all of them share -----------------------------------------------------------------------


def _driver_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(given) - set(DRIVER_FIELDS)
    if unknown:
        raise TypeError(f"a driver has no {sorted(unknown)}")
    fields: dict[str, Any] = dict.fromkeys(DRIVER_FIELDS, "")
    fields |= {"status": Status.WATCHED.value, "fictional": False}
    fields["territory"] = steered().place.code
    return fields | {n: v.strip() if isinstance(v, str) else v for n, v in given.items()}


def _evidence_fields(held: Catalogue, given: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = dict.fromkeys(EVIDENCE_FIELDS, "")
    fields |= {n: str(v).strip() for n, v in given.items()}
    if unknown := set(fields) - set(EVIDENCE_FIELDS):
        raise TypeError(f"an evidence has no {sorted(unknown)}")
    rules.demand(rules.evidence_faults(held, fields))
    version = held.snapshot(fields["table"]).manifest.version if fields["table"] else ""
    return {**fields, "version": version}


def _exposure_fields(held: Catalogue, given: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {"share": None, "reason": "", "activity": "", **given}
    if unknown := set(fields) - set(EXPOSURE_FIELDS):
        raise TypeError(f"an exposure has no {sorted(unknown)}")
    fields["activity"] = rules.code_of(str(fields["activity"]))
    fields["reason"] = str(fields["reason"]).strip()
    rules.demand(rules.exposure_faults(held, fields))
    return fields


def _locked(driver: int) -> Driver:
    try:
        return Driver.objects.select_for_update().get(pk=driver)
    except Driver.DoesNotExist:
        raise InputError(_("Ce moteur n’existe pas dans le registre.")) from None


def _evidence(evidence: int) -> Evidence:
    found = Evidence.objects.select_for_update().filter(pk=evidence, withdrawn_because="").first()
    if found is None:
        raise InputError(_("Cette preuve n’existe pas, ou a été retirée."))
    return found


def _exposure(exposure: int) -> Exposure:
    found = Exposure.objects.select_for_update().filter(pk=exposure, withdrawn_because="").first()
    if found is None:
        raise InputError(_("Cette exposition n’existe pas, ou a été retirée."))
    return found


def _title_taken() -> str:
    return _("Un moteur porte déjà ce titre : corrigez-le, ou nommez celui-ci autrement.")


def _apply(thing: Any, fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the fields and give what changes, [before, after] by name."""
    changes = {}
    for name, value in fields.items():
        before = getattr(thing, name)
        if before != value:
            changes[name] = [before, value]
            setattr(thing, name, value)
    return changes


def _save(
    reader: Reader, driver: Driver, action: str, said: str, changes: Mapping[str, Any]
) -> None:
    driver.revision += 1
    driver.save()
    _log(reader, driver, action, said, changes)


def _log(
    reader: Reader, driver: Driver, action: str, said: str, changes: Mapping[str, Any]
) -> None:
    """The entry of an action. Every verb that writes comes by here: without the right, it is undone."""
    demand_right(reader, Capability.STRATEGY_WRITE)
    record(reader, action, "driver", driver.pk, said, changes)
    touched("driver", driver.pk)


def _written(held: Catalogue, code: str) -> str:
    return activities(held)[code].written


def _named(field: str) -> str:
    """A field as the log calls it."""
    return {
        "kind": _("nature"),
        "title": _("titre"),
        "sentence": _("phrase"),
        "direction": _("sens"),
        "since": _("début"),
        "until": _("fin"),
        "status": _("état"),
        "closed_because": _("raison de la clôture"),
        "owner": _("responsable"),
        "territory": _("territoire"),
        "fictional": _("exemple fictif"),
        "publisher": _("éditeur"),
        "date": _("date"),
        "url": _("adresse"),
        "table": _("table"),
        "version": _("version"),
        "words": _("ce qu’elle dit"),
        "grade": _("degré"),
        "activity": _("activité"),
        "share": _("part"),
        "reason": _("raison"),
    }.get(field, field)

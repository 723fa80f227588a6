"""Verbs on organisations. Each is one transaction and leaves one entry in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError, RefusedError, demand
from perron.site.accounts.access import Capability, Reader, visible
from perron.site.directory import records
from perron.site.directory.models import Organisation, OrganisationSector
from perron.site.directory.organisations import doubles, rules
from perron.site.directory.organisations.reference import Reference
from perron.site.directory.rights import demand_right

#: Who confirmed an organisation's facts.
BY_ORGANISATION, BY_AGENCY = "organisation", "agency"
#: A field as the log calls it.
named = rules.named


class DoubleError(RefusedError):
    """The organisation may be there already: `others` are those to compare with, each with its page.

    `certain` where it has the same number; else a person may say that it is another one.
    """

    def __init__(
        self, faults: Mapping[str, str], others: Sequence[Organisation], *, certain: bool
    ) -> None:
        super().__init__(faults)
        self.others = list(others)
        self.certain = certain


@transaction.atomic
def add_organisation(
    reader: Reader, *, confirmed: bool = False, known: Reference | None = None, **given: Any
) -> Organisation:
    """Write a new organisation. RefusedError with a sentence by field.

    DoubleError where its number is there already, or its name nearly, unless `confirmed` says that
    a person compared the names. `known` is the reference of the lake, for who adds many.
    """
    demand_right(reader, Capability.DIRECTORY_WRITE)
    fields = {**rules.blank(), **rules.read(given)}
    demand(rules.faults(fields, known))
    _demand_number(reader, fields["company_number"])
    if not confirmed and (
        others := doubles.alike(fields["name"], reader, fields["company_number"])
    ):
        raise DoubleError({"confirmed": _alike_said(others)}, others, certain=False)
    sectors = fields.pop("sectors")
    organisation = Organisation(plain_name=rules.plain(fields["name"]), owner_id=reader.user)
    changes = records.apply(organisation, fields)
    _saved_once(reader, organisation)
    if sectors:
        _set_sectors(organisation, sectors)
        changes["sectors"] = [[], sectors]
    said = _("Organisation inscrite : « {name} ».").format(name=organisation.name)
    records.logged(reader, organisation, "organisation-added", said, changes)
    return organisation


@transaction.atomic
def change_organisation(
    reader: Reader,
    organisation: int,
    revision: int | None = None,
    *,
    known: Reference | None = None,
    **given: Any,
) -> Organisation:
    """Correct the fields that are given; `sectors`, where given, are all there are.

    ChangedMeanwhileError where `revision` is not the current one; nothing is written without a change.
    """
    demand_right(reader, Capability.DIRECTORY_WRITE)
    found = records.locked(Organisation, organisation, reader, revision)
    demand_kept(found)
    if found.kind is not None and given.get("kind") == found.kind.code:
        given["kind"] = found.kind  # kept, even where it was put out of use since
    fields = rules.read(given)
    fields.pop("confidentiality", None)  # `sharing` changes it, with its own rule
    before = {
        name: getattr(found, name) for name in rules.blank() if name not in ("sectors", *fields)
    }
    before["sectors"] = had = list(found.sectors.values_list("activity", flat=True))
    demand(_but_old(rules.faults({**before, **fields}, known), fields))
    if fields.get("company_number"):
        _demand_number(reader, fields["company_number"], found.pk)
    sectors = fields.pop("sectors", had)
    changes = records.apply(found, fields)
    if set(sectors) != set(had):
        _set_sectors(found, sectors)
        changes["sectors"] = [had, sectors]
    if changes:
        found.plain_name = rules.plain(found.name)
        said = _("Fiche corrigée : {fields}.").format(fields=", ".join(map(named, changes)))
        try:
            with transaction.atomic():
                records.saved(reader, found, "organisation-changed", said, changes)
        except IntegrityError:
            raise RefusedError({"company_number": _number_taken()}) from None
    return found


@transaction.atomic
def confirm_organisation(reader: Reader, organisation: int, by: str = BY_AGENCY) -> Organisation:
    """Say that the facts are right as of now."""
    if by == BY_AGENCY:
        demand_right(reader, Capability.DIRECTORY_WRITE)
    found = records.locked(Organisation, organisation, reader)
    demand_kept(found)
    changes = records.apply(found, {"confirmed_at": timezone.now(), "confirmed_by": by})
    said = (
        _("Faits confirmés par l’organisation elle-même.")
        if by == BY_ORGANISATION
        else _("Faits confirmés par l’agence.")
    )
    records.saved(reader, found, "organisation-confirmed", said, changes)
    return found


def demand_kept(organisation: Organisation) -> None:
    """InputError where the record was merged into another: that one is written in."""
    if organisation.merged_into_id:
        raise InputError(_("Cette fiche est réunie à une autre : écrivez dans celle qui reste."))


def _but_old(faults: Mapping[str, str], fields: Mapping[str, Any]) -> dict[str, str]:
    """The faults of what is being changed: an old fault elsewhere does not forbid a correction."""
    return {name: said for name, said in faults.items() if name in fields}


def _demand_number(reader: Reader, number: str, but: int | None = None) -> None:
    """DoubleError where another organisation has this number."""
    other = doubles.of_number(number, but)
    if other is None:
        return
    if not visible(Organisation.objects.filter(pk=other.pk), reader).exists():
        raise RefusedError({"company_number": _number_taken()})
    said = _("« {name} » a déjà ce numéro : {url}. Complétez sa fiche plutôt.").format(
        name=other.name, url=reverse("organisation", args=[other.pk])
    )
    raise DoubleError({"company_number": said}, [other], certain=True)


def _number_taken() -> str:
    return _(
        "Ce numéro ne peut pas être inscrit ici : demandez à la direction, qui lit tout le répertoire."
    )


def _alike_said(others: Sequence[Organisation]) -> str:
    return _(
        "Une fiche porte presque ce nom : {names}. Comparez ; si c’est une autre organisation, dites-le et enregistrez à nouveau."
    ).format(names=", ".join(f"« {other.name} »" for other in others))


def _saved_once(reader: Reader, organisation: Organisation) -> None:
    """Save a new organisation; another person may have been first with the same number."""
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        _demand_number(reader, organisation.company_number)
        raise


def _set_sectors(organisation: Organisation, codes: Sequence[str]) -> None:
    OrganisationSector.objects.filter(organisation=organisation).exclude(
        activity__in=codes
    ).delete()
    OrganisationSector.objects.bulk_create(
        [OrganisationSector(organisation=organisation, activity=code) for code in codes],
        ignore_conflicts=True,
    )

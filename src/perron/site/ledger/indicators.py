"""Verbs on indicators: what expectations are about is the agency's own list, changed by a form (R4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.text import slugify
from django.utils.translation import gettext as _

from perron.errors import ChangedMeanwhileError, InputError, demand
from perron.lake.snapshots import Catalogue
from perron.site.accounts.access import Reader
from perron.site.accounts.log import record
from perron.site.components.faults import text_fault
from perron.site.directory.models import Family, Term
from perron.site.ledger.chain import canonical, digest
from perron.site.ledger.models import Expectation, Indicator
from perron.site.ledger.readings import reading_faults
from perron.site.ledger.rules import length

TEXTS = ("name", "name_en", "description", "unit", "unit_en")
_BLANK: dict[str, Any] = {
    **dict.fromkeys(TEXTS, ""),
    "code": "",
    "decimals": 0,
    "criterion": "",
    "reading": "",
    "active": True,
}


def every() -> list[Indicator]:
    """All indicators, those in use first, each with how many expectations rest on it (`uses`)."""
    counts = dict(Expectation.objects.order_by().values_list("indicator").annotate(n=Count("pk")))
    found = list(Indicator.objects.select_related("criterion").order_by("-active", "order", "name"))
    for indicator in found:
        indicator.uses = counts.get(indicator.pk, 0)  # type: ignore[attr-defined] # for a list
    return found


def reached(code: str) -> Indicator:
    """An indicator by its code. InputError where there is none."""
    found = Indicator.objects.select_related("criterion").filter(code=code).first()
    if found is None:
        raise InputError(_("Cet indicateur n’existe pas."))
    return found


def used(indicator: Indicator) -> bool:
    """Whether an expectation rests on it: what it measures then stays what it was."""
    return Expectation.objects.filter(indicator=indicator).exists()


def seal(indicator: Indicator) -> str:
    """What the indicator is now, in a few signs: whoever changes it shows what they had read."""
    names = (*TEXTS, "decimals", "criterion_id", "reading", "parameters", "active")
    return digest(canonical({name: getattr(indicator, name) for name in names}))[:16]


@transaction.atomic
def add(
    reader: Reader, *, held: Catalogue, parameters: Mapping[str, str] | None = None, **given: Any
) -> Indicator:
    """Add an indicator. RefusedError with a sentence by field."""
    fields = _filled(given)
    faults = _faults(fields, parameters or {}, held)
    fields["code"] = code = (fields["code"] or slugify(fields["name"]))[:64].strip("-")
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", code):
        faults.setdefault("code", _("Un code est fait de lettres minuscules, de chiffres et de traits d’union."))  # fmt: skip
    elif Indicator.objects.filter(code=code).exists():
        faults["code"] = _("Le code {code} est déjà pris : donnez-en un autre.").format(code=code)
    demand(faults)
    made = Indicator(code=code)
    _set(made, fields, parameters or {})
    made.save()
    said = _("Indicateur ajouté : « {name} ».").format(name=made.name)
    record(reader, "indicator-added", "indicator", made.code, said)
    return made


@transaction.atomic
def change(
    reader: Reader,
    *,
    code: str,
    seen: str,
    held: Catalogue,
    parameters: Mapping[str, str] | None = None,
    **given: Any,
) -> Indicator:
    """Change an indicator, or put it out of use. What it measures stays once an expectation rests on it.

    ChangedMeanwhileError where someone else changed it since `seen`.
    """
    found = Indicator.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise InputError(_("Cet indicateur n’existe pas."))
    if seen != seal(found):
        raise ChangedMeanwhileError(
            _(
                "Cet indicateur a changé depuis que vous l’avez ouvert. Vos mots sont gardés ci-dessous ; relisez, puis enregistrez à nouveau."
            ),
            [],
        )
    fields = _filled(given)
    faults = _faults(fields, parameters or {}, held)
    if used(found):
        measured = (found.unit, found.reading, dict(found.parameters))
        if (fields["unit"], fields["reading"], dict(parameters or {})) != measured:
            faults["unit"] = _(
                "Des attentes reposent sur cet indicateur : son unité et sa lecture ne changent plus. Ajoutez-en un autre."
            )
    demand(faults)
    before = {n: getattr(found, n) for n in (*TEXTS, "decimals", "reading", "active")}
    _set(found, fields, parameters or {})
    found.save()
    changes = {n: [v, getattr(found, n)] for n, v in before.items() if v != getattr(found, n)}
    said = _("Indicateur changé : « {name} ».").format(name=found.name)
    record(reader, "indicator-changed", "indicator", found.code, said, changes)
    return found


def _filled(given: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(given) - set(_BLANK):
        raise TypeError(f"an indicator has no {sorted(unknown)}")
    return {**_BLANK, **{n: v.strip() if isinstance(v, str) else v for n, v in given.items()}}


def _faults(
    fields: Mapping[str, Any], parameters: Mapping[str, str], held: Catalogue
) -> dict[str, str]:
    found = {}
    for name in TEXTS:
        required = name in ("name", "unit")
        # A unit may be one sign ("%").
        least = fields[name] if name != "unit" or not fields[name] else f"{fields[name]}   "
        if fault := text_fault(least, length(Indicator, name), required=required):
            found[name] = fault
    if not isinstance(fields["decimals"], int) or not 0 <= fields["decimals"] <= 4:
        found["decimals"] = _("Un nombre de décimales de 0 à 4.")
    criterion = fields["criterion"]
    if criterion and not Term.objects.filter(family=Family.CRITERION, code=criterion).exists():
        found["criterion"] = _("Choisissez un critère de la liste.")
    return found | reading_faults(fields["reading"], dict(parameters), held)


def _set(found: Indicator, fields: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
    for name in (*TEXTS, "decimals", "reading", "active"):
        setattr(found, name, fields[name])
    found.criterion = (
        Term.objects.get(family=Family.CRITERION, code=fields["criterion"])
        if fields["criterion"]
        else None
    )
    found.parameters = dict(parameters)

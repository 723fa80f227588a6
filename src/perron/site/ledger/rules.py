"""What the entries of the ledger must be: each fault is a sentence beside its field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from perron.lake.provenance import SHOWN, State
from perron.site.components.faults import (
    period_fault,
    personal_fault,
    text_fault,
    url_fault,
)
from perron.site.directory.models import Family, Term
from perron.site.ledger.models import Commitment, Expectation, Grade, Review

#: No indicator comes near it, and a chart's axis still has its steps.
LARGEST = 1e15
Fields = Mapping[str, Any]
Faults = dict[str, str]


def length(model: Any, name: str) -> int:
    """How long a text may be."""
    most: int = model._meta.get_field(name).max_length
    return most


def _texts(given: Fields, model: Any, names: tuple[str, ...], required: bool = True) -> Faults:
    found = {}
    for name in names:
        said = given[name]
        fault = text_fault(said, length(model, name), required=required) or personal_fault(said)
        if fault:
            found[name] = fault
    return found


def commitment_faults(given: Fields, today: date) -> Faults:
    """The faults of a decision."""
    found = _texts(given, Commitment, ("title", "decision", "decided_by"))
    when = given["decided_on"]
    if not isinstance(when, date):
        found["decided_on"] = _("Une date est attendue, par exemple 31/12/2026.")
    elif when > today:
        found["decided_on"] = _(
            "Le {when} est à venir : une décision s’inscrit le jour où elle est prise, ou après."
        ).format(when=when.strftime("%d/%m/%Y"))
    if not _is(Family.COMMITMENT, given["kind"]):
        found["kind"] = _("Choisissez un type d’engagement.")
    if given["stage"] and not _is(Family.STAGE, given["stage"]):
        found["stage"] = _("Choisissez une étape.")
    known = set(Term.objects.filter(family=Family.CRITERION).values_list("code", flat=True))
    if unknown := [code for code in given["criteria"] if code not in known]:
        found["criteria"] = _("Critère inconnu : {code}.").format(code=unknown[0])
    return found


def _is(family: Family, code: str) -> bool:
    return Term.objects.filter(family=family, code=code).exists()


def evidence_faults(given: Fields) -> Faults:
    """The faults of a piece of evidence: a figure frozen from the lake, or a document with its page."""
    found = {}
    if fault := text_fault(given["title"], 200):
        found["title"] = fault
    if fault := text_fault(given["words"], 600, required=not given["figures"]):
        found["words"] = fault
    if not given["figures"]:
        if not (given["publisher"].strip() or given["url"]):
            found["publisher"] = _("Dites qui le publie, ou donnez l’adresse de la page.")
        if fault := period_fault(given["date"]):
            found["date"] = fault
    if fault := url_fault(given["url"]):
        found["url"] = fault
    if given["grade"] not in Grade.values:
        found["grade"] = _("Choisissez un degré de preuve.")
    return found


def expectation_faults(given: Fields, decided_on: date, known: bool) -> Faults:
    """The faults of an expectation; `known` says whether its indicator is."""
    found = _texts(given, Expectation, ("sentence",))
    if not known:
        found["indicator"] = _("Choisissez un indicateur.")
    low, high = given["low"], given["high"]
    for name in ("low", "high", "baseline", "comparator_baseline"):
        if not _is_number(given[name]):
            found[name] = _("« {found} » n’est pas un nombre.").format(found=str(given[name])[:20])
    if low is None and high is None and "low" not in found:
        found["low"] = _("Donnez au moins une borne : ce qu’on attend au moins, ou au plus.")
    elif not {"low", "high"} & set(found) and None not in (low, high) and low > high:
        found["high"] = _("La borne haute est sous la borne basse.")
    due = given["due"]
    if not isinstance(due, date):
        found["due"] = _("Une date est attendue, par exemple 31/12/2027.")
    elif due <= decided_on:
        found["due"] = _("L’échéance vient après la décision, prise le {when}.").format(
            when=decided_on.strftime("%d/%m/%Y")
        )
    if fault := period_fault(given["period"]):
        found["period"] = fault
    if fault := period_fault(given["baseline_period"], required=False):
        found["baseline_period"] = fault
    if fault := _state_fault(given["baseline"], given["baseline_state"]):
        found.setdefault("baseline", fault)
    if given["comparator"] and (
        fault := _state_fault(given["comparator_baseline"], given["comparator_state"])
    ):
        found.setdefault("comparator_baseline", fault)
    return found


def review_faults(given: Fields) -> Faults:
    """The faults of a review. What is attested is read somewhere that can be named."""
    found = _texts(given, Review, ("words", "source"), required=False)
    for name in ("value", "comparator_value"):
        if not _is_number(given[name]):
            found[name] = _("« {found} » n’est pas un nombre.").format(found=str(given[name])[:20])
    if fault := _state_fault(given["value"], given["state"]):
        found.setdefault("value", fault)
    grade = given["grade"]
    if grade not in Grade.values:
        found["grade"] = _("Choisissez un degré de preuve.")
    elif grade == Grade.NOT_MEASURED and given["value"] is not None:
        found["grade"] = _("Une valeur est donnée : elle est au moins déclarée.")
    elif grade != Grade.NOT_MEASURED and given["value"] is None:
        found["grade"] = _("Sans valeur, le résultat est non mesuré.")
    elif grade == Grade.ATTESTED and not (given["source"].strip() or given["source_url"]):
        found["source"] = _("Un résultat attesté dit où on peut le lire.")
    if fault := url_fault(given["source_url"]):
        found["source_url"] = fault
    if fault := period_fault(given["period"], required=False):
        found["period"] = fault
    return found


def reason_faults(because: str) -> Faults:
    """The faults of a reason to correct, withdraw, close or erase."""
    if fault := text_fault(because, 300) or personal_fault(because):
        return {"because": fault}
    return {}


def note_faults(given: Fields, today: date) -> Faults:
    """The faults of a signal or an action: what, when, and where it can be read."""
    found = {}
    if fault := text_fault(given["words"], 600) or personal_fault(given["words"]):
        found["words"] = fault
    if not isinstance(given["on"], date):
        found["on"] = _("Une date est attendue, par exemple 31/12/2026.")
    elif given["on"] > today:
        found["on"] = _("Le {when} est à venir : on inscrit ce qui a eu lieu.").format(
            when=given["on"].strftime("%d/%m/%Y")
        )
    if fault := text_fault(given["source"], 300, required=False):
        found["source"] = fault
    if fault := url_fault(given["source_url"]):
        found["source_url"] = fault
    return found


def _is_number(value: Any) -> bool:
    return value is None or (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) < LARGEST
    )


def _state_fault(value: Any, state: str) -> str:
    """A value and its state go together: there is a value in the states observed and zero only."""
    if state not in list(State):
        return _("Dites ce que vaut ce chiffre : observé, zéro, supprimé, inconnu ou non mesuré.")
    if (value is not None) != (State(state) in SHOWN):
        return _("Une valeur et l’état « {state} » ne vont pas ensemble.").format(state=state)
    if value is not None and (value == 0) != (State(state) == State.ZERO):
        return _("Une valeur et l’état « {state} » ne vont pas ensemble.").format(state=state)
    return ""

"""What a need and a memory must be, whole, where a file brings them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from perron.site.accounts.models import Confidentiality
from perron.site.directory import typed
from perron.site.directory.models import Memory, Need, NeedStatus, Term
from perron.site.directory.organisations.reference import Reference


def blank_need() -> dict[str, Any]:
    """A need of which nothing is known: confidential until a person says otherwise."""
    return {
        **dict.fromkeys(("sentence", "said_by", "object", "place", "outcome"), ""),
        **dict.fromkeys(("organisation", "said_on", "kind", "quantity", "needed_by")),
        "status": NeedStatus.OPEN.value,
        "confidentiality": Confidentiality.RESTRICTED.value,
        "fictional": False,
    }


def need_faults(given: Mapping[str, Any], known: Reference) -> dict[str, str]:
    found = typed.too_long(Need, given, ("sentence", "said_by", "object", "outcome"))
    if len(given["sentence"]) < 5:
        found["sentence"] = _("Écrivez le besoin en une phrase, comme il a été dit.")
    if given["said_on"] is None:
        found["said_on"] = _("Dites quel jour ce besoin a été exprimé, comme 12/03/2026.")
    elif given["said_on"] > timezone.localdate():
        found["said_on"] = _("Ce jour n’est pas encore venu : quand ce besoin a-t-il été dit ?")
    if given["status"] != NeedStatus.OPEN and not given["outcome"]:
        found["outcome"] = _("Un besoin répondu ou clos dit sa suite : remplissez la colonne.")
    return found | _shared(given, known)


def blank_memory() -> dict[str, Any]:
    """A memory of which nothing is known."""
    return {
        **dict.fromkeys(("title", "period", "summary", "place", "source", "source_url"), ""),
        **dict.fromkeys(("organisation", "kind")),
        "confidentiality": Confidentiality.AGENCY.value,
        "fictional": False,
    }


def memory_faults(given: Mapping[str, Any], known: Reference) -> dict[str, str]:
    names = ("title", "period", "summary", "source", "source_url")
    found = typed.too_long(Memory, given, names)
    if len(given["title"]) < 2:
        found["title"] = _("Donnez le titre : deux signes au moins.")
    if not isinstance(given["kind"], Term):
        found["kind"] = _("Dites ce que c’est : projet, évènement, rapport, décision.")
    if fault := typed.period_fault(given["period"]):
        found["period"] = fault
    elif not given["period"]:
        found["period"] = _("Donnez la date : une année, un mois ou un jour.")
    if len(given["source"]) < 2:
        found["source"] = _("Dites d’où vient ce souvenir : sans source, il ne se vérifie pas.")
    if fault := typed.address_fault(given["source_url"]):
        found["source_url"] = fault
    return found | _shared(given, known)


def _shared(given: Mapping[str, Any], known: Reference) -> dict[str, str]:
    if given["place"] and known.places is not None and known.place(given["place"]) is None:
        return {"place": _("« {code} » n’est pas un territoire connu.").format(code=given["place"])}
    return {}

"""What a contact must be, and until when the agency may hold a person's data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.site.accounts.models import Confidentiality
from perron.site.directory import typed
from perron.site.directory.models import Contact, Family, LegalBasis, Term
from perron.site.directory.vocabulary import selectors as vocabulary

LINES = ("first_name", "last_name", "function", "email", "phone", "source")
#: Months without a real exchange after which a person is to be forgotten.
MONTHS, MONTHS_LEGITIMATE = 36, 24

Fields = dict[str, Any]
Faults = dict[str, str]


def read(given: Mapping[str, Any]) -> Fields:
    """The fields as they are kept, of those that are given. A name that there is not is a TypeError.

    `last_interaction` that cannot be read stays as typed, for its fault to quote.
    """
    found: Fields = {}
    for name, value in given.items():
        if name in LINES:
            found[name] = typed.line(value)
        elif name == "last_interaction":
            found[name] = typed.day_of(value) or typed.line(value) or None
        elif name == "purpose":
            found[name] = value if isinstance(value, Term) else _purpose(typed.line(value))
        elif name in ("mailing", "fictional"):
            found[name] = bool(value)
        elif name in ("organisation", "legal_basis", "confidentiality"):
            found[name] = value
        else:
            raise TypeError(f"a contact has no {name}")
    return found


def _purpose(code: str) -> Term | str | None:
    return (vocabulary.term(Family.PURPOSE, code) or code) if code else None


def blank() -> Fields:
    """The fields of a contact of whom nothing is known."""
    return {
        **dict.fromkeys(LINES, ""),
        "organisation": None,
        "purpose": None,
        "legal_basis": "",
        "last_interaction": None,
        "mailing": False,
        "confidentiality": Confidentiality.AGENCY.value,
        "fictional": False,
    }


def faults(fields: Mapping[str, Any]) -> Faults:
    """The faults of fields that `read` gave; those left out are blank."""
    given = {**blank(), **fields}
    found = typed.too_long(Contact, given, LINES)
    if not given["last_name"]:
        found["last_name"] = _("Donnez au moins le nom de la personne.")
    if fault := typed.email_fault(given["email"]):
        found["email"] = fault
    phone = given["phone"]
    if phone and (
        not any(c.isdigit() for c in phone) or any(c not in " +()./-0123456789" for c in phone)
    ):
        found["phone"] = _(
            "« {found} » n’est pas un numéro de téléphone : +32 4 000 00 00."
        ).format(found=phone[:40])
    if not isinstance(given["purpose"], Term):
        found["purpose"] = _(
            "Dites à quelle fin l’agence garde cette personne : sans finalité, on ne la garde pas."
        )
    if given["legal_basis"] not in LegalBasis.values:
        found["legal_basis"] = _("Choisissez la base légale (RGPD, article 6) : {known}.").format(
            known=", ".join(str(label) for label in LegalBasis.labels)
        )
    if len(given["source"]) < 3:
        found["source"] = _(
            "D’où viennent ces données ? Par exemple « carte de visite, 12 mars 2026 »."
        )
    last = given["last_interaction"]
    if isinstance(last, str):
        found["last_interaction"] = _(
            "« {found} » n’est pas un jour : attendu 2026-03-12 ou 12/03/2026."
        ).format(found=last[:20])
    elif last and last > timezone.localdate():
        found["last_interaction"] = _(
            "Ce jour n’est pas encore venu : notez le dernier échange qui a eu lieu."
        )
    if given["mailing"] and not given["email"]:
        found["mailing"] = _("Sans adresse e-mail, pas d’envois : donnez-la ou décochez.")
    if given["confidentiality"] not in (Confidentiality.AGENCY, Confidentiality.RESTRICTED):
        found["confidentiality"] = _(
            "Une personne n’est jamais publique : choisissez « {agency} » ou « {restricted} »."
        ).format(agency=Confidentiality.AGENCY.label, restricted=Confidentiality.RESTRICTED.label)
    return found


def months_of(legal_basis: str) -> int:
    """How many months without a real exchange a person is held on this basis."""
    return MONTHS_LEGITIMATE if legal_basis == LegalBasis.LEGITIMATE else MONTHS


def since(contact: Contact) -> date:
    """The day from which the months are counted: the last real exchange, else when it was written."""
    return contact.last_interaction or timezone.localdate(contact.created)


def until(contact: Contact) -> date:
    """The day on which the person is to be forgotten, where nothing happens before."""
    return typed.months_before(since(contact), -months_of(contact.legal_basis))


def is_due(contact: Contact, today: date | None = None) -> bool:
    """Whether the person is to be forgotten."""
    today = today or timezone.localdate()
    return since(contact) < typed.months_before(today, months_of(contact.legal_basis))


def due(today: date | None = None) -> Q:
    """The same as a condition on contacts."""
    today = today or timezone.localdate()

    def quiet(months: int) -> Q:
        limit = typed.months_before(today, months)
        # The moment and not its day: a database reads fifty thousand of the first in no time.
        begun = timezone.make_aware(datetime.combine(limit, time.min))
        return Q(last_interaction__lt=limit) | Q(last_interaction__isnull=True, created__lt=begun)

    legitimate = Q(legal_basis=LegalBasis.LEGITIMATE)
    return legitimate & quiet(MONTHS_LEGITIMATE) | ~legitimate & quiet(MONTHS)

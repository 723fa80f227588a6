"""An organisation says by a link that what is held of it is right, or what is not.

The link is random and serves once; its SHA-256 alone is kept, and nothing of the address it went to.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import smtplib
from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from perron.errors import InputError, demand
from perron.site.accounts.access import ANYONE, Capability, Reader
from perron.site.accounts.log import record
from perron.site.accounts.models import Confidentiality
from perron.site.directory import records, typed
from perron.site.directory.models import Confirmation, Organisation
from perron.site.directory.organisations.services import BY_ORGANISATION, demand_kept
from perron.site.directory.rights import demand_right
from perron.site.directory.selectors import steered
from perron.site.mail import sends

#: How long a link serves.
SERVES = timedelta(days=30)
_log = logging.getLogger("perron.directory")


@dataclass(frozen=True, slots=True)
class Asked:
    """A link that was made, shown once; `sent` where it left by e-mail."""

    token: str
    confirmation: Confirmation
    sent: bool = False


@transaction.atomic
def ask(reader: Reader, organisation: int, email: str) -> Asked:
    """Make the link of one organisation. RefusedError where the address is none."""
    demand_right(reader, Capability.DIRECTORY_WRITE)
    found = records.locked(Organisation, organisation, reader)
    demand_kept(found)
    address = typed.line(email)
    fault = typed.email_fault(address) if address else _("Donnez l’adresse où l’envoyer.")
    if found.confidentiality == Confidentiality.RESTRICTED:
        fault = _("Cette fiche est confidentielle : elle ne se montre pas par un lien.")
    demand({"email": fault} if fault else {})
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    made = Confirmation.objects.create(
        organisation=found,
        token=_digest(token),
        asked_by=reader.person,
        at=now,
        expires=now + SERVES,
    )
    record(
        reader,
        "confirmation-asked",
        "organisation",
        found.pk,
        _("Confirmation demandée par e-mail à l’organisation."),
    )
    return Asked(token, made)


def send(asked: Asked, email: str, link: str) -> bool:
    """Send the link; False where no mail leaves or the server did not take it."""
    agency = steered().agency
    subject = _("{agency} : vos informations sont-elles justes ?").format(agency=agency)
    body = _(
        "Bonjour,\n\n{agency} tient un répertoire des organisations du territoire. Nous voudrions que ce que nous y écrivons de la vôtre soit juste.\n\nRelisez-le ici, avant le {day} ; un clic suffit pour dire que tout est juste, ou une phrase pour corriger :\n\n{link}\n\nAucun compte n’est nécessaire. Le lien sert une fois. Si ce message ne vous concerne pas, ne faites rien.\n\n{agency}\n"
    ).format(agency=agency, day=f"{asked.confirmation.expires:%d/%m/%Y}", link=link)
    if not sends():
        return False
    try:
        return bool(send_mail(subject, body, None, [typed.line(email)]))
    except (OSError, smtplib.SMTPException) as error:
        _log.error("mail", extra={"fields": {"error": type(error).__name__}})
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def of_token(token: str) -> Confirmation:
    """The confirmation that a link opens. InputError where it was used, is too old or is none."""
    found = (
        Confirmation.objects.select_related("organisation", "organisation__kind")
        .filter(token=_digest(token), used=None, expires__gt=timezone.now())
        .filter(organisation__merged_into=None)
        .exclude(organisation__confidentiality=Confidentiality.RESTRICTED)
        .first()
    )
    if found is None:
        raise InputError(_("Ce lien a déjà servi, ou n’est plus valable."))
    return found


@transaction.atomic
def answer(token: str, remark: str = "", revision: int | None = None) -> Confirmation:
    """Say that all is right, or what is not. The link then serves no more.

    ChangedMeanwhileError where the facts are no longer those that were read (`revision`).
    """
    found = of_token(token)
    locked = Confirmation.objects.select_for_update().filter(pk=found.pk, used=None).first()
    if locked is None:
        raise InputError(_("Ce lien a déjà servi, ou n’est plus valable."))
    said = typed.line(remark)
    if len(said) > 500:
        demand({"remark": typed.longer_than(said, 500)})
    organisation = Organisation.objects.select_for_update(of=("self",)).get(
        pk=found.organisation_id
    )
    if revision is not None and revision != organisation.revision:
        demand({"": _("Ces informations viennent de changer : relisez-les, puis répondez.")})
    locked.used, locked.remark = timezone.now(), said
    locked.save(update_fields=["used", "remark"])
    if said:
        entry = _("L’organisation a répondu par le lien : une remarque est à lire.")
        record(ANYONE, "confirmation-remark", "organisation", organisation.pk, entry)
        return locked
    changes = records.apply(
        organisation, {"confirmed_at": locked.used, "confirmed_by": BY_ORGANISATION}
    )
    entry = _("Faits confirmés par l’organisation elle-même.")
    records.saved(ANYONE, organisation, "organisation-confirmed", entry, changes)
    return locked

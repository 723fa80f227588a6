"""The forms of contacts. They read what was typed and keep it; the rules are those of the services."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Confidentiality
from perron.site.components.forms import Form, choice, day, text, tick
from perron.site.directory.contacts import rules
from perron.site.directory.models import Contact, Family, LegalBasis
from perron.site.directory.organisations.forms import Revised
from perron.site.directory.vocabulary import selectors as vocabulary


class ContactForm(Revised):
    """A person in their function, and why the agency holds these data."""

    first_name = text(_("Prénom"), required=False)
    last_name = text(_("Nom"))
    function = text(
        _("Fonction"), _("Ce que la personne fait là : « responsable des achats »."), required=False
    )
    email = text(_("E-mail"), _("L’adresse professionnelle."), required=False)
    phone = text(_("Téléphone"), required=False)
    purpose = choice(_("À quelle fin on la garde"), ())
    legal_basis = choice(
        _("Base légale"),
        LegalBasis.choices,
        _(
            "RGPD, article 6. L’intérêt légitime s’éteint après 24 mois sans échange, les autres après 36."
        ),
        radio=True,
    )
    source = text(
        _("D’où viennent ces données"), _("« Carte de visite, 12 mars 2026 », une page publique…")
    )
    last_interaction = day(
        _("Dernier échange réel"),
        _("Un appel, une visite, une réponse ; un envoi en nombre n’en est pas un."),
        required=False,
    )
    mailing = tick(_("A dit oui aux envois"), _("Sans ce oui, la personne n’en reçoit aucun."))
    confidentiality = choice(
        _("Qui peut lire ce contact"),
        [
            (Confidentiality.AGENCY, _("qui lit les contacts")),
            (Confidentiality.RESTRICTED, _("moi et qui lit tout")),
        ],
        radio=True,
    )
    fictional = tick(_("Exemple fictif"), _("À cocher si cette personne est inventée."))

    def __init__(self, *given: Any, of: Contact | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        kept = of.purpose if of else None
        self.fields["purpose"].widget.choices = [
            ("", "—"),
            *vocabulary.choices(Family.PURPOSE, kept),
        ]

    @classmethod
    def of(cls, contact: Contact) -> ContactForm:
        """The form filled with a contact."""
        names = (*rules.LINES, "legal_basis", "mailing", "confidentiality", "fictional", "revision")
        held = {name: getattr(contact, name) for name in names}
        held["purpose"] = contact.purpose.code
        held["last_interaction"] = (
            contact.last_interaction.isoformat() if contact.last_interaction else ""
        )
        return cls(initial=held, of=contact)


class EraseForm(Form):
    """The yes that erasing asks for."""

    sure = tick(
        _("Oui, effacer cette personne"),
        _("Rien ne la ramènera : ni le journal, ni une recherche."),
    )

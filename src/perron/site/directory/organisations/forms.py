"""The forms of organisations. They read what was typed and keep it; the rules are those of the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Confidentiality
from perron.site.components.forms import Form, choice, text, tick
from perron.site.directory.models import Family, Organisation
from perron.site.directory.organisations import rules
from perron.site.directory.organisations.reference import Reference
from perron.site.directory.vocabulary import selectors as vocabulary

#: The list of municipalities that the field of the place proposes.
PLACES = "communes"


class Revised(Form):
    """A form on a record that others may change meanwhile."""

    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def given(self) -> dict[str, Any]:
        found = super().given()
        found.pop("revision", None)
        return found

    def seen_revision(self) -> int:
        """The revision that the person had under the eyes; 0 where the field was tampered with."""
        self.is_valid()
        typed = self.cleaned_data.get("revision", "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


class OrganisationForm(Revised):
    """What the directory holds of an organisation."""

    name = text(_("Nom"), _("Le nom officiel, forme juridique comprise."))
    short_name = text(_("Nom court ou sigle"), required=False)
    kind = choice(_("Type"), (), required=False)
    makes = text(
        _("Ce qu’elle fait"),
        _("En une phrase simple : ce qu’elle produit, pour qui."),
        area=True,
        required=False,
    )
    sectors = text(
        _("Secteurs"),
        _("Des codes NACE-BEL de n’importe quel niveau, séparés par des virgules : 24.10, 25, C."),
        required=False,
    )
    known_for = text(
        _("Ce qui la fait connaître"),
        _("Un produit, un prix, un évènement, un chantier : ce que l’on dit d’elle ailleurs."),
        area=True,
        required=False,
    )
    place = text(_("Commune"), _("Son nom ou son code INS : là où elle travaille."), required=False)
    address = text(_("Adresse"), required=False)
    website = text(_("Site web"), _("En https de préférence."), required=False)
    company_number = text(
        _("Numéro d’entreprise"),
        _("Dix chiffres, comme 0123.456.749, s’il y en a un."),
        required=False,
    )
    source = text(
        _("Où ces faits ont été lus"),
        _("Le nom d’une page, d’un rapport, d’une visite."),
        required=False,
    )
    source_url = text(_("Adresse de la source"), required=False)
    source_date = text(
        _("Date de la source"), _("Une année, un mois ou un jour : 2026, 2026-03."), required=False
    )
    notes = text(
        _("Notes internes"),
        _("Jamais montrées au public."),
        area=True,
        required=False,
    )
    confidentiality = choice(
        _("Qui peut lire cette fiche"),
        [
            (Confidentiality.PUBLIC, _("tout le monde")),
            (Confidentiality.AGENCY, _("l’agence")),
            (Confidentiality.RESTRICTED, _("moi et les personnes que je nomme")),
        ],
        radio=True,
    )
    fictional = tick(
        _("Exemple fictif"), _("À cocher si elle est inventée : elle le dira partout.")
    )
    confirmed = tick(
        _("C’est une autre organisation"), _("J’ai comparé avec la fiche nommée ci-dessus.")
    )

    def __init__(self, *given: Any, known: Reference, of: Organisation | None = None, **more: Any):
        super().__init__(*given, **more)
        self.known = known
        kept = of.kind if of else None
        self.fields["kind"].widget.choices = [
            ("", "—"),
            *vocabulary.choices(Family.ORGANISATION, kept),
        ]
        self.fields["place"].widget.attrs["list"] = PLACES
        if of is not None:
            del self.fields["confidentiality"]
        if of is not None or not self.is_bound or "doubles" not in self.data:
            del self.fields["confirmed"]

    @classmethod
    def of(cls, organisation: Organisation, known: Reference) -> OrganisationForm:
        """The form filled with an organisation."""
        held = {
            name: getattr(organisation, name)
            for name in (*rules.LINES, *rules.AREAS, "fictional", "revision")
        }
        held["kind"] = organisation.kind.code if organisation.kind else ""
        held["place"] = known.place_name(organisation.place)
        held["company_number"] = rules.written(organisation.company_number)
        codes = organisation.sectors.values_list("activity", flat=True)
        held["sectors"] = ", ".join(known.sector_code(code) for code in codes)
        return cls(initial=held, known=known, of=organisation)

    def given(self) -> dict[str, Any]:
        found = super().given()
        if "place" in found:
            found["place"] = self.known.place_code(found["place"].strip())
        return found


class ReadersForm(Revised):
    """Who may read an organisation."""

    confidentiality = choice(_("Qui peut lire cette fiche"), Confidentiality.choices, radio=True)
    owner = choice(
        _("Responsable"),
        (),
        _("La personne qui répond de cette fiche, et la lit toujours."),
        required=False,
    )

    def __init__(self, *given: Any, persons: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["owner"].widget.choices = [("", "—"), *persons]


class NamedReaderForm(Form):
    """One more person who may read a confidential organisation."""

    user = choice(_("Une personne de plus"), (), required=True)

    def __init__(self, *given: Any, persons: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["user"].widget.choices = [("", "—"), *persons]

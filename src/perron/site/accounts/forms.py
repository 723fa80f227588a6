"""The forms of people and roles: they keep what was typed and show the faults of the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from perron.site.components.forms import Form, choice, text, tick


def _filled(label: Any, hint: Any, kind: str, *, secret: bool = False) -> forms.CharField:
    """A line that the browser may fill, which WCAG 1.3.5 asks of what is about oneself."""
    attributes = {"autocomplete": kind}
    widget = forms.PasswordInput(attributes) if secret else forms.TextInput(attributes)
    made = forms.CharField(
        required=False, label=label, help_text=hint, widget=widget, strip=not secret
    )
    made.must = True  # type: ignore[attr-defined] # said by the template
    return made


#: What settings.AUTH_PASSWORD_VALIDATORS ask, in a sentence.
PASSWORD_RULES = _(
    "Dix caractères au moins, qui ne soient ni votre nom, ni un mot de passe courant, ni que des chiffres."
)


class InviteForm(Form):
    """Whom to invite, and as what."""

    email = text(_("Adresse e-mail"), _("Le lien ne sert qu’à cette adresse, une fois."))
    role = choice(_("Rôle"), [])
    organisation = text(
        _("Organisation"),
        _("Pour un partenaire externe : son nom ou son numéro dans le répertoire."),
        required=False,
    )
    days = text(_("Jours de validité"), _("De 1 à 30."))

    def __init__(self, *given: Any, roles: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["role"].widget.choices = [("", _("Choisir")), *roles]
        self.fields["email"].widget.attrs["type"] = "email"


class RightsForm(Form):
    """The role of a person, and the organisation of a partner."""

    role = choice(_("Rôle"), [])
    organisation = text(
        _("Organisation"),
        _("Pour un partenaire externe : son nom ou son numéro dans le répertoire."),
        required=False,
    )

    def __init__(self, *given: Any, roles: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["role"].widget.choices = [("", _("Choisir")), *roles]


class NamesForm(Form):
    """One's own names."""

    first_name = _filled(_("Prénom"), "", "given-name")
    last_name = _filled(_("Nom"), "", "family-name")


class AcceptForm(NamesForm):
    """What makes an account of an invitation."""

    password = _filled(_("Mot de passe"), PASSWORD_RULES, "new-password", secret=True)
    again = _filled(_("Le même, une seconde fois"), "", "new-password", secret=True)


class RoleForm(Form):
    """A role; its rights are boxes that the page draws itself."""

    name = text(_("Nom du rôle"), _("En français, au singulier."))
    name_en = text(
        _("Nom en anglais"), _("Sans lui, le nom français vaut aussi en anglais."), required=False
    )
    description = text(_("Ce que fait ce rôle"), "", area=True, required=False)
    active = tick(_("Ce rôle se donne encore"))
    #: Nothing to fill: the place where a fault about the rights stands.
    capabilities = forms.Field(required=False, label=_("Ce que ce rôle permet"))

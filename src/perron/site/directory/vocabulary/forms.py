"""The form of a term. It reads what was typed and keeps it; the rules are those of the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from perron.site.components.forms import Form, text, tick
from perron.site.directory.models import Family, Term
from perron.site.directory.vocabulary import rules
from perron.site.directory.vocabulary.services import state


class TermForm(Form):
    """A word of the agency; a field that its family lacks is not there."""

    name = text(_("En français"), _("Comme il se lira dans les formulaires et les listes."))
    name_en = text(
        _("En anglais"), _("Sans lui, l’anglais montre le mot français."), required=False
    )
    inverse = text(
        _("De l’autre bout, en français"), _("« A forme pour B » se lit « B est formé par A ».")
    )
    inverse_en = text(_("De l’autre bout, en anglais"), required=False)
    social = tick(
        _("Critère de société"),
        _("Emploi, genre, âge, communes, climat : à côté des critères économiques."),
    )
    description = text(
        _("Ce qu’il veut dire"),
        _("Une phrase, pour que tous l’emploient de même."),
        area=True,
        required=False,
    )
    order = text(_("Rang"), _("Le plus petit vient d’abord."), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, family: str, **more: Any) -> None:
        super().__init__(*given, **more)
        for name, only in rules.ONLY.items():
            if family != only:
                del self.fields[name]
        self.fields["order"].widget.attrs["inputmode"] = "numeric"

    @classmethod
    def of(cls, term: Term) -> TermForm:
        """The form filled with a term."""
        held = {name: getattr(term, name) for name in rules.fields_of(term.family)}
        return cls(initial={**held, "seen": state(term)}, family=Family(term.family).value)

    def given(self) -> dict[str, Any]:
        found = super().given()
        found.pop("seen", None)
        return found

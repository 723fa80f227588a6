"""The forms of upkeep; their rules are those of the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from perron.site.components.forms import Form, choice, text
from perron.site.directory.models import Organisation


class MergeForm(Form):
    """Which of two records stays, and why they are one."""

    kept = choice(_("Quelle fiche gardez-vous ?"), (), radio=True)
    reason = text(
        _("Pourquoi est-ce la même organisation ?"),
        _("En une phrase : elle reste dans l’histoire des deux fiches."),
    )

    def __init__(self, *given: Any, one: Organisation, other: Organisation, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["kept"].widget.choices = [
            (str(found.pk), f"{found.name} (n° {found.pk})") for found in (one, other)
        ]

    def which(self) -> str:
        """The record that is kept, as it was sent."""
        return str(self.given().get("kept", ""))


class AskForm(Form):
    """To whom the link goes."""

    email = text(
        _("Adresse e-mail"),
        _("Celle d’un contact de l’organisation, ou une autre. Elle n’est pas gardée."),
    )


class AnswerForm(Form):
    """What an organisation writes where something is wrong."""

    remark = text(
        _("Quelque chose à corriger ?"),
        _("En une phrase ou deux. L’agence la lira et corrigera."),
        area=True,
        required=False,
    )
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

"""The forms of the register. They read what was typed and keep it; the rules are those of the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from perron.site.components.forms import Form, choice, text
from perron.site.directory.places import Place
from perron.site.strategy import rules
from perron.site.strategy.models import Direction, Driver, Evidence, Exposure, Grade, Kind, Status


class DriverForm(Form):
    """A driver's own fields."""

    title = text(_("Titre"), _("En quelques mots, comme un titre de journal."))
    sentence = text(
        _("En une phrase simple"),
        _("Ce qui change, pour qui, et pourquoi c’est important ici."),
        area=True,
    )
    kind = choice(_("Nature"), Kind.choices, radio=True)
    direction = choice(_("Sens"), Direction.choices, radio=True)
    since = text(
        _("Depuis"), _("Une année ou un mois : 2023, 2023-10. Rien si on l’ignore."), required=False
    )
    until = text(_("Jusqu’à"), _("Rien si la fin n’est pas connue."), required=False)
    status = choice(_("État"), [c for c in Status.choices if c[0] != Status.CLOSED], radio=True)
    owner = text(
        _("Qui le suit"),
        _("Une fonction, jamais un nom de personne : « cellule industrie »."),
        required=False,
    )
    territory = choice(_("Territoire"), ())
    fictional = forms.BooleanField(
        required=False,
        label=_("Exemple fictif"),
        help_text=_("À cocher si ce moteur est inventé : il le dira partout."),
    )
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *given: Any, territories: tuple[Place, ...] = (), language: str = "fr", **more: Any
    ) -> None:
        super().__init__(*given, **more)
        widget = self.fields["territory"].widget
        widget.choices = [(place.code, place.name(language)) for place in territories]

    @classmethod
    def of(cls, driver: Driver, **more: Any) -> DriverForm:
        """The form filled with a driver."""
        fields = {name: getattr(driver, name) for name in cls.base_fields}
        return cls(initial=fields, **more)

    def given(self) -> dict[str, Any]:
        found = super().given()
        found.pop("revision")
        return found

    def seen_revision(self) -> int:
        """The revision that the person had under the eyes; 0 where the field was tampered with."""
        self.is_valid()
        typed = self.cleaned_data["revision"]
        return int(typed) if typed.isdigit() and len(typed) < 10 else 0


class EvidenceForm(Form):
    """What a driver rests on."""

    title = text(_("Titre du document"))
    publisher = text(
        _("Éditeur"), _("Qui le publie : une administration, un journal, un office statistique.")
    )
    date = text(_("Date de publication"), _("Une année ou un mois : 2023, 2023-04."))
    url = text(
        _("Adresse de la page"),
        _("Publique, en https. Ou bien une table du lac, ci-dessous."),
        required=False,
    )
    table = choice(
        _("Table du lac"), (), _("La version en service est inscrite avec elle."), required=False
    )
    words = text(
        _("Ce qu’elle dit, en une phrase"),
        _("Avec vos mots : on ne recopie pas la source."),
        area=True,
    )
    grade = choice(_("Degré de preuve"), Grade.choices, radio=True)

    def __init__(self, *given: Any, tables: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["table"].widget.choices = [("", "—"), *((name, name) for name in tables)]

    @classmethod
    def of(cls, evidence: Evidence, **more: Any) -> EvidenceForm:
        return cls(initial={n: getattr(evidence, n) for n in cls.base_fields}, **more)


class ExposureForm(Form):
    """An activity that is exposed."""

    activity = text(
        _("Activité"), _("Un code NACE-BEL de n’importe quel niveau : C, 24, 24.10, 24100.")
    )
    share = text(
        _("Part exposée"),
        _(
            "De 0 à 1 : 0,3 ou 30 %. Laissez vide si on ne la connaît pas : elle sera dite inconnue."
        ),
        required=False,
    )
    reason = text(_("Pourquoi"), _("Ce qui l’expose, en une phrase."), area=True)

    @classmethod
    def of(cls, exposure: Exposure, written: str) -> ExposureForm:
        share = "" if exposure.share is None else f"{exposure.share:g}".replace(".", ",")
        return cls(initial={"activity": written, "share": share, "reason": exposure.reason})

    def given(self) -> dict[str, Any]:
        found = super().given()
        return {**found, "share": rules.share_of(found["share"])}


class ReasonForm(Form):
    """Why something is closed, opened again or withdrawn."""

    because = text(_("Pourquoi"), _("Une phrase, qui reste dans le journal."), area=True)

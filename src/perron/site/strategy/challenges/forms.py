"""The form of a challenge. It reads what was typed and keeps it; the rules are those of the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Confidentiality
from perron.site.components.forms import Form, choice, text, tick
from perron.site.directory.models import Family, Term
from perron.site.directory.vocabulary import selectors as vocabulary
from perron.site.strategy.models import Challenge, Side, Stand


def _several(label: Any, hint: Any) -> forms.MultipleChoiceField:
    """Boxes to tick, as many as apply."""
    made = forms.MultipleChoiceField(
        required=False, label=label, help_text=hint, widget=forms.CheckboxSelectMultiple
    )
    made.must = False  # type: ignore[attr-defined] # said by the template
    return made


class ChallengeForm(Form):
    """A challenge's own fields, its economic and societal criteria side by side."""

    title = text(_("Titre"), _("En quelques mots, comme un titre de journal."))
    sentence = text(
        _("En une phrase simple"), _("Ce qui est en jeu, pour qui, et d’ici quand."), area=True
    )
    side = choice(_("Défi ou opportunité"), Side.choices, radio=True)
    kind = choice(_("Type"), ())
    economic = _several(_("Critères économiques"), _("Ce que l’économie y gagne ou y perd."))
    societal = _several(_("Critères sociétaux"), _("Ce que les habitants y gagnent ou y perdent."))
    territory = choice(_("Territoire"), (), required=False)
    since = text(_("Depuis"), _("Une année ou un mois : 2023, 2023-10."), required=False)
    until = text(_("Jusqu’à"), _("Rien si la fin n’est pas connue."), required=False)
    status = choice(_("État"), [c for c in Stand.choices if c[0] != Stand.CLOSED], radio=True)
    confidentiality = choice(
        _("Qui peut le lire"),
        Confidentiality.choices,
        _("« Confidentiel » : vous, et qui peut tout lire."),
        radio=True,
    )
    fictional = tick(
        _("Exemple fictif"), _("À cocher si ce défi est inventé : il le dira partout.")
    )
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *given: Any,
        territories: list[tuple[str, str]],
        keep: Challenge | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        kinds = vocabulary.choices(Family.CHALLENGE, keep.kind if keep else None)
        self.fields["kind"].widget.choices = [("", "—"), *kinds]
        self.fields["territory"].widget.choices = [("", "—"), *territories]
        held = set(keep.criteria.all()) if keep else set()
        criteria = [t for t in vocabulary.every(Family.CRITERION) if t.active or t in held]
        for name, social in (("economic", False), ("societal", True)):
            offered = [(t.code, str(t)) for t in criteria if t.social == social]
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    @classmethod
    def of(cls, challenge: Challenge, **more: Any) -> ChallengeForm:
        """The form filled with a challenge."""
        own = {n: getattr(challenge, n) for n in cls.base_fields if hasattr(challenge, n)}
        criteria: list[Term] = list(challenge.criteria.all())
        own |= {
            "kind": challenge.kind.code,
            "economic": [t.code for t in criteria if not t.social],
            "societal": [t.code for t in criteria if t.social],
        }
        return cls(initial=own, keep=challenge, **more)

    def given(self) -> dict[str, Any]:
        found = super().given()
        found.pop("revision", None)
        chosen = [*found.pop("economic", []), *found.pop("societal", [])]
        return {**found, "criteria": chosen}

    def seen_revision(self) -> int:
        """The revision that the person had under the eyes; 0 where the field was tampered with."""
        self.is_valid()
        typed = self.cleaned_data.get("revision", "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

"""The form of a memory. It reads what was typed and keeps it; the rules are those of the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Confidentiality
from perron.site.components.forms import Form, choice, text, tick
from perron.site.directory.models import Family, Memory
from perron.site.directory.organisations.reference import Reference
from perron.site.directory.vocabulary import selectors as vocabulary

#: The list of municipalities that the field of the place proposes.
PLACES = "communes"


class MemoryForm(Form):
    """A past project, event, report or decision."""

    kind = choice(_("Type"), ())
    title = text(_("Titre"), _("Comme on l’appelait alors."))
    period = text(_("Date"), _("Une année, un mois ou un jour : 2013, 2013-10, 2013-10-05."))
    summary = text(
        _("Ce qu’il faut en retenir"),
        _("En quelques phrases : ce qui fut fait, ce que cela a donné."),
        area=True,
        required=False,
    )
    organisation = text(
        _("Organisation"), _("Son nom au répertoire, ou le numéro de sa fiche."), required=False
    )
    place = text(_("Commune"), required=False)
    source = text(_("Source"), _("Où cela se lit : un rapport, un procès-verbal, une page."))
    source_url = text(_("Adresse de la source"), required=False)
    confidentiality = choice(
        _("Qui peut le lire"),
        [
            (Confidentiality.AGENCY, _("l’agence")),
            (Confidentiality.PUBLIC, _("tout le monde")),
            (Confidentiality.RESTRICTED, _("moi et qui lit tout ce qui est confidentiel")),
        ],
        radio=True,
    )
    fictional = tick(_("Exemple fictif"), _("À cocher s’il est inventé : il le dira partout."))
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *given: Any, known: Reference, of: Memory | None = None, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.known = known
        kinds = vocabulary.choices(Family.MEMORY, of.kind if of else None)
        self.fields["kind"].widget.choices = [("", "—"), *kinds]
        self.fields["place"].widget.attrs["list"] = PLACES

    @classmethod
    def of(cls, memory: Memory, **more: Any) -> MemoryForm:
        """The form filled with a memory."""
        held = {n: getattr(memory, n) for n in cls.base_fields if n not in ("kind", "organisation")}
        held["kind"] = memory.kind.code
        held["place"] = more["known"].place_name(memory.place)
        return cls(initial={**held, **more.pop("initial", {})}, of=memory, **more)

    def given(self) -> dict[str, Any]:
        found = super().given()
        found.pop("revision", None)
        found["place"] = self.known.place_code(found["place"].strip())
        return found

    def seen_revision(self) -> int:
        """The revision that the person had under the eyes; 0 where the field was tampered with."""
        self.is_valid()
        typed = self.cleaned_data["revision"]
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

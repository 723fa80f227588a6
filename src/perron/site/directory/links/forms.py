"""The forms of links. They read what was typed and keep it; the rules are those of the services."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from perron.site.components.forms import Form, choice, text, tick
from perron.site.directory.links.selectors import words
from perron.site.directory.models import Family
from perron.site.directory.vocabulary import selectors as vocabulary

#: Behind the code of a type that is read from its other end.
INVERSE = ":inverse"


class LinkForm(Form):
    """How two things are linked, and why one knows it."""

    kind = choice(_("Lien"), ())
    reason = text(_("Pourquoi"), _("Ce qui le montre, en une phrase."), area=True)
    source = text(_("Source"), _("Une page, un rapport, une visite."), required=False)
    since = text(_("Depuis"), _("Une année ou un mois : 2023, 2023-10."), required=False)
    until = text(_("Jusqu’à"), _("Rien si le lien tient encore."), required=False)
    fictional = tick(_("Exemple fictif"), _("À cocher si ce lien est inventé."))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        offered = [("", "—")]
        for kind in vocabulary.terms(Family.LINK):
            offered.append((kind.code, words(kind, True)))
            if kind.inverse and kind.inverse != kind.name:
                offered.append((kind.code + INVERSE, words(kind, False)))
        self.fields["kind"].widget.choices = offered

    def direction(self) -> tuple[str, bool]:
        """The code of the type, and whether the thing of the page is its first end."""
        self.is_valid()
        code: str = self.cleaned_data.get("kind", "")
        return code.removesuffix(INVERSE), not code.endswith(INVERSE)


class WithdrawForm(Form):
    """Why a link does not hold."""

    because = text(_("Pourquoi"), _("Une phrase, qui reste dans le journal."), area=True)

"""The forms of needs. They read what was typed and keep it; the rules are those of the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.models import Confidentiality
from perron.site.components.forms import Form, choice, day, text, tick
from perron.site.directory.models import Contact, Family, Need
from perron.site.directory.needs import rules
from perron.site.directory.needs.proposal import LONGEST, Proposal
from perron.site.directory.organisations.reference import Reference
from perron.site.directory.vocabulary import selectors as vocabulary

#: The list of municipalities that the field of the place proposes.
PLACES = "communes"
READERS = [
    (Confidentiality.RESTRICTED, _("moi et les personnes que je nomme")),
    (Confidentiality.AGENCY, _("l’agence")),
    (Confidentiality.PUBLIC, _("tout le monde")),
]


class PhraseForm(Form):
    """The need, as one would say it on the phone."""

    phrase = text(
        _("Le besoin, en une phrase"),
        _("Écrivez comme au téléphone. Rien n’est enregistré avant votre accord."),
        area=True,
    )
    organisation = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["phrase"].widget.attrs["maxlength"] = LONGEST


class NeedForm(Form):
    """What a need says, proposed by the machine and confirmed by a person."""

    sentence = text(_("La phrase, telle qu’elle a été dite"), area=True)
    kind = choice(_("Type"), (), required=False)
    quantity = text(_("Combien"), required=False)
    unit = choice(_("Unité"), (), required=False)
    object = text(_("De quoi"), required=False)
    needed_by = day(_("Pour quand"), required=False)
    place = text(_("Commune"), required=False)
    organisation = text(
        _("Organisation"), _("Son nom au répertoire, ou le numéro de sa fiche."), required=False
    )
    contact = choice(_("Dit par, au répertoire"), (), required=False)
    said_by = text(
        _("Dit par, en mots"),
        _("Une fonction, une occasion."),
        required=False,
    )
    said_on = day(_("Dit le"))
    confidentiality = choice(_("Qui peut lire ce besoin"), READERS, radio=True)
    fictional = tick(_("Exemple fictif"), _("À cocher s’il est inventé : il le dira partout."))
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *given: Any,
        known: Reference,
        contacts: Iterable[Contact] = (),
        of: Need | None = None,
        proposal: Proposal | None = None,
        phrase: str = "",
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.known = known
        kinds = vocabulary.choices(Family.NEED, of.kind if of else None)
        self._choices("kind", [("", _now("à préciser")), *kinds])
        self._choices("unit", [("", _now("personnes ou pièces")), *((u, u) for u in rules.UNITS)])
        self.fields["place"].widget.attrs["list"] = PLACES
        self.fields["sentence"].widget.attrs["maxlength"] = LONGEST
        held = list(contacts)
        if held:
            self._choices("contact", [("", "—"), *((str(c.pk), _of(c)) for c in held)])
        else:
            del self.fields["contact"]
        if of is not None:
            del self.fields["confidentiality"]
        if proposal is not None:
            self._explain(proposal, phrase)

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].widget.choices = choices

    def _explain(self, proposal: Proposal, phrase: str) -> None:
        """Beside each field, the words that gave it; or that the sentence does not say it."""
        words: dict[str, list[str]] = {}
        for span in proposal.spans:
            words.setdefault(span.field, []).append(phrase[span.start : span.end])
        for name in ("kind", "quantity", "needed_by", "place"):
            found = words.get(name, [])
            self.fields[name].help_text = (
                _now("Lu : « {words} ».").format(words=" » … « ".join(found))
                if found
                else _now("La phrase ne le dit pas.")
            )

    @classmethod
    def proposed(cls, proposal: Proposal, phrase: str, **more: Any) -> NeedForm:
        """The form filled with what the machine read."""
        known: Reference = more["known"]
        offered = vocabulary.term(Family.NEED, proposal.kind) if proposal.kind else None
        initial = {
            "sentence": phrase,
            "kind": offered.code if offered else "",
            "quantity": proposal.quantity,
            "unit": proposal.unit,
            "object": proposal.object,
            "needed_by": proposal.needed_by.isoformat() if proposal.needed_by else "",
            "place": known.place_name(proposal.place),
            "said_on": timezone.localdate().isoformat(),
            "confidentiality": Confidentiality.RESTRICTED,
            **more.pop("initial", {}),
        }
        return cls(initial=initial, proposal=proposal, phrase=phrase, **more)

    @classmethod
    def of(cls, need: Need, **more: Any) -> NeedForm:
        """The form filled with a need."""
        known: Reference = more["known"]
        initial = {n: getattr(need, n) for n in (*rules.LINES, "quantity", "fictional", "revision")}
        initial |= {n: d.isoformat() for n in rules.DAYS if (d := getattr(need, n))}
        initial |= {
            "kind": need.kind.code if need.kind else "",
            "place": known.place_name(need.place),
            "contact": need.contact_id or "",
        }
        return cls(initial={**initial, **more.pop("initial", {})}, of=need, **more)

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


def _of(contact: Contact) -> str:
    return f"{contact}, {contact.function}" if contact.function else str(contact)


class OutcomeForm(Form):
    """What was answered, or why a need is closed or opened again."""

    outcome = text("", area=True)
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, asked: str, hint: str = "", **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["outcome"].label = asked
        self.fields["outcome"].help_text = hint


class ReadersForm(Form):
    """Who may read a need."""

    confidentiality = choice(_("Qui peut lire ce besoin"), READERS, radio=True)
    owner = choice(
        _("Responsable"), (), _("La personne qui en répond, et le lit toujours."), required=False
    )
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, persons: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["owner"].widget.choices = [("", "—"), *persons]


class NamedReaderForm(Form):
    """One more person who may read a confidential need."""

    user = choice(_("Une personne de plus"), ())

    def __init__(self, *given: Any, persons: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["user"].widget.choices = [("", "—"), *persons]


def revision_of(form: Form) -> int:
    """The revision that a form carries; 0 where the field was tampered with."""
    form.is_valid()
    typed = form.cleaned_data.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

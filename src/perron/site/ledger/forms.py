"""The forms of the register. They read what was typed and keep it; the rules are those of the services."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from perron.lake.provenance import State
from perron.site.accounts.models import Confidentiality
from perron.site.components.forms import Form, choice, day, text, tick
from perron.site.directory.typed import area, day_of, line
from perron.site.ledger.models import Grade
from perron.site.ledger.rules import LARGEST

_UNKNOWN_SIGNS = ("", "?", "inconnu", "unknown")


def number_of(typed: str) -> float | str | None:
    """A number as Belgians write it; None where nothing is typed; the text itself where it is none.

    >>> number_of("1 234,5"), number_of("-3"), number_of(""), number_of("quarante")
    (1234.5, -3.0, None, 'quarante')
    """
    plain = "".join(typed.split()).replace("\u202f", "").replace("\u00a0", "").replace("−", "-")
    if plain.casefold() in _UNKNOWN_SIGNS:
        return None
    if not plain.isascii() or "_" in plain:
        return typed.strip()
    try:
        value = float(plain.replace(",", "."))
    except ValueError:
        return typed.strip()
    return value if math.isfinite(value) and abs(value) < LARGEST else typed.strip()


def written(value: float | None) -> str:
    """A number as a form shows it."""
    return "" if value is None else f"{value:.10g}".replace(".", ",")


def day_typed(typed: str) -> date | str:
    """A day; the text itself where it is none, or lies before any archive."""
    found = day_of(typed)
    return found if found and found.year >= 1900 else typed.strip()


class Several(forms.MultipleChoiceField):
    """Boxes to tick, as many as apply. A forged one is refused by the service, in our own words."""

    def valid_value(self, value: Any) -> bool:
        return True


def several(label: Any) -> Several:
    made = Several(required=False, label=label, widget=forms.CheckboxSelectMultiple)
    made.must = False  # type: ignore[attr-defined] # said by the template
    return made


def _places(label: Any, hint: Any = "", *, required: bool = False) -> forms.CharField:
    return choice(label, (), hint, required=required)


class RevisedForm(Form):
    """A form that knows the revision its person had read."""

    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def offer(self, name: str, offered: Iterable[tuple[str, str]], blank: str = "") -> None:
        """Set what a choice offers; `blank` are the words of none."""
        first = [("", blank)] if blank else []
        self.fields[name].widget.choices = [*first, *offered]

    def seen_revision(self) -> int:
        """The revision under the person's eyes; -1 where the field was tampered with."""
        self.is_valid()
        typed = self.cleaned_data.get("revision", "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1

    def given(self) -> dict[str, Any]:
        # A text that no database takes (a null sign) is a fault of its field, and nothing here.
        found = {**dict.fromkeys(self.fields, ""), **super().given()}
        found.pop("revision", None)
        return found


class DecisionForm(RevisedForm):
    """What is decided, by which body, when, and who may read it."""

    title = text(_("Titre"), _("En quelques mots, comme un titre de journal."))
    decision = text(
        _("Ce qui est décidé, en une phrase"),
        _("Qui fera quoi, où. Une fonction ou un organe, jamais un nom de personne."),
        area=True,
    )
    decided_by = text(_("Organe qui décide"), _("« Conseil d’administration », « direction »…"))
    decided_on = day(_("Date de la décision"))
    kind = choice(_("Type"), ())
    stage = choice(_("Étape"), (), required=False)
    territory = _places(_("Territoire"))
    economic = several(_("Critères économiques"))
    social = several(_("Critères de société"))
    confidentiality = choice(
        _("Qui peut la lire"),
        (
            (Confidentiality.AGENCY, _("l’agence")),
            (Confidentiality.PUBLIC, _("tout le monde")),
            (Confidentiality.RESTRICTED, _("vous, et les personnes nommées")),
        ),
        radio=True,
    )
    fictional = tick(
        _("Exemple fictif"), _("À cocher si elle est inventée : elle le dira partout.")
    )

    def given(self) -> dict[str, Any]:
        found = super().given()
        chosen = [*(found["economic"] or ()), *(found["social"] or ())]
        for name in ("revision", "economic", "social"):
            found.pop(name, None)
        for name in ("title", "decided_by"):
            if name in found:
                found[name] = line(found[name])
        found["decision"] = line(found["decision"])
        found["decided_on"] = day_typed(str(found["decided_on"]))
        return {
            **found,
            "criteria": tuple(dict.fromkeys(chosen)),
            "fictional": bool(found.get("fictional")),
        }


class SettingsForm(RevisedForm):
    """Who may read a decision: no part of the chain."""

    confidentiality = choice(_("Qui peut la lire"), Confidentiality.choices, radio=True)
    owner = choice(
        _("Qui la suit"),
        (),
        _("La personne qui reçoit ses rappels, et la lit toujours."),
        required=False,
    )


class NoteForm(RevisedForm):
    """A signal, or an action: what, when, where it can be read."""

    words = text(
        _("En une phrase"), _("Ce qui s’est passé. Ni nom de personne, ni numéro."), area=True
    )
    on = day(_("Quand"))
    source = text(
        _("Source"), _("Qui le dit : un journal, un rapport, un opérateur."), required=False
    )
    source_url = text(_("Adresse de la page"), _("Publique, en https."), required=False)

    def given(self) -> dict[str, Any]:
        found = super().given()
        return {
            "words": line(found["words"]),
            "on": day_typed(found["on"]),
            "source": line(found["source"]),
            "source_url": line(found["source_url"]),
        }


class DocumentForm(RevisedForm):
    """A page or a document on which a decision rests."""

    title = text(_("Titre du document"))
    publisher = text(
        _("Éditeur"), _("Qui le publie : une administration, un journal, un opérateur.")
    )
    date = text(_("Date de publication"), _("Une année ou un mois : 2023, 2023-04."))
    url = text(_("Adresse de la page"), _("Publique, en https."), required=False)
    words = text(
        _("Ce qu’il dit, en une phrase"),
        _("Avec vos mots : on ne recopie pas la source."),
        area=True,
    )
    grade = choice(
        _("Degré de preuve"), [c for c in Grade.choices if c[0] != Grade.NOT_MEASURED], radio=True
    )

    def given(self) -> dict[str, Any]:
        found = super().given()
        return {name: line(value) for name, value in found.items()}


class FigureForm(RevisedForm):
    """A figure of the lake, read now and frozen."""

    indicator = choice(_("Indicateur"), ())
    territory = _places(_("Territoire"), required=True)
    period = text(
        _("Période"),
        _("Une année, ou un trimestre : 2018, 2023-Q4. Rien : la dernière."),
        required=False,
    )
    words = text(
        _("Ce qu’il montre, en une phrase"), _("Avec vos mots."), area=True, required=False
    )

    def given(self) -> dict[str, Any]:
        return {name: line(value) for name, value in super().given().items()}


class ExpectationForm(RevisedForm):
    """What is expected: the range, when it is read, from where, beside whom."""

    indicator = choice(_("Indicateur"), ())
    territory = _places(_("Territoire"))
    sentence = text(
        _("Ce qu’on attend, en une phrase"),
        _("Ce qui aura changé si la décision réussit."),
        area=True,
    )
    low = text(
        _("Au moins"), _("Un nombre, comme 40 ou 3,5. Vide : pas de borne basse."), required=False
    )
    high = text(_("Au plus"), _("Vide : pas de borne haute. Une des deux suffit."), required=False)
    period = text(_("Période à relire"), _("Celle du chiffre attendu : 2027, 2027-Q4."))
    due = day(_("Échéance"), _("Le jour où l’on regarde : le chiffre doit alors être paru."))
    comparator = _places(_("Comparé à"), _("Le territoire à côté duquel lire le résultat."))
    baseline = text(
        _("Point de départ"),
        _("Lu dans le lac quand l’indicateur s’y trouve ; sinon, ce qu’on sait aujourd’hui."),
        required=False,
    )
    baseline_state = choice(
        _("Ce point de départ est"),
        (
            (State.OBSERVED, _("observé, ou zéro")),
            (State.UNKNOWN, _("inconnu")),
            (State.NOT_MEASURED, _("non mesuré")),
        ),
        required=False,
    )
    baseline_period = text(
        _("Période du départ"), _("2025, 2025-Q4. Rien : la dernière."), required=False
    )

    @property
    def numbers(self) -> tuple[str, ...]:
        return ("low", "high", "baseline")

    def given(self) -> dict[str, Any]:
        found = {name: line(value) for name, value in super().given().items()}
        values: dict[str, Any] = {**found, **{n: number_of(found[n]) for n in self.numbers}}
        values["due"] = day_typed(found["due"])
        values["baseline_state"] = state_of_typed(values["baseline"], found["baseline_state"])
        return values


def state_of_typed(value: float | str | None, said: str) -> str:
    """The state of a typed value: a number is observed, or zero; nothing is what was said of it."""
    if isinstance(value, str):
        return State.OBSERVED
    if value is not None:
        return State.OBSERVED if value else State.ZERO
    return said if said in (State.NOT_MEASURED, State.SUPPRESSED) else State.UNKNOWN


class ReviewForm(RevisedForm):
    """What came, as a person knows it."""

    value = text(_("Valeur"), _("Un nombre. Vide : personne n’a mesuré."), required=False)
    period = text(_("Période"), _("Celle du chiffre : 2026, 2026-Q4."), required=False)
    grade = choice(
        _("Degré de preuve"),
        (
            (Grade.ATTESTED, _("attesté : un document ou une statistique le montre")),
            (Grade.PROBABLE, _("probable : deux sources concordent")),
            (Grade.CLAIMED, _("déclaré : dit par l’intéressé seul, sans document")),
            (Grade.NOT_MEASURED, _("non mesuré : personne ne sait")),
        ),
        radio=True,
    )
    words = text(
        _("Ce qui est arrivé, en une phrase"),
        _("Ce qui explique le résultat, ou son absence."),
        area=True,
        required=False,
    )
    source = text(_("Source"), _("Obligatoire si le résultat est attesté."), required=False)
    source_url = text(_("Adresse de la page"), _("Publique, en https."), required=False)

    def given(self) -> dict[str, Any]:
        found = {name: line(value) for name, value in super().given().items()}
        value = number_of(found["value"])
        state = state_of_typed(value, State.NOT_MEASURED)
        return {**found, "value": value, "state": state}


class ReasonForm(RevisedForm):
    """Why something is withdrawn, closed, opened again or erased."""

    because = text(_("Pourquoi"), _("Une phrase, qui reste au registre."), area=True)

    def given(self) -> dict[str, Any]:
        return {"because": line(super().given()["because"])}


def corrected(form: type[RevisedForm]) -> type[RevisedForm]:
    """The same form with the reason of a correction at its end."""
    return type(
        f"Corrected{form.__name__}",
        (form,),
        {
            "because": text(
                _("Pourquoi corriger"),
                _("Une phrase : l’ancienne entrée reste lisible, avec celle-ci."),
                area=True,
            )
        },
    )


class IndicatorForm(Form):
    """An indicator of the agency."""

    name = text(_("Nom"), _("Ce qui se compte : « emplois dans l’industrie »."))
    name_en = text(_("Nom en anglais"), required=False)
    code = text(
        _("Code"), _("Minuscules et traits d’union. Vide : il vient du nom."), required=False
    )
    description = text(_("Ce qu’il dit, et ne dit pas"), area=True, required=False)
    unit = text(_("Unité"), _("« emplois », « % », « € »…"))
    unit_en = text(_("Unité en anglais"), required=False)
    decimals = text(_("Décimales"), _("De 0 à 4."))
    criterion = choice(_("Critère"), (), required=False)
    active = tick(
        _("En service"), _("Décoché, il n’est plus proposé ; les attentes qui en parlent restent.")
    )
    reading = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def given(self) -> dict[str, Any]:
        found = super().given()
        decimals = found["decimals"].strip()
        values: dict[str, Any] = {
            name: area(found[name]) if name == "description" else line(found[name])
            for name in (
                "name",
                "name_en",
                "description",
                "unit",
                "unit_en",
                "criterion",
                "reading",
            )
        }
        whole = decimals.isascii() and decimals.isdigit() and len(decimals) < 3
        values["decimals"] = int(decimals) if whole else -1
        if "code" in self.fields:
            values["code"] = line(found["code"])
        if "active" in self.fields:
            values["active"] = found["active"]
        return values

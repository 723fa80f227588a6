"""Forms whose rules are those of the services: they read what was typed, keep it, and show the faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from perron.errors import RefusedError


class Form(forms.Form):
    """A form whose faults come from outside, each beside its field."""

    def refuse(self, error: RefusedError) -> None:
        """Set each fault beside its field, or above all where the form has no such field."""
        for name, sentence in error.faults.items():
            self.add_error(name if name in self.fields else None, sentence)

    def given(self) -> dict[str, Any]:
        """What was typed, as the services take it."""
        self.is_valid()  # every field accepts everything: this only reads
        found = dict(self.cleaned_data)
        # Django stops a text with a null character here; the services say so in their own words.
        for name in self.fields.keys() - found.keys():
            found[name] = self[name].data
            self.errors.pop(name, None)
        return found


def text(
    label: Any, hint: Any = "", *, area: bool = False, most: int = 0, required: bool = True
) -> forms.CharField:
    attributes: dict[str, Any] = {"autocomplete": "off"}
    if area:
        attributes["rows"] = 3
    widget = forms.Textarea(attributes) if area else forms.TextInput(attributes)
    made = forms.CharField(required=False, label=label, help_text=hint, widget=widget)
    made.must = required  # type: ignore[attr-defined] # said by the template
    return made


def choice(
    label: Any, choices: Any, hint: Any = "", *, radio: bool = False, required: bool = True
) -> forms.CharField:
    """A field that accepts any text, so that a wrong one is refused in our own words."""
    widget = forms.RadioSelect(choices=choices) if radio else forms.Select(choices=choices)
    made = forms.CharField(required=False, label=label, help_text=hint, widget=widget)
    made.must = required  # type: ignore[attr-defined]
    return made


def tick(label: Any, hint: Any = "") -> forms.BooleanField:
    """A box to tick."""
    return forms.BooleanField(required=False, label=label, help_text=hint)


def day(label: Any, hint: Any = "", *, required: bool = True) -> forms.CharField:
    """A day, typed or picked; any text is accepted, so that a wrong one is refused in our own words."""
    widget = forms.DateInput({"type": "date", "autocomplete": "off"})
    made = forms.CharField(required=False, label=label, help_text=hint, widget=widget)
    made.must = required  # type: ignore[attr-defined]
    return made


def form_page(
    request: HttpRequest,
    form: Form,
    title: str,
    action: str,
    back: tuple[str, str],
    *,
    notes: tuple[str, ...] = (),
    links: tuple[tuple[str, str], ...] = (),
    more: Mapping[str, Any] | None = None,
    template: str = "frame/form.html",
) -> HttpResponse:
    """A form on its page; 422 where it was refused.

    `action` is the verb of its button, `back` the (address, name) of the page it comes from, `notes`
    are sentences of the margin, `links` its further (address, text).
    """
    return render(
        request,
        template,
        {
            "form": form,
            "title": title,
            "action": action,
            "back": back,
            "notes": notes,
            "links": links,
            **(more or {}),
        },
        status=422 if form.errors else 200,
    )

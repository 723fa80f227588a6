"""Form fields with their label, hint and error: `{% load perron_forms %}`, then `{% field form.title %}`.

An error stands beside its field in words and is read with it; nothing rests on colour.
"""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

register = template.Library()
_PIECES = "components/"


@register.inclusion_tag(_PIECES + "field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One field of a form, as its widget asks: a line, a text, choices one under the other, a box."""
    described = " ".join(
        f"{bound.auto_id}-{part}"
        for part, there in (("hint", bound.help_text), ("error", bound.errors))
        if there
    )
    # An attribute that is None would be written "None".
    attributes: dict[str, Any] = {"aria-describedby": described} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    widget = bound.field.widget
    return {
        "field": bound,
        "group": isinstance(widget, forms.RadioSelect),
        "box": isinstance(widget, forms.CheckboxInput),
        "widget": bound.as_widget(attrs=attributes),
        "described": described,
        "optional": not getattr(bound.field, "must", True),
    }


@register.inclusion_tag(_PIECES + "form_errors.html")
def form_errors(form: forms.Form) -> dict[str, Any]:
    """Above a form that was refused: how many fields to look at, with a link to each."""
    return {"form": form, "faulty": [bound for bound in form if bound.errors]}

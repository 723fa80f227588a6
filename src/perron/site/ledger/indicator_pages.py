"""The agency's indicators: their list, and the form that adds, changes or puts one out of use (R4)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron.errors import ChangedMeanwhileError, InputError
from perron.site.accounts.access import Capability, public, reader_of, requires
from perron.site.components.figures import language
from perron.site.components.forms import choice
from perron.site.directory.selectors import catalogue
from perron.site.directory.vocabulary.selectors import choices
from perron.site.ledger import indicators, readings
from perron.site.ledger.forms import IndicatorForm
from perron.site.ledger.models import Indicator
from perron.site.ledger.readers import Reading
from perron.site.ledger.writing import form_view, sent

_PREFIX = "parametre-"


@public
@require_safe
@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """Every indicator, who says it, and how many expectations rest on it."""
    known = readings.readings()
    found = indicators.every()
    return render(
        request,
        "ledger/indicators.html",
        {
            "rows": [(one, known.get(one.reading)) for one in found],
            "count": sum(one.active for one in found),
            "settings": reader_of(request).can(Capability.SETTINGS),
            "readings": list(known.values()),
        },
    )


def _form(reading: Reading | None, *given: Any, **more: Any) -> IndicatorForm:
    """The form of an indicator, with the parameters of its reader."""
    form = IndicatorForm(*given, **more)
    form.fields["criterion"].widget.choices = [
        ("", _("aucun")),
        *choices("criterion"),
    ]
    held = catalogue()
    if reading is not None and reading.table in held.tables:
        for parameter in reading.parameters:
            offered = parameter.choices(held, language())
            form.fields[_PREFIX + parameter.name] = choice(parameter.label, offered)
    return form


def _parameters(form: forms.Form) -> dict[str, str]:
    return {
        name.removeprefix(_PREFIX): str(form.cleaned_data.get(name, ""))
        for name in form.fields
        if name.startswith(_PREFIX)
    }


def _reading(name: str) -> Reading | None:
    """The reader that an address names; 404 for one that does not exist."""
    if not name:
        return None
    found = readings.readings().get(name)
    if found is None:
        raise Http404(name)
    return found


def _page(
    request: HttpRequest, form: IndicatorForm, title: str, action: str, reading: Reading | None
) -> HttpResponse:
    notes = [
        _("Lu dans le lac : {label}. {limits}").format(label=reading.label, limits=reading.limits)
        if reading
        else _("Demandé à une personne au jour de l’échéance."),
    ]
    if reading and reading.table not in catalogue().tables:
        notes.append(
            _("La table {table} n’est pas dans le lac : chargez-la d’abord.").format(
                table=reading.table
            )
        )
    return render(
        request,
        "ledger/indicator_form.html",
        {
            "form": form,
            "title": title,
            "action": action,
            "back": (reverse("indicators"), _("Indicateurs")),
            "notes": notes,
        },
        status=422 if form.errors else 200,
    )


@requires(Capability.SETTINGS)
@form_view
def add(request: HttpRequest) -> HttpResponse:
    """Add an indicator; the address says which reader of the lake gives it, if any."""
    reading = _reading(request.GET.get("lecture", ""))
    initial = {
        "decimals": str(reading.decimals) if reading else "0",
        "unit": str(reading.unit) if reading else "",
        "name": str(reading.label).split(" (")[0] if reading else "",
        "reading": reading.name if reading else "",
    }
    form = _form(reading, request.POST or None, initial=initial)
    for name in ("active", "seen"):
        del form.fields[name]
    if request.method == "POST" and sent(
        form,
        lambda: indicators.add(
            reader_of(request),
            held=catalogue(),
            parameters=_parameters(form),
            **{**form.given(), "reading": reading.name if reading else ""},
        ),
    ):
        return redirect("indicators")
    return _page(request, form, _("Ajouter un indicateur"), _("Ajouter l’indicateur"), reading)


@requires(Capability.SETTINGS)
@form_view
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change an indicator, or put it out of use."""
    try:
        found = indicators.reached(code)
    except InputError as error:
        raise Http404(str(error)) from error
    reading = readings.reading_of(found)

    def make(*given: Any, **more: Any) -> IndicatorForm:
        form = _form(reading, *given, **more)
        del form.fields["code"]
        return form

    form = make(initial=_initial(found))
    if request.method == "POST":
        form = make(request.POST)
        try:
            if sent(form, lambda: _changed(request, form, found)):
                return redirect("indicators")
        except ChangedMeanwhileError as error:
            typed = request.POST.copy()
            typed["seen"] = indicators.seal(indicators.reached(code))
            form = make(typed)
            form.add_error(None, str(error))
    return _page(
        request,
        form,
        _("Changer l’indicateur « {name} »").format(name=found.name),
        _("Enregistrer"),
        reading,
    )


def _initial(found: Indicator) -> dict[str, Any]:
    return {
        **{n: getattr(found, n) for n in (*indicators.TEXTS, "decimals", "active", "reading")},
        "criterion": found.criterion.code if found.criterion else "",
        "seen": indicators.seal(found),
        **{_PREFIX + name: value for name, value in found.parameters.items()},
    }


def _changed(request: HttpRequest, form: IndicatorForm, found: Indicator) -> None:
    given = form.given()
    # A reader that is no longer there keeps its name: only a new indicator reads otherwise.
    parameters = _parameters(form) or dict(found.parameters)
    indicators.change(
        reader_of(request),
        code=found.code,
        seen=str(form.cleaned_data["seen"]),
        held=catalogue(),
        parameters=parameters,
        **{**given, "reading": found.reading},
    )

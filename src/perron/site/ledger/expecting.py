"""The form of an expectation: the starting point is read in the lake before the range is chosen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from perron import formats
from perron.lake.provenance import SHOWN, State
from perron.site.accounts.access import Capability, reader_of, requires
from perron.site.components.figures import language, value_text
from perron.site.directory.selectors import catalogue
from perron.site.ledger import readings, selectors, services, territories
from perron.site.ledger.forms import ExpectationForm, written
from perron.site.ledger.models import Indicator
from perron.site.ledger.views import reached, saw
from perron.site.ledger.writing import back_to, form_view, latest, sent


def expectation_form(
    *given: Any, keep: Any = None, form: Any = ExpectationForm, **more: Any
) -> Any:
    """An expectation's form with the indicators and places of the agency."""
    made = form(*given, **more)
    offered = [(one.code, _named(one)) for one in selectors.indicators()]
    if keep is not None and keep.indicator.code not in dict(offered):
        offered.append((keep.indicator.code, _named(keep.indicator)))
    made.offer("indicator", offered, blank=_("choisir"))
    made.offer("territory", territories.choices(keep.territory if keep else ""), blank=_("aucun"))
    made.offer("comparator", territories.choices(keep.comparator if keep else ""), blank=_("aucun"))
    return made


def _named(one: Indicator) -> str:
    """An indicator in a list: its name, its unit, and who will say it."""
    asked = "" if readings.reading_of(one) else " · " + _("demandé à une personne")
    return f"{one} ({one.unit}){asked}"


def with_baselines(given: dict[str, Any]) -> dict[str, Any]:
    """What was typed with the starting points read in the lake, where it has them.

    A number that a person typed stays where the lake has none.
    """
    indicator = Indicator.objects.filter(code=given["indicator"]).first()
    found = {**given, "comparator_baseline": None, "comparator_state": ""}
    if indicator is None or readings.reading_of(indicator) is None:
        if given["comparator"]:
            found["comparator_state"] = State.UNKNOWN.value
        return found
    held = catalogue()
    period = given["baseline_period"] or latest(indicator, given["territory"])
    read = readings.read(indicator, given["territory"], period, held, language())
    if read.state in SHOWN or given["baseline"] is None:
        found |= {
            "baseline": read.value,
            "baseline_state": read.state.value,
            "baseline_period": period,
        }
    if given["comparator"]:
        beside = readings.read(indicator, given["comparator"], period, held, language())
        found |= {"comparator_baseline": beside.value, "comparator_state": beside.state.value}
    return found


@requires(Capability.LEDGER_WRITE)
@form_view
def expect(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what is expected; the starting point is read in the lake, before the range is chosen."""
    reader = reader_of(request)
    found = reached(reference, reader)
    saw(reader, found)
    form = expectation_form(
        request.POST or None,
        initial={"territory": found.territory, "baseline_state": State.UNKNOWN},
    )
    said = ""
    if request.method == "POST" and "lire" in request.POST:
        form, said = _read(request)
    elif request.method == "POST" and sent(
        form,
        lambda: services.expect(reader, commitment=found.pk, **with_baselines(form.given())),
    ):
        return redirect("commitment", reference)
    return render(
        request,
        "ledger/expect.html",
        {
            "form": form,
            "title": _("Qu’attendons-nous de cette décision ?"),
            "back": back_to(found),
            "said": said,
            "settings": reader.can(Capability.SETTINGS),
        },
        status=422 if form.errors else 200,
    )


def _read(request: HttpRequest) -> tuple[Any, str]:
    """The form with its starting point as the lake has it, and what the lake says of it."""
    typed = request.POST.copy()
    given = expectation_form(typed).given()
    indicator = Indicator.objects.filter(code=given["indicator"]).first()
    if indicator is None:
        said = _("Choisissez d’abord un indicateur.")
    elif readings.reading_of(indicator) is None:
        said = _("Cet indicateur ne se lit pas dans le lac : écrivez le point de départ connu.")
    else:
        held = catalogue()
        period = given["baseline_period"] or latest(indicator, given["territory"])
        read = readings.read(indicator, given["territory"], period, held, language())
        typed["baseline_period"] = period
        if read.state in SHOWN:
            typed["baseline"] = written(read.value)
        said = _("Point de départ lu dans le lac : {value} en {period}, {place}. {method}").format(
            value=value_text(read) or "0",
            period=formats.period(period, language()),
            place=read.territory,
            method=read.method,
        )
    # Unbound: what was typed is shown again, and nothing is judged before it is sent.
    return expectation_form(initial=typed.dict()), said.strip()

"""The forms of the register: each reads what was typed, asks one service, and shows the sheet or the faults."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from perron.errors import ChangedMeanwhileError, InputError
from perron.site.accounts.access import Capability, reader_of, requires
from perron.site.components.forms import Form
from perron.site.directory.activities import activities
from perron.site.directory.selectors import catalogue
from perron.site.economy.reader import Reader
from perron.site.economy.sectors.selectors import territories
from perron.site.strategy import rules, selectors, services
from perron.site.strategy.forms import DriverForm, EvidenceForm, ExposureForm, ReasonForm
from perron.site.strategy.models import Status

P = ParamSpec("P")
_View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def language() -> str:
    return (get_language() or "fr")[:2]


def writes(view: _View[P]) -> _View[P]:
    """A view that changes what the strategy holds: open to who has the right."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *given: P.args, **more: P.kwargs) -> HttpResponse:
        try:
            return view(request, *given, **more)
        except InputError as error:
            raise Http404(str(error)) from error

    decorated = never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))
    return cast("_View[P]", requires(Capability.STRATEGY_WRITE)(decorated))


def writing_of(request: HttpRequest) -> dict[str, Any]:
    """What a page that is read by all says of writing: whether this reader may, else how to."""
    reader = reader_of(request)
    back = urlencode({"next": request.get_full_path()})
    return {
        "writable": reader.can(Capability.STRATEGY_WRITE),
        "signed_in": reader.signed_in,
        "sign_in": f"{reverse('account_login')}?{back}",
    }


def _to_sheet(driver: int) -> HttpResponse:
    return redirect(reverse("driver-sheet", args=[driver]))


def _page(request: HttpRequest, form: Form, title: str, action: str, **more: Any) -> HttpResponse:
    """A form on its page; 422 where it was refused."""
    return render(
        request,
        "strategy/form.html",
        {"form": form, "title": title, "action": action, **more},
        status=422 if form.errors else 200,
    )


def _driver_form(*given: Any, **more: Any) -> dict[str, Any]:
    return {
        "territories": territories(Reader(catalogue(), language())),
        "language": language(),
        **more,
    }


@writes
def new_driver(request: HttpRequest) -> HttpResponse:
    """Add a driver."""
    more = _driver_form()
    form = (
        DriverForm(request.POST, **more)
        if request.method == "POST"
        else DriverForm(initial={"status": Status.WATCHED}, **more)
    )
    if request.method == "POST":
        try:
            return _to_sheet(services.add_driver(reader=reader_of(request), **form.given()).pk)
        except rules.RefusedError as error:
            form.refuse(error)
    return _page(request, form, _("Ajouter un moteur"), _("Inscrire le moteur"))


@writes
def change_driver(request: HttpRequest, driver: int) -> HttpResponse:
    """Correct a driver."""
    found, more = selectors.driver(driver), _driver_form()
    if request.method != "POST":
        return _page(
            request,
            DriverForm.of(found, **more),
            _("Corriger le moteur"),
            _("Enregistrer"),
            driver=found,
        )
    form = DriverForm(request.POST, **more)
    given = form.given()
    if found.status == Status.CLOSED:
        given |= {"status": found.status, "closed_because": found.closed_because}
    try:
        services.change_driver(
            reader=reader_of(request), driver=driver, revision=form.seen_revision(), **given
        )
        return _to_sheet(driver)
    except rules.RefusedError as error:
        form.refuse(error)
    except ChangedMeanwhileError as error:
        # What was typed stays; the person now has the later revision under the eyes.
        typed = request.POST.copy()
        typed["revision"] = str(found.revision)
        form = DriverForm(typed, **more)
        form.add_error(None, str(error))
    return _page(request, form, _("Corriger le moteur"), _("Enregistrer"), driver=found)


@writes
def close_driver(request: HttpRequest, driver: int) -> HttpResponse:
    """Close a driver with its reason, or open a closed one again."""
    found = selectors.driver(driver)
    closed = found.status == Status.CLOSED
    title = _("Rouvrir le moteur") if closed else _("Clore le moteur")
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        verb = services.reopen_driver if closed else services.close_driver
        try:
            verb(reader=reader_of(request), driver=driver, **form.given())
            return _to_sheet(driver)
        except rules.RefusedError as error:
            form.refuse(error)
    return _page(request, form, title, title, driver=found)


def _tables() -> tuple[str, ...]:
    return tuple(sorted(catalogue().tables))


@writes
def new_evidence(request: HttpRequest, driver: int) -> HttpResponse:
    """Add an evidence to a driver."""
    found = selectors.driver(driver)
    form = EvidenceForm(request.POST or None, tables=_tables())
    if request.method == "POST":
        try:
            services.add_evidence(reader=reader_of(request), driver=driver, **form.given())
            return _to_sheet(driver)
        except rules.RefusedError as error:
            form.refuse(error)
    return _page(request, form, _("Ajouter une preuve"), _("Inscrire la preuve"), driver=found)


@writes
def one_evidence(request: HttpRequest, driver: int, evidence: int) -> HttpResponse:
    """Correct an evidence."""
    found, parent = selectors.evidence(evidence, driver), selectors.driver(driver)
    form = EvidenceForm.of(found, tables=_tables())
    if request.method == "POST":
        form = EvidenceForm(request.POST, tables=_tables())
        try:
            services.change_evidence(reader=reader_of(request), evidence=evidence, **form.given())
            return _to_sheet(driver)
        except rules.RefusedError as error:
            form.refuse(error)
    withdraw = reverse("driver-withdraw", args=[driver, "preuve", evidence])
    return _page(
        request, form, _("Corriger la preuve"), _("Enregistrer"), driver=parent, withdraw=withdraw
    )


@writes
def new_exposure(request: HttpRequest, driver: int) -> HttpResponse:
    """Add an exposed activity to a driver."""
    found = selectors.driver(driver)
    form = ExposureForm(request.POST or None)
    if request.method == "POST":
        try:
            services.add_exposure(reader=reader_of(request), driver=driver, **form.given())
            return _to_sheet(driver)
        except rules.RefusedError as error:
            form.refuse(error)
    title = _("Ajouter une activité exposée")
    return _page(request, form, title, _("Inscrire l’activité"), driver=found)


@writes
def one_exposure(request: HttpRequest, driver: int, exposure: int) -> HttpResponse:
    """Correct an exposed activity."""
    found, parent = selectors.exposure(exposure, driver), selectors.driver(driver)
    tree = activities(catalogue())
    written = tree[found.activity].written if found.activity in tree else found.activity
    form = ExposureForm.of(found, written)
    if request.method == "POST":
        form = ExposureForm(request.POST)
        try:
            services.change_exposure(reader=reader_of(request), exposure=exposure, **form.given())
            return _to_sheet(driver)
        except rules.RefusedError as error:
            form.refuse(error)
    withdraw = reverse("driver-withdraw", args=[driver, "activite", exposure])
    return _page(
        request,
        form,
        _("Corriger l’exposition"),
        _("Enregistrer"),
        driver=parent,
        withdraw=withdraw,
    )


@writes
def withdraw(request: HttpRequest, driver: int, what: str, thing: int) -> HttpResponse:
    """Withdraw an evidence or an exposed activity with a reason; it stays readable."""
    found = selectors.driver(driver)
    if what == "preuve":
        selectors.evidence(thing, driver)
        title = _("Retirer la preuve")
    elif what == "activite":
        selectors.exposure(thing, driver)
        title = _("Retirer l’activité exposée")
    else:
        raise Http404(what)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        try:
            if what == "preuve":
                services.withdraw_evidence(
                    reader=reader_of(request), evidence=thing, **form.given()
                )
            else:
                services.withdraw_exposure(
                    reader=reader_of(request), exposure=thing, **form.given()
                )
            return _to_sheet(driver)
        except rules.RefusedError as error:
            form.refuse(error)
    return _page(request, form, title, title, driver=found)

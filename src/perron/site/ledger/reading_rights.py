"""The page that says who may read a decision, who follows it, and who is named."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from perron.errors import ChangedMeanwhileError, InputError
from perron.site.accounts.access import Capability, reader_of, requires
from perron.site.components.forms import form_page
from perron.site.directory.organisations.forms import NamedReaderForm
from perron.site.directory.sharing import persons
from perron.site.ledger import sharing
from perron.site.ledger.forms import SettingsForm
from perron.site.ledger.models import Commitment
from perron.site.ledger.views import reached, saw
from perron.site.ledger.writing import again, back_to, form_view, sent


@requires(Capability.LEDGER_WRITE)
@form_view
def settings(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose who may read a decision and who follows it: no part of the chain."""
    reader = reader_of(request)
    found = _shared(request, reference)
    saw(reader, found)
    known = persons()

    def make(*given: Any, **more: Any) -> SettingsForm:
        form = SettingsForm(*given, **more)
        form.offer("owner", known, blank=_("personne"))
        return form

    form = make(
        initial={
            "confidentiality": found.confidentiality,
            "owner": str(found.owner_id or ""),
            "revision": found.revision,
        }
    )
    naming = NamedReaderForm(persons=known, prefix="plus")
    if request.method == "POST" and "plus-user" in request.POST:
        naming = NamedReaderForm(request.POST, persons=known, prefix="plus")
        if sent(
            naming,
            lambda: sharing.name_reader(reader, found.pk, **naming.given()),
        ):
            return redirect("commitment-settings", reference)
    elif request.method == "POST":
        form = make(request.POST)
        try:
            if sent(
                form,
                lambda: sharing.change_readers(
                    reader, found.pk, form.seen_revision(), **form.given()
                ),
            ):
                return redirect("commitment", reference)
        except ChangedMeanwhileError as error:
            form = again(request, make, found, str(error))  # type: ignore[assignment]
    page = form_page(
        request,
        form,
        _("Qui lit et qui suit cette décision ?"),
        _("Enregistrer"),
        back_to(found),
        notes=(
            _("« Public » : la décision, ses preuves et ses résultats se lisent sans compte."),
            _(
                "« Confidentiel » : qui la suit, les personnes nommées ici et les rôles qui lisent tout. Chaque lecture est notée."
            ),
        ),
        more={"decision": found, "naming": naming, "named": sharing.readers_of(found)},
        template="ledger/readers.html",
    )
    if naming.errors:
        page.status_code = 422
    return page


@requires(Capability.LEDGER_WRITE)
@never_cache
@require_POST
def take_back(request: HttpRequest, reference: str, grant: int) -> HttpResponse:
    """Stop a named person from reading a decision."""
    found = _shared(request, reference)
    try:
        sharing.take_back(reader_of(request), found.pk, grant)
    except InputError as error:
        raise Http404(str(error)) from error
    return redirect("commitment-settings", reference)


def _shared(request: HttpRequest, reference: str) -> Commitment:
    """The decision of an address, 404 for one who does not decide who reads it."""
    found = reached(reference, reader_of(request))
    if not sharing.may_share(reader_of(request), found):
        raise Http404(reference)
    return found

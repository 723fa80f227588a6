"""The pages of the agency's memory: the list by year, one memory, and its form."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron.errors import ChangedMeanwhileError, RefusedError
from perron.site.accounts import log
from perron.site.accounts.access import Capability, public, reader_of, requires, to_sign_in
from perron.site.accounts.models import Confidentiality
from perron.site.components.forms import form_page
from perron.site.directory.chosen_organisation import chosen
from perron.site.directory.form_requests import as_typed, now_written, writes
from perron.site.directory.memory import selectors, services, words
from perron.site.directory.memory.forms import PLACES, MemoryForm
from perron.site.directory.memory.selectors import Filters
from perron.site.directory.models import Family
from perron.site.directory.organisations.reference import reference
from perron.site.directory.vocabulary import selectors as vocabulary


def asked(request: HttpRequest) -> Filters:
    """The filters of an address; what is no answer is not asked."""
    given = {name: request.GET.get(name, "").strip() for name in request.GET}
    page = given.get("page", "")
    return Filters(
        given.get("q", "")[:80],
        given.get("type", "")[:48],
        _year(given.get("de", "")),
        _year(given.get("a", "")),
        given.get("organisation", "")[:18],
        int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def _year(text: str) -> str:
    return text if len(text) == 4 and text.isascii() and text.isdigit() else ""


@public
@never_cache
@require_safe
def memories(request: HttpRequest) -> HttpResponse:
    """What was done before, the latest first."""
    reader = reader_of(request)
    found = selectors.listing(asked(request), reader)
    kept = request.GET.copy()
    kept.pop("page", None)
    kinds = [(term.code, str(term)) for term in vocabulary.every(Family.MEMORY)]
    return render(
        request,
        "directory/memory/list.html",
        {
            "found": found,
            "title": words.title(found),
            "years": [
                (year, [(row, words.when(row.memory.period)) for row in rows])
                for year, rows in found.by_year()
            ],
            "kinds": [("", _("tous")), *kinds],
            "query": kept.urlencode(),
            "writable": reader.can(Capability.DIRECTORY_WRITE),
            "may_exchange": reader.can(Capability.EXCHANGE),
        },
    )


@public
@never_cache
@require_safe
def memory(request: HttpRequest, memory: int) -> HttpResponse:
    """One memory, with its source and what came of it."""
    reader = reader_of(request)
    found = selectors.found(memory, reader)
    if found is None:
        if not reader.signed_in:
            return to_sign_in(request)  # whether there is such a memory or not
        raise Http404(str(memory))
    if found.confidentiality == Confidentiality.RESTRICTED:
        log.saw(reader, "memory", found.pk, _("Souvenir confidentiel lu."))
    return render(
        request,
        "directory/memory/sheet.html",
        {
            "sheet": selectors.sheet(found, reader),
            "memory": found,
            "when": words.when(found.period),
        },
    )


def _page(request: HttpRequest, form: MemoryForm, **more: Any) -> HttpResponse:
    return form_page(
        request,
        form,
        **more,
        notes=(
            _("Un souvenir dit d’où il vient : sans source, il ne se vérifie pas."),
            _("Beaucoup à inscrire ? L’import lit un fichier XLSX ou CSV."),
        ),
        more={"list_id": PLACES, "towns": form.known.municipalities()},
        template="directory/memory/form.html",
    )


@requires(Capability.DIRECTORY_WRITE)
@writes
def new_memory(request: HttpRequest) -> HttpResponse:
    """Write what was done before."""
    reader, known = reader_of(request), reference()
    organisation, fault = chosen((request.POST or request.GET).get("organisation", ""), reader)
    form = MemoryForm(
        request.POST or None,
        known=known,
        initial={
            "confidentiality": Confidentiality.AGENCY,
            "organisation": organisation.name if organisation else "",
        },
    )
    if request.method == "POST":
        try:
            given = form.given() | {"organisation": -1 if fault else organisation}
            return redirect("memory", services.add_memory(reader, **given).pk)
        except RefusedError as error:
            error.faults |= {"organisation": fault} if fault else {}
            form.refuse(error)
    return _page(
        request,
        form,
        title=_("Inscrire un souvenir"),
        action=_("Inscrire"),
        back=(reverse("memories"), _("Mémoire")),
    )


@requires(Capability.DIRECTORY_WRITE)
@writes
def change_memory(request: HttpRequest, memory: int) -> HttpResponse:
    """Correct a memory; the second of two persons sees what the first wrote."""
    reader, known = reader_of(request), reference()
    found = selectors.found(memory, reader)
    if found is None:
        raise Http404(str(memory))
    now = selectors.sheet(found, reader).organisation
    held = {"organisation": now.name if now else ""}
    form = MemoryForm.of(found, known=known, initial=held)
    if request.method == "POST":
        organisation, fault = chosen(request.POST.get("organisation", ""), reader)
        if organisation is None and not fault and found.organisation_id and now is None:
            organisation = found.organisation  # not shown to this reader: it stays
        form = MemoryForm(request.POST, known=known, of=found)
        try:
            given = form.given() | {"organisation": -1 if fault else organisation}
            services.change_memory(reader, memory, form.seen_revision(), **given)
            return redirect("memory", memory)
        except RefusedError as error:
            error.faults |= {"organisation": fault} if fault else {}
            form.refuse(error)
        except ChangedMeanwhileError as error:
            differs = now_written(MemoryForm.of(found, known=known, initial=held), form)
            form = MemoryForm(as_typed(request, revision=found.revision), known=known, of=found)
            form.add_error(None, " ".join(filter(None, [str(error), differs])))
    return _page(
        request,
        form,
        title=_("Corriger le souvenir"),
        action=_("Enregistrer"),
        back=(reverse("memory", args=[memory]), found.title),
    )

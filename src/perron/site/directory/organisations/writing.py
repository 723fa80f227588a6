"""The forms of organisations: each reads what was typed, asks one service, and shows the page or the faults."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from perron.errors import ChangedMeanwhileError, InputError, RefusedError
from perron.site.accounts.access import Capability, Reader, reader_of, requires
from perron.site.accounts.models import Confidentiality
from perron.site.components.forms import form_page
from perron.site.directory.models import Organisation
from perron.site.directory.organisations import selectors, services, sharing
from perron.site.directory.organisations.forms import (
    PLACES,
    NamedReaderForm,
    OrganisationForm,
    ReadersForm,
)
from perron.site.directory.organisations.reference import reference
from perron.site.directory.sharing import persons

_View = Callable[..., HttpResponse]


def writes(view: _View) -> _View:
    """A form that is never kept by a browser; what cannot be reached does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        try:
            return view(request, *given, **more)
        except InputError as error:
            raise Http404(str(error)) from error

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))


def reach(key: int, reader: Reader) -> Organisation:
    """The organisation of an address, 404 where the reader may not see it or it was merged."""
    found = selectors.found(key, reader)
    if found is None or found.merged_into_id:
        raise Http404(str(key))
    return found


def as_typed(request: HttpRequest, **more: Any) -> QueryDict:
    """What was sent, with what the page adds before it shows the form again."""
    typed = request.POST.copy()
    for name, value in more.items():
        typed[name] = str(value)
    return typed


def _page(request: HttpRequest, form: OrganisationForm, **more: Any) -> HttpResponse:
    return form_page(
        request,
        form,
        **more,
        notes=(
            _("Seul le nom est obligatoire : deux minutes suffisent, le reste vient ensuite."),
            _("Dites où vous avez lu les faits : une fiche sans source ne se vérifie pas."),
            _("Une personne se note comme contact, jamais ici."),
        ),
        links=((reverse("sectors"), _("Chercher un code de secteur")),),
        template="directory/organisations/form.html",
    )


def _more(form: OrganisationForm, others: list[Organisation] | None = None) -> dict[str, Any]:
    return {"list_id": PLACES, "towns": form.known.municipalities(), "others": others or []}


@requires(Capability.DIRECTORY_WRITE)
@writes
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Add an organisation; one that may be there already is shown first."""
    known, reader = reference(), reader_of(request)
    others: list[Organisation] = []
    form = OrganisationForm(
        request.POST or None,
        known=known,
        initial={
            "confidentiality": Confidentiality.AGENCY,
            "name": request.GET.get("nom", "")[:200],
        },
    )
    if request.method == "POST":
        try:
            made = services.add_organisation(reader, known=known, **form.given())
            return redirect("organisation", made.pk)
        except services.DoubleError as error:
            others = error.others
            if not error.certain:
                form = OrganisationForm(as_typed(request, doubles=1), known=known)
            form.refuse(error)
        except RefusedError as error:
            form.refuse(error)
    return _page(
        request,
        form,
        title=_("Ajouter une organisation"),
        action=_("Inscrire l’organisation"),
        back=(reverse("directory"), _("Répertoire")),
        more=_more(form, others),
    )


@requires(Capability.DIRECTORY_WRITE)
@writes
def change_organisation(request: HttpRequest, organisation: int) -> HttpResponse:
    """Correct an organisation; the second of two persons sees what the first wrote."""
    known, reader = reference(), reader_of(request)
    found = reach(organisation, reader)
    others: list[Organisation] = []
    now: list[tuple[str, str]] = []
    form = OrganisationForm.of(found, known)
    if request.method == "POST":
        form = OrganisationForm(request.POST, known=known, of=found)
        try:
            services.change_organisation(
                reader, organisation, form.seen_revision(), known=known, **form.given()
            )
            return redirect("organisation", organisation)
        except services.DoubleError as error:
            others = error.others
            form.refuse(error)
        except RefusedError as error:
            form.refuse(error)
        except ChangedMeanwhileError as error:
            # What was typed stays; the person now has the later revision under the eyes.
            form = OrganisationForm(
                as_typed(request, revision=found.revision), known=known, of=found
            )
            form.add_error(None, str(error))
            now = _differing(form, OrganisationForm.of(found, known))
    return _page(
        request,
        form,
        title=_("Corriger la fiche"),
        action=_("Enregistrer"),
        back=(reverse("organisation", args=[organisation]), found.name),
        more={**_more(form, others), "now": now},
    )


def _differing(typed: OrganisationForm, held: OrganisationForm) -> list[tuple[str, str]]:
    """(label, what is written now) of the fields that a person typed otherwise."""
    mine = typed.given()
    mine["place"] = typed.data.get("place", "").strip()
    return [
        (str(field.label), str(held.initial.get(name) or "—"))
        for name, field in typed.fields.items()
        if name not in ("revision", "fictional", "kind")
        and str(mine.get(name, "")) != str(held.initial.get(name, ""))
    ]


@requires(Capability.DIRECTORY_WRITE)
@never_cache
@require_POST
def confirm_organisation(request: HttpRequest, organisation: int) -> HttpResponse:
    """Say that the facts are right as of today."""
    try:
        services.confirm_organisation(reader_of(request), organisation)
    except InputError as error:
        raise Http404(str(error)) from error
    return redirect("organisation", organisation)


@requires(Capability.DIRECTORY_WRITE)
@writes
def readers(request: HttpRequest, organisation: int) -> HttpResponse:
    """Who may read an organisation: confidentiality, owner, and the persons named one by one."""
    reader = reader_of(request)
    found = reach(organisation, reader)
    if not sharing.may_share(reader, found):
        raise Http404(str(organisation))
    known = persons()
    form = ReadersForm(
        persons=known,
        initial={
            "confidentiality": found.confidentiality,
            "owner": str(found.owner_id or ""),
            "revision": found.revision,
        },
    )
    naming = NamedReaderForm(persons=known, prefix="plus")
    here = redirect("organisation-readers", organisation)
    if request.method == "POST" and "plus-user" in request.POST:
        naming = NamedReaderForm(request.POST, persons=known, prefix="plus")
        try:
            sharing.name_reader(reader, organisation, **naming.given())
            return here
        except RefusedError as error:
            naming.refuse(error)
    elif request.method == "POST":
        form = ReadersForm(request.POST, persons=known)
        try:
            sharing.change_readers(reader, organisation, form.seen_revision(), **form.given())
            return redirect("organisation", organisation)
        except RefusedError as error:
            form.refuse(error)
        except ChangedMeanwhileError as error:
            form = ReadersForm(as_typed(request, revision=found.revision), persons=known)
            form.add_error(None, str(error))
    named = sharing.readers_of(found)
    page = form_page(
        request,
        form,
        _("Qui peut lire cette fiche ?"),
        _("Enregistrer"),
        (reverse("organisation", args=[organisation]), found.name),
        notes=(
            _("Publique : tout le monde. Interne : les rôles qui lisent le répertoire."),
            _(
                "Confidentielle : son responsable, les personnes nommées ici et les rôles qui lisent tout. Chaque lecture est notée au journal d’audit."
            ),
        ),
        more={"organisation": found, "naming": naming, "named": named},
        template="directory/organisations/readers.html",
    )
    if naming.errors:
        page.status_code = 422
    return page


@requires(Capability.DIRECTORY_WRITE)
@never_cache
@require_POST
def remove_reader(request: HttpRequest, organisation: int, grant: int) -> HttpResponse:
    """Take back what was given to one person."""
    try:
        sharing.take_back(reader_of(request), organisation, grant)
    except InputError as error:
        raise Http404(str(error)) from error
    return redirect("organisation-readers", organisation)

"""The forms of needs: each reads what was typed, asks one service, and shows the page or the faults."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from perron.errors import ChangedMeanwhileError, InputError, RefusedError
from perron.site.accounts.access import Capability, Reader, reader_of, requires
from perron.site.components.forms import form_page
from perron.site.directory.chosen_organisation import chosen
from perron.site.directory.form_requests import as_typed, now_written, writes
from perron.site.directory.models import Need, NeedStatus, Organisation
from perron.site.directory.needs import selectors, services, sharing, words
from perron.site.directory.needs.forms import (
    PLACES,
    NamedReaderForm,
    NeedForm,
    OutcomeForm,
    PhraseForm,
    ReadersForm,
    revision_of,
)
from perron.site.directory.needs.places import named_places
from perron.site.directory.needs.proposal import LONGEST, propose
from perron.site.directory.organisations.reference import reference
from perron.site.directory.sharing import persons
from perron.site.directory.typed import line


def reach(key: int, reader: Reader) -> Need:
    """The need of an address, 404 where the reader may not see it."""
    found = selectors.found(key, reader)
    if found is None:
        raise Http404(str(key))
    return found


@requires(Capability.NEEDS_WRITE)
@writes
def new_need(request: HttpRequest) -> HttpResponse:
    """A sentence, then what the machine reads in it, then the need that the person confirmed."""
    if request.method == "POST" and "sentence" in request.POST:
        return _confirmed(request)
    given = request.POST if request.method == "POST" else request.GET
    phrase = line(given.get("phrase", ""))
    if not phrase:
        return _first_step(request, given.get("organisation", ""))
    if len(phrase) > LONGEST:
        return _first_step(request, given.get("organisation", ""), phrase)
    known = reference()
    proposal = propose(phrase, timezone.localdate(), named_places(known))
    organisation, _fault = chosen(given.get("organisation", ""), reader_of(request))
    form = NeedForm.proposed(
        proposal,
        phrase,
        known=known,
        contacts=selectors.contacts_of(_pk(organisation), reader_of(request)),
        initial={"organisation": organisation.name} if organisation else {},
    )
    pieces = [
        (piece, " · ".join(words.field_word(f) for f in fields))
        for piece, fields in proposal.explained(phrase)
    ]
    return _second_step(request, form, pieces)


def _first_step(request: HttpRequest, organisation: str, phrase: str = "") -> HttpResponse:
    """Ask for the sentence."""
    form = PhraseForm({"phrase": phrase, "organisation": organisation[:60]} if phrase else None)
    if phrase:
        form.add_error(
            "phrase",
            _("{count} signes, {most} au plus : raccourcissez.").format(
                count=len(phrase), most=LONGEST
            ),
        )
    else:
        form.initial = {"organisation": organisation[:60]}
        if request.method == "POST":
            form = PhraseForm({"phrase": "", "organisation": organisation[:60]})
            form.add_error("phrase", _("Écrivez le besoin en une phrase, comme il a été dit."))
    return form_page(
        request,
        form,
        _("Noter un besoin"),
        _("Proposer une fiche"),
        (reverse("needs"), _("Besoins")),
        notes=(
            _(
                "Par exemple : « 12 techniciens de maintenance, automates (PLC) Siemens, pour avril, Herstal »."
            ),
            _("Perron y lit combien, de quoi, pour quand et où ; vous corrigez et confirmez."),
            _("Un besoin est confidentiel tant que vous n’en décidez pas autrement."),
        ),
    )


def _second_step(
    request: HttpRequest, form: NeedForm, pieces: list[tuple[str, str]] | None = None
) -> HttpResponse:
    """Show what was read, to be corrected and confirmed."""
    return form_page(
        request,
        form,
        _("Est-ce bien cela ?"),
        _("Enregistrer le besoin"),
        (reverse("need-add"), _("Reprendre la phrase")),
        notes=(
            _("Rien n’est encore enregistré."),
            _("Ce que la phrase ne dit pas reste vide : mieux vaut vide que deviné."),
        ),
        more={"pieces": pieces, "list_id": PLACES, "towns": form.known.municipalities()},
        template="directory/needs/form.html",
    )


def _confirmed(request: HttpRequest) -> HttpResponse:
    """Write what the person confirmed."""
    reader, known = reader_of(request), reference()
    organisation, fault = chosen(request.POST.get("organisation", ""), reader)
    form = NeedForm(
        request.POST, known=known, contacts=selectors.contacts_of(_pk(organisation), reader)
    )
    try:
        made = services.add_need(reader, **_given(form, organisation, fault))
        return redirect("need", made.pk)
    except RefusedError as error:
        _refuse(form, error, fault)
    return _second_step(request, form)


def _pk(organisation: Organisation | None) -> int | None:
    return organisation.pk if organisation else None


def _given(form: NeedForm, organisation: Organisation | None, fault: str) -> dict[str, Any]:
    """The fields as the service takes them; an organisation that was not found is refused with the rest."""
    given = form.given()
    given["organisation"] = -1 if fault else organisation
    return given


def _refuse(form: NeedForm, error: RefusedError, fault: str) -> None:
    """Set each fault beside its field; why the organisation was not found says more than the service."""
    if fault:
        error.faults["organisation"] = fault
    form.refuse(error)


@requires(Capability.NEEDS_WRITE)
@writes
def change_need(request: HttpRequest, need: int) -> HttpResponse:
    """Correct a need; the second of two persons sees what the first wrote."""
    reader, known = reader_of(request), reference()
    found = reach(need, reader)
    now = selectors.sheet(found, reader).organisation
    hidden = found.organisation_id is not None and now is None
    held = {"organisation": now.name if now else ""}
    contacts = selectors.contacts_of(_pk(now), reader)
    form = NeedForm.of(found, known=known, contacts=contacts, initial=held)
    if request.method == "POST":
        organisation, fault = chosen(request.POST.get("organisation", ""), reader)
        if organisation is None and not fault and hidden:
            organisation = found.organisation  # not shown to this reader: it stays
        more: dict[str, Any] = {"known": known, "of": found}
        more["contacts"] = selectors.contacts_of(_pk(organisation), reader) or contacts
        form = NeedForm(request.POST, **more)
        try:
            services.change_need(
                reader, need, form.seen_revision(), **_given(form, organisation, fault)
            )
            return redirect("need", need)
        except RefusedError as error:
            _refuse(form, error, fault)
        except ChangedMeanwhileError as error:
            current = NeedForm.of(found, known=known, contacts=contacts, initial=held)
            differs = now_written(current, form)
            form = NeedForm(as_typed(request, revision=found.revision), **more)
            form.add_error(None, " ".join(filter(None, [str(error), differs])))
    return form_page(
        request,
        form,
        _("Corriger le besoin"),
        _("Enregistrer"),
        (reverse("need", args=[need]), _("Revenir au besoin")),
        notes=(_("Ce qui était écrit avant reste dans l’histoire du besoin."),),
        links=((reverse("need-readers", args=[need]), _("Changer qui peut le lire")),),
        more={"list_id": PLACES, "towns": known.municipalities()},
        template="directory/needs/form.html",
    )


@requires(Capability.NEEDS_WRITE)
@writes
def move_need(request: HttpRequest, need: int, status: str) -> HttpResponse:
    """Say what was answered, close a need, or open it again."""
    reader = reader_of(request)
    found = reach(need, reader)
    verbs = {
        NeedStatus.ANSWERED.value: (
            services.answer_need,
            _("Qu’a-t-on répondu à ce besoin ?"),
            _("Noter la réponse"),
            _("La réponse"),
        ),
        NeedStatus.CLOSED.value: (
            services.close_need,
            _("Pourquoi clore ce besoin ?"),
            _("Clore le besoin"),
            _("La raison"),
        ),
        NeedStatus.OPEN.value: (
            services.reopen_need,
            _("Pourquoi rouvrir ce besoin ?"),
            _("Rouvrir le besoin"),
            _("La raison"),
        ),
    }
    if status not in verbs or (found.status == status and status != NeedStatus.ANSWERED):
        raise Http404(status)
    verb, title, action, label = verbs[status]
    hint = _("Une phrase, qui reste dans l’histoire du besoin.")
    initial: dict[str, Any] = {"revision": found.revision}
    if status == NeedStatus.ANSWERED and found.status == status:
        initial["outcome"] = found.outcome
    form = OutcomeForm(request.POST or None, asked=label, hint=hint, initial=initial)
    if request.method == "POST":
        try:
            verb(reader, need, form.given()["outcome"], revision_of(form))
            return redirect("need", need)
        except RefusedError as error:
            form.refuse(error)
        except ChangedMeanwhileError as error:
            typed = as_typed(request, revision=found.revision)
            form = OutcomeForm(typed, asked=label, hint=hint)
            form.add_error(None, str(error))
    back = (reverse("need", args=[need]), _("Revenir au besoin"))
    return form_page(request, form, title, action, back, notes=(found.sentence,))


@requires(Capability.NEEDS_WRITE)
@writes
def readers(request: HttpRequest, need: int) -> HttpResponse:
    """Who may read a need: confidentiality, owner, and the persons named one by one."""
    reader = reader_of(request)
    found = reach(need, reader)
    if not sharing.may_share(reader, found):
        raise Http404(str(need))
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
    if request.method == "POST" and "plus-user" in request.POST:
        naming = NamedReaderForm(request.POST, persons=known, prefix="plus")
        try:
            sharing.name_reader(reader, need, **naming.given())
            return redirect("need-readers", need)
        except RefusedError as error:
            naming.refuse(error)
    elif request.method == "POST":
        form = ReadersForm(request.POST, persons=known)
        given = form.given()
        given.pop("revision")
        try:
            sharing.change_readers(reader, need, revision_of(form), **given)
            return redirect("need", need)
        except RefusedError as error:
            form.refuse(error)
        except ChangedMeanwhileError as error:
            form = ReadersForm(as_typed(request, revision=found.revision), persons=known)
            form.add_error(None, str(error))
    return form_page(
        request,
        form,
        _("Qui peut lire ce besoin ?"),
        _("Enregistrer"),
        (reverse("need", args=[need]), _("Revenir au besoin")),
        notes=(
            _("Public : tout le monde. Interne : les rôles qui lisent les besoins."),
            _(
                "Confidentiel : son responsable, les personnes nommées ici, l’organisation elle-même et les rôles qui lisent tout. Chaque lecture est notée au journal d’audit."
            ),
        ),
        more={"need": found, "naming": naming, "named": sharing.readers_of(found)},
        template="directory/needs/readers.html",
    )


@requires(Capability.NEEDS_WRITE)
@never_cache
@require_POST
def remove_reader(request: HttpRequest, need: int, grant: int) -> HttpResponse:
    """Take back what was given to one person."""
    try:
        sharing.take_back(reader_of(request), need, grant)
    except InputError as error:
        raise Http404(str(error)) from error
    return redirect("need-readers", need)

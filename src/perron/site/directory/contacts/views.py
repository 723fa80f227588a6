"""The pages of contacts: the list, a person, and how they are written, met and forgotten."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from perron import formats
from perron.errors import ChangedMeanwhileError, InputError, RefusedError
from perron.site.accounts.access import Capability, Reader, reader_of, requires, signed_in, visible
from perron.site.accounts.log import saw
from perron.site.accounts.models import Confidentiality
from perron.site.components.forms import form_page
from perron.site.directory.contacts import rules, selectors, services
from perron.site.directory.contacts.forms import ContactForm, EraseForm
from perron.site.directory.contacts.selectors import PAGE, ContactList, Filters
from perron.site.directory.links.selectors import links_of
from perron.site.directory.models import Contact, LegalBasis, Organisation
from perron.site.directory.organisations.reference import language
from perron.site.directory.organisations.selectors import entries_of
from perron.site.directory.organisations.writing import as_typed, reach, writes
from perron.site.directory.things import resolved

_NAMES = ("q", "organisation", "contacts")


def filters_of(request: HttpRequest) -> Filters:
    """What the address asks of the list."""
    given = {name: request.GET.get(name, "").strip()[:120] for name in (*_NAMES, "page")}
    page = given["page"]
    return Filters(
        given["q"],
        given["organisation"],
        given["contacts"] if given["contacts"] in ("due", "mailing") else "",
        int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


@requires(Capability.CONTACTS_READ)
@require_safe
@never_cache
def contacts(request: HttpRequest) -> HttpResponse:
    """Every contact that the reader may see, fifty at a time."""
    reader = reader_of(request)
    query = {n: v for n in _NAMES if (v := request.GET.get(n, "").strip()[:120])}
    page = selectors.contacts(filters_of(request), reader)
    number = page.number
    return render(
        request,
        "directory/contacts/contacts.html",
        {
            "page": page,
            "title": _title(page),
            "rows": [(one, rules.is_due(one)) for one in page.rows],
            "first": (number - 1) * PAGE + 1,
            "last": (number - 1) * PAGE + len(page.rows),
            "earlier": urlencode({**query, "page": number - 1}) if number > 1 else "",
            "later": urlencode({**query, "page": number + 1}) if number < page.pages else "",
            "answers": [
                ("", _("tous")),
                ("due", _("à effacer")),
                ("mailing", _("qui ont dit oui aux envois")),
            ],
            "may_write": reader.can(Capability.CONTACTS_WRITE),
        },
    )


def _title(page: ContactList) -> str:
    """How many persons there are, and how many are held for too long."""
    n = formats.number(page.count, 0, language())
    if page.due:
        due = ngettext("{n} est à effacer.", "{n} sont à effacer.", page.due).format(
            n=formats.number(page.due, 0, language())
        )
        return ngettext("{n} contact : {due}", "{n} contacts : {due}", page.count).format(
            n=n, due=due
        )
    return ngettext(
        "{n} contact : aucun n’est gardé trop longtemps.",
        "{n} contacts : aucun n’est gardé trop longtemps.",
        page.count,
    ).format(n=n)


def _reach(key: int, reader: Reader) -> Contact:
    """The contact of an address, 404 where the reader may not see it."""
    found = selectors.found(key, reader)
    if found is None:
        raise Http404(str(key))
    return found


@signed_in
@require_safe
@never_cache
def contact(request: HttpRequest, contact: int) -> HttpResponse:
    """One person: their function, why they are held, and until when."""
    reader = reader_of(request)
    found = _reach(contact, reader)
    if found.confidentiality == Confidentiality.RESTRICTED:
        saw(reader, "contact", found.pk, _("Contact confidentiel lu."))
    needs = selectors.needs_said_by(found, reader)
    things = resolved([("need", str(need.pk)) for need in needs], reader)
    organisation = found.organisation
    if (
        organisation
        and not visible(Organisation.objects.filter(pk=organisation.pk), reader).exists()
    ):
        organisation = None
    inside = reader.can(Capability.CONTACTS_READ)
    return render(
        request,
        "directory/contacts/contact.html",
        {
            "contact": found,
            "of": organisation,
            "due": rules.is_due(found),
            "until": rules.until(found),
            "months": rules.months_of(found.legal_basis),
            "basis": LegalBasis(found.legal_basis).label,
            "needs": [things[name] for name in things],
            "groups": links_of("contact", found.pk, reader).grouped(),
            "entries": entries_of("contact", found.pk) if inside else (),
            "inside": inside,
            "contacts_write": reader.can(Capability.CONTACTS_WRITE),
            "may_write": reader.can(Capability.DIRECTORY_WRITE),
        },
    )


def _page(request: HttpRequest, form: ContactForm, **more: Any) -> HttpResponse:
    return form_page(
        request,
        form,
        **more,
        notes=(
            _("Ne gardez que ce qui sert à la finalité choisie."),
            _(
                "Un contact sans échange réel finit par s’effacer : notez vos appels et vos visites."
            ),
            _("Le journal dit qui a écrit, jamais ce qui a été écrit d’une personne."),
        ),
    )


@requires(Capability.CONTACTS_WRITE)
@writes
def new_contact(request: HttpRequest) -> HttpResponse:
    """Add a person, of the organisation of the address where one is given."""
    reader = reader_of(request)
    asked = request.GET.get("organisation", "")
    key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    of = reach(key, reader) if key is not None else None
    form = ContactForm(request.POST or None, initial={"confidentiality": Confidentiality.AGENCY})
    if request.method == "POST":
        try:
            made = services.add_contact(reader, organisation=of, **form.given())
            return redirect(of_url(of)) if of else redirect("contact", made.pk)
        except RefusedError as error:
            form.refuse(error)
    return _page(
        request,
        form,
        title=_("Ajouter un contact : {name}").format(name=of.name)
        if of
        else _("Ajouter un contact"),
        action=_("Inscrire le contact"),
        back=(of_url(of), of.name) if of else (reverse("contacts"), _("Contacts")),
    )


def of_url(organisation: Organisation | None) -> str:
    """Where the contacts of an organisation are shown."""
    if organisation is None:
        return reverse("contacts")
    return reverse("organisation", args=[organisation.pk]) + "#contacts"


@requires(Capability.CONTACTS_WRITE)
@writes
def change_contact(request: HttpRequest, contact: int) -> HttpResponse:
    """Correct a person; the second of two people sees what the first wrote."""
    reader = reader_of(request)
    found = _reach(contact, reader)
    form = ContactForm.of(found)
    if request.method == "POST":
        form = ContactForm(request.POST, of=found)
        try:
            services.change_contact(reader, contact, form.seen_revision(), **form.given())
            return redirect("contact", contact)
        except RefusedError as error:
            form.refuse(error)
        except ChangedMeanwhileError as error:
            form = ContactForm(as_typed(request, revision=found.revision), of=found)
            form.add_error(None, str(error))
    return _page(
        request,
        form,
        title=_("Corriger le contact"),
        action=_("Enregistrer"),
        back=(reverse("contact", args=[contact]), str(found)),
    )


@requires(Capability.CONTACTS_WRITE)
@never_cache
@require_POST
def met(request: HttpRequest, contact: int) -> HttpResponse:
    """Note that there was a real exchange today."""
    try:
        services.met(reader_of(request), contact)
    except InputError as error:
        raise Http404(str(error)) from error
    return redirect("contact", contact)


@requires(Capability.CONTACTS_WRITE)
@writes
def erase_contact(request: HttpRequest, contact: int) -> HttpResponse:
    """Forget a person, once the reader has said yes."""
    reader = reader_of(request)
    found = _reach(contact, reader)
    form = EraseForm(request.POST or None)
    if request.method == "POST":
        if form.given().get("sure"):
            services.erase_contact(reader, contact)
            return redirect(of_url(found.organisation))
        form.add_error("sure", _("Cochez pour dire oui : effacer ne se défait pas."))
    return form_page(
        request,
        form,
        _("Effacer cette personne du répertoire ?"),
        _("Effacer"),
        (reverse("contact", args=[contact]), str(found)),
        notes=(
            _("La personne et ses données quittent le répertoire, la recherche et les liens."),
            _("Les besoins qu’elle a dits restent, sans elle."),
            _("Le journal garde qu’un contact a été effacé, pas lequel."),
        ),
    )

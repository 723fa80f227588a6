"""Keeping the directory right: what waits, doubles, merges, and links to confirm."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from perron.errors import InputError, RefusedError
from perron.site.accounts.access import Capability, Reader, public, reader_of, requires
from perron.site.accounts.links import whole
from perron.site.components.forms import Form, form_page
from perron.site.directory.chosen_organisation import chosen
from perron.site.directory.models import Organisation
from perron.site.directory.organisations import doubles as alike
from perron.site.directory.organisations import selectors as organisations
from perron.site.directory.organisations.reference import reference
from perron.site.directory.upkeep import confirming, doubles, merging, selectors, words
from perron.site.directory.upkeep.forms import AnswerForm, AskForm, MergeForm


def _page_of(request: HttpRequest) -> int:
    number = request.GET.get("page", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1


def _reach(key: int, reader: Reader) -> Organisation:
    found = organisations.found(key, reader)
    if found is None or found.merged_into_id:
        raise Http404(str(key))
    return found


@requires(Capability.DIRECTORY_WRITE, Capability.NEEDS_WRITE, Capability.CONTACTS_WRITE)
@require_safe
@never_cache
def upkeep(request: HttpRequest) -> HttpResponse:
    """What waits to be kept right."""
    reader = reader_of(request)
    page = selectors.upkeep(reader, _page_of(request))
    return render(
        request,
        "directory/upkeep/upkeep.html",
        {
            "page": page,
            "title": words.title(page),
            "may_write": reader.can(Capability.DIRECTORY_WRITE),
        },
    )


@requires(Capability.DIRECTORY_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pairs(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one organisation; a person says of one that it is two."""
    reader = reader_of(request)
    if request.method == "POST":
        one, other = (request.POST.get(name, "") for name in ("first", "second"))
        if not all(key.isascii() and key.isdigit() and len(key) < 18 for key in (one, other)):
            raise Http404
        try:
            doubles.say_two(reader, int(one), int(other))
        except InputError as error:
            raise Http404(str(error)) from error
        return redirect("directory-doubles")
    page = doubles.doubles(reader, _page_of(request))
    known = reference()
    rows = [
        (pair, known.place_name(pair.first.place), known.place_name(pair.second.place))
        for pair in page.pairs
    ]
    title = words.doubles_title(page.count)
    return render(
        request, "directory/upkeep/doubles.html", {"page": page, "rows": rows, "title": title}
    )


@requires(Capability.DIRECTORY_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def merge(request: HttpRequest, organisation: int) -> HttpResponse:
    """Choose the other record, then compare the two side by side and say which stays."""
    reader = reader_of(request)
    one = _reach(organisation, reader)
    typed = request.GET.get("avec", "")[:200]
    other, fault = chosen(typed, reader)
    if other is not None and other.pk == one.pk:
        other, fault = None, _("C’est la même fiche : choisissez-en une autre.")
    if other is None:
        near = [found for found in alike.alike(one.name, reader, "", 8) if found.pk != one.pk]
        return render(
            request,
            "directory/upkeep/choose.html",
            {"one": one, "near": near, "typed": typed, "fault": fault},
            status=422 if fault else 200,
        )
    form = MergeForm(request.POST or None, one=one, other=other, initial={"kept": str(one.pk)})
    if request.method == "POST":
        try:
            return _merged(reader, form, one, other)
        except RefusedError as error:
            form.refuse(error)
        except InputError as error:
            raise Http404(str(error)) from error
    known = reference()
    moves = (selectors.moves(one, reader), selectors.moves(other, reader))
    return render(
        request,
        "directory/upkeep/merge.html",
        {
            "form": form,
            "one": one,
            "other": other,
            "rows": words.beside(one, other, known, moves),
            "two_numbers": one.company_number
            and other.company_number
            and one.company_number != other.company_number,
        },
        status=422 if form.errors else 200,
    )


def _merged(
    reader: Reader, form: MergeForm, one: Organisation, other: Organisation
) -> HttpResponse:
    kept, absorbed = (one, other) if form.which() == str(one.pk) else (other, one)
    if form.which() not in (str(one.pk), str(other.pk)):
        raise RefusedError({"kept": _("Choisissez la fiche qui reste.")})
    merging.merge(reader, kept.pk, absorbed.pk, form.given()["reason"])
    return redirect("organisation", kept.pk)


@requires(Capability.DIRECTORY_WRITE)
@require_POST
def undo(request: HttpRequest, merge: int) -> HttpResponse:
    """Part two records again; what stays as it is today is told."""
    try:
        told = merging.undo(reader_of(request), merge)
    except InputError as error:
        told = [str(error)]
    else:
        told = [_("Les deux fiches sont à nouveau à part."), *told]
    page = selectors.upkeep(reader_of(request))
    more = {"page": page, "title": words.title(page), "may_write": True, "told": told}
    return render(request, "directory/upkeep/upkeep.html", more)


@requires(Capability.DIRECTORY_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest, organisation: int) -> HttpResponse:
    """Send an organisation the link with which it confirms its facts."""
    reader = reader_of(request)
    found = _reach(organisation, reader)
    back = (reverse("organisation", args=[found.pk]), found.name)
    contacts = selectors.addresses(found, reader)
    form = AskForm(request.POST or None, initial={"email": contacts[0].email if contacts else ""})
    if request.method == "POST":
        email = form.given()["email"]
        try:
            asked = confirming.ask(reader, found.pk, email)
        except RefusedError as error:
            form.refuse(error)
        else:
            link = whole(reverse("confirmation", args=[asked.token]), request)
            sent = confirming.send(asked, email, link)
            more = {"organisation": found, "link": link, "sent": sent, "asked": asked.confirmation}
            return render(request, "directory/upkeep/asked.html", more)
    return form_page(
        request,
        form,
        _("À qui demander de confirmer ?"),
        _("Envoyer le lien"),
        back,
        notes=(
            _(
                "Le message est en français et ne cite que l’agence ; le lien montre les faits publics de la fiche, jamais les notes ni les personnes."
            ),
            _("Le lien sert une fois, pendant trente jours."),
            *(
                _("{name}, {function} : {email}").format(
                    name=one, function=one.function or _("contact"), email=one.email
                )
                for one in contacts[:5]
            ),
        ),
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link. Reading it confirms nothing: mail scanners follow links."""
    try:
        held = confirming.of_token(token)
    except InputError as error:
        return _answered(request, "directory/upkeep/no_link.html", {"problem": str(error)}, 404)
    form: Form = AnswerForm(request.POST or None, initial={"revision": held.organisation.revision})
    if request.method == "POST":
        given = form.given()
        right = request.POST.get("answer") == "right"
        try:
            return _answer(
                request, token, "" if right else given["remark"], right, given["revision"]
            )
        except RefusedError as error:
            typed = request.POST.copy()
            typed["revision"] = str(held.organisation.revision)
            form = AnswerForm(typed)
            form.refuse(error)
        except InputError as error:
            return _answered(request, "directory/upkeep/no_link.html", {"problem": str(error)}, 404)
    facts = [pair for pair in words.facts(held.organisation, reference()) if pair[1]]
    more = {"organisation": held.organisation, "facts": facts, "form": form, "held": held}
    return _answered(request, "directory/upkeep/answer.html", more, 422 if form.errors else 200)


def _answer(
    request: HttpRequest, token: str, remark: str, right: bool, revision: str
) -> HttpResponse:
    if not right and not remark.strip():
        raise RefusedError(
            {"remark": _("Écrivez ce qui est à corriger, ou dites que tout est juste.")}
        )
    seen = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
    confirming.answer(token, remark, seen)
    return _answered(request, "directory/upkeep/thanks.html", {"right": right}, 200)


def _answered(
    request: HttpRequest, template: str, more: dict[str, Any], status: int
) -> HttpResponse:
    """A page that no search engine keeps and no address of which leaves with a link."""
    answer = render(request, template, more, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer

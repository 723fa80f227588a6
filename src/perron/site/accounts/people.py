"""The people of the agency: the list, inviting, and what may be changed of one of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from perron.errors import InputError, RefusedError
from perron.site.accounts import links, partners, selectors, services
from perron.site.accounts.access import Capability, Reader, reader_of, requires
from perron.site.accounts.forms import InviteForm, RightsForm
from perron.site.accounts.models import User
from perron.site.accounts.selectors import PersonRow
from perron.site.mail import sends

_guard = requires(Capability.PEOPLE)


@_guard
@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account, and the invitations that wait."""
    return _list(request)


def _list(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    rows, page = selectors.people(reader_of(request), request.GET.get("page", "1"))
    active = selectors.active_people()
    title = ngettext(
        "{n} personne peut se connecter.", "{n} personnes peuvent se connecter.", active
    ).format(n=active)
    return render(
        request,
        "accounts/people.html",
        {
            "title": title,
            "rows": rows,
            "page": page,
            "invitations": selectors.invitations(),
            "problem": problem,
        },
        status=status,
    )


@_guard
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person: the link is shown once, and sent where mail leaves."""
    reader = reader_of(request)
    roles = selectors.roles_to_give(reader)
    form = InviteForm(
        request.POST if request.method == "POST" else None, initial={"days": "7"}, roles=roles
    )
    if request.method == "POST":
        given = form.given()
        try:
            made, token = services.invite(
                reader,
                given["email"],
                given["role"],
                partners.chosen(given["organisation"]),
                given["days"],
            )
        except RefusedError as error:
            form.refuse(error)
        else:
            link = links.of_invitation(token, request)
            left = links.sent(made, link)
            return render(
                request,
                "accounts/invited.html",
                {"invitation": made, "link": link, "sent": left, "sends": sends()},
            )
    return render(
        request, "accounts/invite.html", {"form": form}, status=422 if form.errors else 200
    )


@_guard
@never_cache
@require_POST
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """Withdraw an invitation."""
    try:
        services.revoke(reader_of(request), key)
    except InputError as error:
        return _list(request, str(error), 409)
    return redirect(reverse("people") + "?fait=retiree")


def _person(reader: Reader, key: int) -> tuple[User, PersonRow]:
    found = selectors.person(reader, key)
    if found is None:
        raise Http404(_("Cette personne n’existe pas, ou a été effacée."))
    return found


@_guard
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, key: int) -> HttpResponse:
    """One person: change the role and the organisation."""
    reader = reader_of(request)
    user, row = _person(reader, key)
    form = RightsForm(
        request.POST if request.method == "POST" else None,
        initial={"role": user.role.code if user.role else "", "organisation": row.organisation},
        roles=selectors.roles_to_give(reader),
    )
    if request.method == "POST":
        given = form.given()
        try:
            changed = services.change_rights(
                reader, key, given["role"], partners.chosen(given["organisation"])
            )
            word = "droits" if changed else "inchange"
            return redirect(reverse("person", args=[key]) + f"?fait={word}")
        except RefusedError as error:
            form.refuse(error)
    return _sheet(request, row, form)


def _sheet(
    request: HttpRequest, row: PersonRow, form: RightsForm, problem: str = "", status: int = 0
) -> HttpResponse:
    return render(
        request,
        "accounts/person.html",
        {"row": row, "form": form, "problem": problem},
        status=status or (422 if form.errors else 200),
    )


def _refused(request: HttpRequest, key: int, error: InputError) -> HttpResponse:
    """The sheet again, with the reason why an action was not done."""
    user, row = _person(reader_of(request), key)
    form = RightsForm(
        initial={"role": user.role.code if user.role else "", "organisation": row.organisation},
        roles=selectors.roles_to_give(reader_of(request)),
    )
    return _sheet(request, row, form, str(error), 409)


@_guard
@never_cache
@require_POST
def set_active(request: HttpRequest, key: int) -> HttpResponse:
    """Close an account or open it again."""
    reader = reader_of(request)
    _person(reader, key)
    active = request.POST.get("active") == "1"
    try:
        services.set_active(reader, key, active)
    except InputError as error:
        return _refused(request, key, error)
    return redirect(reverse("person", args=[key]) + ("?fait=ouvert" if active else "?fait=ferme"))


@_guard
@never_cache
@require_POST
def new_password(request: HttpRequest, key: int) -> HttpResponse:
    """A link with which this person chooses a new password."""
    reader = reader_of(request)
    _user, row = _person(reader, key)
    try:
        user = services.open_password(reader, key)
    except InputError as error:
        return _refused(request, key, error)
    link = links.of_new_password(user, request)
    return render(request, "accounts/password_link.html", {"row": row, "link": link})


@_guard
@never_cache
@require_POST
def unprotect(request: HttpRequest, key: int) -> HttpResponse:
    """Take the second factor off an account whose owner has lost it."""
    reader = reader_of(request)
    _person(reader, key)
    try:
        count = services.remove_second_factor(reader, key)
    except InputError as error:
        return _refused(request, key, error)
    word = "protection" if count else "inchange"
    return redirect(reverse("person", args=[key]) + f"?fait={word}")


@_guard
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, key: int) -> HttpResponse:
    """Forget a person, in two steps."""
    reader = reader_of(request)
    _user, row = _person(reader, key)
    problem = ""
    if request.method == "POST":
        if request.POST.get("sure") != "1":
            problem = _("Cochez la case pour confirmer : effacer ne se défait pas.")
        else:
            try:
                services.erase(reader, key)
            except InputError as error:
                return _refused(request, key, error)
            if key == reader.user:
                return redirect("home")
            return redirect(reverse("people") + "?fait=efface")
    return render(
        request,
        "accounts/erase.html",
        {"row": row, "problem": problem},
        status=422 if problem else 200,
    )

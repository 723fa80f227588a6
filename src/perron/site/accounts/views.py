"""One's own account, and the page of an invitation."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from perron.errors import InputError, RefusedError
from perron.site.accounts import invitations, selectors, services
from perron.site.accounts.access import Capability, public, reader_of, signed_in
from perron.site.accounts.forms import AcceptForm, NamesForm
from perron.site.accounts.models import User

BACKEND = "perron.site.accounts.backends.PeopleBackend"


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """My names, my role and what it allows, how my account is protected."""
    reader = reader_of(request)
    found = selectors.person(reader, reader.user or 0)
    assert found is not None
    user, row = found
    form = NamesForm(request.POST if request.method == "POST" else None, initial=_names(user))
    if request.method == "POST":
        try:
            services.rename(reader, **form.given())
            return redirect(reverse("account") + "?fait=nom")
        except RefusedError as error:
            form.refuse(error)
    return render(
        request,
        "accounts/account.html",
        {
            "form": form,
            "row": row,
            "allowed": [c.label for c in Capability if reader.can(c)],
            "password": user.has_usable_password(),
        },
        status=422 if form.errors else 200,
    )


def _names(user: User) -> dict[str, str]:
    return {"first_name": user.first_name, "last_name": user.last_name}


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: names and a password make the account, which is signed in at once."""
    try:
        found = invitations.waiting(token)
    except InputError as error:
        return render(request, "accounts/invitation_over.html", {"reason": str(error)}, status=410)
    reader = reader_of(request)
    if reader.signed_in:
        return render(request, "accounts/invitation_other.html", {"email": found.email})
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            user = services.accept(token, **form.given())
        except RefusedError as error:
            form.refuse(error)
        except InputError as error:
            again = {"reason": str(error)}
            return render(request, "accounts/invitation_over.html", again, status=410)
        else:
            login(request, user, BACKEND)
            return redirect("home")
    return render(
        request,
        "accounts/invitation.html",
        {
            "form": form,
            "invitation": found,
            "title": _("Ouvrir votre compte"),
        },
        status=422 if form.errors else 200,
    )

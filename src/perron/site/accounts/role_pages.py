"""The roles of the agency: the list, and the form of one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from perron.errors import RefusedError
from perron.site.accounts import selectors
from perron.site.accounts.access import Capability, reader_of, requires
from perron.site.accounts.forms import RoleForm
from perron.site.accounts.models import Role
from perron.site.accounts.roles import save_role

_guard = requires(Capability.PEOPLE)


@_guard
@never_cache
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Every role, what it allows, how many people hold it."""
    rows = selectors.roles()
    given = sum(row.role.active for row in rows)
    title = ngettext("{n} rôle se donne ici.", "{n} rôles se donnent ici.", given).format(n=given)
    return render(
        request,
        "accounts/roles.html",
        {"title": title, "rows": rows, "all": len(Capability.choices)},
    )


@_guard
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, key: int | None = None) -> HttpResponse:
    """Change a role, or add one."""
    reader = reader_of(request)
    found = selectors.role(key) if key is not None else Role()
    if found is None:
        raise Http404(_("Ce rôle n’existe pas."))
    form = RoleForm(request.POST if request.method == "POST" else None, initial=_initial(found))
    ticked = set(found.capabilities)
    if request.method == "POST":
        given = form.given()
        given["capabilities"] = ticked = set(request.POST.getlist("capabilities"))
        try:
            save_role(reader, key, **given)
            return redirect(reverse("roles") + "?fait=role")
        except RefusedError as error:
            form.refuse(error)
    boxes = [(c.value, c.label, c.value in ticked, not reader.can(c.value)) for c in Capability]
    return render(
        request,
        "accounts/role.html",
        {"form": form, "role": found, "boxes": boxes, "new": key is None},
        status=422 if form.errors else 200,
    )


def _initial(found: Role) -> dict[str, Any]:
    return {
        "name": found.name,
        "name_en": found.name_en,
        "description": found.description,
        "active": found.active,
    }

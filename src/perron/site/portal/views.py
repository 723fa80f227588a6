"""Public pages: home, sources, search, accessibility, and what is said when a page is not there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron.site.accounts.access import Capability, Reader, public, reader_of
from perron.site.components.assets import path_of
from perron.site.directory import selectors as directory
from perron.site.directory.territory_words import said
from perron.site.portal import fields, finding, news, selectors, waiting, welcome


def _language() -> str:
    return (get_language() or "fr")[:2]


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for who is signed in; for everybody else, the territory at a glance."""
    reader = reader_of(request)
    page = directory.territory_page(directory.catalogue(), _language())
    shown = {
        "page": page,
        "births": selectors.births(page.profile),
        "fields": fields.fields(reader),
        "territory_table": reverse("territory") + "#comparaison",
        **said(page),
    }
    if reader.signed_in:
        return render(request, "portal/welcome.html", {**shown, **_waiting(request, reader)})
    more = {"answers": selectors.answers(page), "tables": selectors.tables()}
    return render(request, "portal/home.html", {**shown, **more})


def _waiting(request: HttpRequest, reader: Reader) -> dict[str, Any]:
    """What the home page says to one person."""
    today = timezone.localdate()
    tasks = waiting.tasks(reader, today)
    found = news.news(reader, getattr(request.user, "previous_visit", None))
    return {
        "tasks": tasks,
        "tasks_title": welcome.title(tasks, today),
        "lead": welcome.lead(found, today),
        "news_title": welcome.news_title(found, today),
        "changes": [(change, welcome.moment(change.at, today)) for change in found.changes],
        "due": waiting.due(reader, today),
        "first_steps": () if tasks else waiting.first_steps(reader),
        "may_note": reader.can(Capability.NEEDS_WRITE),
        "may_ledger": reader.can(Capability.LEDGER_READ),
    }


@public
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Every table in service: where it comes from, its licence, period and age."""
    return render(
        request,
        "portal/sources.html",
        {"tables": selectors.tables(), "known": selectors.known_sources()},
    )


@public
@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """One box over everything there is, as far as the reader may see it."""
    query = request.GET.get("q", "").strip()[: finding.LONGEST]
    found = finding.groups(query, reader_of(request), _language())
    return render(
        request,
        "portal/search.html",
        {"query": query, "groups": found, "count": sum(len(group.found) for group in found)},
    )


@public
@require_safe
@never_cache
def quick_search(request: HttpRequest) -> HttpResponse:
    """The same for the box, while a person types: the best few of each kind, as JSON."""
    query = request.GET.get("q", "").strip()[: finding.LONGEST]
    found = finding.groups(query, reader_of(request), _language(), finding.IN_BOX)
    shown = [
        {
            "label": group.label,
            "found": [
                {"title": one.title, "kind": one.kind, "url": one.url, "fictional": one.fictional}
                for one in group.found
            ],
        }
        for group in found
    ]
    return JsonResponse({"query": query, "groups": shown, "said": _counted(found)})


def _counted(found: list[finding.Group]) -> str:
    """What a screen reader says of the list."""
    count = sum(len(group.found) for group in found)
    if not count:
        return _("Rien à ce nom.")
    return ngettext("{n} réponse.", "{n} réponses.", count).format(n=count)


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement that the law asks for, with what was checked and how to complain."""
    return render(request, "portal/accessibility.html")


@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers that ask at the root are sent to the mark."""
    return HttpResponsePermanentRedirect(static(path_of("favicon.svg")))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what was asked, and where to go from here."""
    reason = str(exception.args[0]) if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "portal/not_found.html", {"reason": reason}, status=404)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without its token, most often one that was opened before a restart or in another tab."""
    return render(request, "portal/stale_form.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """500: says that the fault is ours and gives the request's identifier, touching no data."""
    from perron.site.logs import request_id

    return render(request, "portal/failed.html", {"request_id": request_id.get()}, status=500)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: most often a host name that the installation was not told, which its keeper can mend."""
    if isinstance(exception, DisallowedHost):
        text = _(
            "Perron ne connaît pas ce nom d’hôte. La personne qui tient l’installation l’ajoute à PERRON_PUBLIC_URL ou à PERRON_ALLOWED_HOSTS."
        )
    else:
        text = _("La demande n’a pas pu être lue. Revenez à la page précédente et réessayez.")
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")

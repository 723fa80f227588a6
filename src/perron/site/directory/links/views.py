"""The links of a thing: all of them, one more, one less."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from perron.errors import RefusedError
from perron.site.accounts.access import Capability, Reader, public, reader_of, requires
from perron.site.components.forms import form_page
from perron.site.directory.links import candidates, selectors, services
from perron.site.directory.links.forms import LinkForm, WithdrawForm
from perron.site.directory.models import Link
from perron.site.directory.things import Thing, resolved


def _reach(kind: str, key: str, reader: Reader) -> Thing:
    """The thing of an address, 404 where the reader may not see it."""
    found = resolved([(kind, key)], reader).get((kind, key))
    if found is None:
        raise Http404(f"{kind} {key}")
    return found


@public
@require_safe
@never_cache
def thing_links(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """All links of a thing, fifty at a time."""
    reader = reader_of(request)
    thing = _reach(kind, key, reader)
    links = selectors.links_of(kind, key, reader)
    asked = request.GET.get("page", "")
    last = max(1, -(-len(links) // selectors.PAGE))
    page = (
        min(max(int(asked), 1), last)
        if asked.isascii() and asked.isdigit() and len(asked) < 7
        else 1
    )
    start = (page - 1) * selectors.PAGE
    return render(
        request,
        "directory/links/links.html",
        {
            "thing": thing,
            "links": links,
            "groups": links.grouped(start=start),
            "first": start + 1,
            "last": min(start + selectors.PAGE, len(links)),
            "earlier": page - 1,
            "later": page + 1 if page < last else 0,
            "may_write": reader.can(Capability.DIRECTORY_WRITE),
        },
    )


@requires(Capability.DIRECTORY_WRITE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Link a thing with another: choose the other end, then say how and why."""
    reader = reader_of(request)
    thing = _reach(kind, key, reader)
    chosen = request.GET.get("vers", "")[:80]
    if not chosen:
        return _choose(request, thing, reader)
    other = _reach(*_name(chosen), reader)
    form = LinkForm(request.POST or None)
    if request.method == "POST":
        code, forward = form.direction()
        given = form.given()
        given.pop("kind", None)
        ends = (thing.kind, thing.key), (other.kind, other.key)
        try:
            services.add_link(
                reader, code, *(ends if forward else ends[::-1]), **{"reason": "", **given}
            )
            return redirect(thing.url + "#liens")
        except RefusedError as error:
            form.refuse(error)
    again = reverse("link-add", args=[kind, key])
    return form_page(
        request,
        form,
        _("Qu’est-ce qui lie « {one} » et « {other} » ?").format(
            one=thing.title, other=other.title
        ),
        _("Inscrire le lien"),
        (thing.url, thing.title),
        notes=(
            _("Lisez le lien de gauche à droite : « {one} » … « {other} ».").format(
                one=thing.title, other=other.title
            ),
            _("Il se lira aussi depuis l’autre fiche, dans l’autre sens."),
        ),
        links=((again, _("Choisir une autre chose")),),
    )


def _name(chosen: str) -> tuple[str, str]:
    kind, _colon, key = chosen.partition(":")
    return kind, key


def _choose(request: HttpRequest, thing: Thing, reader: Reader) -> HttpResponse:
    """The things that the other end may be, found by words."""
    kinds = candidates.choices(reader)
    asked = request.GET.get("avec", "organisation")
    kind = asked if asked in dict(kinds) else kinds[0][0]
    words = request.GET.get("q", "").strip()[:100]
    found: list[Any] = [
        other
        for other in candidates.candidates(kind, words, reader)
        if (other.kind, other.key) != (thing.kind, thing.key)
    ]
    return render(
        request,
        "directory/links/choose.html",
        {"thing": thing, "kinds": kinds, "kind": kind, "words": words, "found": found},
    )


@requires(Capability.DIRECTORY_WRITE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_link(request: HttpRequest, link: int) -> HttpResponse:
    """Withdraw a link with a reason; it stays in the log."""
    reader = reader_of(request)
    held = Link.objects.select_related("kind").filter(pk=link, withdrawn_because="").first()
    ends = services.ends_of(held, reader) if held else {}
    if held is None or len(ends) < 2:
        raise Http404(str(link))
    one, other = ends[held.from_kind, held.from_key], ends[held.to_kind, held.to_key]
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        try:
            services.withdraw_link(reader, link, form.given().get("because", ""))
            return redirect(one.url + "#liens")
        except RefusedError as error:
            form.refuse(error)
    return form_page(
        request,
        form,
        _("Retirer le lien : {one} {words} {other} ?").format(
            one=one.title, words=held.kind, other=other.title
        ),
        _("Retirer le lien"),
        (one.url, one.title),
        notes=(_("Le lien quitte les deux fiches ; le journal garde qu’il y était."),),
    )

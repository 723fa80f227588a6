"""The register of challenges: its list, a sheet a challenge, its forms and its files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron.errors import ChangedMeanwhileError, InputError, RefusedError
from perron.site.accounts.access import public, reader_of
from perron.site.components import downloads
from perron.site.components.forms import Form, form_page
from perron.site.components.tables import Column, Table, TableRow
from perron.site.directory.organisations.reference import reference
from perron.site.directory.selectors import catalogue
from perron.site.economy.reader import Reader as Figures
from perron.site.economy.sectors.selectors import territories
from perron.site.strategy.challenges import selectors, services, words
from perron.site.strategy.challenges.forms import ChallengeForm
from perron.site.strategy.challenges.selectors import Filters, Register
from perron.site.strategy.forms import EvidenceForm, ReasonForm
from perron.site.strategy.models import Challenge, Stand
from perron.site.strategy.writing import language, writes, writing_of


def _register(request: HttpRequest, page: int = 1) -> Register:
    return selectors.register(reader_of(request), Filters.read(request.GET.dict()), page)


@public
@require_safe
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """The challenges that the reader may see, open ones first."""
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    found = _register(request, page)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "strategy/challenges.html",
        {
            "register": found,
            "title": words.title(found),
            "lead": words.lead(found, reader_of(request)),
            "cards": [(one, words.period(one)) for one in found.page.object_list],
            "filters": words.filters(found.filters),
            "filtered": found.filters != Filters(),
            "query": query.urlencode(),
            **writing_of(request),
        },
    )


@public
@require_safe
@never_cache
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """The challenges that the reader may see and the filters keep, as CSV or XLSX."""
    if suffix not in ("csv", "xlsx"):
        raise Http404(suffix)
    first = _register(request)
    every = [
        one
        for number in first.page.paginator.page_range
        for one in _register(request, number).page.object_list
    ]
    known = reference()
    columns = (
        *(_("Phrase"), _("Sens"), _("Type"), _("Critères économiques"), _("Critères sociétaux")),
        *(_("Territoire"), _("Depuis"), _("Jusqu’à"), _("État"), _("Raison de la clôture")),
        *(_("Preuves"), _("Décision"), _("Nature")),
    )
    rows = [
        TableRow(
            one.title,
            (
                *(one.sentence, one.get_side_display(), str(one.kind)),
                "; ".join(str(t) for t in one.criteria.all() if not t.social),
                "; ".join(str(t) for t in one.criteria.all() if t.social),
                known.place_name(one.territory) if one.territory else "",
                *(one.since, one.until, one.get_status_display(), one.closed_because),
                str(one.proofs),
                _("oui") if one.answered else _("non"),
                _("exemple fictif") if one.fictional else "",
            ),
        )
        for one in every
    ]
    table = Table(
        title=_("Registre des défis"),
        says="",
        first=_("Défi"),
        columns=tuple(Column(label, numeric=False) for label in columns),
        rows=rows,
        about=_("registre des défis"),
    )
    return downloads.answer(downloads.export_of(table), suffix, "registre-des-defis")


@public
@require_safe
@never_cache
def sheet(request: HttpRequest, challenge: int) -> HttpResponse:
    """One challenge: its criteria, its evidence, what it led to, what was written of it."""
    reader = reader_of(request)
    try:
        found = selectors.sheet(challenge, reader)
    except InputError as error:
        raise Http404(str(error)) from error
    own = found.challenge
    return render(
        request,
        "strategy/challenge.html",
        {
            "sheet": found,
            "challenge": own,
            "period": words.period(own),
            "place": reference().place_name(own.territory) if own.territory else "",
            "entries": [
                (e, found.names.get(e.actor, "") if e.actor else "") for e in found.entries
            ],
            "may_link": reader.can("directory.write"),
            **writing_of(request),
        },
    )


def _offered() -> dict[str, Any]:
    """What the form of a challenge offers of this installation."""
    held = catalogue()
    if "refnis" not in held.tables:
        return {"territories": []}
    found = territories(Figures(held, language()))
    return {"territories": [(place.code, place.name(language())) for place in found]}


def _back(challenge: Challenge | None) -> tuple[str, str]:
    if challenge is None:
        return reverse("challenges"), _("Défis")
    return reverse("challenge", args=[challenge.pk]), challenge.title


def _page(
    request: HttpRequest, form: Form, title: str, action: str, of: Challenge | None = None
) -> HttpResponse:
    notes = (
        _("Rien ne s’efface : chaque correction laisse dans le journal ce qui était écrit avant."),
        _("Un défi sans preuve n’est qu’une opinion : elles s’ajoutent depuis sa fiche."),
    )
    return form_page(request, form, title, action, _back(of), notes=notes)


@writes
def new(request: HttpRequest) -> HttpResponse:
    """Add a challenge."""
    first = {"status": Stand.OPEN, "side": "challenge", "confidentiality": "agency"}
    form = ChallengeForm(request.POST or None, initial=first, **_offered())
    if request.method == "POST":
        try:
            made = services.add_challenge(reader_of(request), **form.given())
            return redirect("challenge", made.pk)
        except RefusedError as error:
            form.refuse(error)
    return _page(request, form, _("Ajouter un défi ou une opportunité"), _("Inscrire le défi"))


@writes
def change(request: HttpRequest, challenge: int) -> HttpResponse:
    """Correct a challenge."""
    reader = reader_of(request)
    found, more = selectors.challenge(challenge, reader), _offered()
    title, action = _("Corriger le défi"), _("Enregistrer")
    if request.method != "POST":
        return _page(request, ChallengeForm.of(found, **more), title, action, found)
    form = ChallengeForm(request.POST, keep=found, **more)
    given = form.given()
    if found.status == Stand.CLOSED:
        given["status"] = found.status
    try:
        services.change_challenge(reader, found.pk, form.seen_revision(), **given)
        return redirect("challenge", found.pk)
    except RefusedError as error:
        form.refuse(error)
    except ChangedMeanwhileError as error:
        # What was typed stays; the person now has the later revision under the eyes.
        typed = request.POST.copy()
        typed["revision"] = str(found.revision)
        form = ChallengeForm(typed, keep=found, **more)
        form.add_error(None, str(error))
    return _page(request, form, title, action, found)


@writes
def close(request: HttpRequest, challenge: int) -> HttpResponse:
    """Close a challenge with its reason, or open a closed one again."""
    reader = reader_of(request)
    found = selectors.challenge(challenge, reader)
    closed = found.status == Stand.CLOSED
    title = _("Rouvrir le défi") if closed else _("Clore le défi")
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        verb = services.reopen_challenge if closed else services.close_challenge
        try:
            verb(reader, found.pk, form.given().get("because", ""))
            return redirect("challenge", found.pk)
        except RefusedError as error:
            form.refuse(error)
    return _page(request, form, title, title, found)


@writes
def new_evidence(request: HttpRequest, challenge: int) -> HttpResponse:
    """Add an evidence to a challenge."""
    reader = reader_of(request)
    found = selectors.challenge(challenge, reader)
    form = EvidenceForm(request.POST or None, tables=tuple(sorted(catalogue().tables)))
    if request.method == "POST":
        try:
            services.add_evidence(reader, found.pk, **form.given())
            return redirect(reverse("challenge", args=[found.pk]) + "#preuves")
        except RefusedError as error:
            form.refuse(error)
    return _page(request, form, _("Ajouter une preuve"), _("Inscrire la preuve"), found)


@writes
def withdraw_evidence(request: HttpRequest, challenge: int, evidence: int) -> HttpResponse:
    """Withdraw an evidence with a reason; it stays readable."""
    reader = reader_of(request)
    found = selectors.challenge(challenge, reader)
    selectors.evidence(evidence, found)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        try:
            services.withdraw_evidence(reader, found.pk, evidence, form.given().get("because", ""))
            return redirect(reverse("challenge", args=[found.pk]) + "#preuves")
        except RefusedError as error:
            form.refuse(error)
    return _page(request, form, _("Retirer la preuve"), _("Retirer la preuve"), found)

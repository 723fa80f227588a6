"""The pages of the register that are read: its list, one decision, their files."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from perron.errors import InputError
from perron.site.accounts import log
from perron.site.accounts.access import Capability, Reader, public, reader_of
from perron.site.accounts.models import Confidentiality
from perron.site.components import downloads
from perron.site.directory.links.selectors import links_of
from perron.site.directory.typed import line
from perron.site.directory.vocabulary.selectors import every
from perron.site.ledger import charts, dossiers, selectors, sharing, territories, timeline, words
from perron.site.ledger.models import Commitment
from perron.site.ledger.selectors import Dossier, Filters

PAGE = 50
#: The most decisions that a file gives.
MOST = 20_000


def filters_of(request: HttpRequest) -> Filters:
    """What the address asks to see."""
    return filters_asked(request.GET)


def filters_asked(query: QueryDict) -> Filters:
    """The same from a query alone, as a document has it."""
    asked = {
        name: line(query.get(key, ""))[:60]
        for name, key in (
            *(("kind", "type"), ("stage", "etape"), ("criterion", "critere")),
            *(("territory", "territoire"), ("state", "etat"), ("text", "mots")),
        )
    }
    if asked["state"] not in ("open", "closed"):
        asked["state"] = ""
    return Filters(**asked, mine=query.get("miennes") == "oui")


def reached(reference: str, reader: Reader) -> Commitment:
    """The decision of an address; 404 where there is none, or none for this reader."""
    try:
        return selectors.reached(reference, reader)
    except InputError as error:
        raise Http404(str(error)) from error


def dossier(request: HttpRequest, reference: str) -> Dossier:
    """A decision with all of its entries; that a confidential one was read is noted."""
    reader = reader_of(request)
    try:
        found = selectors.dossier(reference, reader)
    except InputError as error:
        raise Http404(str(error)) from error
    saw(reader, found.commitment)
    return found


def saw(reader: Reader, found: Commitment) -> None:
    """Note that a confidential decision was read."""
    if found.confidentiality == Confidentiality.RESTRICTED:
        said = _("Décision confidentielle {n} lue.").format(n=found.reference)
        log.saw(reader, "commitment", found.pk, said)


def saw_several(reader: Reader, found: Sequence[Commitment]) -> None:
    """Note that a list showed confidential decisions of others, in one entry however many there are."""
    numbers = [
        one.reference
        for one in found
        if one.confidentiality == Confidentiality.RESTRICTED and one.owner_id != reader.user
    ]
    if numbers:
        said = _("Décisions confidentielles lues dans une liste : {numbers}.")
        log.saw(reader, "commitment", "", said.format(numbers=", ".join(numbers)))


@public
@require_safe
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """What became of what was expected, and the decisions by year."""
    reader, wanted = reader_of(request), filters_of(request)
    outcomes = selectors.outcomes(reader)
    page = Paginator(selectors.commitments(reader, wanted), PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    saw_several(reader, shown)
    anything = bool(shown) or selectors.commitments(reader).exists()
    kept = request.GET.copy()
    kept.pop("page", None)
    today, places = timezone.localdate(), territories.known()
    return render(
        request,
        "ledger/register.html",
        {
            "title": words.register_title(outcomes, anything),
            "anything": anything,
            "outcomes": outcomes,
            "units": charts.units(outcomes),
            "years": [
                (year, [_row(found, today, places) for found in inside])
                for year, inside in groupby(shown, key=lambda one: one.decided_on.year)
            ],
            "page": page,
            "filters": _filters(wanted),
            "wanted": wanted,
            "filtered": wanted != Filters(),
            "kept": kept.urlencode(),
            "found": _found(page),
            "writer": reader.can(Capability.LEDGER_WRITE),
            "signed_in": reader.signed_in,
        },
    )


def _found(page: Page[Commitment]) -> str:
    return words.counted_decisions(page.paginator.count)


def _row(found: Commitment, today: Any, places: Any) -> dict[str, Any]:
    """A decision as the list shows it."""
    return {
        "decision": found,
        "place": territories.name_of(found.territory, places),
        "expectations": [
            {
                "sentence": one.sentence,
                "grade": one.reviewed.grade if one.reviewed else "",
                "said": words.arrived(one, one.reviewed, today),
                "verdict": words.verdict(one.reviewed),
                "due": one.due,
                "late": one.reviewed is None and one.due <= today and not found.closed_on,
            }
            for one in found.expectations.all()
        ],
    }


def _filters(wanted: Filters) -> list[dict[str, Any]]:
    """The choices of the list, each with its answers."""

    def terms(family: str) -> list[tuple[str, str]]:
        return [(term.code, str(term)) for term in every(family)]

    def one(name: str, label: str, value: str, blank: str, answers: Any) -> dict[str, Any]:
        return {
            "name": name,
            "label": label,
            "value": value,
            "answers": [("", blank), *answers],
        }

    states = [("open", _("ouvertes")), ("closed", _("closes"))]
    places = territories.choices(wanted.territory)
    return [
        one("type", _("Type"), wanted.kind, _("tous"), terms("commitment")),
        one("etape", _("Étape"), wanted.stage, _("toutes"), terms("stage")),
        one("critere", _("Critère"), wanted.criterion, _("tous"), terms("criterion")),
        one("etat", _("État"), wanted.state, _("ouvertes et closes"), states),
        one("territoire", _("Territoire"), wanted.territory, _("tous"), places),
    ]


@public
@require_safe
@never_cache
def register_download(request: HttpRequest, suffix: str) -> HttpResponse:
    """The decisions shown, as CSV or XLSX."""
    reader = reader_of(request)
    found = selectors.commitments(reader, filters_of(request)).prefetch_related("criteria")
    decisions = list(found[:MOST])
    saw_several(reader, decisions)
    drawn = charts.register(decisions)
    return downloads.answer(downloads.export_of(drawn), suffix, "registre-des-decisions")


@public
@require_safe
@never_cache
def commitment(request: HttpRequest, reference: str) -> HttpResponse:
    """One decision: what was decided and expected, on which evidence, what came, and its timeline."""
    found, reader = dossier(request, reference), reader_of(request)
    decision, today = found.commitment, timezone.localdate()
    live = [one for one in found.expectations if not one.withdrawn_id]
    writer = reader.can(Capability.LEDGER_WRITE)
    links = links_of("commitment", decision.pk, reader)
    return render(
        request,
        "ledger/commitment.html",
        {
            "decision": decision,
            "summary": words.summary(live, today),
            "facts": dossiers.facts(found, reader),
            "criteria": dossiers.criteria(decision),
            "expectations": dossiers.expectations(found, today),
            "evidences": dossiers.evidences(found),
            "timeline": timeline.lines(found, reader),
            "seal": dossiers.seal(found),
            "links": links,
            "groups": links.grouped(),
            "may_write": reader.can(Capability.DIRECTORY_WRITE),
            "decided": found.steps[0].entry.seq,
            "writer": writer,
            "open_writer": writer and not decision.closed_on,
            "sharer": sharing.may_share(reader, decision),
            "reviewer": reader.can(Capability.LEDGER_REVIEW),
            "may_erase": reader.can(Capability.SETTINGS),
            "eraser": reader.can(Capability.SETTINGS) and "effacer" in request.GET,
            "closing": dossiers.closing(found),
        },
    )


@public
@require_safe
@never_cache
def commitment_download(request: HttpRequest, reference: str, suffix: str) -> HttpResponse:
    """What was expected of one decision and what came, as CSV or XLSX."""
    found = dossier(request, reference)
    drawn = charts.expectations(found.commitment, found.expectations)
    return downloads.answer(downloads.export_of(drawn), suffix, f"decision-{reference}-attentes")

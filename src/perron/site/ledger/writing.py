"""The forms that add to the register: each reads what was typed, asks one service, and shows the faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from perron import formats
from perron.errors import ChangedMeanwhileError, InputError, RefusedError
from perron.lake.provenance import State
from perron.site.accounts.access import Capability, reader_of, requires
from perron.site.accounts.models import Confidentiality
from perron.site.components.figures import language
from perron.site.components.forms import Form, form_page
from perron.site.directory.models import Term
from perron.site.directory.selectors import catalogue, steered
from perron.site.directory.vocabulary.selectors import choices, terms
from perron.site.ledger import readings, selectors, services, territories
from perron.site.ledger.evidence import frozen_reading, thawed
from perron.site.ledger.forms import (
    DecisionForm,
    DocumentForm,
    FigureForm,
    NoteForm,
    ReasonForm,
    RevisedForm,
)
from perron.site.ledger.models import Commitment, Grade, Indicator
from perron.site.ledger.views import reached, saw

_View = Callable[..., HttpResponse]


def form_view(view: _View) -> _View:
    """A page with a form: never kept by a browser, read and sent only."""
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(wraps(view)(view)))


def back_to(found: Commitment) -> tuple[str, str]:
    return reverse("commitment", args=[found.reference]), f"{found.reference} · {found.title}"


def sent(form: Form, write: Callable[[], Any]) -> bool:
    """Whether the service wrote what was given; its faults stand in the form where it did not."""
    if not form.is_valid():  # a sign that no database takes; the rest is judged by the service
        return False
    try:
        write()
    except RefusedError as error:
        form.refuse(error)
    except ChangedMeanwhileError:
        raise
    except InputError as error:
        form.add_error(None, str(error))
    else:
        return True
    return False


def again(
    request: HttpRequest, make: Callable[..., RevisedForm], found: Commitment, said: str
) -> RevisedForm:
    """What was typed, over the revision that is now the current one, with what changed meanwhile."""
    typed = request.POST.copy()
    found.refresh_from_db()
    typed["revision"] = str(found.revision)
    form = make(typed)
    form.add_error(None, said)
    return form


# --- a new decision --------------------------------------------------------------------------------


def decision_form(
    *given: Any, keep: Commitment | None = None, form: Any = DecisionForm, **more: Any
) -> Any:
    """A decision's form with the words of the agency."""
    made = form(*given, **more)
    made.offer("kind", choices("commitment", keep.kind if keep else None))
    made.offer("stage", choices("stage", keep.stage if keep else None), blank=_("aucune"))
    made.offer(
        "territory",
        territories.choices(keep.territory if keep else ""),
        blank=_("aucun en particulier"),
    )
    for name, offered in criteria().items():
        made.fields[name].choices = [(term.code, str(term)) for term in offered]
    return made


def criteria() -> Mapping[str, list[Term]]:
    """The criteria in use, the economic ones and those of society."""
    found = terms("criterion")
    return {
        "economic": [term for term in found if not term.social],
        "social": [term for term in found if term.social],
    }


@requires(Capability.LEDGER_WRITE)
@form_view
def new_decision(request: HttpRequest) -> HttpResponse:
    """Inscribe a decision."""
    reader = reader_of(request)
    if request.method == "POST":
        form = decision_form(request.POST)
        made: list[Commitment] = []
        if sent(form, lambda: made.append(services.decide(reader, **form.given()))):
            return redirect("commitment", made[0].reference)
    else:
        form = decision_form(
            initial={
                "confidentiality": Confidentiality.AGENCY,
                "decided_on": timezone.localdate().isoformat(),
                "territory": steered().place.code,
                "stage": "decided",
            }
        )
    return form_page(
        request,
        form,
        _("Inscrire une décision"),
        _("Inscrire la décision"),
        (reverse("ledger"), _("Registre des décisions")),
        notes=(
            _("Deux minutes suffisent : les preuves et les attentes s’ajoutent ensuite."),
            _(
                "Ce qui est inscrit ne s’efface pas : une erreur se corrige par une entrée nouvelle."
            ),
            _("Ni nom de personne, ni adresse, ni numéro : une fonction ou un organe."),
        ),
    )


# --- signals and actions ----------------------------------------------------------------------------

NOTES = {"signal": services.signal, "action": services.act}


@requires(Capability.LEDGER_WRITE)
@form_view
def note(request: HttpRequest, reference: str, what: str) -> HttpResponse:
    """Add a signal, or an action."""
    reader = reader_of(request)
    found = reached(reference, reader)
    saw(reader, found)
    form = NoteForm(request.POST or None, initial={"on": timezone.localdate().isoformat()})
    if request.method == "POST" and sent(
        form, lambda: NOTES[what](reader, commitment=found.pk, **form.given())
    ):
        return redirect("commitment", reference)
    signal = what == "signal"
    return form_page(
        request,
        form,
        _("Quel signal a-t-on vu ?") if signal else _("Qu’a-t-on fait ?"),
        _("Inscrire le signal") if signal else _("Inscrire l’action"),
        back_to(found),
        notes=(_("Une phrase, une date, et où cela se lit. On inscrit ce qui a eu lieu."),),
    )


# --- evidence ----------------------------------------------------------------------------------------


@requires(Capability.LEDGER_WRITE)
@form_view
def document(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a page or a document on which the decision rests."""
    reader = reader_of(request)
    found = reached(reference, reader)
    saw(reader, found)
    form = DocumentForm(request.POST or None, initial={"grade": Grade.ATTESTED})
    if request.method == "POST" and sent(
        form, lambda: services.add_evidence(reader, commitment=found.pk, **form.given())
    ):
        return redirect("commitment", reference)
    return form_page(
        request,
        form,
        _("Sur quel document repose la décision ?"),
        _("Inscrire la preuve"),
        back_to(found),
        links=((reverse("commitment-figure", args=[reference]), _("Ajouter un chiffre du lac")),),
    )


@requires(Capability.LEDGER_WRITE)
@form_view
def figure(request: HttpRequest, reference: str) -> HttpResponse:
    """Read a figure in the lake now and freeze it as evidence."""
    reader = reader_of(request)
    found = reached(reference, reader)
    saw(reader, found)
    known = {i.code: i for i in selectors.indicators() if readings.reading_of(i)}
    form = FigureForm(request.POST or None, initial={"territory": found.territory})
    form.offer("indicator", [(code, str(one)) for code, one in known.items()])
    form.offer("territory", territories.choices(found.territory))
    if request.method == "POST":
        given = form.given()

        def write() -> None:
            frozen = _frozen(known.get(given["indicator"]), given)
            shown = thawed(frozen)
            title = _("{name}, {place}, {period}").format(
                name=shown.name,
                place=shown.territory,
                period=formats.period(shown.period, language()),
            )
            services.add_evidence(
                reader,
                commitment=found.pk,
                title=title[:200],
                words=given["words"],
                figures=[frozen],
            )

        if sent(form, write):
            return redirect("commitment", reference)
    return form_page(
        request,
        form,
        _("Sur quel chiffre repose la décision ?"),
        _("Lire et geler le chiffre"),
        back_to(found),
        notes=(
            _(
                "Le chiffre est lu maintenant, avec sa source et sa version. S’il change plus tard, la page le dira à côté."
            ),
        ),
        links=((reverse("commitment-document", args=[reference]), _("Ajouter un document")),),
    )


def _frozen(indicator: Indicator | None, given: Mapping[str, str]) -> dict[str, Any]:
    """The figure asked, frozen. RefusedError where the lake does not have it."""
    if indicator is None:
        raise RefusedError({"indicator": _("Choisissez un indicateur qui se lit dans le lac.")})
    held = catalogue()
    period = given["period"] or latest(indicator, given["territory"])
    frozen = frozen_reading(indicator, given["territory"], period, held)
    shown = thawed(frozen)
    if shown.state in (State.UNKNOWN, State.NOT_MEASURED):
        raise RefusedError({"period": shown.method or _("Le lac n’a pas ce chiffre.")})
    return frozen


def latest(indicator: Indicator, territory: str) -> str:
    """The last period that the lake has; this year where it has none, which the reading then says."""
    known = readings.periods(indicator, territory, catalogue())
    return known[-1] if known else str(timezone.localdate().year)


# --- closing -----------------------------------------------------------------------------------------


@requires(Capability.LEDGER_WRITE)
@form_view
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a decision with its reason: nothing more is expected of it."""
    reader = reader_of(request)
    found = reached(reference, reader)
    saw(reader, found)

    def make(*given: Any, **more: Any) -> ReasonForm:
        return ReasonForm(*given, **more)

    form: RevisedForm = make(request.POST or None, initial={"revision": found.revision})
    if request.method == "POST":
        try:
            if sent(
                form,
                lambda: services.close(
                    reader,
                    commitment=found.pk,
                    revision=form.seen_revision(),
                    **form.given(),
                ),
            ):
                return redirect("commitment", reference)
        except ChangedMeanwhileError as error:
            form = again(request, make, found, str(error))
    return form_page(
        request,
        form,
        _("Pourquoi clore cette décision ?"),
        _("Clore la décision"),
        back_to(found),
        notes=(_("Elle reste lisible, et se rouvre : le registre garde les deux."),),
    )

"""The forms about one entry: review an expectation, correct, withdraw, erase words written by mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from perron.errors import ChangedMeanwhileError
from perron.lake.provenance import State
from perron.methods.statistics import expectations as rule
from perron.site.accounts.access import Capability, Reader, reader_of, requires
from perron.site.components.forms import form_page
from perron.site.directory.vocabulary.selectors import terms
from perron.site.ledger import reviewing, services, timeline, words
from perron.site.ledger.expecting import expectation_form, with_baselines
from perron.site.ledger.forms import (
    DecisionForm,
    DocumentForm,
    ExpectationForm,
    NoteForm,
    ReasonForm,
    ReviewForm,
    RevisedForm,
    corrected,
    written,
)
from perron.site.ledger.models import EntryKind, Expectation
from perron.site.ledger.selectors import Dossier, Step
from perron.site.ledger.views import dossier
from perron.site.ledger.writing import (
    again,
    back_to,
    decision_form,
    form_view,
    sent,
)


def _step(found: Dossier, entry: int) -> Step:
    """An entry of this decision; 404 for another's."""
    step = next((s for s in found.steps if s.entry.seq == entry), None)
    if step is None:
        raise Http404(str(entry))
    return step


def _expectation(found: Dossier, entry: int) -> Expectation:
    """A live expectation of this decision by its entry; 404 for any other."""
    one = next((e for e in found.expectations if e.entry_id == entry and not e.withdrawn_id), None)
    if one is None:
        raise Http404(str(entry))
    return one


def _sent(
    request: HttpRequest,
    make: Callable[..., RevisedForm],
    found: Dossier,
    write: Callable[[RevisedForm], Any],
) -> RevisedForm | None:
    """None where it was written; else the form with its faults, or over what others wrote since."""
    form = make(request.POST)
    try:
        if sent(form, lambda: write(form)):
            return None
    except ChangedMeanwhileError as error:
        return again(request, make, found.commitment, str(error))
    return form


# --- review ------------------------------------------------------------------------------------------


@requires(Capability.LEDGER_REVIEW)
@form_view
def review(request: HttpRequest, reference: str, entry: int) -> HttpResponse:
    """Write what came: as the lake says it, or as a person knows it with its degree of proof."""
    reader, found = reader_of(request), dossier(request, reference)
    expectation = _expectation(found, entry)
    draft = reviewing.propose(expectation)
    revision = found.commitment.revision

    def make(*given: Any, **more: Any) -> ReviewForm:
        return ReviewForm(*given, **more)

    form: RevisedForm | None = make(
        initial={"period": expectation.period, "grade": rule.CLAIMED, "revision": revision}
    )
    if request.method == "POST":
        machine = "lac" in request.POST
        form = _sent(
            request,
            make,
            found,
            lambda given: services.review(
                reader,
                expectation=expectation.pk,
                revision=given.seen_revision(),
                **(draft.fields() if machine else _judged(given.given(), expectation)),
            ),
        )
        if form is None:
            return redirect(reverse("commitment", args=[reference]) + f"#attente-{entry}")
    return render(
        request,
        "ledger/review.html",
        {
            "form": form,
            "title": _("Qu’est-il arrivé ?"),
            "back": back_to(found.commitment),
            "expectation": expectation,
            "expected": words.expected(expectation.indicator, expectation.low, expectation.high),
            "baseline": words.baseline(expectation),
            "draft": draft,
            "verdict": str(words.VERDICTS[draft.verdict]),
            "revision": revision,
            "reviewed": expectation.reviewed,
            "said": words.result(expectation, expectation.reviewed) if expectation.reviewed else "",
        },
        status=422 if form is not None and form.errors else 200,
    )


def _judged(given: dict[str, Any], expectation: Expectation) -> dict[str, Any]:
    """What a person typed, with the verdict that the range gives."""
    value = given["value"]
    known = value if isinstance(value, float) else None
    return {**given, "verdict": rule.verdict(known, expectation.low, expectation.high)}


# --- correct -----------------------------------------------------------------------------------------


@requires(Capability.LEDGER_WRITE, Capability.LEDGER_REVIEW)
@form_view
def correct(request: HttpRequest, reference: str, entry: int) -> HttpResponse:
    """Correct an entry by a new one that names it; only what differs is written."""
    reader, found = reader_of(request), dossier(request, reference)
    step = _step(found, entry)
    kind = EntryKind(step.entry.kind)
    if kind not in _FORMS or not _may(reader, kind) or step.texts is None:
        raise Http404(kind)
    now = timeline.states(found.steps)[entry]
    make, plain = _FORMS[kind](found, entry)
    initial = {**_shown(kind, now), "revision": found.commitment.revision}
    form: RevisedForm | None = make(initial=initial)
    if request.method == "POST":
        form = _sent(
            request,
            make,
            found,
            lambda given: services.correct(
                reader,
                entry=entry,
                because=str(given.cleaned_data["because"]),
                revision=given.seen_revision(),
                **_differing(plain(given.given()), now),
            ),
        )
        if form is None:
            return redirect(reverse("commitment", args=[reference]) + f"#entree-{entry}")
    assert form is not None
    return form_page(
        request,
        form,
        _("Corriger l’entrée {n} : {kind}").format(n=entry, kind=kind.label),
        _("Inscrire la correction"),
        back_to(found.commitment),
        notes=(_("L’entrée reste telle qu’elle fut écrite ; la correction se lit à côté d’elle."),),
    )


def _may(reader: Reader, kind: EntryKind) -> bool:
    """A review is corrected by who may review, the rest by who may write."""
    right = Capability.LEDGER_REVIEW if kind == EntryKind.REVIEWED else Capability.LEDGER_WRITE
    return reader.can(right)


def _differing(given: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The fields that are not what the entry says already."""

    def plain(value: Any) -> Any:
        if isinstance(value, tuple | list):
            return sorted(value)
        return value.isoformat() if hasattr(value, "isoformat") else value

    found = {name: value for name, value in given.items() if plain(value) != plain(now.get(name))}
    return {n: sorted(v) if isinstance(v, tuple) else v for n, v in found.items()}


def _shown(kind: EntryKind, now: dict[str, Any]) -> dict[str, Any]:
    """The fields of an entry as its form shows them."""
    found = {n: written(v) if isinstance(v, float) else v for n, v in now.items()}
    if kind == EntryKind.DECIDED:
        sides = {term.code: term.social for term in terms("criterion")}
        found["economic"] = [c for c in now["criteria"] if not sides.get(c)]
        found["social"] = [c for c in now["criteria"] if sides.get(c)]
    return found


_Made = tuple[Callable[..., Any], Callable[[dict[str, Any]], dict[str, Any]]]


def _decision(found: Dossier, entry: int) -> _Made:
    form = corrected(DecisionForm)

    def make(*given: Any, **more: Any) -> Any:
        made = decision_form(*given, keep=found.commitment, form=form, **more)
        del made.fields["confidentiality"]
        return made

    def plain(given: dict[str, Any]) -> dict[str, Any]:
        return {n: v for n, v in given.items() if n not in ("because", "confidentiality")}

    return make, plain


def _expected(found: Dossier, entry: int) -> _Made:
    keep = _expectation(found, entry)
    form = corrected(ExpectationForm)

    def make(*given: Any, **more: Any) -> Any:
        return expectation_form(*given, keep=keep, form=form, **more)

    def plain(given: dict[str, Any]) -> dict[str, Any]:
        fields = {n: v for n, v in given.items() if n != "because"}
        if fields["baseline"] is None and keep.baseline is None:
            fields["baseline_state"] = fields["baseline_state"] or keep.baseline_state
        if fields["comparator"] == keep.comparator:
            return fields
        # Another place beside: its starting point is read again, ours stays as written.
        read = with_baselines({**fields, "baseline_period": keep.baseline_period})
        return fields | {n: read[n] for n in ("comparator_baseline", "comparator_state")}

    return make, plain


def _reviewed(found: Dossier, entry: int) -> _Made:
    about = next(e for e in found.expectations if e.entry_id == found.step(entry).entry.about_id)

    def plain(given: dict[str, Any]) -> dict[str, Any]:
        fields = {n: v for n, v in given.items() if n != "because"}
        if fields["value"] is None and fields["state"] == State.UNKNOWN:
            fields["state"] = State.NOT_MEASURED.value
        return _judged(fields, about)

    return corrected(ReviewForm), plain


def _plainly(form: type[RevisedForm]) -> Callable[[Dossier, int], _Made]:
    def made(found: Dossier, entry: int) -> _Made:
        return corrected(form), lambda given: {n: v for n, v in given.items() if n != "because"}

    return made


_FORMS: dict[EntryKind, Callable[[Dossier, int], _Made]] = {
    EntryKind.DECIDED: _decision,
    EntryKind.SIGNAL: _plainly(NoteForm),
    EntryKind.ACTED: _plainly(NoteForm),
    EntryKind.EVIDENCE: _plainly(DocumentForm),
    EntryKind.EXPECTED: _expected,
    EntryKind.REVIEWED: _reviewed,
}


# --- withdraw, open again, erase -----------------------------------------------------------------------

_WITHDRAWN = {
    EntryKind.EVIDENCE: lambda: _("Pourquoi retirer cette preuve ?"),
    EntryKind.EXPECTED: lambda: _("Pourquoi retirer cette attente ?"),
    EntryKind.REVIEWED: lambda: _("Pourquoi retirer cette relecture ?"),
    EntryKind.CLOSED: lambda: _("Pourquoi rouvrir cette décision ?"),
}


@requires(Capability.LEDGER_WRITE, Capability.LEDGER_REVIEW)
@form_view
def withdraw(request: HttpRequest, reference: str, entry: int) -> HttpResponse:
    """Withdraw an entry with its reason, or open a closed decision again."""
    reader, found = reader_of(request), dossier(request, reference)
    kind = EntryKind(_step(found, entry).entry.kind)
    if kind not in _WITHDRAWN or not _may(reader, kind):
        raise Http404(kind)
    reopened = kind == EntryKind.CLOSED
    return _because(
        request,
        found,
        _WITHDRAWN[kind](),
        _("Rouvrir la décision") if reopened else _("Retirer"),
        lambda form: services.withdraw(
            reader, entry=entry, revision=form.seen_revision(), **form.given()
        ),
        (_("Rien ne s’efface : l’entrée reste lisible, avec la raison."),),
    )


@requires(Capability.SETTINGS)
@form_view
def erase(request: HttpRequest, reference: str, entry: int) -> HttpResponse:
    """Erase the words of an entry, such as a name written by mistake. The chain stays whole."""
    reader, found = reader_of(request), dossier(request, reference)
    _step(found, entry)
    return _because(
        request,
        found,
        _("Pourquoi effacer les mots de l’entrée {n} ?").format(n=entry),
        _("Effacer les mots pour toujours"),
        lambda form: services.erase_texts(reader, entry=entry, **form.given()),
        (
            _("Pour une donnée personnelle écrite par erreur. Les mots ne reviennent pas."),
            _("Chiffres, dates et codes restent, et la chaîne reste vérifiable."),
            _("Ne répétez pas ici ce que vous effacez."),
        ),
    )


def _because(
    request: HttpRequest,
    found: Dossier,
    title: str,
    action: str,
    write: Callable[[Any], Any],
    notes: tuple[str, ...],
) -> HttpResponse:
    """A page that asks why, then does."""

    def make(*given: Any, **more: Any) -> ReasonForm:
        return ReasonForm(*given, **more)

    form: RevisedForm | None = make(initial={"revision": found.commitment.revision})
    if request.method == "POST":
        form = _sent(request, make, found, write)
        if form is None:
            return redirect("commitment", found.commitment.reference)
    assert form is not None
    return form_page(request, form, title, action, back_to(found.commitment), notes=notes)
